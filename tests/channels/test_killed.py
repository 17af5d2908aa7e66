"""kill -9 of the web process and of two workers before and after any commit, on every channel at
once: nothing that was acknowledged is lost, nothing is there twice.

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

from tests.channels.feeders import Api, Calls, Chats, Feeder, Mail, Papers, Portal, Signed, Texts
from tests.channels.house import House, mortal_house
from tests.mail import imap

MESSAGES = int(os.environ.get("MESSAGES", "48"))
PATIENCE = 120 + 2 * MESSAGES  # seconds
WRITERS = 4
AGAIN = 0.1  # of what was acknowledged is sent once more, as a sender does that missed the answer
OPEN = """
from huiyin.journey.channels.hooks.models import Arrival
from huiyin.journey.channels.mail.models import Mail
print(Arrival.objects.filter(state="kept").count() + Mail.objects.filter(state="kept").count())
"""


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_or_doubled_on_any_channel(tmp_path: Path):
    ends = time.monotonic() + PATIENCE
    with (
        imap.server() as server,
        mortal_house(tmp_path, chance=1 / max(120, MESSAGES / 4)) as house,
    ):
        by_mail = Mail("mail", "email")
        by_mail.server = server
        feeders: list[Feeder] = [
            Api("api", "api"),
            Portal("portal", "portal"),
            by_mail,
            Signed("own", "social"),
            Texts("texts", "sms"),
            Calls("calls", "phone"),
            Chats("chats", "chat"),
            Papers("papers", "letter"),
        ]
        for feeder in feeders:
            feeder.prepare(house)
        each = MESSAGES // len(feeders) // 3 * 3
        work = [(feeder, n) for feeder in feeders for n in range(each)]
        random.Random(1).shuffle(work)
        copies = write(house, work, ends)
        while server.unseen() or int(house.do(OPEN)):
            assert time.monotonic() < ends, "what was kept was not taken in time"
            time.sleep(0.5)
        deaths = house.deaths
        counted = {feeder.name: Counter(feeder.found(house)) for feeder in feeders}
    wanted = {one.name: Counter(one.words(n) for n in range(each)) for one in feeders}
    lost = sum((wanted[name] - counted[name]).total() for name in wanted)
    doubled = sum((counted[name] - wanted[name]).total() for name in wanted)
    sys.stderr.write(
        f"{len(work)} messages by {len(feeders)} channels, {copies} sent again, {deaths} deaths: "
        f"{lost} lost, {doubled} doubled\n"
    )
    assert deaths > 0, "nobody died: the test shows nothing"
    assert counted == wanted


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
                    if chance.random() < AGAIN and not isinstance(feeder, Mail):
                        copies[feeder.name] += 1
                        send(client, feeder, n, ends)
                except AssertionError as fault:
                    faults.append(str(fault))

    threads = [threading.Thread(target=writer) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults[0]
    return copies.total()


def send(client: httpx.Client, feeder: Feeder, n: int, ends: float) -> None:
    while time.monotonic() < ends:
        with suppress(httpx.HTTPError):
            if feeder.send(client, n):
                return
        time.sleep(0.1)
    raise AssertionError(f"{feeder.name} {n} was not acknowledged in time")
