"""Asking for a call, the customer's appointment, and calling it off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import as_sentence, short
from huiyin.ground.sentence import sentence as _
from huiyin.journey.callbacks import rules
from huiyin.journey.callbacks.actions import planning
from huiyin.journey.callbacks.models import Callback
from huiyin.journey.callbacks.permissions import can_arrange, can_call
from huiyin.journey.callbacks.words import CallbackKind, State
from huiyin.journey.clocks.actions import move_for, run_until, stop_for
from huiyin.journey.clocks.models import Clock
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import said
from huiyin.journey.routing.people import on_duty

POSTS = (Role.LEAD, Role.SUPERVISOR, Role.MANAGER)
NOBODY_CALLS = (Status.ARC, Status.WDR, Status.CAN, Status.REJ, Status.TRF)


@transaction.atomic
def ask(
    complaint: Complaint,
    *,
    kind: str,
    reason: str,
    due_at: datetime,
    by: User,
    source: str,
    person: User | None = None,
    post: str = "",
    not_by: Iterable[User] = (),
    appointment_at: datetime | None = None,
    clock: Clock | None = None,
) -> Callback:
    """Somebody must call this customer until then. Whoever asks this has asked already who may.

    Asked again by the same `source` while that call is open, it gives the open one. Without
    `person` the holders of the role `post` call, without either whoever handles the complaint.
    `clock`: one that times it already, of the complaint itself; else it gets one of its own.
    """
    list(Complaint.objects.select_for_update(no_key=True).filter(pk=complaint.pk).values("pk"))
    found = complaint.callbacks.open().filter(source=source).first()
    if found is not None:
        return found
    now = moment.now()
    # He was on the line a moment ago: a call that broke is made at once, whatever the hour.
    at_once = now if kind == CallbackKind.DROPPED else None
    next_at = appointment_at or at_once or planning.first_try(now)
    callback = Callback.objects.create(
        complaint=complaint,
        kind=CallbackKind(kind),
        reason=short(reason, rules.LONGEST_REASON),
        source=source[:60],
        person=person,
        post=post,
        not_by=sorted({one.pk for one in not_by}),
        clock=clock,
        due_at=due_at,
        next_at=next_at,
        next_part=planning.part(next_at),
        appointment_at=appointment_at,
        by=by,
        at=now,
    )
    if clock is None:
        callback.clock = run_until(
            complaint,
            ClockKind.CALLBACK,
            subject=callback.subject,
            label=frozen(_neutral(kind).label),
            start=now,
            due_at=max(due_at, now),
            person=person,
        )
        callback.save(update_fields=["clock"])
    _tell_asked(callback, by=by, reason=callback.reason)
    return callback


def _neutral(kind: str) -> CallbackKind:
    """What its clock is called by, which whoever sees the complaint may read."""
    return CallbackKind.VISIT if kind == CallbackKind.LOW_SCORE else CallbackKind(kind)


def _tell_asked(callback: Callback, *, by: User, reason: str) -> None:
    record(
        What.CALLBACK_ASKED,
        callback.complaint,
        by=by,
        **callback.facts,
        name=as_sentence(CallbackKind(callback.kind).label),
        reason=reason,
        next_at=callback.next_at.isoformat(),
        note=_when(callback.appointment_at),
        people=[one.pk for one in _told_of(callback)],
    )


def _told_of(callback: Callback) -> list[User]:
    """Who hears of it at once: the person, or who is on duty; visitors look into their queue."""
    if callback.person is not None:
        return [callback.person]
    if callback.post in POSTS:
        team = callback.complaint.team
        found = on_duty(callback.post, team=team, now=moment.now())
        return [found] if found is not None else []
    return []


def _when(at: datetime | None) -> str:
    """An appointment as the story keeps it, in the time of the house."""
    return f"{timezone.localtime(at, planning.zone()):%Y-%m-%d %H:%M}" if at is not None else ""


@transaction.atomic
def arrange(
    complaint: Complaint,
    *,
    by: User,
    reason: str,
    appointment_at: datetime | None,
    kind: str = CallbackKind.ASKED,
    person: User | None = None,
) -> Callback:
    """The customer wants to be called then, or the line broke: whoever works on it sees to it."""
    can_arrange.require(by, complaint)
    complaint.hold()
    if complaint.status in NOBODY_CALLS:
        raise Refused(_("这条投诉已经结束，不能再安排回电"))
    if kind not in (CallbackKind.ASKED, CallbackKind.DROPPED, CallbackKind.TALK):
        raise Invalid(_("请选择回电的种类"), kind=_("请选择"))
    reason = said(reason, name="reason", most=rules.LONGEST_REASON, missing=_("请写明为什么要回电"))
    if kind != CallbackKind.DROPPED or appointment_at is not None:
        appointment_at = planning.checked_appointment(appointment_at)
    due_at = (appointment_at or moment.now()) + rules.GRACE
    return ask(
        complaint,
        kind=kind,
        reason=reason,
        due_at=due_at,
        by=by,
        source=f"{kind}:{complaint.callbacks.count() + 1}",
        person=person or complaint.assignee or by,
        appointment_at=appointment_at,
    )


@transaction.atomic
def appoint(callback: Callback, *, by: User, at: datetime | None, reason: str = "") -> None:
    """The customer wishes another time: the queue and the clock follow it."""
    if not can_call(by, callback):
        can_arrange.require(by, callback.complaint)
    held(callback)
    at = planning.checked_appointment(at)
    reason = said(reason, name="reason", most=rules.LONGEST_REASON)
    put_off(callback, at=at)
    _tell_asked(callback, by=by, reason=reason)


def put_off(callback: Callback, *, at: datetime) -> None:
    """To the time that was agreed; it is missed half an hour later."""
    due = at + rules.GRACE
    changed = {
        "appointment_at": at,
        "next_at": at,
        "next_part": planning.part(at),
        "due_at": due,
        "claimed_by": None,
        "claimed_until": None,
    }
    change(callback, **changed)
    if callback.clock is not None:
        move_for(callback.complaint, callback.clock, due_at=due)


@transaction.atomic
def cancel(callback: Callback, *, by: User, reason: str) -> None:
    """Nobody needs to be called any more. A visit is not called off: it is made, or it fails."""
    can_arrange.require(by, callback.complaint)
    held(callback)
    if callback.kind == CallbackKind.VISIT:
        raise Refused(_("回访不能取消：请拨打，或登记未接通"))
    reason = said(
        reason, name="reason", most=rules.LONGEST_REASON, missing=_("请写明为什么不用再打"), least=4
    )
    _cancel(callback, by=by, reason=reason)


@transaction.atomic
def end_by_itself(callback: Callback, *, reason: str, not_to: User | None = None) -> bool:
    """What it was for came about without it, as when the customer called himself. Whoever was to
    call, or is just calling, hears of it; `not_to` knows. False when it was over already."""
    list(Complaint.objects.select_for_update(no_key=True).filter(pk=callback.complaint_id))
    rows = Callback.objects.select_for_update(no_key=True, of=("self",))
    kept = rows.select_related("complaint").get(pk=callback.pk)
    if not kept.is_open:
        return False
    told = {kept.person_id or kept.complaint.assignee_id}
    if kept.claimed_until is not None and kept.claimed_until > moment.now():
        told.add(kept.claimed_by_id)
    told -= {None, not_to.pk if not_to is not None else None}
    _cancel(kept, by=User.objects.system(), reason=reason, people=list(told))
    return True


def _cancel(callback: Callback, *, by: User, reason: str, **more: object) -> None:
    now = moment.now()
    change(
        callback,
        state=State.CANCELLED,
        words=short(reason, rules.LONGEST_WORDS),
        done_by=by,
        done_at=now,
    )
    stop_for(callback.complaint, subject=callback.subject, at=now, by=by)
    told = {**callback.facts, "reason": reason, **more}
    record(What.CALLBACK_CANCELLED, callback.complaint, by=by, **told)


def cancel_open(event: Event) -> None:
    """Follow an end: what is left open is called off, but for a low score that came after it."""
    left = event.complaint.callbacks.open()
    if event.what == What.CLOSED:
        left = left.filter(kind=CallbackKind.VISIT)
    for callback in left:
        _cancel(callback, by=User.objects.system(), reason=as_sentence(What(event.what).label))


def cancel_visit(event: Event) -> None:
    """Follow a rework or reopening: the visit belongs to the solution that was."""
    for callback in event.complaint.callbacks.open().filter(kind=CallbackKind.VISIT):
        _cancel(callback, by=event.by, reason=as_sentence(What(event.what).label))


def cancel_mediated_visit(event: Event) -> None:
    """Follow the outcome of a mediation: where it is worked on again, the visit is for later."""
    if event.facts.get("works_again"):
        cancel_visit(event)


# --- the row -------------------------------------------------------------------------------------


def held(callback: Callback) -> Callback:
    """Keep complaint and call-back still until commit; refused when it is no longer open."""
    callback.complaint.hold()
    now = Callback.objects.select_for_update(no_key=True, of=("self",)).get(pk=callback.pk)
    if not now.is_open:
        raise Refused(_("这通回电已经完成或取消，请刷新页面查看最新进展"))
    for name in ("tries", "claimed_by", "claimed_until", "next_at", "due_at", "appointment_at"):
        setattr(callback, name, getattr(now, name))
    return callback


def change(callback: Callback, **fields: object) -> None:
    """Write it down, if it is still open."""
    if not Callback.objects.filter(pk=callback.pk, state=State.OPEN).update(**fields):
        raise Refused(_("这通回电已经完成或取消，请刷新页面查看最新进展"))
    for name, value in fields.items():
        setattr(callback, name, value)
