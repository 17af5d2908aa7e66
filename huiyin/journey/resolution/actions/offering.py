"""Proposing, telling, the customer's answer, and doing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

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
from huiyin.journey.resolution import rules, shapes
from huiyin.journey.resolution.actions.authority import (
    as_facts,
    charged,
    hold_customers_of,
    hold_month_of,
    verdict,
)
from huiyin.journey.resolution.actions.standing import waiting_round
from huiyin.journey.resolution.demanding import Wanted, demanded
from huiyin.journey.resolution.models import Offer, Remedy
from huiyin.journey.resolution.permissions import can_answer, can_execute, can_propose
from huiyin.journey.resolution.words import FieldType, OfferState


@dataclass(frozen=True)
class Draft:
    """An option before it is proposed. Money is whole fen.

    `calculation`: how the sum was worked out, rows of {"label", "value", "source"}; `order_fen`:
    what the order was worth, where it is known. `fields` None: nobody was asked for them.
    """

    remedy: Remedy
    basis: str
    wording: str
    due_on: date
    amount_fen: int = 0
    fields: Mapping[str, Any] | None = None
    cost_fen: int = 0
    calculation: Sequence[Mapping[str, Any]] = ()
    order_fen: int | None = None


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
    fields: Mapping[str, Any] | None = None,
) -> Offer:
    """A round of one option."""
    draft = Draft(remedy, basis, wording, due_on, amount_fen=amount_fen, fields=fields)
    return propose_round(complaint, by=by, drafts=[draft])[0]


@transaction.atomic
def propose_round(complaint: Complaint, *, by: User, drafts: Sequence[Draft]) -> list[Offer]:
    """Offer one to three options. Where one is above one's own limit, the round waits for it."""
    can_propose.require(by, complaint)
    complaint.hold()
    if complaint.offers.open().exists():
        raise Refused(_("还有一个方案没有结果，请先等审批、客户答复或执行完成"))
    if complaint.status not in (*WORKING, Status.RWK):
        raise Refused(_("只有办理中的投诉可以提出方案，请刷新查看最新进展"))
    if not 1 <= len(drafts) <= rules.MOST_OPTIONS:
        raise Invalid(_("一轮请提出 1 到 3 个方案"), options=_("请提出 1 到 3 个方案"))
    hold_customers_of(complaint)
    hold_month_of(by)
    options = [_judged(complaint, checked(draft, complaint), by) for draft in drafts]
    number = rules.next_round(complaint.offers.order_by().values_list("round", flat=True))
    within = all(state == OfferState.OFFERED for _option, state in options)
    complaint.move_to(Status.EXE if within else Status.PAP)
    offers = [
        Offer.objects.create(
            complaint=complaint,
            round=number,
            choice=choice,
            state=state,
            by=by,
            at=moment.now(),
            team_id=complaint.team_id,
            **option,
        )
        for choice, (option, state) in enumerate(options, start=1)
    ]
    if not within:
        complaint.carry(waits_for=waiting_round(offers))
    record(What.PROPOSED, complaint, by=by, **told(offers), within=within, **_warned(offers))
    return offers


def _judged(complaint: Complaint, option: dict[str, Any], by: User) -> tuple[dict[str, Any], str]:
    """The option with the authority it was made under, and the state in which it begins."""
    worth = option["value_fen"]
    wanted = Wanted(
        amount_fen=worth,
        money_kind=option["money_kind"],
        remedy=option["remedy"].pk,
        order_fen=option["order_fen"],
        words=f"{option['basis']}\n{option['wording']}",
    )
    joint = as_facts(demanded(complaint, wanted))
    budgets = charged(complaint, worth)
    own = verdict(by, complaint, worth, kind=option["money_kind"], order_fen=option["order_fen"])
    bound = "joint" if joint else own.bound
    if not bound and any(one["over"] for one in budgets):
        bound = "budget"
    option["authority"] = {
        **(own.facts or {}),
        "own": own.within,
        "bound": bound,
        "joint": joint,
        "budgets": budgets,
    }
    return option, OfferState.WAITING if bound else OfferState.OFFERED


def _warned(offers: Sequence[Offer]) -> dict[str, Any]:
    """The budgets that this round brings to their mark, for whoever is told of it."""
    budgets = {row["budget"]: row["name"] for one in offers for row in one.warnings}
    return {"budgets": list(budgets), "budget": "、".join(budgets.values())} if budgets else {}


def told(offers: Sequence[Offer]) -> dict[str, Any]:
    """What the story tells of a round: its first option, and the others by name."""
    facts = dict(offers[0].facts)
    if len(offers) > 1:
        facts["options"] = [one.facts for one in offers]
        facts["round"] = offers[0].round
    return facts


def checked(draft: Draft, complaint: Complaint) -> dict[str, Any]:
    """An option as it is kept. Raises Invalid at the field where something is wrong."""
    remedy, amount = draft.remedy, draft.amount_fen
    _check(remedy, draft.due_on, amount)
    for fen in (draft.cost_fen, draft.order_fen or 0):
        if not 0 <= fen <= rules.MOST_FEN:
            raise Invalid(_("金额不对，请填写 0 以上的金额"), order=_("金额不对"))
    missing = _("请写明方案依据，例如售后条款或法规")
    basis = said(draft.basis, name="basis", most=500, missing=missing)
    wording = said(draft.wording, name="wording", most=5000)
    fields = _fields(remedy, draft.fields)
    worth = rules.value_fen(amount, remedy.fields, fields)
    _check_limit(remedy, worth, draft.order_fen)
    return {
        "remedy": remedy,
        "basis": basis,
        "wording": wording or remedy.wording_for(complaint.customer.language),
        "due_on": draft.due_on,
        "amount_fen": amount,
        "value_fen": worth,
        "cost_fen": draft.cost_fen,
        "order_fen": draft.order_fen,
        "fields": fields,
        "calculation": [dict(row) for row in draft.calculation],
        "money_kind": remedy.money_kind,
    }


def _check_limit(remedy: Remedy, worth_fen: int, order_fen: int | None) -> None:
    """What a remedy is at most, whoever offers it; more is another remedy."""
    most = remedy.exceeds(worth_fen, order_fen)
    if most is not None:
        sentence = _("%(remedy)s最多 %(most)s，请减少金额或换一种补救方式")
        told = sentence % {"remedy": remedy.name, "most": rules.yuan(most)}
        raise Invalid(told, amount=told)


def _fields(remedy: Remedy, typed: Mapping[str, Any] | None) -> dict[str, Any]:
    """What was said in the remedy's own fields. What is given in money is said at any rate."""
    asked = remedy.fields
    if typed is None:
        asked, typed = [one for one in asked if one["type"] == FieldType.MONEY], {}
    try:
        return shapes.filled(asked, typed)
    except shapes.Wrong as wrong:
        raise Invalid(str(wrong), **{wrong.name or "fields": str(wrong)}) from wrong


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


def current_round(complaint: Complaint) -> list[Offer]:
    """The options of the newest round, by choice; those that an approver changed are left out."""
    offers = complaint.offers.exclude(state=OfferState.CHANGED).select_related("remedy", "by")
    found = list(offers.order_by("-round", "choice")[: rules.MOST_OPTIONS])
    return [one for one in found if one.round == found[0].round]


@transaction.atomic
def tell(offer: Offer, *, by: User, channel: str = "") -> None:
    """Put the offer to the customer in its own words."""
    can_propose.require(by, offer.complaint)
    offer.complaint.hold()
    if offer.state != OfferState.OFFERED or offer.complaint.status != Status.EXE:
        raise Refused(_("只有待客户答复的方案可以告知客户"))
    reply(offer.complaint, by=by, text=offer.wording, channel=channel)


@transaction.atomic
def agree(offer: Offer, *, by: User, note: str = "") -> None:
    """The customer takes this option: recorded by whoever heard it. Money waits for finance too."""
    complaint = _being_carried_out(offer, by=by)
    note = said(note, name="note", most=300)
    offer.turn(OfferState.OFFERED, OfferState.AGREED, answered_at=moment.now(), answer_note=note)
    complaint.offers.filter(state=OfferState.OFFERED).update(state=OfferState.PASSED)
    if offer.amount_fen:
        complaint.carry(waits_for=[Role.FINANCE])
    record(What.AGREED, complaint, by=by, **offer.facts, note=note)


@transaction.atomic
def decline(offer: Offer, *, by: User, note: str = "") -> None:
    """The customer does not accept, or no longer. When no option is left: back to work."""
    complaint = _being_carried_out(offer, by=by)
    if offer.state not in (OfferState.OFFERED, OfferState.AGREED):
        raise Refused(_("这个方案已经有结果了"))
    note = said(note, name="note", most=300)
    offer.turn(offer.state, OfferState.DECLINED, answered_at=moment.now(), answer_note=note)
    if not complaint.offers.open().exists():
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
    if offer.complaint.status != Status.EXE:
        raise Refused(_("这个方案不在这一步，或刚刚被别人处理过，请刷新后再看"))
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
