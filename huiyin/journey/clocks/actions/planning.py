"""Which limit a clock runs by, when it is due, and writing that down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from huiyin.ground import moment
from huiyin.ground.worktime.models import calendar
from huiyin.ground.worktime.rules import Deadline, Pause, Step, deadline, due_at
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks import rules
from huiyin.journey.clocks.actions.ladders import plan_rungs
from huiyin.journey.clocks.models import (
    Attachment,
    Clock,
    Term,
    is_law,
    policies_by_condition,
    terms_of,
)
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing.conditions import matches
from huiyin.journey.triage.models import Category

BUFFERED = "office"  # the calendar of the working day by which we are earlier than a document says
# What a clock keeps of the term it was planned by.
TERMS = (
    "amount",
    "unit",
    "calendar_code",
    "ends_at_close",
    "pause_rule",
    "pauses_for_customer",
    "pauses_for_testing",
    "most_extra",
    "extra_steps",
    "warn_percent",
)


def limits_for(
    complaint: Complaint,
    kind: str,
    start: datetime,
    pauses: Sequence[Pause] = (),
    attached: Sequence[Attachment] | None = None,
) -> list[tuple[rules.Limit, Term]]:
    """Every limit that applies, the earliest first: that one counts.

    `attached` spares the question where a page has read the attachments already.
    """
    sla = Category.objects.sla_of(complaint.category)
    if attached is None:
        attached = [] if complaint._state.adding else list(_attached(complaint))
    by_rule = rules.policies_for(sla, complaint.severity, complaint.channel)
    by_condition = [
        policy.code
        for policy in policies_by_condition()
        if matches(policy.condition, complaint, now=complaint.received_at)
    ]
    codes = dict.fromkeys((*by_rule, *by_condition, *(one.policy.code for one in attached)))
    found: list[tuple[rules.Limit, Term]] = []
    for term in (terms_of(code).get(kind) for code in codes):
        if term is not None:
            due = due_at(**_question(term, start), pauses=pauses)
            found.append((rules.Limit(term.policy.code, due), term))
    if kind == ClockKind.RESOLUTION:
        found += [_by_document(one) for one in attached if one.due_on]
    return sorted(found, key=lambda one: rules.rank(one[0]))


def _attached(complaint: Complaint) -> QuerySet[Attachment]:
    return complaint.attachments.select_related("policy")


def _by_document(one: Attachment) -> tuple[rules.Limit, Term]:
    """The date of a regulator's document; inside the house a working day earlier."""
    assert one.due_on is not None
    works = calendar(BUFFERED)
    day = one.due_on - timedelta(days=1)
    while not works.is_workday(day):
        day -= timedelta(days=1)
    term = Term(
        policy=one.policy,
        kind=ClockKind.RESOLUTION,
        amount=0,
        unit=Unit.DAYS,
        calendar_code=BUFFERED,
        pauses_for_customer=False,
        pauses_for_testing=False,
    )
    return rules.Limit(one.policy.code, works.end_of(day, at_close=False), fixed=True), term


def planned(
    complaint: Complaint, kind: str, start: datetime, pauses: Sequence[Pause] = ()
) -> Clock | None:
    """The clock of this kind that the earliest applicable limit asks for; None when none does."""
    limits = limits_for(complaint, kind, start, pauses)
    if not limits:
        return None
    first, term = limits[0]
    clock = Clock(
        complaint=complaint,
        kind=kind,
        policy=first.policy,
        policy_version=term.policy.version,
        started_at=start,
        due_at=first.due_at,
        first_due_at=first.due_at,
        warn_at=rules.warn_at(start, first.due_at, term.warn_percent),
        fixed_at=first.due_at if first.fixed else None,
        **{name: getattr(term, name) for name in TERMS},
    )
    plan_rungs(clock)
    return clock


def _question(terms: Term | Clock, start: datetime) -> dict[str, Any]:
    return {
        "start": start,
        "amount": float(terms.amount),
        "unit": terms.unit,
        "calendar": calendar(terms.calendar_code),
        "ends_at_close": terms.ends_at_close,
        "pause_rule": terms.pause_rule,
    }


def due_of(term: Term | Clock, start: datetime) -> datetime:
    """When this limit would be reached from `start`, without pauses."""
    return due_at(**_question(term, start))


def _asked(clock: Clock) -> dict[str, Any]:
    how: dict[str, Any] = {"pauses": pauses_of(clock), "extra": clock.extra} if clock.pk else {}
    return {**_question(clock, clock.started_at), **how}


def pauses_of(clock: Clock) -> list[Pause]:
    return [(pause.began_at, pause.ended_at) for pause in clock.pauses.all()]


def explained(clock: Clock) -> Deadline:
    """The due date replayed from the clock's record, with every step."""
    if clock.fixed_at is None:
        return deadline(**_asked(clock))
    told = Step("fixed", {"at": clock.fixed_at}), Step("due", {"at": clock.fixed_at})
    return Deadline(clock.fixed_at, told)


def _replayed(clock: Clock) -> datetime:
    return clock.fixed_at or due_at(**_asked(clock))


def due_with(clock: Clock, *, extra: float) -> datetime:
    """When it would be due with so much more."""
    return due_at(**{**_asked(clock), "extra": clock.extra + extra})


def set_due(clock: Clock) -> bool:
    """Replay, and write the due date down; says whether it moved.

    What was warned of, missed or told before, and lies ahead again since the due date moved, may
    come again; a system clock that was put back brings nothing again.
    """
    now = moment.now()
    due = _replayed(clock)
    moved = due != clock.due_at
    clock.due_at = due
    clock.warn_at = rules.warn_at(clock.started_at, due, clock.warn_percent)
    if moved and due > now:
        clock.missed_at = None
    if moved and clock.warn_at > now:
        clock.warned_at = None
    plan_rungs(clock, moved=moved)
    clock.save()
    return moved


def plan_anew(clock: Clock, complaint: Complaint) -> bool:
    """Give an open clock the limit that now applies; says whether its due date moved.

    Start, banked pauses and the first due date stay; so does what the customer was told.
    """
    if clock.subject:
        return set_due(clock)  # its terms are the task's; the calendar alone may have changed
    fresh = planned(complaint, clock.kind, clock.started_at, pauses_of(clock))
    if fresh is None:
        return False
    if _stands(clock, fresh):
        return set_due(clock)
    for name in ("policy", "policy_version", "fixed_at", *TERMS):
        setattr(clock, name, getattr(fresh, name))
    return set_due(clock)


def _stands(clock: Clock, fresh: Clock) -> bool:
    """Whether the date that was told outlasts the limit that would now apply.

    To whoever urged a nearer date was told: only an earlier limit takes over. An extended date was
    told in a letter: a severity, a category or an edited policy of the house may move it back,
    never forward. A law or a regulator's document may: an extension was promised in its unit.
    """
    told = _replayed(clock)
    if clock.label:
        return fresh.due_at >= told
    if clock.extra <= 0:
        return False
    if fresh.fixed_at is not None or is_law(fresh.policy):
        return fresh.unit != clock.unit and fresh.due_at >= told
    if fresh.unit != clock.unit:
        return True
    terms = _question(fresh, clock.started_at)
    return due_at(**terms, pauses=pauses_of(clock), extra=clock.extra) <= told


def carry_next(complaint: Complaint) -> None:
    """Write the nearest due date of its own to the spine, where lists find it."""
    due, kind = _next_of(complaint)
    if (complaint.next_due_at, complaint.next_due_kind) != (due, kind):
        complaint.carry(next_due_at=due, next_due_kind=kind)


def _next_of(complaint: Complaint) -> tuple[datetime | None, str]:
    if complaint._state.adding:
        first = min(born_with(complaint), key=lambda clock: clock.due_at, default=None)
        return (first.due_at, first.kind) if first else (None, "")
    running = complaint.clocks.own().running().order_by("due_at", "pk")
    return next(iter(running.values_list("due_at", "kind")[:1]), (None, ""))


def born_with(complaint: Complaint) -> list[Clock]:
    """Clocks of a complaint that is being registered, without asking the database for them."""
    kept: list[Clock] = complaint.__dict__.setdefault("_new_clocks", [])
    return kept
