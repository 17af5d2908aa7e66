"""What outside systems tell: verified, kept, acknowledged; never lost, never doubled."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.handlers.asgi import ASGIRequest
from django.test import Client

from huiyin.ground import moment
from huiyin.ground.webhooks.rules import signing
from huiyin.ground.webhooks.views import WRONG_AN_HOUR
from huiyin.journey.channels.hooks import actions, views
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.social.connectors import webhook
from huiyin.journey.complaint.models import Complaint
from huiyin.schedule import SCHEDULE
from tests.hooks.conftest import message
from tests.signing import tell
from tests.together import at_once


def test_what_is_signed_is_kept_before_it_is_answered_and_taken_later(hook):
    answer = tell(hook, message(), key="k1")
    assert answer.status_code == 200
    kept = Arrival.objects.get()
    assert (kept.key, kept.state, kept.data["text"]) == ("k1", "kept", message()["text"])
    assert not Complaint.objects.exists()
    assert actions.take_due() == 1
    kept.refresh_from_db()
    assert (kept.state, kept.complaint) == ("taken", Complaint.objects.get())
    hook.refresh_from_db()
    assert hook.came_ok_at is not None


def test_unknown_systems_and_wrong_signatures_are_answered_alike(hook):
    wrong = tell(hook, message(), keys=[b"somebody else's"])
    missing = tell(Hook(code="nobody", salt="x"), message())
    unsigned = Client().post("/hooks/in/forum/", b"{}", content_type="application/json")
    Hook.objects.filter(pk=hook.pk).update(enabled=False)
    off = tell(hook, message())
    told = {(one.status_code, one.json()["title"]) for one in (wrong, missing, unsigned, off)}
    assert len(told) == 1
    assert next(iter(told))[0] == 403
    assert not Arrival.objects.exists()


@pytest.mark.parametrize("seconds", [-301, 301, -86_400])
def test_what_is_too_old_or_too_young_is_a_replay(hook, seconds):
    assert tell(hook, message(), at=time.time() + seconds).status_code == 403


def test_a_body_that_was_changed_on_its_way_is_not_signed(hook):
    signed = signing.headers(
        hook.keys(moment.now()), webhook_id="k", timestamp=int(time.time()), body=b"{}"
    )
    answer = Client().post(
        "/hooks/in/forum/", b'{"id": 2}', content_type="application/json", headers=signed
    )
    assert answer.status_code == 403


def test_a_replay_is_acknowledged_and_kept_once(hook):
    for _time in range(3):
        assert tell(hook, message(), key="same").status_code == 200
    assert Arrival.objects.count() == 1
    actions.take_due()
    assert tell(hook, message(), key="same").status_code == 200
    assert actions.take_due() == 0
    assert Complaint.objects.count() == 1


def test_other_words_under_a_name_that_was_used_are_a_conflict_and_kept_for_a_person(hook):
    assert tell(hook, message(1), key="same").status_code == 200
    for _time in range(3):
        answer = tell(hook, message(2, text="另一件事"), key="same")
        assert (answer.status_code, answer.json()["status"]) == (409, 409)
    actions.take_due()
    assert Complaint.objects.count() == 1
    other = Arrival.objects.get(state="failed")
    assert "编号 same 先前已收到，内容却不同" in other.error
    hook.refresh_from_db()
    assert hook.came_error == other.error
    assert actions.again(other)  # a person found that it was a mistake of the other side
    actions.take_due()
    other.refresh_from_db()
    assert (other.state, Complaint.objects.count()) == ("taken", 1)
    assert tell(hook, message(1), key="same").status_code == 200
    assert tell(hook, message(2, text="另一件事"), key="same").status_code == 409
    assert Arrival.objects.filter(state="failed").count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_different_words_at_once_under_one_name_one_is_taken_and_one_told():
    hook = Hook.objects.create(code="forum", name="论坛", connector="webhook")
    acts = [
        lambda n=n: tell(hook, message(n, text=f"第{n}件"), key="same").status_code
        for n in range(4)
    ]
    assert sorted(map(str, at_once(*acts))) == ["200", "409", "409", "409"]
    assert Arrival.objects.filter(state="failed").count() == 3


def test_each_kind_of_system_is_taken_by_itself(hook):
    tell(hook, message(), key="k1")
    assert actions.take_due("wechat", "cti") == 0
    assert actions.take_due("webhook") == 1


def test_the_schedule_takes_from_every_kind():
    names = [entry.do.__name__ for entry in SCHEDULE]
    assert all(f"take_{kind}" in names for kind in settings.CONNECTORS)


def test_the_same_key_of_another_system_is_another_message(hook):
    other = Hook.objects.create(code="other", name="另一个", connector="webhook")
    tell(hook, message(), key="same")
    tell(other, message(), key="same")
    assert Arrival.objects.count() == 2


def test_after_a_new_secret_the_old_one_is_valid_for_a_day_more(hook, admin):
    old = hook.keys(moment.now())
    actions.rotate(hook, by=admin)
    assert tell(hook, message(1), keys=old).status_code == 200
    assert tell(hook, message(2)).status_code == 200
    tomorrow = moment.now() + timedelta(hours=25)
    with moment.at(tomorrow):
        stale = tell(hook, message(3), keys=old, at=tomorrow.timestamp())
        fresh = tell(hook, message(4), at=tomorrow.timestamp())
    assert (stale.status_code, fresh.status_code) == (403, 200)


def test_the_old_secret_can_be_ended_at_once(hook, admin):
    old = hook.keys(moment.now())
    actions.rotate(hook, by=admin)
    actions.drop_earlier(hook, by=admin)
    assert tell(hook, message(), keys=old).status_code == 403


def test_a_key_that_is_long_or_holds_nul_is_kept_by_its_hash(hook):
    actions.keep(hook, "k" * 5000, b"{}")
    actions.keep(hook, "k" * 5000, b"{}")
    actions.keep(hook, "k" * 4999, b"{}")
    actions.keep(hook, "a\x00b", b"{}", {"n": "a\x00b", "m\x00": "x" * 9000})
    assert Arrival.objects.count() == 3
    assert Arrival.objects.latest("pk").facts["n"] == "ab"


def test_too_much_is_refused_and_nothing_is_kept(hook):
    assert tell(hook, b"x" * (actions.LARGEST + 1)).status_code == 413
    assert not Arrival.objects.exists()


def test_too_much_that_is_sent_in_pieces_is_refused_as_a_problem(hook):
    """Chunked: nobody says beforehand how long it is."""
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/hooks/in/forum/",
        "headers": [],
    }
    answer = views.come(ASGIRequest(scope, BytesIO(b"x" * 10_000_000)), "forum")
    assert (answer.status_code, json.loads(answer.content)["status"]) == (413, 413)
    body = json.dumps(message()).encode()
    stamp = int(time.time())
    signed = signing.headers(hook.keys(moment.now()), webhook_id="k", timestamp=stamp, body=body)
    scope["headers"] = [(name.encode(), one.encode()) for name, one in signed.items()]
    assert views.come(ASGIRequest(scope, BytesIO(body)), "forum").status_code == 200
    assert bytes(Arrival.objects.get().raw) == body


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"webhook-timestamp": "9" * 500}, 403),
        ({"webhook-timestamp": "-1"}, 403),
        ({"webhook-timestamp": "１２３"}, 403),
        ({"webhook-id": ""}, 403),
        ({"webhook-id": "i" * 5000}, 403),
        ({"webhook-signature": "v1," * 3000}, 403),
        ({"webhook-signature": ""}, 403),
    ],
)
def test_hostile_headers_are_a_plain_no(hook, headers, status):
    assert tell(hook, message(), headers=headers).status_code == status


@pytest.mark.parametrize("length", ["abc", "-1", "1e9"])
def test_a_length_that_is_none_is_a_plain_no(hook, length):
    answer = Client().post(
        "/hooks/in/forum/", b"{}", content_type="application/json", CONTENT_LENGTH=length
    )
    assert answer.status_code in (400, 403)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"nul\x00l", b"\xff\xfe", b'{"id": "x\\u0000"}', b"[" * 100_000, b'{"id": {}}'],
)
def test_what_is_signed_and_makes_no_sense_is_kept_for_a_person(hook, body):
    assert tell(hook, body).status_code == 200
    actions.take_due()
    assert Arrival.objects.get().state == "failed"
    assert Arrival.objects.get().error
    assert not Complaint.objects.exists()


def test_somebody_who_keeps_guessing_waits_an_hour_and_keeps_nobody_else_out(hook):
    """Behind one address there may be many systems, and one of them may have a wrong secret."""
    cache.clear()
    other = Hook.objects.create(code="other", name="另一个", connector="webhook")
    wrong = [tell(hook, message(), keys=[b"guess"]).status_code for _time in range(62)]
    assert wrong == [403] * WRONG_AN_HOUR + [429] * 2
    assert not Arrival.objects.exists()
    assert tell(other, message(), keys=[b"guess"]).status_code == 403
    assert tell(other, message()).status_code == 200
    assert tell(hook, message()).status_code == 200
    assert Arrival.objects.count() == 2


def test_what_fails_is_tried_again_and_keeps_nobody_else_waiting(hook, monkeypatch):
    tell(hook, message(1, text="有毒的一条"), key="poison")
    tell(hook, message(2, author="u2"), key="good")
    real = webhook.take

    def broken(arrival):
        if arrival.key == "poison":
            raise RuntimeError("broken")
        return real(arrival)

    monkeypatch.setattr(webhook, "take", broken)
    now = moment.now()
    for minutes in (0, 2, 8, 24, 70, 200):
        with moment.at(now + timedelta(minutes=minutes)):
            actions.take_due()
    states = dict(Arrival.objects.values_list("key", "state"))
    assert states == {"poison": "failed", "good": "taken"}
    poison = Arrival.objects.get(key="poison")
    assert "RuntimeError" in poison.error
    monkeypatch.setattr(webhook, "take", real)
    assert actions.again(poison)
    actions.take_due()
    poison.refresh_from_db()
    assert poison.state == "taken"


def test_what_it_leads_to_and_its_being_taken_are_one_transaction(hook, monkeypatch):
    tell(hook, message())
    real = webhook.take

    def breaks_at_the_end(arrival):
        real(arrival)
        assert Complaint.objects.count() == 1
        raise RuntimeError("at the very end")

    monkeypatch.setattr(webhook, "take", breaks_at_the_end)
    actions.take_due()
    assert not Complaint.objects.exists()
    assert Arrival.objects.get().state == "kept"


@pytest.mark.django_db(transaction=True)
def test_two_workers_take_each_message_once():
    hook = Hook.objects.create(code="forum", name="论坛", connector="webhook")
    for number in range(12):
        actions.keep(hook, f"k{number}", _raw(message(number, author=f"u{number}")))
    taken = at_once(actions.take_due, actions.take_due, actions.take_due)
    assert sum(int(str(one)) for one in taken) == 12
    assert Complaint.objects.count() == 12
    assert set(Arrival.objects.values_list("state", "tries")) == {("taken", 1)}


@pytest.mark.django_db(transaction=True)
def test_the_same_message_from_two_at_once_is_kept_once():
    hook = Hook.objects.create(code="forum", name="论坛", connector="webhook")
    acts = [lambda: tell(hook, message(), key="same").status_code] * 4
    assert at_once(*acts) == [200] * 4
    actions.take_due()
    assert Complaint.objects.count() == 1


def test_a_worker_that_died_leaves_its_message_to_another(hook):
    tell(hook, message())
    from huiyin.journey.channels.hooks.actions import taking

    taking._next()  # and dies
    assert actions.take_due() == 0
    with moment.at(moment.now() + timedelta(minutes=4)):
        assert actions.take_due() == 1
    assert Complaint.objects.count() == 1


def test_what_kills_its_reader_each_time_stops_after_five(hook):
    tell(hook, message())
    Arrival.objects.update(tries=5)
    actions.take_due()
    assert Arrival.objects.get().state == "failed"


def _raw(told: dict) -> bytes:
    return json.dumps(told).encode()
