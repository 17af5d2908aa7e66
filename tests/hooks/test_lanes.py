"""An account at an outside system that hangs holds up no other account, of its own kind neither."""

from __future__ import annotations

import json
import socket
import threading
import time
from datetime import timedelta
from functools import partial

import pytest

from huiyin.ground import moment
from huiyin.journey.channels.hooks import actions as hooks
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.mail.models import Mailbox
from huiyin.journey.channels.phone import actions as phone
from huiyin.journey.channels.phone.models import Call, Recording
from huiyin.journey.channels.sms import actions as sms
from huiyin.journey.channels.social import actions as social
from huiyin.journey.channels.social.models import Account
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Letter
from huiyin.schedule import SCHEDULE, Every
from huiyin.surface.operation.management.commands import work
from tests.hooks.conftest import message
from tests.mail.boxes import came_by, mailbox
from tests.mail.servers import Keeper, free_port, smtp_server
from tests.social.standin import Standin

PATIENCE = 120  # seconds, on a machine that is very busy


@pytest.fixture
def run():
    """The worker, for one entry of the schedule. It and its lanes have ended before the tables are
    emptied, else the two may wait for each other."""
    stop, others = threading.Event(), set(threading.enumerate())
    yield lambda entry: threading.Thread(
        target=work._repeat, args=(entry, stop), daemon=True
    ).start()
    stop.set()
    for thread in set(threading.enumerate()) - others:
        thread.join(PATIENCE)


@pytest.fixture
def hanging(run):
    """It takes the connection and never says a word; gone before the worker is waited for."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def until(true) -> bool:
    end = time.monotonic() + PATIENCE
    while not (found := true()) and time.monotonic() < end:
        time.sleep(0.2)
    return bool(found)


def letters(hook: Hook, number: int) -> None:
    Account.objects.create(hook=hook, outer_id="u1")
    now = moment.now()
    Letter.objects.bulk_create(
        Letter(
            purpose="reply",
            channel="social",
            recipient=f"{hook.code}:u1",
            subject="答复",
            body=f"第{n}封",
            next_try_at=now,
            created_at=now,
        )
        for n in range(number)
    )


@pytest.mark.django_db(transaction=True)
def test_letters_to_a_system_that_hangs_keep_no_other_system_waiting(settings, hanging, run):
    with Standin() as well:
        settings.WEBHOOK_INNER_HOSTS = (f"127.0.0.1:{hanging}", f"127.0.0.1:{well.port}")
        for code, url in (("ill", f"http://127.0.0.1:{hanging}/"), ("well", f"{well.url}/answers")):
            Hook.objects.create(code=code, name=code, connector="webhook", options={"url": url})
        letters(Hook.objects.get(code="ill"), 40)
        letters(Hook.objects.get(code="well"), 2)
        run(next(one for one in SCHEDULE if one.do.__name__ == "send_letters_social"))
        went = Letter.objects.filter(recipient="well:u1", state="sent")
        assert until(lambda: went.count() == 2)
        ill = Letter.objects.filter(recipient="ill:u1", state="queued")
        assert (ill.count(), ill.filter(tries=0).exists()) == (40, True)
    # what hangs is left to itself; the test goes on without it
    Letter.objects.all().delete()


def test_a_lane_that_hangs_is_begun_once_and_the_others_again_and_again(run):
    begun: list[str] = []
    end = threading.Event()

    def hang() -> None:
        begun.append("ill")
        end.wait(PATIENCE)

    def fail() -> None:
        begun.append("broken")
        raise RuntimeError("broken")

    lanes = {"ill": hang, "broken": fail, "well": lambda: begun.append("well")}
    run(Every(timedelta(seconds=1), lambda: None, lambda: lanes))
    assert until(lambda: begun.count("well") >= 3 and begun.count("broken") >= 3)
    assert begun.count("ill") == 1
    end.set()
    assert until(lambda: begun.count("ill") == 2)


@pytest.mark.django_db
def test_each_account_is_a_lane_of_its_own(settings, tmp_path):
    settings.SMS_DIR = tmp_path
    for kind in ("webhook", "mastodon", "sms_files"):
        for code in ("a", "b"):
            Hook.objects.create(code=f"{kind}-{code}", name=code, connector=kind)
    assert set(social.lanes_of_polling()) == {"mastodon-a", "mastodon-b"}
    folders = sms.lanes_of_folders()
    assert set(folders) == {"sms_files-a", "sms_files-b"}
    for code in ("a", "b"):
        place = tmp_path / f"sms_files-{code}" / "in"
        place.mkdir(parents=True)
        (place / "1.json").write_text("{}")
    assert folders["sms_files-b"]() == 1
    assert (tmp_path / "sms_files-a" / "in" / "1.json").exists()
    Arrival.objects.all().delete()
    first, second = Hook.objects.filter(connector="webhook")
    for hook in (first, second):
        hooks.keep(hook, "k", json.dumps(message(author=hook.code)).encode())
    lanes = hooks.lanes("webhook")
    assert set(lanes) == {str(first.pk), str(second.pk)}
    assert lanes[str(second.pk)]() == 1
    assert set(hooks.lanes("webhook")) == {str(first.pk)}
    assert hooks.lanes("wechat") == {}


@pytest.mark.django_db
def test_letters_go_by_the_account_that_carries_them_the_oldest_first():
    first, second = (
        Hook.objects.create(code=c, name=c, connector="webhook") for c in ("first", "second")
    )
    letters(first, 2)
    letters(second, 1)
    Letter.objects.filter(body="第0封", recipient="first:u1").update(
        next_try_at=moment.now() + timedelta(seconds=30), tries=1
    )
    with moment.at(moment.now() + timedelta(minutes=1)):
        lanes = conversation.lanes("social")
        assert set(lanes) == {"social:first", "social:second"}
        assert conversation.lanes("email") == {}
        due = Letter.objects.due(moment.now()).values_list("recipient", "tries")
        assert list(due) == [("first:u1", 0), ("second:u1", 0), ("first:u1", 1)]
        assert lanes["social:second"]() == 1
    assert set(Letter.objects.filter(recipient="first:u1").values_list("tries", flat=True)) == {
        0,
        1,
    }


def mails(complaint, number: int) -> None:
    now = moment.now()
    Letter.objects.bulk_create(
        Letter(
            complaint=complaint,
            purpose="reply",
            recipient="wf@example.com",
            subject=f"第{n}封",
            body="您好",
            next_try_at=now,
            created_at=now,
        )
        for n in range(number)
    )


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_hangs_keeps_the_other_mailbox_waiting_not_at_all(
    hanging, run, make_complaint, monkeypatch
):
    from huiyin.journey.channels.mail.actions import smtp

    monkeypatch.setattr(smtp, "SECONDS", float(PATIENCE))  # longer than the test looks
    keeper = Keeper()
    with smtp_server(keeper) as port:
        ill, well = mailbox(hanging, "ill@example.com"), mailbox(port, "well@example.com")
        of_ill, of_well = make_complaint(), make_complaint()
        came_by(of_ill, ill, internet_id="a@customer.example")
        came_by(of_well, well, internet_id="b@customer.example")
        mails(of_ill, 3)
        mails(of_well, 2)
        run(next(one for one in SCHEDULE if one.do.__name__ == "send_letters_email"))
        assert until(lambda: Letter.objects.filter(complaint=of_well, state="sent").count() == 2)
        # The other one is still held by its server: nobody was helped by its giving up.
        waits = Letter.objects.filter(complaint=of_ill).exclude(taken_until=None)
        assert (waits.count(), Mailbox.objects.get(pk=ill.pk).send_failed_at) == (1, None)
    Letter.objects.all().delete()


@pytest.mark.django_db
def test_lanes_of_mail_are_found_in_few_questions(make_complaint, django_assert_max_num_queries):
    first = mailbox(free_port(), "first@example.com")
    second = mailbox(free_port(), "second@example.com")
    for box in (first, second, second):
        complaint = make_complaint()
        came_by(complaint, box, internet_id=f"{complaint.pk}@customer.example")
        mails(complaint, 10)
    mails(None, 1)
    with django_assert_max_num_queries(3):  # the letters, the mailboxes, by which mail
        lanes = conversation.lanes("email")
    kept = {lane: len(act.keywords["only"]) for lane, act in lanes.items()}
    assert kept == {f"email:{first.pk}": 11, f"email:{second.pk}": 20}


@pytest.mark.django_db
def test_each_telephone_system_is_asked_for_its_recordings_by_itself(hanging, settings):
    settings.WEBHOOK_INNER_HOSTS = ()
    now = moment.now()
    for code in ("a", "b"):
        hook = Hook.objects.create(code=code, name=code, connector="cti")
        call = Call.objects.create(hook=hook, outer_id=code, direction="in", began_at=now)
        Recording.objects.create(
            call=call, url=f"http://127.0.0.1:{hanging}/{code}.wav", next_try_at=now, at=now
        )
    lanes = phone.lanes_of_fetching()
    second = Hook.objects.get(code="b")
    assert set(lanes) == {str(pk) for pk in Hook.objects.values_list("pk", flat=True)}
    assert lanes[str(second.pk)]() == 1
    tries = Recording.objects.order_by("pk").values_list("tries", flat=True)
    assert list(tries) == [0, 1]
    assert set(phone.lanes_of_fetching()) == {str(Hook.objects.get(code="a").pk)}


def test_lanes_that_hang_are_not_begun_without_end(run):
    end = threading.Event()
    begun: list[int] = []

    def hang(n: int) -> None:
        begun.append(n)
        end.wait(PATIENCE)

    lanes = {str(n): partial(hang, n) for n in range(work.MOST_LANES + 5)}
    run(Every(timedelta(seconds=1), lambda: None, lambda: lanes))
    assert until(lambda: len(begun) >= work.MOST_LANES)
    time.sleep(2.5)
    assert len(begun) == work.MOST_LANES
    end.set()
    assert until(lambda: set(begun) == set(range(work.MOST_LANES + 5)))
