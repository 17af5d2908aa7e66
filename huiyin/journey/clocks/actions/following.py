"""Followers: what the road does to the clocks.

Every event first writes to the row of its complaint, so whoever follows holds that row, and of two
acts at once the clocks see one after the other. The sweep and the replanning lock it likewise.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks.actions.ladders import look_again
from huiyin.journey.clocks.actions.planning import (
    born_with,
    carry_next,
    due_of,
    plan_anew,
    planned,
    set_due,
)
from huiyin.journey.clocks.actions.sweeping import record_miss
from huiyin.journey.clocks.models import Clock, ClockQuerySet, Pause
from huiyin.journey.clocks.words import ClockKind, PauseFor, RequestState
from huiyin.journey.complaint.events import frozen
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Severity, Status
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.routing.words import Whom

FROM_RECEIPT = (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION, ClockKind.INTERIM)
RHYTHM = (ClockKind.UPDATE, ClockKind.INTERIM)  # what only some policies ask for
URGED_HOURS = 4  # whoever urges is promised that somebody is on it within them
WAITING = (Status.WCU, Status.W3P, Status.SUS)
OUTLASTING = (ClockKind.IMPROVEMENT,)
STANDS_STILL = (ClockKind.RESOLUTION, ClockKind.INTERIM)


def start_for_triage(event: Event) -> None:
    """Follow a triage: first response and resolution run from the moment of receipt."""
    _start(event.complaint, FROM_RECEIPT, event.complaint.received_at)


def replan(event: Event) -> None:
    """Follow a corrected category or severity: open clocks get the limits that now apply."""
    complaint = event.complaint
    for clock in complaint.clocks.own().filter(stopped_at=None).select_for_update():
        if clock.kind in RHYTHM and planned(complaint, clock.kind, clock.started_at) is None:
            stop(complaint.clocks.filter(pk=clock.pk), at=event.at, by=event.by)
            continue
        plan_anew(clock, complaint)
        lasting = clock.pauses.filter(ended_at=None).first()
        if lasting and not clock.pauses_while(lasting.whom):
            _bank(clock, at=event.at, by=event.by)
    begun = set(complaint.clocks.own().values_list("kind", flat=True))
    _start(complaint, [k for k in FROM_RECEIPT if k not in begun], complaint.received_at)
    look_again(complaint)


def start_sign_in(event: Event) -> None:
    """Follow a dispatch to a person: he has to sign for it."""
    complaint = event.complaint
    _stop(complaint, (ClockKind.SIGN_IN,), at=event.at, by=event.by)
    if complaint.assignee is not None and complaint.status == Status.DIS:
        _start(complaint, (ClockKind.SIGN_IN,), event.at)
    else:
        carry_next(complaint)
    look_again(complaint)


def stop_sign_in(event: Event) -> None:
    """Follow a signature, or a return: nobody owes one any more."""
    _stop(event.complaint, (ClockKind.SIGN_IN,), at=event.at, by=event.by)
    carry_next(event.complaint)


def stop_first_response(event: Event) -> None:
    """Follow a reply by a person; what a machine sends is no response (K01).

    The customer knows now how it stands, so the next progress is due anew. An interim reply is
    whatever follows the first response; of an S1 it takes a decision (`give_interim`).
    """
    complaint = event.complaint
    if event.by.is_system:
        return
    first = ClockKind.FIRST_RESPONSE
    open_ = list(complaint.clocks.own().filter(stopped_at=None))
    is_first = any(clock.kind == first for clock in open_)
    told = {first, ClockKind.UPDATE}
    if not is_first and complaint.severity != Severity.S1:
        told.add(ClockKind.INTERIM)
    _end([clock for clock in open_ if clock.kind in told], at=event.at, by=event.by)
    _go_on_telling(complaint, (clock for clock in open_ if clock.kind not in told), event.at)
    carry_next(complaint)


def answer_again(event: Event) -> None:
    """Follow words that did not reach him: if they were the answer of a person and no other one
    reached him, he knows nothing yet, and a first response is owed from now on."""
    complaint, first = event.complaint, ClockKind.FIRST_RESPONSE
    answers = complaint.messages.filter(
        letter__pk=event.facts.get("letter", 0), by__is_system=False
    )
    runs = complaint.clocks.own().filter(stopped_at=None).values_list("kind", flat=True)
    owes = ClockKind.RESOLUTION in runs and first not in runs
    if owes and answers.exists() and not conversation.has_answer(complaint):
        _start(complaint, (first,), event.at)


def ensure_update(complaint: Complaint, at: datetime) -> None:
    """Progress is due from now on in the rhythm of the policy, as long as we work on it."""
    open_ = complaint.clocks.own().filter(stopped_at=None)
    _go_on_telling(complaint, open_, at)


def _go_on_telling(complaint: Complaint, open_: Iterable[Clock], at: datetime) -> None:
    """With these open clocks of its own: nothing before the first response, or while it waits."""
    paused = {clock.kind: clock.paused_at is not None for clock in open_}
    if ClockKind.FIRST_RESPONSE not in paused and paused.get(ClockKind.RESOLUTION) is False:
        _begin(complaint, (ClockKind.UPDATE,), at)


def hurry_update(event: Event) -> None:
    """Follow an urging: progress is due within four hours of ours, never later than it was.

    What is overdue already stays so, and before the first response that limit is the nearer one.
    """
    complaint = event.complaint
    update = complaint.clocks.own().running().filter(kind=ClockKind.UPDATE).first()
    if update is None or update.due_at <= event.at:
        return
    before = update.due_at
    unit = Unit.HOURS if update.unit == Unit.HOURS else Unit.WORK_HOURS
    hurried = Clock(amount=URGED_HOURS, unit=unit, calendar_code=update.calendar_code)
    if due_of(hurried, event.at) >= before:
        return
    update.amount, update.unit, update.started_at = hurried.amount, unit, event.at
    update.label = frozen(_("催办后告知"))
    set_due(update)
    carry_next(complaint)


def pause(event: Event) -> None:
    """Follow a wait: the resolution stands still, where its policy allows that."""
    complaint, whom = event.complaint, event.facts["whom"]
    if whom == Whom.CUSTOMER:  # it is his turn: no progress is owed meanwhile
        _stop(complaint, (ClockKind.UPDATE,), at=event.at, by=event.by)
    for clock in complaint.clocks.own().running().filter(kind=ClockKind.RESOLUTION):
        if clock.due_at <= event.at or not clock.pauses_while(whom):
            continue
        _pause(clock, event, whom)
    carry_next(complaint)


def stand_still(event: Event) -> None:
    """Follow a suspension: what the customer waits for stands still until the complaint wakes.

    A wait that lasted is banked first, so that each stretch keeps its own reason. Renewed, the
    pause simply goes on.
    """
    complaint = event.complaint
    for clock in complaint.clocks.own().filter(kind__in=STANDS_STILL, stopped_at=None):
        lasting = clock.pauses.filter(ended_at=None).first()
        if lasting is not None and lasting.whom == PauseFor.SUSPENDED:
            continue
        if lasting is not None:
            _bank(clock, at=event.at, by=event.by)
        if clock.due_at > event.at:
            _pause(clock, event, PauseFor.SUSPENDED)
    _stop(complaint, (ClockKind.UPDATE,), at=event.at, by=event.by)
    carry_next(complaint)


def _pause(clock: Clock, event: Event, whom: str) -> None:
    Pause.objects.create(
        clock=clock,
        began_at=event.at,
        whom=whom,
        reason=event.facts.get("reason", "")[:300],
        evidence=event,
        by=event.by,
    )
    clock.paused_at = event.at
    clock.save(update_fields=["paused_at"])


def go_on(event: Event) -> None:
    """Follow whatever ends a wait: the paused time is banked, the due date moves."""
    complaint = event.complaint
    if complaint._state.adding or complaint.status in WAITING:
        return
    paused = complaint.clocks.own().filter(stopped_at=None).exclude(paused_at=None)
    for clock in paused:
        _bank(clock, at=event.at, by=event.by)
    if paused:
        ensure_update(complaint, event.at)
        carry_next(complaint)


def resolved(event: Event) -> None:
    """Follow the execution: the resolution clock stops, feedback is due within its limit."""
    done = (ClockKind.RESOLUTION, ClockKind.FIRST_RESPONSE, ClockKind.SIGN_IN, *RHYTHM)
    _stop(event.complaint, done, at=event.at, by=event.by)
    _start(event.complaint, (ClockKind.FEEDBACK,), event.at)


def refused(event: Event) -> None:
    """Follow the letter that tells other ways: where it said no, the work on it is done."""
    if event.facts.get("refused"):
        resolved(event)


def mediated(event: Event) -> None:
    """Follow the outcome of a mediation: what we owe by it is work again."""
    if event.facts.get("works_again"):
        start_again(event)


def fed_back(event: Event) -> None:
    """Follow the feedback: a visit is due where the complaint now waits for one."""
    complaint = event.complaint
    _stop(complaint, (ClockKind.FEEDBACK,), at=event.at, by=event.by)
    if complaint.status == Status.FUV:
        _start(complaint, (ClockKind.VISIT,), event.at)
    else:
        carry_next(complaint)


def visited(event: Event) -> None:
    """Follow a visit that reached the customer; an attempt that did not stops nothing."""
    if event.facts.get("reached"):
        _stop(event.complaint, (ClockKind.VISIT,), at=event.at, by=event.by)
        carry_next(event.complaint)


def stop_visit(complaint: Complaint, *, at: datetime, by: User) -> None:
    """Nobody was reached in three parts of the day: that is enough, no visit is owed any more."""
    _stop(complaint, (ClockKind.VISIT,), at=at, by=by)
    carry_next(complaint)


def start_again(event: Event) -> None:
    """Follow a reopening or rework: resolution and progress are due anew from now on."""
    _stop(event.complaint, tuple(ClockKind), at=event.at, by=event.by)
    _start(event.complaint, (ClockKind.RESOLUTION, ClockKind.UPDATE), event.at)


def stop_all(event: Event) -> None:
    """Follow an end of whatever kind: nobody owes anything any more, no task and no measure.

    What is to keep the next complaint from coming goes on.
    """
    complaint = event.complaint
    stop(complaint.clocks.exclude(kind__in=OUTLASTING), at=event.at, by=event.by)
    carry_next(complaint)
    open_ = (RequestState.ASKED, RequestState.GRANTED)
    complaint.suspensions.filter(state__in=open_).update(state=RequestState.LAPSED)
    complaint.extension_requests.filter(state=RequestState.ASKED).update(state=RequestState.LAPSED)


def _start(complaint: Complaint, kinds: Iterable[str], at: datetime) -> None:
    _begin(complaint, kinds, at)
    carry_next(complaint)


def _begin(complaint: Complaint, kinds: Iterable[str], at: datetime) -> None:
    """Without writing to the spine what is due next: the caller does."""
    clocks = [clock for kind in kinds if (clock := planned(complaint, kind, at)) is not None]
    Clock.objects.bulk_create(clocks, ignore_conflicts=True)
    if complaint._state.adding:
        born_with(complaint).extend(clocks)


def _stop(complaint: Complaint, kinds: tuple[str, ...], *, at: datetime, by: User) -> None:
    """Those of the complaint itself; what a task or a supervision runs by stays theirs."""
    if complaint._state.adding and not any(c.kind in kinds for c in born_with(complaint)):
        return
    stop(complaint.clocks.own().filter(kind__in=kinds), at=at, by=by)


def stop(clocks: ClockQuerySet, *, at: datetime, by: User) -> None:
    _end(list(clocks.filter(stopped_at=None)), at=at, by=by)


def _end(running: list[Clock], *, at: datetime, by: User) -> None:
    for clock in running:
        if clock.paused_at is not None:
            _bank(clock, at=at, by=by)
        if clock.missed_at is None and clock.due_at <= at:
            record_miss(clock, at)  # the sweep has not come by yet; late is late
    if running:
        still = Clock.objects.filter(pk__in=[clock.pk for clock in running], stopped_at=None)
        still.update(stopped_at=at, stopped_by=by)


def _bank(clock: Clock, *, at: datetime, by: User) -> None:
    """End the pause that lasts: its time is the customer's, and the due date moves by it."""
    clock.pauses.filter(ended_at=None).update(ended_at=at, ended_by=by)
    clock.paused_at = None
    set_due(clock)
