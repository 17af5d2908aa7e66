"""Ladders: who is told how far along a clock is, each rung once, whatever happens in between."""

from __future__ import annotations

from decimal import Decimal

import pytest

from huiyin.ground.people.models import Department, Team
from huiyin.ground.people.words import Presence, Role
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.clocks.models import Clock, Ladder, Rung, RungFired, forget
from huiyin.journey.complaint.actions import restrict
from huiyin.journey.complaint.models import Complaint, ComplaintAccess, Event
from huiyin.journey.complaint.words import Sight, What
from huiyin.journey.routing import actions as routing
from huiyin.journey.triage import actions as triage
from tests.conftest import at, person
from tests.roads import fresh
from tests.together import at_once

MORNING = "2026-11-25 10:00"  # a Wednesday; STD: resolution until Monday 24:00
REMINDERS = (What.REMINDED, What.LATE_NOTICE)


def told(complaint, kind="resolution", subject="") -> list[tuple[str, str]]:
    """(rung, to) of every reminder of this clock, in order."""
    found = complaint.events.filter(
        what__in=REMINDERS, facts__kind=kind, facts__subject=subject
    ).order_by("pk")
    return [(event.facts["rung"], event.facts["to"]) for event in found]


def swept(clock, *moments: str) -> None:
    for when in moments:
        with clock(when):
            clocks.sweep()


@pytest.fixture
def lead(quality_agent):
    user = person("lead", "罗组长", Role.LEAD, teams=[quality_agent.teams.get()])
    Team.objects.filter(code="quality").update(lead=user)
    return user


@pytest.fixture
def supervisor(quality_agent):
    user = person("sup", "苏主管", Role.SUPERVISOR, teams=[quality_agent.teams.get()])
    Team.objects.filter(code="quality").update(duty_supervisor=user)
    return user


@pytest.fixture
def house(lead, supervisor, manager):
    return lead, supervisor, manager


@pytest.fixture
def complaint(taken_in, house, quality_agent, clock):
    one = fresh(taken_in(MORNING))
    with clock("2026-11-25 10:10"):
        routing.accept(one, by=quality_agent)
    return one


@pytest.mark.django_db
def test_the_standard_ladder_lead_supervisor_manager_notice(complaint, clock):
    resolution = complaint.clocks.get(kind="resolution")
    assert resolution.ladder.code == "LADDER-STD"
    swept(clock, "2026-11-29 12:47")
    assert told(complaint) == []  # 80 % of 134 hours is 107 h 12 min
    swept(clock, "2026-11-29 21:13", "2026-11-29 21:13")
    assert told(complaint) == [("已用 80%", "罗组长")]
    swept(clock, "2026-12-01 00:00", "2026-12-01 08:00")
    assert told(complaint)[1:] == [("到期时", "苏主管")]
    swept(clock, "2026-12-01 09:00", "2026-12-01 10:00", "2026-12-20 09:00")
    assert told(complaint)[2:] == [
        ("到期后 1 工作日", "高远"),
        ("到期后 1 自然日", "何静、苏主管"),
    ]
    notice = complaint.events.get(what=What.LATE_NOTICE, facts__kind="resolution")
    assert notice.facts["step"] == "notice" and notice.facts["by_mail"] is True
    assert resolution.fired.count() == 4
    assert Clock.objects.get(pk=resolution.pk).next_rung_at is None


@pytest.mark.django_db
def test_a_long_limit_has_its_forced_reminder_two_working_days_before(taken_in, house, clock):
    complaint = taken_in(MORNING, category="PD.01.10")
    assert complaint.clocks.get(kind="resolution").policy == "SLA-CPX"
    swept(clock, "2026-11-30 09:00")
    assert told(complaint)[0][0] == "到期前 2 工作日"


@pytest.mark.django_db
def test_an_urgent_one_climbs_at_half_four_fifths_and_the_end(taken_in, house, clock):
    complaint = taken_in(MORNING, severity=2)
    sign_in = complaint.clocks.get(kind="sign_in")  # two hours
    assert sign_in.ladder.code == "LADDER-URG"
    swept(clock, "2026-11-25 11:00", "2026-11-25 11:36", "2026-11-25 12:00")
    assert told(complaint, "sign_in") == [
        ("已用 50%", "罗组长"),
        ("已用 80%", "苏主管"),
        ("到期时", "苏主管、高远"),
    ]


@pytest.mark.django_db
def test_a_critical_one_goes_to_the_top_in_two_hours(taken_in, house, clock):
    law, press = person("law", "卢法", Role.LEGAL), person("press", "彭关", Role.PUBLIC_RELATIONS)
    complaint = taken_in(MORNING, severity=1)
    swept(clock, "2026-11-25 10:00", "2026-11-25 10:15", "2026-11-25 12:00")
    assert told(complaint) == [
        ("开始计时时", "罗组长"),
        ("开始计时后 0.25 小时", "高远"),
        ("开始计时后 2 小时", "高远、卢法、彭关"),
    ]
    for officer in (law, press):  # called in: now they see it, and only it
        assert list(Complaint.objects.visible_to(officer)) == [complaint]


@pytest.mark.django_db
def test_after_three_days_of_darkness_every_rung_comes_in_order_over_all_clocks(
    taken_in, house, clock
):
    for minute in range(4):
        taken_in(f"2026-11-25 10:0{minute}", severity=2)
    swept(clock, "2026-11-28 10:00")
    fired = list(RungFired.objects.order_by("pk").values_list("planned_at", flat=True))
    assert len(fired) >= 4 * 9 and fired == sorted(fired)
    with clock("2026-11-28 10:00"):
        assert clocks.sweep() == 0


@pytest.mark.django_db
def test_a_clock_that_is_put_back_and_forth_fires_nothing_twice(complaint, clock):
    swept(clock, "2026-12-01 08:00")
    before = Event.objects.filter(what__in=REMINDERS).count()
    swept(clock, "2026-11-25 11:00", "2026-12-01 08:00", "2026-11-20 11:00", "2026-12-01 08:00")
    with clock("2026-11-25 12:00"):  # put back, and something replays the clocks meanwhile
        for one in complaint.clocks.own().filter(stopped_at=None):
            clocks.planning.set_due(one)
    swept(clock, "2026-12-01 08:00")
    assert Event.objects.filter(what__in=REMINDERS).count() == before
    assert complaint.events.filter(what=What.CLOCK_MISSED, facts__kind="resolution").count() == 1


@pytest.mark.django_db
def test_more_time_plans_anew_what_has_not_fired_and_what_lies_ahead_again(complaint, lead, clock):
    swept(clock, "2026-11-30 00:00")  # 80 % is told
    with clock("2026-11-30 10:00"):
        clocks.extend(
            complaint,
            by=lead,
            kind="resolution",
            amount=Decimal(2),
            reason="等检测报告",
            channel="phone",
        )
    swept(clock, "2026-12-01 00:00")
    assert [rung for rung, _to in told(complaint)] == ["已用 80%"]
    swept(clock, "2026-12-02 12:00")  # 80 % of the longer time: it lay ahead again
    assert [rung for rung, _to in told(complaint)] == ["已用 80%", "已用 80%"]
    assert complaint.clocks.get(kind="resolution").fired.exclude(lapsed_at=None).count() == 1
    swept(clock, "2026-12-02 23:59")
    assert len(told(complaint)) == 2
    swept(clock, "2026-12-03 00:00")
    assert [rung for rung, _to in told(complaint)].count("到期时") == 1
    # The date in the letter was a promise. Broken it makes the complaint urgent, with its ladder.
    assert fresh(complaint).severity == 2
    assert set(told(complaint)[2:]) >= {("到期时", "苏主管、高远")}


@pytest.mark.django_db
def test_a_paused_clock_climbs_no_further_and_goes_on_by_the_new_date(
    complaint, quality_agent, clock
):
    with clock("2026-11-25 11:00"):
        routing.wait(complaint, by=quality_agent, whom="customer", reason="等发票")
    swept(clock, "2026-12-10 10:00")
    assert told(complaint) == []
    with clock("2026-12-10 10:00"):
        routing.resume(fresh(complaint), by=quality_agent)
    moved = complaint.clocks.get(kind="resolution")
    assert moved.due_at == at("2026-12-16 00:00")
    swept(clock, "2026-12-16 00:00")
    assert [rung for rung, _to in told(complaint)] == ["已用 80%", "到期时"]


@pytest.mark.django_db
def test_a_raised_severity_climbs_the_steeper_ladder_at_once(complaint, zhou, clock):
    with clock("2026-11-25 14:00"):
        triage.confirm(
            complaint, by=zhou, category=complaint.category, severity=1, reason="有人受伤"
        )
    swept(clock, "2026-11-25 14:01")
    rungs = [rung for rung, _to in told(complaint)]
    assert rungs[:3] == ["开始计时时", "开始计时后 0.25 小时", "开始计时后 2 小时"]


@pytest.mark.django_db
def test_somebody_away_is_stood_in_for_and_the_barred_is_passed_over(
    complaint, house, quality_agent, clock
):
    lead, supervisor, manager = house
    ComplaintAccess.objects.create(
        complaint=complaint, user=lead, sight=Sight.BARRED, by=manager, at=at(MORNING)
    )
    swept(clock, "2026-11-30 00:00")
    assert told(complaint) == [("已用 80%", "苏主管")]
    other = person("sup2", "代主管", Role.SUPERVISOR, teams=[quality_agent.teams.get()])
    supervisor.presence, supervisor.deputy = Presence.AWAY, other
    supervisor.save()
    swept(clock, "2026-12-01 00:00")
    assert told(complaint)[1] == ("到期时", "代主管")


@pytest.mark.django_db
def test_of_a_restricted_one_nobody_is_let_in_by_a_rung(taken_in, house, manager, clock):
    law = person("law", "卢法", Role.LEGAL)
    press = person("press", "彭关", Role.PUBLIC_RELATIONS)
    complaint = taken_in(MORNING, severity=1)
    with clock("2026-11-25 10:05"):
        restrict(complaint, by=law, people=[manager], reason="涉及员工隐私")
    swept(clock, "2026-11-25 13:00")
    assert not Complaint.objects.visible_to(press).exists()


@pytest.mark.django_db
def test_a_department_has_its_own_ladder(complaint, clock):
    handler, head = (
        person("qc1", "钱经办", Role.DEPT_HANDLER),
        person("qc2", "冯部长", Role.DEPT_HEAD),
    )
    department = Department.objects.create(code="qc", name="质检部", head=head, duty=handler)
    with clock("2026-11-25 11:00"):
        clocks.run_for(
            complaint,
            "task",
            subject="task:1",
            label="质检部协办",
            amount=10,
            unit="hours",
            calendar_code="always",
            start=at("2026-11-25 11:00"),
            department=department,
        )
    swept(clock, "2026-11-25 16:00", "2026-11-25 19:00", "2026-11-25 21:00", "2026-11-26 09:00")
    assert told(complaint, "task", "task:1") == [
        ("已用 50%", "钱经办"),
        ("已用 80%", "钱经办"),
        ("到期时", "冯部长"),
        ("到期后 1 工作日", "苏主管"),
    ]


@pytest.mark.django_db
def test_an_edited_ladder_is_climbed_by_open_clocks_too(complaint, clock):
    rung = Rung.objects.get(ladder__code="LADDER-STD", measure="percent", amount=80)
    rung.amount = 50
    rung.save()
    swept(clock, "2026-11-28 06:00")
    assert told(complaint) == []  # planned by the old ladder still
    for when in ("2026-11-28 06:01", "2026-11-28 06:02"):
        with clock(when):
            clocks.follow_edits()
    swept(clock, "2026-11-28 06:03")
    assert told(complaint) == [("已用 50%", "罗组长")]
    rung.amount = 90  # what was told is told
    rung.save()
    for when in ("2026-11-28 06:10", "2026-11-28 06:11"):
        with clock(when):
            clocks.follow_edits()
    swept(clock, "2026-11-30 23:59")
    assert told(complaint) == [("已用 50%", "罗组长")]


@pytest.mark.django_db
def test_a_ladder_that_asks_for_the_team_is_found_after_the_dispatch(taken_in, house, clock):
    own = Ladder.objects.create(
        code="QUALITY",
        name_zh="品质组",
        order=1,
        kinds=["resolution"],
        condition={"all": [{"field": "team", "is": "equal", "value": "quality"}]},
    )
    Rung.objects.create(ladder=own, measure="percent", amount=10, receivers=["manager"])
    complaint = taken_in(MORNING)
    assert complaint.clocks.get(kind="resolution").ladder == own
    assert complaint.clocks.get(kind="sign_in").ladder.code == "LADDER-STD"
    swept(clock, "2026-11-26 00:00")
    assert told(complaint) == [("已用 10%", "高远")]


@pytest.mark.django_db
def test_without_ladders_nothing_climbs(taken_in, clock):
    Ladder.objects.update(enabled=False)
    forget()
    complaint = taken_in(MORNING)
    assert complaint.clocks.get(kind="resolution").next_rung_at is None
    swept(clock, "2026-12-20 09:00")
    assert told(complaint) == []


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_and_an_act_at_once_fire_each_rung_once(taken_in, house, quality_agent, clock):
    complaints = [fresh(taken_in(MORNING, severity=2)) for _ in range(4)]

    def late_sweep():
        with clock("2026-11-26 15:30"):
            return clocks.sweep()

    def sign(one):
        def act():
            with clock("2026-11-26 15:30"):
                routing.accept(one, by=quality_agent)

        return act

    results = at_once(late_sweep, late_sweep, *(sign(one) for one in complaints))
    assert not [one for one in results if isinstance(one, Exception)]
    late_sweep()
    rows = list(RungFired.objects.filter(lapsed_at=None).values_list("clock", "rung"))
    assert rows and len(rows) == len(set(rows))
    assert len(rows) == Event.objects.filter(what__in=REMINDERS).count()
