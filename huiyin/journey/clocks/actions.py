"""Starting, stopping, pausing clocks as followers; and the sweep that warns and records misses."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.worktime.models import calendar
from huiyin.ground.worktime.rules import Deadline, deadline
from huiyin.journey.clocks import rules
from huiyin.journey.clocks.models import Clock, Term, terms_of
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.triage.models import Category

logger = logging.getLogger(__name__)

BATCH = 500  # due clocks taken up by one look of the sweep


# --- planning ---------------------------------------------------------------------------------------


def planned(complaint: Complaint, kind: str, start: datetime) -> Clock | None:
    """The clock of this kind that the earliest applicable limit asks for; None when none does."""
    found: dict[int, tuple[Term, datetime]] = {}
    limits = []
    sla = Category.objects.sla_of(complaint.category)
    for code in rules.policies_for(sla, complaint.severity, complaint.channel):
        term = terms_of(code).get(kind)
        if term is not None:
            due = _due(term, start).at
            found[term.pk] = (term, due)
            limits.append(rules.Limit(code, term.pk, due))
    first = rules.earliest(limits)
    if first is None:
        return None
    term, due = found[first.term]
    return Clock(
        complaint=complaint,
        kind=kind,
        policy=first.policy,
        amount=term.amount,
        unit=term.unit,
        calendar_code=term.calendar_code,
        pauses_for_customer=term.pauses_for_customer,
        started_at=start,
        due_at=due,
        first_due_at=due,
        warn_at=rules.warn_at(start, due, term.warn_percent),
    )


def _due(term: Term, start: datetime) -> Deadline:
    return deadline(start, float(term.amount), term.unit, calendar(term.calendar_code))


def explained(clock: Clock) -> Deadline:
    """The same deadline computed again, with every step."""
    spans = [
        (datetime.fromisoformat(begin), datetime.fromisoformat(end) if end else None)
        for begin, end in clock.pauses
    ]
    return deadline(
        clock.started_at,
        float(clock.amount),
        clock.unit,
        calendar(clock.calendar_code),
        pauses=spans,
    )


# --- followers ---------------------------------------------------------------------------------------


def start_for_triage(event: Event) -> None:
    """Follow a triage: first response and resolution run from the moment of receipt."""
    complaint = event.complaint
    _start(complaint, (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION), complaint.received_at)


def replan(event: Event) -> None:
    """Follow a corrected category or severity: open clocks get the limits that now apply.

    Start and banked pauses stay; the first due date stays for reports.
    """
    complaint = event.complaint
    for clock in complaint.clocks.filter(stopped_at=None):
        fresh = planned(complaint, clock.kind, clock.started_at)
        if fresh is None:
            continue
        for name in ("policy", "amount", "unit", "calendar_code", "pauses_for_customer"):
            setattr(clock, name, getattr(fresh, name))
        _set_due(clock, explained(clock).at, warn_share=_warn_share(fresh))
    _carry_next(complaint)


def _warn_share(clock: Clock) -> float:
    whole = (clock.due_at - clock.started_at).total_seconds()
    return (clock.warn_at - clock.started_at).total_seconds() / whole if whole > 0 else 1.0


def _set_due(clock: Clock, due: datetime, *, warn_share: float) -> None:
    """A new due date; what was warned of or missed before and lies ahead again may come again."""
    now = moment.now()
    clock.due_at = due
    clock.warn_at = clock.started_at + (due - clock.started_at) * warn_share
    if due > now:
        clock.missed_at = None
    if clock.warn_at > now:
        clock.warned_at = None
    clock.save()


def start_sign_in(event: Event) -> None:
    """Follow a dispatch to a person: he has to sign for it."""
    complaint = event.complaint
    _stop(complaint, (ClockKind.SIGN_IN,), by=event.by)
    if complaint.assignee is not None and complaint.status == Status.DIS:
        _start(complaint, (ClockKind.SIGN_IN,), event.at)
    else:
        _carry_next(complaint)


def stop_sign_in(event: Event) -> None:
    _stop_and_carry(event, ClockKind.SIGN_IN)


def stop_first_response(event: Event) -> None:
    """Follow a reply by a person; what a machine sends is no response (K01)."""
    if not event.by.is_system:
        _stop_and_carry(event, ClockKind.FIRST_RESPONSE)


def pause(event: Event) -> None:
    """Follow a wait: the clocks whose policy allows it stand still."""
    complaint = event.complaint
    waits_for_customer = complaint.status == Status.WCU
    for clock in complaint.clocks.running().filter(kind=ClockKind.RESOLUTION):
        if waits_for_customer and not clock.pauses_for_customer:
            continue
        clock.paused_at = event.at
        clock.pauses = [*clock.pauses, [event.at.isoformat(), None]]
        clock.save()
    _carry_next(complaint)


def go_on(event: Event) -> None:
    """Follow a resumption: the paused time is banked, the due date moves."""
    complaint = event.complaint
    for clock in complaint.clocks.filter(stopped_at=None).exclude(paused_at=None):
        clock.pauses = [*clock.pauses[:-1], [clock.pauses[-1][0], event.at.isoformat()]]
        clock.paused_at = None
        share = _warn_share(clock)
        _set_due(clock, explained(clock).at, warn_share=share)
    _carry_next(complaint)


def resolved(event: Event) -> None:
    """Follow the execution: the resolution clock stops, feedback is due within its limit."""
    complaint = event.complaint
    _stop(
        complaint,
        (ClockKind.RESOLUTION, ClockKind.FIRST_RESPONSE, ClockKind.SIGN_IN),
        by=event.by,
    )
    _start(complaint, (ClockKind.FEEDBACK,), event.at)


def fed_back(event: Event) -> None:
    """Follow the feedback: a visit is due where the complaint now waits for one."""
    complaint = event.complaint
    _stop(complaint, (ClockKind.FEEDBACK,), by=event.by)
    if complaint.status == Status.FUV:
        _start(complaint, (ClockKind.VISIT,), event.at)
    else:
        _carry_next(complaint)


def visited(event: Event) -> None:
    """Follow a visit that reached the customer; an attempt that did not stops nothing."""
    if event.facts.get("reached"):
        _stop_and_carry(event, ClockKind.VISIT)


def start_again(event: Event) -> None:
    """Follow a reopening or rework: a new resolution clock from now on."""
    complaint = event.complaint
    _stop(complaint, tuple(ClockKind), by=event.by)
    _start(complaint, (ClockKind.RESOLUTION,), event.at)


def stop_all(event: Event) -> None:
    """Follow an end of whatever kind."""
    _stop(event.complaint, tuple(ClockKind), by=event.by)
    _carry_next(event.complaint)


def _start(complaint: Complaint, kinds: Iterable[str], at: datetime) -> None:
    clocks = [clock for kind in kinds if (clock := planned(complaint, kind, at)) is not None]
    Clock.objects.bulk_create(clocks, ignore_conflicts=True)
    if complaint._state.adding:
        _carry(complaint, [*_born_with(complaint), *clocks])
    else:
        _carry_next(complaint)


def _born_with(complaint: Complaint) -> list[Clock]:
    """Clocks of a complaint that is being registered, without asking the database for them."""
    kept: list[Clock] = complaint.__dict__.setdefault("_new_clocks", [])
    return kept


def _stop(complaint: Complaint, kinds: tuple[str, ...], *, by: User) -> None:
    if complaint._state.adding and not _born_with(complaint):
        return
    running = complaint.clocks.filter(kind__in=kinds, stopped_at=None)
    running.update(stopped_at=moment.now(), paused_at=None, stopped_by=by)


def _stop_and_carry(event: Event, *kinds: str) -> None:
    _stop(event.complaint, kinds, by=event.by)
    _carry_next(event.complaint)


def _carry_next(complaint: Complaint) -> None:
    """Write the nearest due date to the spine, where lists find it."""
    if complaint._state.adding:
        _carry(complaint, _born_with(complaint))
    else:
        _carry(complaint, list(complaint.clocks.running()))


def _carry(complaint: Complaint, clocks: list[Clock]) -> None:
    if complaint._state.adding:
        complaint.__dict__["_new_clocks"] = clocks
    first = min(clocks, key=lambda clock: clock.due_at, default=None)
    due, kind = (first.due_at, first.kind) if first else (None, "")
    if (complaint.next_due_at, complaint.next_due_kind) != (due, kind):
        complaint.carry(next_due_at=due, next_due_kind=kind)


# --- what happens by itself --------------------------------------------------------------------------


def sweep() -> int:
    """Warn before, record misses after. Safe to run twice, in many workers, after any downtime.

    Cost grows with what is due, not with what is open: both questions are partial indexes.
    """
    now = moment.now()
    done = 0
    for find, act in ((Clock.objects.overdue, _miss), (Clock.objects.to_warn, _warn)):
        while due := list(find(now).values_list("pk", flat=True)[:BATCH]):
            settled = sum(_tried(act, pk, now) for pk in due)
            done += settled
            if not settled:  # all of them failed or belong to another worker
                break
    return done


def _tried(act: object, pk: int, now: datetime) -> bool:
    try:
        return bool(act(pk, now))  # type: ignore[operator]
    except Exception:  # one bad clock must not hold up the others
        logger.exception("Could not settle clock %s", pk)
        return False


@transaction.atomic
def _miss(pk: int, now: datetime) -> bool:
    # Conditional, so that of two workers only one records the miss.
    if not Clock.objects.overdue(now).order_by().filter(pk=pk).update(missed_at=now):
        return False
    clock = Clock.objects.select_related("complaint").get(pk=pk)
    record(What.CLOCK_MISSED, clock.complaint, by=User.objects.system(), **_facts(clock))
    return True


@transaction.atomic
def _warn(pk: int, now: datetime) -> bool:
    if not Clock.objects.to_warn(now).order_by().filter(pk=pk).update(warned_at=now):
        return False
    clock = Clock.objects.select_related("complaint").get(pk=pk)
    record(What.CLOCK_WARNED, clock.complaint, by=User.objects.system(), **_facts(clock))
    return True


def _facts(clock: Clock) -> dict[str, str]:
    return {
        "clock": str(ClockKind(clock.kind).label),
        "kind": clock.kind,
        "due_at": clock.due_at.isoformat(),
        "policy": clock.policy,
    }
