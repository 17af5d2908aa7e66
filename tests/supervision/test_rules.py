"""Supervision by rule: each fires once for a complaint and a cause, however often it is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.complaint.events import run_later
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import customer_wrote
from huiyin.journey.routing.actions import urge
from huiyin.journey.supervision import actions, rules
from huiyin.journey.supervision.models import Firing, Rule, Supervision
from huiyin.journey.supervision.words import Ending, Level, Stage, Trigger
from tests.roads import assigned, fresh
from tests.together import at_once

pytestmark = pytest.mark.django_db


def happens(what: What, complaint, **facts):
    """The event alone, as the worker meets it."""
    return Event.objects.create(
        what=what,
        complaint=fresh(complaint),
        by=User.objects.system(),
        at=moment.now(),
        facts=facts,
    )


def watches(complaint) -> list[tuple[str, str]]:
    return list(complaint.supervisions.values_list("trigger", "level"))


@pytest.mark.parametrize(
    ("one", "other", "is_higher"),
    [
        ("posted", "ordinary", True),
        ("summons", "posted", True),
        ("ordinary", "", True),
        ("ordinary", "ordinary", False),
        ("ordinary", "summons", False),
        ("夺命", "", False),
    ],
)
def test_levels_have_an_order(one, other, is_higher):
    assert rules.higher(one, other) is is_higher


def test_every_trigger_has_a_rule_from_the_first_day_and_edits_survive(db):
    from huiyin.journey.supervision.reference import load_reference

    assert set(Rule.objects.values_list("trigger", flat=True)) == set(Trigger) - {Trigger.HAND}
    Rule.objects.filter(trigger=Trigger.MASS).update(name="一群人", enabled=False)
    assert load_reference() == 0


def test_a_missed_resolution_calls_the_officer_once(complaint, clock):
    with clock("2026-11-25 10:00"):
        clocks.start_for_triage(happens(What.NOTED, complaint))
    with clock("2026-12-25 10:00"):
        clocks.sweep()
        for event in complaint.events.filter(what=What.CLOCK_MISSED):
            run_later(event.pk)
            run_later(event.pk)
    assert watches(complaint) == [("overdue", "ordinary")]
    watch = complaint.supervisions.get()
    assert (watch.reason, watch.by.is_system, watch.rule.trigger) == (
        "解决时限超时",
        True,
        "overdue",
    )
    assert fresh(complaint).supervised == Level.ORDINARY
    assert complaint.clocks.filter(subject=watch.subject, stopped_at=None).exists()


def test_another_clock_that_is_missed_calls_nobody(complaint):
    for kind, subject in (("first_response", ""), ("resolution", "task:9")):
        event = happens(What.CLOCK_MISSED, complaint, kind=kind, subject=subject, due_at="x")
        actions.fire_rules(event)
    assert watches(complaint) == []


def test_the_third_contact_counts_calls_and_urgings_of_the_customer_together(complaint):
    system = User.objects.system()
    actions.fire_rules(happens(What.CUSTOMER_WROTE, complaint))
    urge(fresh(complaint), by=system, words="快点", by_customer=True)
    actions.fire_rules(complaint.events.last())
    assert watches(complaint) == []  # the complaint itself and one urging
    with moment.at(moment.now() + timedelta(hours=5)):
        urge(fresh(complaint), by=system, words="还没有人管", by_customer=True)
        actions.fire_rules(complaint.events.last())
        actions.fire_rules(complaint.events.last())
    assert watches(complaint) == [("repeats", "ordinary")]


def test_lifted_by_the_officer_the_same_cause_does_not_begin_it_again(complaint, du):
    complaint.carry(contact_count=4)
    event = happens(What.CUSTOMER_WROTE, complaint)
    actions.fire_rules(event)
    watch = Supervision.objects.with_all().get()
    actions.lift(watch, by=du, words="客户只是来问进度", ending=Ending.MISTAKEN)
    actions.fire_rules(happens(What.CUSTOMER_WROTE, complaint))
    assert complaint.supervisions.open().count() == 0


def test_the_second_rework_is_posted_and_raises_what_was_ordinary(complaint, du):
    actions.begin(complaint, by=du, level=Level.ORDINARY, reason="请尽快答复")
    happens(What.REWORKED, complaint)
    actions.fire_rules(complaint.events.last())
    assert fresh(complaint).supervised == Level.ORDINARY
    happens(What.REWORKED, complaint)
    actions.fire_rules(complaint.events.last())
    assert fresh(complaint).supervised == Level.POSTED
    assert complaint.supervisions.count() == 1


def test_people_acting_together_and_the_regulator_are_posted(make_complaint, after_sales, li):
    together = assigned(make_complaint, after_sales, li, risks=["group_event"])
    official = assigned(make_complaint, after_sales, li, channel="regulator")
    plain = assigned(make_complaint, after_sales, li)
    for complaint in (together, official, plain):
        actions.fire_rules(happens(What.RECEIVED, complaint))
    assert watches(together) == [("mass", "posted")]
    assert watches(official) == [("regulator", "posted")]
    assert watches(plain) == []


def test_a_file_of_old_complaints_calls_nobody(make_complaint, after_sales, li):
    official = assigned(make_complaint, after_sales, li, channel="regulator", contact_count=9)
    actions.fire_rules(happens(What.RECEIVED, official, via="import"))
    assert watches(official) == []


def test_a_document_of_the_regulator_counts_by_its_number(complaint, chen, manager):
    from huiyin.journey.clocks.models import Policy

    policy = Policy.objects.filter(enabled=True).first()
    assert policy is not None
    clocks.attach(fresh(complaint), by=manager, policy=policy.code)
    actions.fire_rules(complaint.events.last())
    assert watches(complaint) == []  # a contract of ours is no regulator
    clocks.detach(fresh(complaint), by=manager, policy=policy.code)
    clocks.attach(
        fresh(complaint), by=manager, policy=policy.code, document_no="沪市监〔2026〕8 号"
    )
    actions.fire_rules(complaint.events.last())
    assert watches(complaint) == [("regulator", "posted")]


def test_a_department_late_with_its_task_has_its_head_supervised(complaint, quality):
    clocks.run_for(
        complaint,
        "task",
        subject="task:7",
        label="封样",
        amount=1,
        unit="hours",
        calendar_code="office",
        start=moment.now() - timedelta(days=9),
        department=quality,
    )
    event = happens(What.CLOCK_MISSED, complaint, kind="task", subject="task:7", due_at="x")
    actions.fire_rules(event)
    watch = complaint.supervisions.get()
    assert (watch.trigger, watch.department, watch.addressee) == (
        "task_late",
        quality,
        "品控部 · 沈卓",
    )


def test_a_rule_fires_only_where_its_condition_holds_and_not_when_switched_off(
    make_complaint, after_sales, li
):
    rule = Rule.objects.get(trigger=Trigger.REPEATS)
    rule.condition = {"all": [{"field": "severity", "is": "equal", "value": "1"}]}
    rule.save()
    mild = assigned(make_complaint, after_sales, li, contact_count=5, severity=3)
    grave = assigned(make_complaint, after_sales, li, contact_count=5, severity=1)
    for complaint in (mild, grave):
        actions.fire_rules(happens(What.CUSTOMER_WROTE, complaint))
    assert (watches(mild), watches(grave)) == ([], [("repeats", "ordinary")])
    Rule.objects.update(enabled=False)
    other = assigned(make_complaint, after_sales, li, contact_count=5, severity=1)
    actions.fire_rules(happens(What.CUSTOMER_WROTE, other))
    assert watches(other) == []


def test_what_has_ended_is_left_alone(make_complaint):
    complaint = make_complaint(status="CLO", contact_count=9)
    actions.fire_rules(happens(What.CUSTOMER_WROTE, complaint))
    assert not Firing.objects.exists()


def test_measures_that_came_in_time_raise_nothing(complaint, du, li):
    watch = actions.begin(complaint, by=du, level=Level.ORDINARY, reason="请尽快答复")
    actions.file_measures(watch, by=li, text="已联系客户，今日答复，李明负责")
    event = happens(
        What.CLOCK_MISSED, complaint, kind="supervision", subject=watch.subject, due_at="x"
    )
    actions.fire_rules(event)
    now = Supervision.objects.get()
    assert (now.level, now.stage) == (Level.ORDINARY, Stage.FILED)


@pytest.mark.django_db(transaction=True)
def test_ten_workers_fire_it_once(make_complaint, after_sales, li):
    complaint = assigned(make_complaint, after_sales, li, contact_count=5)
    event = customer_wrote(fresh(complaint), by=li, text="又打来了") and complaint.events.last()
    results = at_once(*(lambda: actions.fire_rules(fresh_event(event)) for _ in range(10)))
    assert [r for r in results if r is not None] == []
    assert complaint.supervisions.count() == Firing.objects.count() == 1


def fresh_event(event):
    return type(event).objects.select_related("complaint").get(pk=event.pk)
