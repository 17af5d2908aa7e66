"""Proposing, telling, the customer's answer, and doing it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.lifecycle import WORKING
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import reply, said
from huiyin.journey.resolution import rules
from huiyin.journey.resolution.actions.authority import hold_month_of, verdict, waiting
from huiyin.journey.resolution.models import Offer, Remedy
from huiyin.journey.resolution.permissions import can_answer, can_execute, can_propose
from huiyin.journey.resolution.words import OfferState

OPEN_STATES = (OfferState.WAITING, OfferState.OFFERED, OfferState.AGREED)


@transaction.atomic
def propose(
    complaint: Complaint,
    *,
    by: User,
    remedy: Remedy,
    basis: str,
    due_on: date,
    amount_fen: int = 0,
    wording: str = "",
) -> Offer:
    """Offer a remedy. Above one's own limit it waits for somebody whose limit covers it."""
    can_propose.require(by, complaint)
    complaint.hold()
    if complaint.offers.filter(state__in=OPEN_STATES).exists():
        raise Refused(_("还有一个方案没有结果，请先等审批、客户答复或执行完成"))
    if complaint.status not in (*WORKING, Status.RWK):
        raise Refused(_("只有办理中的投诉可以提出方案，请刷新查看最新进展"))
    _check(remedy, due_on, amount_fen)
    missing = _("请写明方案依据，例如售后条款或法规")
    basis = said(basis, name="basis", most=500, missing=missing)
    wording = said(wording, name="wording", most=5000)
    hold_month_of(by)
    allowed = verdict(by, complaint, amount_fen)
    complaint.move_to(Status.EXE if allowed.within else Status.PAP)
    offer = Offer.objects.create(
        complaint=complaint,
        remedy=remedy,
        basis=basis,
        wording=wording or remedy.wording_for(complaint.customer.language),
        amount_fen=amount_fen,
        due_on=due_on,
        state=OfferState.OFFERED if allowed.within else OfferState.WAITING,
        by=by,
        at=moment.now(),
    )
    if not allowed.within:
        complaint.carry(waits_for=list(waiting(offer).roles))
    record(What.PROPOSED, complaint, by=by, **offer.facts, within=allowed.within)
    return offer


def _check(remedy: Remedy, due_on: date, amount_fen: int) -> None:
    if remedy.retired_at is not None:
        raise Invalid(_("这种补救方式已停用，请选择其他方式"), remedy=_("已停用"))
    if not 0 <= amount_fen <= rules.MOST_FEN:
        raise Invalid(_("金额不对，请填写 0 以上的金额"), amount=_("金额不对"))
    if remedy.needs_amount and amount_fen == 0:
        raise Invalid(_("这种补救方式需要填写金额"), amount=_("请填写金额"))
    if not rules.due_is_sensible(due_on, moment.today()):
        sentence = _("执行期限应在今天到一年之内，请检查日期")
        raise Invalid(sentence, due_on=sentence)


@transaction.atomic
def tell(offer: Offer, *, by: User, channel: str = "") -> None:
    """Put the offer to the customer in its own words."""
    can_propose.require(by, offer.complaint)
    offer.complaint.hold()
    if offer.state != OfferState.OFFERED:
        raise Refused(_("只有待客户答复的方案可以告知客户"))
    reply(offer.complaint, by=by, text=offer.wording, channel=channel)


@transaction.atomic
def agree(offer: Offer, *, by: User, note: str = "") -> None:
    """The customer accepts: recorded by whoever heard it. Money then waits for finance too."""
    complaint = _being_carried_out(offer, by=by)
    note = said(note, name="note", most=300)
    offer.turn(OfferState.OFFERED, OfferState.AGREED, answered_at=moment.now(), answer_note=note)
    if offer.amount_fen:
        complaint.carry(waits_for=[Role.FINANCE])
    record(What.AGREED, complaint, by=by, **offer.facts, note=note)


@transaction.atomic
def decline(offer: Offer, *, by: User, note: str = "") -> None:
    """The customer does not accept, or no longer: back to work on another offer."""
    complaint = _being_carried_out(offer, by=by)
    if offer.state not in (OfferState.OFFERED, OfferState.AGREED):
        raise Refused(_("这个方案已经有结果了"))
    note = said(note, name="note", most=300)
    offer.turn(offer.state, OfferState.DECLINED, answered_at=moment.now(), answer_note=note)
    complaint.move_to(Status.HND)
    complaint.carry(waits_for=[])
    record(What.DECLINED, complaint, by=by, **offer.facts, note=note)


def _being_carried_out(offer: Offer, *, by: User) -> Complaint:
    can_answer.require(by, offer.complaint)
    offer.complaint.hold()
    if offer.complaint.status != Status.EXE:
        raise Refused(_("只有方案执行中的投诉可以登记客户答复，请刷新查看最新进展"))
    return offer.complaint


@transaction.atomic
def execute(offer: Offer, *, by: User, proof: str, paid_fen: int | None = None) -> None:
    """It is done: refund sent, goods shipped. With proof, and exactly what was agreed."""
    can_execute.require(by, offer.complaint)
    offer.complaint.hold()
    missing = _("请写明执行凭证，例如退款流水号或运单号")
    proof = said(proof, name="proof", most=500, missing=missing)
    paid = offer.amount_fen if paid_fen is None else paid_fen
    if paid != offer.amount_fen:
        sentence = _("实付 %(paid)s 与客户同意的 %(agreed)s 不符；金额有变请先与客户重新商定方案")
        amounts = {"paid": rules.yuan(max(paid, 0)), "agreed": rules.yuan(offer.amount_fen)}
        raise Invalid(sentence % amounts, paid=_("金额不符"))
    now = moment.now()
    offer.turn(
        OfferState.AGREED,
        OfferState.EXECUTED,
        executed_at=now,
        executed_by=by,
        proof=proof,
        paid_fen=paid,
    )
    offer.complaint.move_to(Status.RES)
    offer.complaint.carry(resolved_at=now, waits_for=[])
    record(What.EXECUTED, offer.complaint, by=by, **offer.facts, note=proof)
