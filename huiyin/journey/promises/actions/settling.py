"""How a promise ends: kept with proof, moved or released with the customer's word."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.clocks.actions import move_for, stop_for
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import said
from huiyin.journey.promises import rules
from huiyin.journey.promises.actions.promising import carry_due, promise
from huiyin.journey.promises.models import LONGEST_REASON, LONGEST_SENTENCE, Move, Promise
from huiyin.journey.promises.permissions import can_keep, can_move, can_release
from huiyin.journey.promises.words import State


@transaction.atomic
def keep(given: Promise, *, by: User, proof: str) -> None:
    """It is done, with proof. What was late stays counted as broken; done late is still done."""
    held(given)
    can_keep.require(by, given)
    missing = _("请写明兑现的凭证，例如退款流水号、运单号、通话时间")
    proof = said(proof, name="proof", most=LONGEST_SENTENCE, missing=missing)
    settle_kept(given, by=by, proof=proof)


def settle_kept(given: Promise, *, by: User, proof: str) -> None:
    """The same for followers; the complaint is held."""
    if not given.is_owed:
        raise Refused(_("这项承诺已经兑现或解除，请刷新页面"))
    now = moment.now()
    stop_for(given.complaint, subject=given.subject, at=now, by=by)
    given.refresh_from_db(fields=["state", "broken_at"])  # the sweep had not come by: it was late
    state = State.KEPT if given.state == State.OPEN else State.BROKEN
    given.turn(
        given.state,
        state=state,
        kept_at=now,
        kept_by=by,
        proof=proof[:LONGEST_SENTENCE],
        **ended_with(given),
    )
    carry_due(given.complaint)
    late = state == State.BROKEN
    record(What.PROMISE_KEPT, given.complaint, by=by, **given.facts, note=proof[:200], late=late)


@transaction.atomic
def move(given: Promise, *, by: User, due_at: datetime | None, reason: str) -> Promise:
    """Another date was agreed with the customer, who said why it suits him. A promise that was
    broken stays broken: the new date is a new promise."""
    complaint = held(given)
    can_move.require(by, given)
    missing = _("请写明客户怎样同意改期（至少 4 个字）")
    reason = said(reason, name="reason", most=LONGEST_REASON, missing=missing, least=4)
    now = moment.now()
    if due_at is None or not rules.due_is_sensible(due_at, now) or due_at == given.due_at:
        sentence = _("新的期限应在现在之后、一年之内，并与原期限不同")
        raise Invalid(sentence, due_at=sentence)
    if not given.is_owed:
        raise Refused(_("这项承诺已经兑现或解除，不能改期"))
    if given.state == State.BROKEN or given.due_at <= now:
        return _renewed(given, by=by, due_at=due_at, reason=reason)
    before = given.due_at
    given.turn(State.OPEN, due_at=due_at)
    Move.objects.create(
        promise=given, from_due_at=before, to_due_at=due_at, reason=reason, by=by, at=now
    )
    clock = complaint.clocks.filter(subject=given.subject, stopped_at=None).first()
    if clock is not None:
        clock.complaint = complaint
        move_for(complaint, clock, due_at=due_at)
    carry_due(complaint)
    record(
        What.PROMISE_MOVED,
        complaint,
        by=by,
        **given.facts,
        reason=reason,
        old={"due_at": before.isoformat()},
    )
    return given


def _renewed(given: Promise, *, by: User, due_at: datetime, reason: str) -> Promise:
    """The sum was promised already: nobody's authority is asked again."""
    count = Promise.objects.filter(
        complaint=given.complaint, source__startswith=f"promise:{given.pk}"
    ).count()
    mark = f".{count + 1}" if count else ""
    return promise(
        given.complaint,
        by=by,
        kind=given.kind,
        what=given.what,
        amount_fen=given.amount_fen,
        due_at=due_at,
        source=f"promise:{given.pk}{mark}",
        sentence=reason,
        owner=given.owner if given.state == State.OPEN else None,
        remedy=given.remedy,
        authority=given.authority or _("原承诺"),
    )


@transaction.atomic
def release(given: Promise, *, by: User, reason: str) -> None:
    """The customer agrees that it is no longer needed. A broken one stays broken."""
    held(given)
    can_release.require(by, given)
    missing = _("请写明客户怎样同意不再需要（至少 4 个字）")
    reason = said(reason, name="reason", most=LONGEST_REASON, missing=missing, least=4)
    if given.state != State.OPEN or given.due_at <= moment.now():
        raise Refused(_("只有未到期的承诺可以解除；已经逾期的请登记兑现或重新商定日期"))
    settle_released(given, by=by, reason=reason)


def settle_released(given: Promise, *, by: User, reason: str) -> None:
    """The same for followers; the complaint is held."""
    now = moment.now()
    given.turn(
        State.OPEN,
        state=State.RELEASED,
        released_at=now,
        released_by=by,
        reason=reason[:LONGEST_REASON],
        **ended_with(given),
    )
    stop_for(given.complaint, subject=given.subject, at=now, by=by)
    carry_due(given.complaint)
    record(What.PROMISE_RELEASED, given.complaint, by=by, **given.facts, reason=reason)


def hold(complaint: Complaint) -> None:
    """First the complaint, then what is promised on it: whoever takes them in another order than
    the others meets them in a deadlock."""
    list(Complaint.objects.select_for_update(no_key=True).filter(pk=complaint.pk).values("pk"))


def held(given: Promise) -> Complaint:
    """Its complaint, held until commit: acts of both follow each other."""
    complaint = given.complaint
    hold(complaint)
    given.refresh_from_db(fields=["state", "due_at", "kept_at", "broken_at"])
    complaint.refresh_from_db(
        fields=["status", "assignee", "owner", "team", "severity", "promise_due_at"]
    )
    return complaint


def ended_with(given: Promise) -> dict[str, object]:
    """Who owed it, and whose team that was, when it ended: later hand-overs change no figures."""
    if given.team_id is not None:
        return {}
    return {"owner": given.holder, "team": given.complaint.team}
