"""Asking for a call: once for each source, with a clock of its own, in our hours."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.callbacks import actions
from huiyin.journey.callbacks.models import Callback
from huiyin.journey.callbacks.words import CallbackKind, PartOfDay
from huiyin.journey.complaint.words import What
from tests.conftest import at
from tests.roads import fresh, story
from tests.together import at_once

pytestmark = pytest.mark.django_db


def asked(complaint, **changed):
    wanted = {
        "kind": CallbackKind.PROMISE,
        "reason": "承诺 11-22 退款，没有兑现",
        "due_at": moment.now() + timedelta(hours=4),
        "by": User.objects.system(),
        "source": "promise:7",
        "post": "supervisor",
    }
    return actions.ask(complaint, **{**wanted, **changed})


@pytest.fixture
def working(monday, make_complaint, li, after_sales):
    return make_complaint(status="HND", assignee=li, team=after_sales, severity=3)


def test_it_waits_for_its_post_with_a_clock_of_its_own(working, monday):
    callback = asked(working)
    clock = working.clocks.get(kind="callback")
    assert (clock.subject, clock.due_at) == (callback.subject, monday + timedelta(hours=4))
    assert (callback.limit, callback.next_at, callback.next_part) == (
        clock.due_at,
        monday,
        PartOfDay.MORNING,
    )
    assert fresh(working).next_due_kind == ""  # a call moves no list of complaints
    facts = working.events.get(what=What.CALLBACK_ASKED).facts
    assert facts["kind"] == "promise" and facts["reason"].startswith("承诺")


def test_asked_again_by_the_same_source_it_is_the_same(working):
    first = asked(working)
    assert asked(working, reason="又问一次") == first
    assert asked(working, source="promise:8") != first
    assert story(working).count(What.CALLBACK_ASKED) == 2


def test_once_it_was_made_the_source_may_ask_again(working, chen):
    first = asked(working)
    actions.answer(first, by=chen, result="talked", words="已说明，今天内退款")
    assert asked(working) != first


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_call_comes(make_complaint):
    complaint = make_complaint(status="HND")
    made = at_once(lambda: asked(fresh(complaint)), lambda: asked(fresh(complaint)))
    assert made[0] == made[1]
    assert Callback.objects.count() == 1


def test_outside_our_hours_it_waits_until_they_begin(make_complaint):
    with moment.at(at("2026-11-27 23:00")):  # a Friday night
        callback = asked(make_complaint(status="HND"))
    assert callback.next_at == at("2026-11-30 09:00")
