"""An account at an outside system that hangs holds up no other account, of its own kind neither."""

from __future__ import annotations

import json
import socket
import threading
import time
from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.journey.channels.hooks import actions as hooks
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.sms import actions as sms
from huiyin.journey.channels.social import actions as social
from huiyin.journey.channels.social.models import Account
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Letter
from huiyin.schedule import SCHEDULE, Every
from huiyin.surface.operation.management.commands import work
from tests.hooks.conftest import message
from tests.social.standin import Standin

PATIENCE = 120  # seconds, on a machine that is very busy


@pytest.fixture
def hanging():
    """It takes the connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def run():
    """The worker, for one entry of the schedule."""
    stop = threading.Event()
    yield lambda entry: threading.Thread(
        target=work._repeat, args=(entry, stop), daemon=True
    ).start()
    stop.set()


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
