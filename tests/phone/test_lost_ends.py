"""A ring whose end nobody told: it is over after a while, and what is told late still counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.journey.channels.phone import actions, shown
from huiyin.journey.channels.phone.models import Call, Limit, limits
from tests.together import at_once

pytestmark = pytest.mark.django_db


def later(**span: float):
    return moment.at(moment.now() + timedelta(**span))


def rings(call: Call) -> Call:
    call.refresh_from_db()
    return call


def test_a_ring_pops_for_three_minutes_and_is_then_over(pbx, li):
    call = pbx.tell("ringing", agent="8001")  # half an hour ago by the clock of the other side
    actions.watch()
    assert [one for one, _history in shown.mine(li).pops] == [call]
    with later(minutes=2, seconds=50):
        actions.watch()
        assert len(shown.mine(li).pops) == 1
    with later(minutes=3, seconds=5):
        assert shown.mine(li).pops == []  # also while no worker looks
        actions.watch()
        actions.watch()
        assert shown.mine(li).pops == []
    found = rings(call)
    assert (found.state, found.is_end_untold, found.ringing) == ("missed", True, [])
    assert found.events.count() == 2
    assert not found.dropped


def test_the_list_and_the_api_say_so(pbx, chen, signed_in, api):
    call = pbx.tell("ringing", agent="8003")
    with later(minutes=4):
        actions.watch()
    page = signed_in(chen).get("/calls/").content.decode()
    assert "未接听" in page
    assert "结束未告知" in page
    assert "结束未告知" in signed_in(chen).get(f"/calls/{call.pk}/").content.decode()
    found = api(chen).get(f"/api/v1/phone/calls/{call.pk}").json()
    assert (found["state"], found["is_end_untold"]) == ("missed", True)


def test_it_rings_on_where_it_is_told_again(pbx, li):
    pbx.tell("ringing", agent="8002")
    with later(minutes=2):
        pbx.tell("ringing", after=120, agent="8001")
    with later(minutes=4):
        actions.watch()
        assert len(shown.mine(li).pops) == 1


def test_an_answer_that_is_told_late_still_counts(pbx, li):
    call = pbx.tell("ringing", agent="8001")
    with later(minutes=4):
        actions.watch()
        assert rings(call).state == "missed"
        pbx.tell("answered", after=20, agent="8001")
        found = rings(call)
        assert (found.state, found.agent, found.is_end_untold) == ("talking", li, False)
        actions.watch()
        assert rings(call).state == "talking"
        pbx.tell("hangup", after=260, by="customer")
    found = rings(call)
    assert (found.state, found.talked_seconds, found.hung_up_by) == ("ended", 240, "customer")
    assert not found.dropped


def test_an_end_that_is_told_late_says_who_hung_up(pbx):
    call = pbx.tell("ringing", agent="8001")
    with later(minutes=4):
        actions.watch()
        pbx.tell("hangup", after=30, by="customer")
    found = rings(call)
    assert (found.state, found.hung_up_by, found.is_end_untold) == ("missed", "customer", False)
    assert found.ended_at == pbx.began + timedelta(seconds=30)


def test_lost_twice_it_ends_twice(pbx):
    call = pbx.tell("ringing", agent="8001")
    with later(minutes=4):
        actions.watch()
        pbx.tell("answered", after=20, agent="8001")
    with later(hours=5):
        actions.watch()
        actions.watch()
    found = rings(call)
    assert (found.state, found.is_end_untold) == ("ended", True)
    assert found.events.count() == 4


def test_a_call_that_is_spoken_in_is_left_alone(pbx):
    call = pbx.talk()
    with later(minutes=30):
        actions.watch()
    assert rings(call).state == "talking"


def test_the_limit_is_a_row(pbx):
    limit = Limit.objects.get(code="ring")
    assert (limit.seconds, bool(limit.source)) == (180, True)
    limit.seconds = 20
    limit.save()
    call = pbx.tell("ringing", agent="8001")
    with later(seconds=30):
        actions.watch()
    assert rings(call).state == "missed"
    limits.forget()


@pytest.mark.django_db(transaction=True)
def test_two_that_look_at_once_end_it_once(pbx):
    call = pbx.tell("ringing", agent="8001")

    def looks() -> None:
        with later(minutes=4):
            actions.watch()

    at_once(looks, looks)
    assert rings(call).events.count() == 2
