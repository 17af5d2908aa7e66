"""Supervision by rule: what an event leads to, once for each complaint and cause."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import Department, User
from huiyin.journey.clocks.models import Clock
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Channel, What
from huiyin.journey.grouping.models import Membership
from huiyin.journey.routing.conditions import matches
from huiyin.journey.supervision import rules
from huiyin.journey.supervision.actions.watching import begin, raise_level
from huiyin.journey.supervision.models import Firing, Rule, Supervision
from huiyin.journey.supervision.people import heads_of
from huiyin.journey.supervision.words import Stage, Trigger, Whom
from huiyin.journey.triage.words import Risk


@dataclass(frozen=True)
class Cause:
    """Why a rule may fire: a name that is the same however often it is asked, how often it
    happened, and whose fault it is where that is a department's."""

    name: str
    times: int = 1
    department: Department | None = None


def follow_clock(event: Event) -> None:
    """Follow a clock of ours: the list sorts by when it is due and shows what is late."""
    subject = str(event.facts.get("subject") or "")
    if not subject.startswith("supervision:"):
        return
    fields = {"late": True} if event.what == What.CLOCK_MISSED else {}
    due_at = event.complaint.clocks.filter(subject=subject).order_by("pk").last()
    if due_at is not None:
        fields |= {"due_at": due_at.due_at}  # type: ignore[dict-item]
    open_one = Supervision.objects.open().filter(pk=int(subject.partition(":")[2]))
    open_one.update(**fields)


def fire_rules(event: Event) -> None:
    """Follow whatever may call for supervision. Runs in the worker and may run twice."""
    for trigger in rules.trigger_of(event.what, event.facts):
        ruled = list(
            Rule.objects.filter(trigger=trigger, enabled=True).select_related("department")
        )
        cause = _cause(Trigger(trigger), event) if ruled and event.complaint.is_open else None
        for rule in ruled if cause else ():
            assert cause is not None
            _fire(rule, event.complaint, cause)


def _cause(trigger: Trigger, event: Event) -> Cause | None:
    """Whether it is so, and what it is called; None when it is not."""
    complaint = event.complaint
    if trigger == Trigger.OVERDUE:
        own = not event.facts.get("subject")
        return Cause(f"due {event.facts.get('due_at', '')}") if own else None
    if trigger == Trigger.UNHEEDED:
        return _unheeded(event)
    if trigger == Trigger.TASK_LATE:
        return _task_late(event)
    if trigger == Trigger.REPEATS:
        urged = complaint.urgings.filter(by_customer=True).count()
        return Cause("repeats", times=complaint.contact_count + urged)
    if trigger == Trigger.MISHANDLED:
        return Cause("reworked", times=complaint.events.filter(what=What.REWORKED).count())
    if trigger == Trigger.MASS:
        return _mass(event)
    return _regulator(event)


def _unheeded(event: Event) -> Cause | None:
    subject = str(event.facts.get("subject"))
    found = Supervision.objects.open().filter(pk=int(subject.partition(":")[2] or 0)).first()
    if found is None or found.stage != Stage.DUE:
        return None
    return Cause(f"{subject} {found.level}", department=found.department)


def _task_late(event: Event) -> Cause | None:
    subject = str(event.facts.get("subject"))
    clocks = Clock.objects.filter(complaint=event.complaint_id, subject=subject)
    clock = clocks.select_related("department").order_by("pk").last()
    if clock is None or clock.department is None:
        return None
    return Cause(subject, department=clock.department)


def _mass(event: Event) -> Cause | None:
    """People acting together; of a mass incident only its first complaint is supervised."""
    if event.what != What.INCIDENT_JOINED:
        return Cause("group") if Risk.GROUP in event.complaint.risks else None
    mine = Membership.objects.lasting().filter(complaint=event.complaint_id).first()
    if mine is None:
        return None
    members = Membership.objects.lasting().filter(incident=mine.incident_id).order_by("pk")
    first = members.select_related("complaint").first()
    if first is None:
        return None
    event.complaint = first.complaint
    return Cause(f"incident {mine.incident_id}", times=members.count())


def _regulator(event: Event) -> Cause | None:
    if event.what == What.POLICY_ATTACHED:
        paper = event.complaint.attachments.filter(policy__code=event.facts.get("policy")).last()
        return Cause(f"paper {paper.document_no}"[:80]) if paper and paper.document_no else None
    return Cause("channel") if event.complaint.channel == Channel.REGULATOR else None


@transaction.atomic
def _fire(rule: Rule, complaint: Complaint, cause: Cause) -> None:
    now = moment.now()
    counts = rule.trigger in rules.LEAST
    if counts and cause.times < rule.least:
        return
    if rule.condition and not matches(rule.condition, complaint, now=now):
        return
    firing = Firing(rule=rule, complaint=complaint, cause=cause.name[:80], at=now)
    before = Firing.objects.filter(rule=rule, complaint=complaint, cause=firing.cause)
    complaint = Complaint.objects.select_for_update(no_key=True, of=("self",)).get(pk=complaint.pk)
    if before.exists() or not complaint.is_open:
        return
    firing.save()
    _watch(rule, complaint, _whose(rule, cause))


def _whose(rule: Rule, cause: Cause) -> Department | None:
    """Of which department; None for the handler, and where a department has no head."""
    if rule.trigger == Trigger.UNHEEDED:
        return cause.department  # whoever was supervised stays it
    if rule.whom == Whom.HANDLER:
        return None
    department = rule.department or cause.department
    return department if department is not None and heads_of(department) else None


def _watch(rule: Rule, complaint: Complaint, department: Department | None) -> None:
    system = User.objects.system()
    there = complaint.supervisions.open().filter(department=department).first()  # type: ignore[attr-defined]
    if there is None:
        if rule.trigger != Trigger.UNHEEDED:
            begin(
                complaint,
                by=system,
                level=rule.level,
                reason=rule.name,
                department=department,
                amount=rule.amount,
                unit=rule.unit if rule.amount else "",
                trigger=rule.trigger,
                rule=rule,
            )
        return
    there.complaint = complaint
    if rules.higher(rule.level, there.level):
        amount, unit = rule.amount, rule.unit if rule.amount else ""
        raise_level(there, by=system, level=rule.level, reason=rule.name, amount=amount, unit=unit)
