"""An answer that did not reach the customer is none: it is owed again, and whoever has it hears."""

from __future__ import annotations

import pytest

from huiyin.journey.complaint.words import What
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.actions import Undelivered
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.words import Reach
from huiyin.surface.notices import actions as notices
from huiyin.surface.notices.models import Notice
from tests.conversation.conftest import pigeon  # noqa: F401 — a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(taken_in, quality_agent):
    complaint = taken_in("2026-11-25 10:00")
    complaint.carry(assignee=quality_agent)
    return complaint


def first_responses(complaint) -> list[bool]:
    """Which of them run."""
    clocks = complaint.clocks.own().filter(kind="first_response").order_by("pk")
    return [clock.stopped_at is None for clock in clocks]


def answer(complaint, by, text="您好，正在核实。"):
    message = conversation.reply(complaint, by=by, text=text, channel="social")
    Letter.objects.filter(message=message).update(next_try_at=complaint.received_at)
    conversation.send_due_letters("social")
    return message


def misses(complaint) -> list[str]:
    return [e.facts["reason"] for e in complaint.events.filter(what=What.LETTER_FAILED)]


def test_what_is_refused_for_good_is_owed_again_and_told(theirs, quality_agent, pigeon):  # noqa: F811
    assert first_responses(theirs) == [True]
    pigeon.fault = Undelivered("对方拒收", final=True)
    message = answer(theirs, quality_agent)
    assert misses(theirs) == ["对方拒收"]
    assert first_responses(theirs) == [False, True]

    notices.tell_assignee(theirs.events.get(what=What.LETTER_FAILED))
    assert Notice.objects.filter(user=quality_agent, event__what=What.LETTER_FAILED).count() == 1
    pigeon.fault = None
    conversation.resend(message, by=quality_agent)
    conversation.send_due_letters("social")
    assert pigeon.told == [("wx:o1", "您好，正在核实。")]
    assert first_responses(theirs) == [False, False]


def test_what_was_reported_as_missed_later_is_told_once(theirs, quality_agent, pigeon):  # noqa: F811
    answer(theirs, quality_agent)
    assert first_responses(theirs) == [False]
    for _ in range(2):
        assert conversation.reached("social", "m1", Reach.MISSED, "号码停机")
    assert misses(theirs) == ["号码停机"]
    assert first_responses(theirs) == [False, True]


def test_another_answer_that_reached_him_is_enough(theirs, quality_agent, pigeon):  # noqa: F811
    answer(theirs, quality_agent)
    pigeon.fault = Undelivered("对方拒收", final=True)
    answer(theirs, quality_agent, "还有一句")
    assert misses(theirs) == ["对方拒收"]
    assert first_responses(theirs) == [False]


def test_five_tries_in_vain_are_a_failure(theirs, quality_agent, pigeon):  # noqa: F811
    pigeon.fault = Undelivered("连不上")
    answer(theirs, quality_agent)
    for _ in range(5):
        assert misses(theirs) == [] or _ == 4
        Letter.objects.filter(state="queued").update(next_try_at=theirs.received_at)
        conversation.send_due_letters("social")
    assert misses(theirs) == ["连不上"]


def test_a_machine_that_was_not_heard_owes_no_answer(theirs, pigeon):  # noqa: F811
    pigeon.fault = Undelivered("对方拒收", final=True)
    conversation.post_letter(
        theirs,
        event=None,
        purpose="received",
        recipient="wx:o1",
        subject="受理",
        body="已受理",
        channel="social",
    )
    conversation.send_due_letters("social")
    assert misses(theirs) == ["对方拒收"]
    assert first_responses(theirs) == [True]
