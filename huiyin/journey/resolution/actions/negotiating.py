"""Talks with the customer: what he asks for instead, taking a round back, and when it is stuck."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.lifecycle import WORKING
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, Status, What
from huiyin.journey.conversation.actions import said
from huiyin.journey.resolution import rules
from huiyin.journey.resolution.actions.offering import current_round
from huiyin.journey.resolution.models import CounterOffer, Offer, Remedy
from huiyin.journey.resolution.permissions import can_answer, can_propose
from huiyin.journey.resolution.words import OfferState


@transaction.atomic
def counter(
    complaint: Complaint,
    *,
    by: User,
    words: str,
    amount_fen: int | None = None,
    remedy: Remedy | None = None,
    heard_by: str = Channel.PHONE,
    heard_at: datetime | None = None,
) -> CounterOffer:
    """The customer wants something else: the open round is refused, work on a new one begins."""
    can_answer.require(by, complaint)
    complaint.hold()
    if complaint.status not in (Status.EXE, *WORKING, Status.RWK):
        raise Refused(_("只有方案告知客户之后可以登记客户另提的要求，请刷新查看最新进展"))
    options = current_round(complaint)
    if not options:
        raise Refused(_("还没有提出过方案；客户的诉求请写在登记信息里"))
    if any(one.state == OfferState.AGREED for one in options):
        raise Refused(_("客户已同意方案；如改变主意，请先登记“客户改变主意”"))
    now = moment.now()
    words = said(words, name="words", most=1000, missing=_("请写下客户的原话"))
    _check(amount_fen, heard_by, heard_at or now, now)
    asked = CounterOffer.objects.create(
        complaint=complaint,
        round=options[0].round,
        words=words,
        amount_fen=amount_fen,
        remedy=remedy,
        heard_by=heard_by,
        heard_at=heard_at or now,
        by=by,
        at=now,
    )
    _refuse(complaint, options, note=words[:300])
    amount = rules.yuan(amount_fen) if amount_fen is not None else ""
    record(
        What.COUNTERED,
        complaint,
        by=by,
        counter=asked.pk,
        remedy=remedy.name_zh if remedy else "",
        amount=amount,
        note=words[:300],
    )
    return asked


def _check(amount_fen: int | None, heard_by: str, heard_at: datetime, now: datetime) -> None:
    if amount_fen is not None and not 0 <= amount_fen <= rules.MOST_FEN:
        raise Invalid(_("金额不对，请填写 0 以上的金额"), amount=_("金额不对"))
    if heard_by not in Channel.values:
        raise Invalid(_("请选择从哪里听到的"), heard_by=_("请选择"))
    if heard_at > now:
        raise Invalid(_("听到的时间不能晚于现在"), heard_at=_("不能晚于现在"))


def _refuse(complaint: Complaint, options: list[Offer], *, note: str) -> None:
    """What was on the table is refused with it."""
    offered = [one for one in options if one.state == OfferState.OFFERED]
    for one in offered:
        one.turn(
            OfferState.OFFERED,
            OfferState.DECLINED,
            answered_at=moment.now(),
            answer_note=note,
        )
    if offered and complaint.status == Status.EXE:
        complaint.move_to(Status.HND)
        complaint.carry(waits_for=[])


@transaction.atomic
def decline_round(complaint: Complaint, *, by: User, note: str = "") -> None:
    """The customer takes none of the options."""
    can_answer.require(by, complaint)
    complaint.hold()
    options = current_round(complaint)
    if complaint.status != Status.EXE or not any(
        one.state == OfferState.OFFERED for one in options
    ):
        raise Refused(_("现在没有等客户答复的方案，请刷新查看最新进展"))
    note = said(note, name="note", most=300)
    _refuse(complaint, options, note=note)
    record(What.DECLINED, complaint, by=by, **options[0].facts, note=note)


@transaction.atomic
def take_back(complaint: Complaint, *, by: User, reason: str) -> None:
    """Who proposed a round withdraws it while it waits: denied by himself, or never put forward."""
    can_propose.require(by, complaint)
    complaint.hold()
    options = [one for one in current_round(complaint) if one.is_open]
    if complaint.status != Status.PAP or not options:
        raise Refused(_("这个方案现在不需要审批，请刷新查看最新进展"))
    if any(one.by_id != by.pk for one in options):
        raise Refused(_("只有提出人可以撤回方案"))
    reason = said(reason, name="note", most=300, missing=_("请写明撤回原因"))
    for one in options:
        if one.state == OfferState.WAITING and one.decided_at is None:
            now = moment.now()
            told = {"decided_by": by, "decided_at": now, "decision_note": reason}
            one.turn(OfferState.WAITING, OfferState.DENIED, **told)
        else:
            one.turn(one.state, OfferState.PASSED)
    complaint.move_to(Status.HND)
    complaint.carry(waits_for=[])
    record(What.DENIED, complaint, by=by, **options[0].facts, note=reason)


# --- stuck ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stuck:
    """That talks lead nowhere: why, in a sentence, and after how many refusals."""

    why: str
    refused: int

    @property
    def sentence(self) -> str:
        if self.why == "refused":
            return _("客户已经 %(count)s 次没有接受方案。") % {"count": self.refused}
        return _("方案告知客户后一直没有答复。")


def stuck(complaint: Complaint, offers: list[Offer]) -> Stuck | None:
    """Whether to ask somebody above or a mediator; from all the offers of the complaint."""
    if complaint.status not in (Status.EXE, *WORKING, Status.RWK) or not offers:
        return None
    rounds: dict[int, list[Offer]] = {}
    for one in offers:
        rounds.setdefault(one.round, []).append(one)
    refused = sum(_was_refused(options) for options in rounds.values())
    newest = rounds[max(rounds)]
    waits = [one.decided_at or one.at for one in newest if one.state == OfferState.OFFERED]
    if any(one.state in (OfferState.AGREED, OfferState.EXECUTED) for one in newest):
        return None
    why = rules.stuck(
        refused=refused,
        most_refused=settings.REFUSED_ROUNDS,
        offered_at=min(waits, default=None),
        now=moment.now(),
        silent_days=settings.SILENT_DAYS,
    )
    return Stuck(why, refused) if why else None


def _was_refused(options: list[Offer]) -> bool:
    """The customer took nothing of this round: at least one was refused, and none stands."""
    states = {one.state for one in options}
    standing = {OfferState.OFFERED, OfferState.AGREED, OfferState.EXECUTED, OfferState.WAITING}
    return OfferState.DECLINED in states and states.isdisjoint(standing)
