"""What the telephone system tells comes through the door: signed, once, in any order."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta

import pytest
from django.db import connection, transaction

from huiyin.ground import moment
from huiyin.journey.channels.hooks import actions as hooks
from huiyin.journey.channels.hooks.models import Arrival
from huiyin.journey.channels.phone.models import Call, CallEvent
from tests.phone.conftest import CALLER, Pbx, signed
from tests.together import at_once

pytestmark = pytest.mark.django_db


def test_a_call_that_rings_is_answered_and_ends(pbx, li, wang_fang):
    call = pbx.tell("ringing", agent="8001")
    assert (call.state, call.ringing, call.customer) == ("ringing", [li.pk], wang_fang)
    assert call.masked_caller == "138****8000"
    call = pbx.tell("answered", after=5, agent="8001")
    assert (call.state, call.agent, call.ringing) == ("talking", li, [])
    pbx.tell("hold", after=60)
    pbx.tell("resume", after=90)
    call = pbx.tell("hangup", after=200, by="customer", reason="16")
    assert (call.state, call.hung_up_by, call.held_seconds) == ("ended", "customer", 30)
    assert call.talked_seconds == 195
    assert not call.dropped
    assert CallEvent.objects.count() == 5


def test_the_signature_decides(pbx):
    told = pbx.event("ringing", agent="8001")
    headers, body = signed(pbx.hook, told)
    for name, value in (
        ("webhook-signature", "v1,AAAA"),
        ("webhook-timestamp", "1"),
        ("webhook-id", "another"),
    ):
        wrong = {**headers, name: value}
        answer = pbx.client.post(
            "/hooks/in/pbx/", data=body, content_type="application/json", headers=wrong
        )
        assert answer.status_code == 403
    assert pbx.send(told, key=b"not ours").status_code == 403
    old = moment.now() - timedelta(minutes=6)
    assert pbx.send(told, at=old).status_code == 403
    assert not Call.objects.exists()
    assert not pbx.arrivals().exists()


def test_a_replay_is_nothing_new(pbx):
    told = pbx.event("ringing", agent="8001")
    for _time in range(3):
        assert pbx.send(told, uid="msg_same").status_code == 200
    assert (Call.objects.count(), CallEvent.objects.count(), pbx.arrivals().count()) == (1, 1, 1)


def test_get_is_no_event(pbx):
    assert pbx.client.get("/hooks/in/pbx/").status_code == 403


def test_the_same_again_under_another_name_changes_nothing(pbx):
    call = pbx.talk()
    before = (call.state, call.answered_at)
    call = pbx.tell("answered", after=5, agent="8001")
    assert (call.state, call.answered_at) == before


def test_every_order_leads_to_the_same_call(pbx, li):
    """Five messages of one call in each of their 120 orders."""
    events = [
        pbx.event("ringing", agent="8001"),
        pbx.event("answered", after=5, agent="8001"),
        pbx.event("hold", after=30),
        pbx.event("resume", after=75),
        pbx.event("hangup", after=100, by="agent"),
    ]
    seen = set()
    for place, order in enumerate(itertools.permutations(events)):
        for told in order:
            pbx.send({**told, "call_id": f"c{place}"})
        call = Call.objects.get(outer_id=f"c{place}")
        seen.add((call.state, call.agent_id, call.held_seconds, call.talked_seconds, call.dropped))
    assert seen == {("ended", li.pk, 45, 95, False)}


def test_late_answered_after_hangup(pbx, li):
    pbx.tell("ringing", agent="8001")
    call = pbx.tell("hangup", after=60, by="customer")
    assert call.state == "missed"
    call = pbx.tell("answered", after=5, agent="8001")
    assert (call.state, call.agent) == ("ended", li)


def test_an_unknown_event_is_taken_and_does_nothing(pbx):
    assert pbx.send({"event": "whispered", "call_id": "c1"}).status_code == 200
    assert pbx.arrivals().get().state == "taken"
    assert not Call.objects.exists()


HOSTILE = (
    b"",
    b"\xff\xfe\x00",
    b"[]",
    b"null",
    b'{"event":"ringing"}',
    b'{"event":"ringing","call_id":"c1","at":"x"}',
    b'{"event":"ringing","call_id":{"$ne":1},"at":"2026-11-29T10:00:00+08:00"}',
    b'{"event":"recording_ready","call_id":"c1","at":"2026-11-29T10:00:00+08:00"}',
    b"[" * 50_000,
)


@pytest.mark.parametrize("body", HOSTILE)
def test_what_is_hostile_is_kept_and_fails_with_a_sentence(pbx, body):
    assert pbx.send(body).status_code == 200
    arrival = pbx.arrivals().get()
    assert bytes(arrival.raw) == body
    assert arrival.state in ("failed", "kept")
    assert arrival.error
    assert not Call.objects.exists()


def test_what_is_hostile_in_a_field_harms_nothing(pbx):
    words = "\x00<script>alert(1)</script>\u202e" + "九" * 900
    told = pbx.event("ringing", agent=["8001", words], reason=words)
    told |= {"from": words, "to": words}
    assert pbx.send(told).status_code == 200
    call = Call.objects.get()
    assert call.caller == ""
    assert len(call.line) <= 80
    assert "\x00" not in call.line


def test_too_large_is_refused(pbx):
    told = json.dumps({"event": "ringing", "x": "a" * (2 * 1024 * 1024)}).encode()
    assert pbx.send(told).status_code in (400, 413, 422)
    assert not pbx.arrivals().exists()


def test_two_hooks_may_call_two_calls_the_same(pbx, client):
    from huiyin.journey.channels.hooks.models import Hook

    other = Hook.objects.create(code="other", name="分部", connector="cti")
    pbx.tell("ringing", agent="8001")
    Pbx(other, client).tell("ringing", agent="8002")
    assert Call.objects.count() == 2


def test_who_hunts_first_has_it_and_the_other_pop_closes(pbx, li, sun, signed_in):
    pbx.tell("ringing", agent=["8001", "8002"])
    for user in (li, sun):
        assert b"data-pop=" in signed_in(user).get("/calls/mine/").content
    pbx.tell("answered", after=4, agent="8002")
    assert b"data-pop=" not in signed_in(li).get("/calls/mine/").content
    page = signed_in(sun).get("/calls/mine/").content
    assert b"data-pop=" not in page
    assert b"data-call=" in page
    assert b"data-call=" not in signed_in(li).get("/calls/mine/").content


def test_an_extension_nobody_has_loses_no_call(pbx, chen):
    call = pbx.talk(agent="9999")
    assert (call.agent, call.extension) == (None, "9999")
    assert Call.objects.visible_to(chen).filter(pk=call.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_messages_of_one_call_at_once(pbx, li):
    """Real threads: nothing lost, nothing doubled, whichever is first."""
    from django.test import Client

    def send(told):
        return lambda: Pbx(pbx.hook, Client()).send(told).status_code

    told = [
        pbx.event("ringing", agent="8001"),
        pbx.event("answered", after=5, agent="8001"),
        pbx.event("hold", after=20),
        pbx.event("hangup", after=40, by="customer"),
    ]
    assert at_once(*(send(one) for one in told)) == [200] * 4
    hooks.take_due()
    call = Call.objects.get()
    assert (call.state, call.agent, call.held_seconds) == ("ended", li, 20)
    assert CallEvent.objects.count() == 4


def test_killed_between_keeping_and_taking(pbx, monkeypatch):
    """The process dies after what came is on the disk: the worker takes it, once."""
    from huiyin.journey.channels.hooks.actions import keeping

    def dies(*_given):
        raise KeyboardInterrupt

    monkeypatch.setattr(keeping, "take_now", dies)
    total = 60
    for place in range(total):
        told = pbx.event("ringing", f"k{place}", agent="8001")
        with pytest.raises(KeyboardInterrupt):
            pbx.send(told, uid=f"msg_k{place}")
    assert (Arrival.objects.count(), Call.objects.count()) == (total, 0)
    monkeypatch.undo()
    for place in range(total):  # the other side got no answer and sends again
        pbx.send(pbx.event("ringing", f"k{place}", agent="8001"), uid=f"msg_k{place}")
    hooks.take_due()
    assert (Call.objects.count(), CallEvent.objects.count()) == (total, total)
    hooks.take_due()
    assert CallEvent.objects.count() == total


def test_killed_while_taking(pbx, monkeypatch):
    """The transaction of taking is rolled back whole: it is taken again, and told once."""
    from huiyin.journey.channels.phone import actions, connector

    real = actions.hear

    def hears_and_dies(arrival):
        real(arrival)
        raise RuntimeError("power")

    monkeypatch.setattr(connector.actions, "hear", hears_and_dies)
    assert pbx.send(pbx.event("ringing", agent="8001")).status_code == 200
    assert not Call.objects.exists()
    monkeypatch.undo()
    with moment.at(moment.now() + timedelta(minutes=2)):
        assert hooks.take_due() == 1
    assert (Call.objects.count(), CallEvent.objects.count()) == (1, 1)


def test_what_was_told_stays(pbx):
    pbx.tell("ringing", agent="8001")
    for sql in ("UPDATE phone_callevent SET kind = 'hold'", "DELETE FROM phone_callevent"):
        with pytest.raises(Exception, match=r"."), transaction.atomic():
            connection.cursor().execute(sql)


def test_the_number_is_nowhere_in_the_open(pbx, li, signed_in):
    call = pbx.talk()
    browser = signed_in(li)
    for page in ("/calls/", "/calls/mine/", f"/calls/{call.pk}/"):
        text = browser.get(page).content.decode()
        assert CALLER not in text
        assert "138 0013 8000" not in text
        assert "138****8000" in text
