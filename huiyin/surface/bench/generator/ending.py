"""The second half of the road: found, offered, executed, fed back, visited, closed; or ended."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from huiyin.ground.people.words import Role
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.closure.actions import letter
from huiyin.journey.closure.models import Closing, Feedback, Visit
from huiyin.journey.closure.rules import in_sample
from huiyin.journey.closure.words import Outcome, Satisfaction, VisitResult
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.words import Kind
from huiyin.journey.investigation.models import Finding
from huiyin.journey.investigation.words import Cause, Liability
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.rules import JOINT, deciders
from huiyin.journey.resolution.words import OfferState
from huiyin.journey.triage.models import Rejection
from huiyin.journey.triage.words import RejectReason
from huiyin.surface.bench.generator.chance import weighted
from huiyin.surface.bench.generator.keeping import Keeping
from huiyin.surface.bench.generator.life import EVERY

FACTS = (
    "查通话录音与订单，情况与客户所述一致，承诺的处理没有登记到系统。",
    "仓库出库记录与签收照片不符，承运商确认派送时未与收件人核对。",
    "检测报告显示部件批次有缺陷，同批已下架复检。",
    "系统重复扣款一笔，支付流水已核对，退款未自动发起。",
    "门店按旧政策解释，与现行售后条款不符，已更正。",
)
BASIS = ("三包规定", "平台售后条款", "服务承诺", "消费者权益保护法第二十四条")
VISITED_PERCENT = 30
OUTCOMES = ((Outcome.UPHELD, 62), (Outcome.PARTLY, 28), (Outcome.NOT_UPHELD, 10))
JUDGED = (
    (Satisfaction.SATISFIED, 58),
    (Satisfaction.FAIR, 24),
    (Satisfaction.UNSATISFIED, 8),
    (Satisfaction.UNKNOWN, 10),
)


class WholeLife(Keeping):
    """All acts up to the archive."""

    def find(self) -> None:
        self.cause = self.chance.choice(list(Cause))
        self.liability = self.chance.choice(list(Liability))
        self.trays.add(
            Finding(
                complaint_id=self.complaint.pk,
                facts=self.chance.choice(FACTS),
                cause=self.cause,
                liability=self.liability,
                by_id=self.handler.pk,
                at=self.at,
            )
        )
        self.tell(
            What.FOUND,
            self.handler,
            cause=str(self.cause.label),
            liability=str(self.liability.label),
        )

    def propose(self, *, waits: bool = False) -> None:
        remedy = self.chance.choice(self.around.remedies)
        amount = self.chance.randrange(500, 5000, 100) if remedy.needs_amount else 0
        amount *= 20 if waits else 1
        self.complaint.move_to(Status.PAP if waits else Status.EXE)
        self.offer = self.trays.add(
            Offer(
                pk=self.around.ids.next(Offer),
                complaint_id=self.complaint.pk,
                remedy=remedy,
                basis=self.chance.choice(BASIS),
                wording=remedy.wording_zh or remedy.name_zh,
                amount_fen=amount,
                value_fen=amount,
                money_kind=remedy.money_kind,
                team_id=self.complaint.team_id,
                due_on=timezone.localdate(self.at) + timedelta(days=remedy.days),
                state=OfferState.WAITING if waits else OfferState.OFFERED,
                by_id=self.handler.pk,
                at=self.at,
            )
        )
        if waits:
            roles = deciders(self.offer.amount_fen, self.around.limits) or JOINT
            self.complaint.carry(waits_for=list(roles))
        self.tell(What.PROPOSED, self.handler, **self.offer.facts, within=not waits)

    def agree(self) -> None:
        assert self.offer is not None
        self.offer.state, self.offer.answered_at = OfferState.AGREED, self.at
        self.complaint.carry(waits_for=[Role.FINANCE.value] if self.offer.amount_fen else [])
        self.tell(What.AGREED, self.handler, **self.offer.facts, note="")
        self.promise_offer()

    def execute(self) -> None:
        assert self.offer is not None
        self.offer.state = OfferState.EXECUTED
        self.offer.executed_at, self.offer.executed_by = self.at, self.handler
        self.offer.paid_fen = self.offer.amount_fen
        self.offer.proof = f"流水号 {self.complaint.pk:010d}"
        self.complaint.move_to(Status.RES)
        self.complaint.carry(resolved_at=self.at, waits_for=[])
        self.tell(What.EXECUTED, self.handler, **self.offer.facts, note=self.offer.proof)
        self.keep_promise(self.offer.proof)
        self.stop(
            ClockKind.RESOLUTION, ClockKind.FIRST_RESPONSE, ClockKind.SIGN_IN, by=self.handler
        )
        self.start(ClockKind.FEEDBACK)

    def feed_back(self) -> None:
        assert self.offer is not None
        complaint = self.complaint
        measures, result = f"已按{self.offer.basis}办理。", self.offer.wording
        said = self.say(Kind.OUTBOUND, letter(measures, result, ""), self.handler)
        self.tell(What.REPLIED, self.handler, message=said.pk, channel=complaint.channel)
        self.trays.add(
            Feedback(
                complaint_id=complaint.pk,
                measures=measures,
                result=result,
                message=said,
                by_id=self.handler.pk,
                at=self.at,
            )
        )
        self.stop(ClockKind.FEEDBACK, by=self.handler)
        certain = complaint.severity in (1, 2) or complaint.risks
        if certain or in_sample(str(complaint.pk), VISITED_PERCENT):
            complaint.move_to(Status.FUV)
            self.start(ClockKind.VISIT)
            self.ask_visit()
        self.tell(What.FED_BACK, self.handler)

    def visit(self, result: VisitResult) -> None:
        by = self.house.supervisors[self.complaint.team_id or 0]
        self.trays.add(
            Visit(complaint_id=self.complaint.pk, result=result, by_id=by.pk, at=self.at)
        )
        self.answer_call(result)
        reached = result != VisitResult.NOT_REACHED
        self.tell(What.VISITED, by, result=str(result.label), words="", reached=reached)
        if reached:
            self.stop(ClockKind.VISIT, by=by)
        if result == VisitResult.UNSATISFIED:
            self.complaint.move_to(Status.RWK)
            self.complaint.carry(resolved_at=None)
            self.tell(What.REWORKED, by, reason="客户不满意", times=1)
            self.stop(*EVERY, by=by)
            self.start(ClockKind.RESOLUTION)

    def close(self) -> None:
        assert self.offer is not None
        by = self.house.supervisors[self.complaint.team_id or 0]
        outcome = weighted(self.chance, OUTCOMES)
        self.complaint.move_to(Status.CLO)
        self.complaint.carry(closed_at=self.at)
        closing = self.trays.add(
            Closing(
                pk=self.around.ids.next(Closing),
                complaint_id=self.complaint.pk,
                outcome=outcome,
                cause=self.cause,
                liability=self.liability,
                remedy=self.offer.remedy,
                satisfaction=weighted(self.chance, JUDGED),
                note="已告知客户其他途径" if outcome == Outcome.NOT_UPHELD else "",
                by_id=by.pk,
                at=self.at,
            )
        )
        self.remember(closing)
        self.tell(
            What.CLOSED,
            by,
            outcome=str(outcome.label),
            cause=str(self.cause.label),
            liability=str(self.liability.label),
        )
        self.stop(*EVERY, by=by)

    def archive(self) -> None:
        self.complaint.move_to(Status.ARC)
        self.tell(What.ARCHIVED, self.system)

    def reject(self) -> None:
        by = self.chance.choice(self.house.triagers)
        reason = self.chance.choice(list(RejectReason))
        remedies = "可向当地消费者协会反映，或拨打 12315"
        self.complaint.move_to(Status.REJ)
        self.trays.add(
            Rejection(
                complaint_id=self.complaint.pk,
                reason=reason,
                remedies=remedies,
                by_id=by.pk,
                at=self.at,
            )
        )
        self.tell(What.REJECTED, by, reason=str(reason.label), remedies=remedies)
        self.stop(*EVERY, by=by)

    def withdraw(self) -> None:
        self.complaint.move_to(Status.WDR)
        self.complaint.carry(closed_at=self.at)
        self.tell(What.WITHDRAWN, self.handler, reason="客户来电说问题已经解决")
        self.stop(*EVERY, by=self.handler)
