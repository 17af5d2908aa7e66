"""Clocks that a task or a supervision runs by: theirs alone, swept like all others."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.clocks.models import Clock
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.closure.actions import withdraw
from huiyin.journey.complaint.words import What
from huiyin.journey.routing import actions as routing
from tests.conftest import at
from tests.roads import fresh

MORNING = "2026-11-25 10:00"


@pytest.fixture
def complaint(taken_in, quality_agent, clock):
    one = fresh(taken_in(MORNING))
    with clock("2026-11-25 10:10"):
        routing.accept(one, by=quality_agent)
    return one


def lent(complaint, **how) -> Clock:
    how = {
        "subject": "task:17",
        "label": "质检部协办",
        "amount": Decimal(2),
        "unit": "hours",
        "calendar_code": "always",
        "start": at("2026-11-25 11:00"),
        **how,
    }
    return clocks.run_for(complaint, how.pop("kind", ClockKind.TASK), **how)


@pytest.mark.django_db
def test_it_runs_beside_the_complaints_own_and_the_spine_does_not_carry_it(complaint):
    before = complaint.next_due_at
    one = lent(complaint)
    assert one.due_at == one.first_due_at == at("2026-11-25 13:00")
    clocks.planning.carry_next(complaint)
    assert fresh(complaint).next_due_at == before
    lent(complaint, subject="task:18")  # another task has its own
    with pytest.raises(IntegrityError), transaction.atomic():
        lent(complaint)


@pytest.mark.django_db
def test_it_is_warned_of_and_missed_and_the_event_says_whose_it_is(complaint, clock):
    lent(complaint)
    for when in ("2026-11-25 12:40", "2026-11-25 13:00"):
        with clock(when):
            clocks.sweep()
    warned = complaint.events.get(what=What.CLOCK_WARNED, facts__subject="task:17").facts
    missed = complaint.events.get(what=What.CLOCK_MISSED, facts__subject="task:17").facts
    assert warned == missed
    assert missed["clock"] == "质检部协办 · 部门答复" and missed["task"] == 17
    assert (missed["kind"], missed["due_at"]) == ("task", "2026-11-25T05:00:00+00:00")


@pytest.mark.django_db
def test_stopping_stops_that_subject_alone_and_late_is_late(complaint, quality_agent):
    first, other = lent(complaint), lent(complaint, subject="task:18")
    sign_in = lent(complaint, kind=ClockKind.TASK_SIGN_IN)
    when = at("2026-11-25 14:00")
    clocks.stop_for(
        complaint, subject="task:17", at=when, by=quality_agent, kinds=[ClockKind.TASK_SIGN_IN]
    )
    assert Clock.objects.get(pk=sign_in.pk).stopped_at == when
    assert Clock.objects.get(pk=first.pk).stopped_at is None
    clocks.stop_for(complaint, subject="task:17", at=when, by=quality_agent)
    stopped = Clock.objects.get(pk=first.pk)
    assert stopped.stopped_at == when and stopped.is_late and stopped.missed_at == when
    assert Clock.objects.get(pk=other.pk).stopped_at is None
    assert complaint.clocks.own().filter(stopped_at=None).exists()


@pytest.mark.django_db
def test_more_time_only_before_expiry_and_within_what_it_allows(complaint, quality_agent, clock):
    one = lent(complaint, most_extra=Decimal(3))
    with clock("2026-11-25 12:00"):
        with pytest.raises(Invalid, match="1 到 3 之间的小时数"):
            clocks.extend_for(one, amount=4, reason="等报告", by=quality_agent)
        extension = clocks.extend_for(one, amount=2, reason="等报告", by=quality_agent)
        assert extension.told is None
    assert one.due_at == at("2026-11-25 15:00") and one.first_due_at == at("2026-11-25 13:00")
    with clock("2026-11-25 15:00"), pytest.raises(Refused, match="已经到期"):
        clocks.extend_for(one, amount=1, reason="等报告", by=quality_agent)


@pytest.mark.django_db
def test_a_wait_a_correction_and_a_reply_leave_it_alone(complaint, quality_agent, clock):
    one = lent(complaint, amount=Decimal(5), unit="work_days", calendar_code="office")
    with clock("2026-11-25 11:30"):
        routing.wait(complaint, by=quality_agent, whom="customer", reason="等发票")
    with clock("2026-11-27 09:00"):
        routing.resume(fresh(complaint), by=quality_agent)
    after = Clock.objects.get(pk=one.pk)
    assert (after.paused_at, after.due_at) == (None, one.due_at)
    assert complaint.clocks.own().get(kind="resolution").pauses.exists()


@pytest.mark.django_db
def test_whatever_ends_the_complaint_ends_it_too(complaint, quality_agent, clock):
    one = lent(complaint, amount=Decimal(50))
    with clock("2026-11-25 12:00"):
        withdraw(complaint, by=quality_agent, reason="客户说已自行解决")
    assert Clock.objects.get(pk=one.pk).stopped_at == at("2026-11-25 12:00")
    assert not complaint.clocks.filter(stopped_at=None).exists()


@pytest.mark.django_db
def test_an_edited_calendar_moves_it_and_no_policy_takes_it_over(complaint, clock):
    from huiyin.ground.worktime.models import Calendar, CalendarDay
    from huiyin.ground.worktime.words import DayKind

    one = lent(complaint, amount=Decimal(2), unit="work_days", calendar_code="office")
    assert one.due_at == at("2026-11-28 00:00")
    CalendarDay.objects.create(
        calendar=Calendar.objects.get(code="office"), day="2026-11-27", kind=DayKind.HOLIDAY
    )
    with clock("2026-11-25 12:00"):
        clocks.follow_edits()
    with clock("2026-11-25 12:01"):
        clocks.follow_edits()
    moved = Clock.objects.get(pk=one.pk)
    assert moved.due_at == at("2026-12-01 00:00") and moved.policy == ""
    assert moved.amount == 2 and moved.first_due_at == one.first_due_at


@pytest.mark.django_db
def test_panel_and_api_show_it_under_its_name(complaint, quality_agent, signed_in, api):
    lent(complaint, person=quality_agent)
    page = signed_in(quality_agent).get(f"/complaints/{complaint.number}/").content.decode()
    assert '<h3 class="clocks__whose">质检部协办</h3>' in page
    assert "质检部协办 自己的时限：2 小时" in page
    told = api(quality_agent).get(f"/api/v1/complaints/{complaint.number}/clocks").json()
    [one] = [c for c in told if c["subject"]]
    assert (one["subject"], one["label"], one["person"]) == ("task:17", "质检部协办", "he")
    assert one["department"] is None and one["why"][-1] == "到 2026-11-25 13:00 为止"


@pytest.mark.django_db
def test_the_system_stops_like_anybody(complaint):
    one = lent(complaint)
    clocks.stop_for(
        complaint, subject="task:17", at=at("2026-11-25 12:00"), by=User.objects.system()
    )
    assert not Clock.objects.get(pk=one.pk).is_late
