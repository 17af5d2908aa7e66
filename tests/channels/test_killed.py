"""kill -9 of the web process and of two workers before and after any commit, on every channel at
once, while other systems fail at 30 % of calls: nothing that was acknowledged is lost, nothing is
there twice; answers arrive once.

`MESSAGES=2000 python3 dev.py test --no-checks -n 1 tests/channels/test_killed.py -s` makes the
figure of docs/reliability.md.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.channels import answers
from tests.channels.feeders import Feeder, all_of
from tests.channels.house import House, mortal_house
from tests.mail import imap
from tests.social.standin import Standin

MESSAGES = int(os.environ.get("MESSAGES", "48"))
PATIENCE = 900 + 2 * MESSAGES  # seconds
WRITERS = 4
AGAIN = 0.1  # of what was acknowledged is sent once more, as a sender does that missed the answer
FAILS = 30  # of a hundred calls of another system
OPEN = (
    "SELECT (SELECT count(*) FROM hooks_arrival WHERE state = 'kept') + "
    "(SELECT count(*) FROM mail_mail WHERE state = 'kept')"
)
COMPLAINTS = (  # a chat that nobody took becomes one after a while
    "SELECT (SELECT count(*) FROM complaint_complaint) - "
    "(SELECT count(*) FROM chat_chat WHERE complaint_id IS NOT NULL)"
)
NO_COMPLAINT = ("calls", "chats", "papers")  # by themselves


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_or_doubled_on_any_channel(tmp_path: Path):
    ends, chance = time.monotonic() + PATIENCE, 1 / min(400, max(150, MESSAGES))
    with (
        imap.server() as mails,
        Standin(fails=FAILS, page=20) as outside,
        mortal_house(tmp_path, chance, outside.port) as house,
    ):
        feeders = all_of(mails, outside, tmp_path)
        for feeder, told in zip(feeders, house.each([one.setup for one in feeders]), strict=True):
            feeder.told = told
        work = share_out(feeders)
        copies = write(house, work, ends)
        wait(ends, lambda: any(one.waits(house) for one in feeders) or house.ask(OPEN))
        queued = answers.queue(house)
        wait(ends, lambda: house.ask(answers.OPEN))
        wrong, shown = answers.faults(house, outside, queued)
        found = house.each([one.query for one in feeders])
        complaints, deaths, again = house.ask(COMPLAINTS), house.deaths, outside.again
    counted = {one.name: Counter(texts) for one, texts in zip(feeders, found, strict=True)}
    wanted = {one.name: Counter[str]() for one in feeders}
    for feeder, n in work:
        wanted[feeder.name][feeder.words(n)] += 1
    lost = sum((wanted[name] - counted[name]).total() for name in wanted)
    doubled = sum((counted[name] - wanted[name]).total() for name in wanted)
    sys.stderr.write(
        f"{len(work)} messages by {len(feeders)} channels, {copies} sent again, {deaths} deaths: "
        f"{lost} lost, {doubled} doubled; {len(queued)} answers: {len(wrong)} lost or doubled, "
        f"{again} tries known again by their key, {shown} shown to a person\n"
    )
    assert not house.faults, house.faults[0]
    assert deaths > 0, "nobody died: the test shows nothing"
    assert counted == wanted
    assert complaints == sum(counted[n].total() for n in counted if n not in NO_COMPLAINT)
    assert not wrong
    assert len(queued) == sum(wanted[name].total() for name in answers.WAYS)


def share_out(feeders: list[Feeder]) -> list[tuple[Feeder, int]]:
    """At least so many messages, as many of each; of calls whole ones."""
    each = -(-MESSAGES // len(feeders))
    counts = {one.name: each for one in feeders} | {"calls": -(-each // 3) * 3}
    work = [(one, n) for one in feeders for n in range(counts[one.name])]
    random.Random(1).shuffle(work)
    return work


def wait(ends: float, goes_on: object) -> None:
    assert callable(goes_on)
    while goes_on():
        assert time.monotonic() < ends, "what was kept was not taken in time"
        time.sleep(0.3)


def write(house: House, work: list[tuple[Feeder, int]], ends: float) -> int:
    """Each until it is acknowledged; how many were sent once more after that."""
    left, copies, faults = list(work), Counter[str](), list[str]()
    lock = threading.Lock()

    def writer() -> None:
        chance = random.Random(threading.get_ident())
        with house.client() as client:
            while not faults:
                with lock:
                    if not left:
                        return
                    feeder, n = left.pop()
                try:
                    send(client, feeder, n, ends)
                    if chance.random() < AGAIN:
                        copies[feeder.name] += 1
                        send(client, feeder, n, ends)
                except Exception as fault:
                    faults.append(f"{feeder.name} {n}: {fault!r}")

    threads = [threading.Thread(target=writer) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults
    return copies.total()


def send(client: httpx.Client, feeder: Feeder, n: int, ends: float) -> None:
    while time.monotonic() < ends:
        with suppress(httpx.HTTPError):
            if feeder.send(client, n):
                return
        time.sleep(0.1)
    raise AssertionError(f"{feeder.name} {n} was not acknowledged in time")
