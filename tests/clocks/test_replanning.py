"""An edit of a policy or a calendar plans open clocks anew: nothing banked is lost, progress is
told, and a worker that dies half-way is continued."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.ground.worktime.models import CalendarDay
from huiyin.ground.worktime.words import DayKind
from huiyin.journey.clocks.actions import explained, follow_edits, progress, replanning
from huiyin.journey.clocks.models import Clock, Policy, Replanning, Term
from huiyin.journey.clocks.why import why
from huiyin.journey.routing import actions as routing
from tests.conftest import at, person
from tests.roads import fresh
from tests.together import at_once

MORNING = "2026-11-25 10:00"


def follow(clock, text: str = "2026-11-25 12:00") -> int:
    """The worker's next looks: it sees the edit, waits for the others to read it, and goes over."""
    with clock(text):
        follow_edits()
        now = moment.now()
    with moment.at(now + replanning.SETTLE + timedelta(seconds=1)):
        return follow_edits()


def shorter(days: int = 2) -> None:
    term = Term.objects.get(policy__code="SLA-STD", kind="resolution")
    term.amount = days
    term.save()


@pytest.mark.django_db
def test_a_shorter_policy_moves_open_clocks_and_the_list(taken_in, clock):
    complaint = taken_in(MORNING)
    follow(clock)
    shorter(1)
    assert follow(clock, "2026-11-25 13:00") == 1
    resolution = complaint.clocks.get(kind="resolution")
    assert resolution.due_at == at("2026-11-27 00:00")
    assert resolution.first_due_at == at("2026-12-01 00:00")
    assert explained(resolution).at == resolution.due_at
    assert any("政策或日历修改后重新计算" in line for line in why(resolution))


@pytest.mark.django_db
def test_a_new_holiday_moves_open_clocks(taken_in, clock):
    complaint = taken_in(MORNING)
    follow(clock)
    CalendarDay.objects.create(day=date(2026, 11, 26), kind=DayKind.HOLIDAY, name="停电")
    follow(clock, "2026-11-25 13:00")
    assert complaint.clocks.get(kind="resolution").due_at == at("2026-12-02 00:00")


@pytest.mark.django_db
def test_banked_pauses_survive_a_change_of_policy(taken_in, quality_agent, clock):
    complaint = fresh(taken_in(MORNING))
    follow(clock, "2026-11-25 10:01")
    with clock("2026-11-25 10:10"):
        routing.accept(complaint, by=quality_agent)
    with clock("2026-11-26 09:00"):
        routing.wait(complaint, by=quality_agent, whom="customer", reason="等发票")
    with clock("2026-11-30 09:00"):
        routing.resume(fresh(complaint), by=quality_agent)
    shorter(1)
    follow(clock, "2026-11-30 10:00")
    resolution = complaint.clocks.get(kind="resolution")
    assert resolution.due_at == at("2026-12-02 00:00")  # one working day after the 30th
    assert resolution.pauses.count() == 1
    assert explained(resolution).at == resolution.due_at


@pytest.mark.django_db
def test_a_clock_that_waits_goes_on_waiting(taken_in, quality_agent, clock):
    complaint = fresh(taken_in(MORNING))
    with clock("2026-11-25 10:10"):
        routing.accept(complaint, by=quality_agent)
        routing.wait(complaint, by=quality_agent, whom="customer", reason="等发票")
    shorter(1)
    follow(clock)
    assert complaint.clocks.get(kind="resolution").paused_at == at("2026-11-25 10:10")


@pytest.mark.django_db
def test_what_was_missed_by_the_old_limit_and_lies_ahead_again_may_be_missed_again(taken_in, clock):
    from huiyin.journey.clocks.actions import sweep

    complaint = taken_in(MORNING)
    shorter(1)
    follow(clock)
    with clock("2026-11-28 09:00"):
        sweep()
    assert complaint.clocks.get(kind="resolution").missed_at is not None
    shorter(5)
    follow(clock, "2026-11-28 10:00")
    assert complaint.clocks.get(kind="resolution").missed_at is None


@pytest.mark.django_db
def test_stopped_clocks_and_policies_that_were_switched_off_change_nothing(
    taken_in, quality_agent, clock
):
    complaint = fresh(taken_in(MORNING))
    with clock("2026-11-25 10:10"):
        routing.accept(complaint, by=quality_agent)
    before = {c.kind: c.due_at for c in complaint.clocks.all()}
    for policy in Policy.objects.filter(code="SLA-STD"):
        policy.enabled = False
        policy.save()
    follow(clock)
    assert {c.kind: c.due_at for c in complaint.clocks.all()} == before


@pytest.mark.django_db
def test_without_an_edit_nothing_is_planned_again(taken_in, clock):
    taken_in(MORNING)
    follow(clock)
    assert follow(clock, "2026-11-25 13:00") == 0
    assert Replanning.objects.count() == 1


@pytest.mark.django_db
def test_progress_is_told_in_the_console(taken_in, clock, signed_in, monkeypatch):
    admin = person("zheng", "郑凯", Role.SYSADMIN)
    page = lambda: signed_in(admin).get("/console/policies/").content.decode()  # noqa: E731
    taken_in(MORNING)
    follow(clock)
    assert "已按现行规则重算" in page()
    shorter(1)
    assert "会在一分钟内按新规则重算" in page()
    follow(clock, "2026-11-25 13:00")
    assert "1 件投诉中有 1 个时限改了期" in progress()


@pytest.mark.django_db
def test_a_pass_that_broke_off_is_continued_where_it_was(taken_in, clock, monkeypatch):
    complaints = [taken_in(MORNING) for _ in range(5)]
    follow(clock)
    shorter(1)
    monkeypatch.setattr(replanning, "BATCH", 2)
    real, calls = replanning.plan_anew, []

    def dies(one, complaint):
        calls.append(complaint.pk)
        if len({*calls}) == 4:
            raise SystemExit
        return real(one, complaint)

    monkeypatch.setattr(replanning, "plan_anew", dies)
    with pytest.raises(SystemExit):
        follow(clock, "2026-11-25 13:00")
    half = Replanning.objects.get(finished_at=None)
    assert (half.done, half.total) == (2, 5)
    assert "2 / 5" in progress()
    monkeypatch.setattr(replanning, "plan_anew", real)
    with clock("2026-11-25 13:05"):
        assert follow_edits() == 3
    dues = {c.clocks.get(kind="resolution").due_at for c in complaints}
    assert dues == {at("2026-11-27 00:00")}
    assert Replanning.objects.latest("pk").moved == 5


@pytest.mark.django_db(transaction=True)
def test_workers_and_people_at_once_disturb_each_other_not(taken_in, quality_agent, clock):
    complaints = [fresh(taken_in(MORNING)) for _ in range(6)]
    follow(clock)
    shorter(1)
    with clock("2026-11-25 13:00"):
        follow_edits()

    def work():
        with clock("2026-11-25 13:01"):
            return follow_edits()

    def sign(complaint):
        def act():
            with clock("2026-11-25 13:01"):
                routing.accept(complaint, by=quality_agent)

        return act

    results = at_once(work, work, *(sign(one) for one in complaints))
    assert not [one for one in results if isinstance(one, Exception)]
    work()
    resolutions = Clock.objects.filter(kind="resolution")
    assert {c.due_at for c in resolutions} == {at("2026-11-27 00:00")}
    assert Clock.objects.filter(kind="sign_in", stopped_at=None).count() == 0
