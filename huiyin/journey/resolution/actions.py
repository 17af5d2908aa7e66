"""Proposing, deciding, the customer's answer, and doing it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import reply
from huiyin.journey.conversation.rules import written
from huiyin.journey.resolution import rules
from huiyin.journey.resolution.models import AuthorityLimit, Offer, Remedy
from huiyin.journey.resolution.permissions import can_decide, can_execute, can_propose
from huiyin.journey.resolution.words import OfferState

OPEN_STATES = (OfferState.WAITING, OfferState.OFFERED, OfferState.AGREED)


def limits() -> list[rules.Limit]:
    rows = AuthorityLimit.objects.filter(valid_from__lte=moment.today())
    return [rules.Limit(row.role, row.per_case_fen, row.monthly_fen) for row in rows]


def yuan(fen: int) -> str:
    return f"¥{fen // 100:,}.{fen % 100:02d}"


def verdict(user: User, complaint: Complaint, amount_fen: int, *, but: int = 0) -> rules.Verdict:
    """Whether this person may promise this amount on this case. `but`: an offer left out."""
    case = complaint.offers.promised().exclude(pk=but).aggregate(sum=Sum("amount_fen"))["sum"]
    mine = Offer.objects.promised().filter(by=user, at__gte=_month_begins(moment.now()))
    month = mine.exclude(pk=but).aggregate(sum=Sum("amount_fen"))["sum"]
    return rules.judge(
        amount_fen,
        limit=rules.widest(limits(), user.roles),
        case_fen=case or 0,
        month_fen=month or 0,
    )


def _month_begins(now: datetime) -> datetime:
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def deciders_for(amount_fen: int) -> list[str]:
    """Roles whose limit covers the amount, the nearest first: told to whoever may not."""
    enough = [
        limit
        for limit in limits()
        if limit.per_case_fen is None or limit.per_case_fen >= amount_fen
    ]
    ranked = sorted(enough, key=lambda limit: limit.per_case_fen or rules.MOST_FEN)
    return [str(Role(limit.role).label) for limit in ranked]


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
    # One proposal at a time on a case, and sums that add up: the row orders two at once.
    Complaint.objects.select_for_update().get(pk=complaint.pk)
    if complaint.offers.filter(state__in=OPEN_STATES).exists():
        raise Refused(_("还有一个方案没有结果，请先等审批、客户答复或执行完成"))
    _check(remedy, basis, due_on, amount_fen)
    allowed = verdict(by, complaint, amount_fen)
    complaint.move_to(Status.EXE if allowed.within else Status.PAP)
    offer = Offer.objects.create(
        complaint=complaint,
        remedy=remedy,
        basis=basis.strip()[:500],
        wording=written(wording)[:5000] or remedy.wording_zh or remedy.name,
        amount_fen=amount_fen,
        due_on=due_on,
        state=OfferState.OFFERED if allowed.within else OfferState.WAITING,
        by=by,
        at=moment.now(),
    )
    record(What.PROPOSED, complaint, by=by, **_facts(offer), within=allowed.within)
    return offer


def _check(remedy: Remedy, basis: str, due_on: date, amount_fen: int) -> None:
    if remedy.retired_at is not None:
        raise Invalid(_("这种补救方式已停用，请选择其他方式"), remedy=_("已停用"))
    if len(basis.strip()) < 2:
        raise Invalid(_("请写明方案依据，例如售后条款或法规"), basis=_("请写明依据"))
    if not 0 <= amount_fen <= rules.MOST_FEN:
        raise Invalid(_("金额不对，请填写 0 以上的金额"), amount=_("金额不对"))
    if remedy.needs_amount and amount_fen == 0:
        raise Invalid(_("这种补救方式需要填写金额"), amount=_("请填写金额"))
    if due_on < moment.today():
        raise Invalid(_("执行期限不能早于今天"), due_on=_("不能早于今天"))


def _facts(offer: Offer) -> dict[str, Any]:
    amount = yuan(offer.amount_fen) if offer.amount_fen else ""
    return {"offer": offer.pk, "remedy": offer.remedy.name_zh, "amount": amount}


@transaction.atomic
def decide(offer: Offer, *, by: User, approve: bool, note: str = "") -> None:
    """Approve or deny what waits. The decider's own limit must cover it; two at once: one wins."""
    can_decide.require(by, offer)
    complaint = offer.complaint
    note = note.strip()[:300]
    if approve:
        allowed = verdict(by, complaint, offer.amount_fen, but=offer.pk)
        if not allowed.within:
            roles = "、".join(deciders_for(offer.amount_fen)) or _("法务、财务与经理会签")
            raise NotPermitted(
                _("金额 %(amount)s 超出您的审批权限，可由 %(roles)s 审批")
                % {"amount": yuan(offer.amount_fen), "roles": roles}
            )
    elif len(note) < 2:
        raise Invalid(_("驳回时请写明原因，让提出的人知道怎样改"), note=_("请写明原因"))
    state = OfferState.OFFERED if approve else OfferState.DENIED
    _turn(
        offer, OfferState.WAITING, state, decided_by=by, decided_at=moment.now(), decision_note=note
    )
    complaint.move_to(Status.EXE if approve else Status.HND)
    what = What.APPROVED if approve else What.DENIED
    record(what, complaint, by=by, **_facts(offer), note=note)


def _turn(offer: Offer, seen: str, state: str, **fields: Any) -> None:
    """Conditional on the state that was seen, so that of two deciders one is refused."""
    if not Offer.objects.filter(pk=offer.pk, state=seen).update(state=state, **fields):
        raise Refused(_("这个方案刚刚被别人处理过，请刷新后再看"))
    for name, value in {"state": state, **fields}.items():
        setattr(offer, name, value)


@transaction.atomic
def tell(offer: Offer, *, by: User, channel: str = "") -> None:
    """Put the offer to the customer in its own words."""
    can_propose.require(by, offer.complaint)
    if offer.state != OfferState.OFFERED:
        raise Refused(_("只有待客户答复的方案可以告知客户"))
    reply(offer.complaint, by=by, text=offer.wording, channel=channel)


@transaction.atomic
def agree(offer: Offer, *, by: User, note: str = "") -> None:
    """The customer accepts: recorded by whoever heard it."""
    can_execute.require(by, offer.complaint)
    _turn(
        offer,
        OfferState.OFFERED,
        OfferState.AGREED,
        answered_at=moment.now(),
        answer_note=note.strip()[:300],
    )
    record(What.AGREED, offer.complaint, by=by, **_facts(offer), note=note.strip()[:300])


@transaction.atomic
def decline(offer: Offer, *, by: User, note: str = "") -> None:
    """The customer does not accept: back to work on another offer."""
    can_execute.require(by, offer.complaint)
    if offer.state not in (OfferState.OFFERED, OfferState.AGREED):
        raise Refused(_("这个方案已经有结果了"))
    note = note.strip()[:300]
    _turn(offer, offer.state, OfferState.DECLINED, answered_at=moment.now(), answer_note=note)
    offer.complaint.move_to(Status.HND)
    record(What.DECLINED, offer.complaint, by=by, **_facts(offer), note=note)


@transaction.atomic
def execute(offer: Offer, *, by: User, proof: str, paid_fen: int | None = None) -> None:
    """It is done: refund sent, goods shipped. With proof, and never more than was agreed."""
    can_execute.require(by, offer.complaint)
    proof = proof.strip()[:500]
    if len(proof) < 2:
        raise Invalid(_("请写明执行凭证，例如退款流水号或运单号"), proof=_("请写明凭证"))
    paid = offer.amount_fen if paid_fen is None else paid_fen
    if paid > offer.amount_fen or paid < 0:
        raise Invalid(
            _("实付 %(paid)s 与客户同意的 %(agreed)s 不符，请核对")
            % {"paid": yuan(max(paid, 0)), "agreed": yuan(offer.amount_fen)},
            paid=_("金额不符"),
        )
    now = moment.now()
    _turn(
        offer,
        OfferState.AGREED,
        OfferState.EXECUTED,
        executed_at=now,
        executed_by=by,
        proof=proof,
        paid_fen=paid,
    )
    offer.complaint.move_to(Status.RES)
    offer.complaint.carry(resolved_at=now)
    record(What.EXECUTED, offer.complaint, by=by, **_facts(offer), note=proof)
