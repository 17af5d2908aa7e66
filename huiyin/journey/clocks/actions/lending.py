"""Clocks for later stages: a task, a supervision has a limit of its own within the complaint.

Whoever calls these holds the complaint (`complaint.hold()`, or an event was recorded before) and
has asked already who may; the event that tells of it is the caller's too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from huiyin.ground import moment
from huiyin.ground.people.models import Department, User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks import rules
from huiyin.journey.clocks.actions.following import stop
from huiyin.journey.clocks.actions.ladders import plan_rungs
from huiyin.journey.clocks.actions.planning import carry_next, due_of, set_due
from huiyin.journey.clocks.models import Clock, Extension
from huiyin.journey.complaint.models import Complaint


def run_for(
    complaint: Complaint,
    kind: str,
    *,
    subject: str,
    label: str,
    amount: Decimal | float,
    unit: str,
    calendar_code: str,
    start: datetime,
    department: Department | None = None,
    person: User | None = None,
    most_extra: Decimal | float = 0,
    warn_percent: int = 80,
) -> Clock:
    """Start a clock of `subject` ("task:17"); `label` is what people call it.

    Raises IntegrityError when this subject has one of this kind running: stop that one first.
    """
    assert subject, "clocks of the complaint itself follow its policies"
    clock = Clock(
        complaint=complaint,
        kind=kind,
        subject=subject,
        label=label[:120],
        department=department,
        person=person,
        amount=amount,
        unit=unit,
        calendar_code=calendar_code,
        most_extra=most_extra,
        warn_percent=warn_percent,
        pauses_for_customer=False,
        pauses_for_testing=False,
        started_at=start,
    )
    clock.due_at = clock.first_due_at = due_of(clock, start)
    clock.warn_at = rules.warn_at(start, clock.due_at, warn_percent)
    plan_rungs(clock)
    clock.save()
    return clock


def run_until(
    complaint: Complaint,
    kind: str,
    *,
    subject: str,
    label: str,
    start: datetime,
    due_at: datetime,
    department: Department | None = None,
    person: User | None = None,
    warn_percent: int = 80,
) -> Clock:
    """The same for a moment that was agreed: nothing but `move_for` moves it."""
    assert subject, "clocks of the complaint itself follow its policies"
    clock = Clock(
        complaint=complaint,
        kind=kind,
        subject=subject,
        label=label[:120],
        department=department,
        person=person,
        amount=_hours(start, due_at),
        unit=Unit.HOURS,
        calendar_code="always",
        warn_percent=warn_percent,
        pauses_for_customer=False,
        pauses_for_testing=False,
        started_at=start,
        fixed_at=due_at,
        due_at=due_at,
        first_due_at=due_at,
    )
    clock.warn_at = rules.warn_at(start, due_at, warn_percent)
    plan_rungs(clock)
    clock.save()
    return clock


def move_for(complaint: Complaint, clock: Clock, *, due_at: datetime) -> None:
    """Another moment was agreed for a running clock; what it was at first stays on record."""
    if clock.stopped_at is not None:
        return
    clock.refresh_from_db()
    clock.fixed_at = due_at
    clock.amount, clock.unit = _hours(clock.started_at, due_at), Unit.HOURS
    set_due(clock)
    if not clock.subject:
        carry_next(complaint)


def _hours(start: datetime, end: datetime) -> Decimal:
    return Decimal(max((end - start).total_seconds(), 0) / 3600).quantize(Decimal("0.01"))


def stop_for(
    complaint: Complaint,
    *,
    subject: str,
    at: datetime,
    by: User,
    kinds: Iterable[str] | None = None,
) -> None:
    """Stop what runs for `subject`, all of it or some kinds; what is late by then is a miss."""
    clocks = complaint.clocks.filter(subject=subject)
    stop(clocks if kinds is None else clocks.filter(kind__in=list(kinds)), at=at, by=by)


def extend_for(clock: Clock, *, amount: Decimal | float, reason: str, by: User) -> Extension:
    """More time for a clock of a task or supervision: before expiry, within what it allows."""
    now = moment.now()
    if clock.stopped_at is not None or clock.due_at <= now:
        raise Refused(_("这项时限已经到期或结束，不能再延期"))
    left = float(clock.most_extra) - clock.extra
    if not rules.is_amount(float(amount), clock.unit) or float(amount) > left:
        sentence = _("请填写 1 到 %(most)s 之间的%(unit)s数") % {
            "most": f"{left:g}",
            "unit": Unit(clock.unit).label,
        }
        raise Invalid(sentence, amount=sentence)
    extension = Extension.objects.create(
        clock=clock, amount=amount, unit=clock.unit, reason=reason, approved_by=by, at=now
    )
    set_due(clock)
    return extension
