"""Telling the result, calling back, closing, reopening, archiving."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.closure import rules
from huiyin.journey.closure.models import Closing, Feedback, Reopening, Visit
from huiyin.journey.closure.permissions import (
    can_cancel,
    can_close,
    can_feed_back,
    can_reopen,
    can_visit,
    can_withdraw,
)
from huiyin.journey.closure.words import Outcome, Satisfaction, VisitResult
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import reply
from huiyin.journey.conversation.rules import written
from huiyin.journey.investigation.words import Cause, Liability
from huiyin.journey.resolution.models import Remedy
from huiyin.journey.triage.models import Category

logger = logging.getLogger(__name__)
LONGEST = 5000


def letter(measures: str, result: str, prevention: str) -> str:
    """The result as one text: measures, result, prevention (003: 解决方案反馈)."""
    parts = [(_("采取的措施"), measures), (_("处理结果"), result)]
    if prevention:
        parts.append((_("如何避免再发生"), prevention))
    return "\n\n".join(f"{title}\n{text}" for title, text in parts)


@transaction.atomic
def feed_back(
    complaint: Complaint,
    *,
    by: User,
    measures: str,
    result: str,
    prevention: str = "",
    channel: str = "",
) -> Feedback:
    """Tell the customer the result. Then a call-back, where one is due."""
    can_feed_back.require(by, complaint)
    if complaint.status != Status.RES:
        raise Refused(_("执行完成后才能反馈结果，请先登记执行结果"))
    measures, result = written(measures)[:LONGEST], written(result)[:LONGEST]
    prevention = written(prevention)[:LONGEST]
    missing = {
        name: _("请填写") for name, text in (("measures", measures), ("result", result)) if not text
    }
    if missing:
        raise Invalid(_("请写明采取的措施和处理结果"), **missing)
    if told(complaint):
        raise Refused(_("结果已经反馈过了，请登记回访或结案"))
    message = reply(complaint, by=by, text=letter(measures, result, prevention), channel=channel)
    feedback = Feedback.objects.create(
        complaint=complaint,
        measures=measures,
        result=result,
        prevention=prevention,
        message=message,
        by=by,
        at=moment.now(),
    )
    if needs_visit(complaint):
        complaint.move_to(Status.FUV)
    record(What.FED_BACK, complaint, by=by)
    return feedback


def told(complaint: Complaint) -> bool:
    """Whether the customer knows of this solution; an earlier one, before a rework, is past."""
    since = complaint.resolved_at or complaint.received_at
    return complaint.feedbacks.filter(at__gte=since).exists()


def needs_visit(complaint: Complaint) -> bool:
    return rules.visit_is_due(
        severity=complaint.severity,
        emotion=complaint.emotion,
        sla=Category.objects.sla_of(complaint.category),
        risks=complaint.risks,
        key=complaint.number,
    )


@transaction.atomic
def visit(complaint: Complaint, *, by: User, result: str, words: str = "") -> Visit:
    """Call back. Not reached: tried again, three times. Unsatisfied: back to work (重办)."""
    can_visit.require(by, complaint)
    # The row orders two visitors who reach for the same phone.
    Complaint.objects.select_for_update().get(pk=complaint.pk, status=complaint.status)
    if complaint.status != Status.FUV:
        raise Refused(_("这条投诉现在不需要回访"))
    if result not in VisitResult.values:
        raise Invalid(_("请选择回访结果"), result=_("请选择"))
    words = written(words)[:1000]
    if result == VisitResult.UNSATISFIED and len(words) < 2:
        raise Invalid(_("客户不满意时，请记下客户说了什么"), words=_("请填写"))
    entry = Visit.objects.create(
        complaint=complaint, result=result, words=words, by=by, at=moment.now()
    )
    label = str(VisitResult(result).label)
    reached = result != VisitResult.NOT_REACHED
    record(What.VISITED, complaint, by=by, result=label, words=words, reached=reached)
    if result == VisitResult.UNSATISFIED:
        _rework(complaint, by=by, reason=words)
    return entry


@transaction.atomic
def rework(complaint: Complaint, *, by: User, reason: str) -> None:
    """Send it back to work (重办)."""
    can_reopen.require(by, complaint)
    if len(reason.strip()) < 2:
        raise Invalid(_("请写明重办原因"), reason=_("请填写"))
    _rework(complaint, by=by, reason=reason.strip()[:500])


def _rework(complaint: Complaint, *, by: User, reason: str) -> None:
    complaint.move_to(Status.RWK)
    complaint.carry(resolved_at=None)
    times = complaint.events.filter(what=What.REWORKED).count() + 1
    record(What.REWORKED, complaint, by=by, reason=reason, times=times)


@transaction.atomic
def take_up(complaint: Complaint, *, by: User) -> None:
    """Begin the rework."""
    can_feed_back.require(by, complaint)
    if complaint.status != Status.RWK:
        raise Refused(_("只有待重办的投诉可以接办"))
    complaint.move_to(Status.HND)
    record(What.RESUMED, complaint, by=by, reason=_("接办重办"))


def missing_for_closing(complaint: Complaint) -> list[str]:
    """What must be there before it may be closed, in words."""
    missing = []
    if not told(complaint):
        missing.append(_("还没有向客户反馈结果"))
    if complaint.status == Status.FUV:
        since = complaint.resolved_at or complaint.received_at
        visits = list(complaint.visits.filter(at__gte=since)[: rules.MOST_TRIES])
        reached = any(v.result != VisitResult.NOT_REACHED for v in visits)
        if not reached and len(visits) < rules.MOST_TRIES:
            missing.append(
                _("还没有回访到客户（已试 %(n)s 次，最多 %(most)s 次）")
                % {"n": len(visits), "most": rules.MOST_TRIES}
            )
    if not complaint.findings.exists():
        missing.append(_("还没有核实结论"))
    return missing


@transaction.atomic
def close(
    complaint: Complaint,
    *,
    by: User,
    outcome: str,
    cause: str,
    liability: str,
    remedy: Remedy | None,
    satisfaction: str,
    improvement: bool = False,
    note: str = "",
) -> Closing:
    """Close it: with outcome, cause, liability and remedy, or not at all (K29: 100 %)."""
    can_close.require(by, complaint)
    if complaint.status not in (Status.RES, Status.FUV):
        raise Refused(_("只有已解决或待回访的投诉可以结案"))
    fields = _closing_fields(outcome, cause, liability, remedy, satisfaction)
    if fields:
        raise Invalid(_("结案还缺：%(what)s") % {"what": "、".join(fields.values())}, **fields)
    if missing := missing_for_closing(complaint):
        raise Refused(_("还不能结案：%(what)s") % {"what": "；".join(missing)})
    note = written(note)[:1000]
    if outcome == Outcome.NOT_UPHELD and len(note) < 5:
        sentence = _("不支持时请写明理由，并告知客户其他途径（12315、调解、仲裁、诉讼）")
        raise Invalid(sentence, note=sentence)
    complaint.move_to(Status.CLO)
    now = moment.now()
    complaint.carry(closed_at=now)
    assert remedy is not None
    closing = Closing.objects.create(
        complaint=complaint,
        outcome=outcome,
        cause=cause,
        liability=liability,
        remedy=remedy,
        satisfaction=satisfaction,
        improvement=improvement,
        note=note,
        by=by,
        at=now,
    )
    record(
        What.CLOSED,
        complaint,
        by=by,
        outcome=str(Outcome(outcome).label),
        cause=str(Cause(cause).label),
        liability=str(Liability(liability).label),
    )
    return closing


def _closing_fields(
    outcome: str, cause: str, liability: str, remedy: Remedy | None, satisfaction: str
) -> dict[str, str]:
    asked: tuple[tuple[str, bool, Any], ...] = (
        ("outcome", outcome in Outcome.values, _("结论")),
        ("cause", cause in Cause.values, _("成因")),
        ("liability", liability in Liability.values, _("责任方")),
        ("remedy", remedy is not None, _("补救方式")),
        ("satisfaction", satisfaction in Satisfaction.values, _("满意度")),
    )
    return {name: title for name, there, title in asked if not there}


@transaction.atomic
def reopen(complaint: Complaint, *, by: User, reason: str) -> Reopening:
    """Open a closed one again, within 30 days (重开)."""
    can_reopen.require(by, complaint)
    reason = written(reason)[:500]
    if len(reason) < 2:
        raise Invalid(_("请写明重开原因"), reason=_("请填写"))
    now = moment.now()
    if complaint.status == Status.CLO and not rules.may_reopen(complaint.closed_at, now):
        raise Refused(_("结案已超过 30 天，不能重开，请新登记一条并注明原编号"))
    complaint.move_to(Status.HND)
    complaint.carry(closed_at=None, resolved_at=None)
    reopening = Reopening.objects.create(complaint=complaint, reason=reason, by=by, at=now)
    record(What.REOPENED, complaint, by=by, reason=reason)
    return reopening


@transaction.atomic
def judge(complaint: Complaint, *, solved: bool, words: str = "") -> None:
    """What the customer says at the end, by himself. Unsolved within 30 days opens it again."""
    system = User.objects.system()
    words = written(words)[:500]
    ended = complaint.status in (Status.RES, Status.FUV, Status.CLO)
    if not ended:
        raise Refused(_("处理完成后再请您评价；现在可以补充情况或催办"))
    if complaint.events.filter(
        what=What.CUSTOMER_JUDGED, at__gte=complaint.resolved_at or complaint.received_at
    ).exists():
        raise Refused(_("您已经评价过这次处理了，谢谢"))
    record(What.CUSTOMER_JUDGED, complaint, by=system, solved=solved, words=words)
    if solved:
        return
    reason = words or _("客户说没有解决")
    if complaint.status == Status.CLO:
        if rules.may_reopen(complaint.closed_at, moment.now()):
            reopen(complaint, by=system, reason=reason)
    else:
        _rework(complaint, by=system, reason=reason)


@transaction.atomic
def withdraw(complaint: Complaint, *, by: User, reason: str) -> None:
    """The customer takes it back (撤回). Safety matters go on as a case of our own: not here."""
    can_withdraw.require(by, complaint)
    if "safety" in complaint.risks:
        raise Refused(_("涉及人身安全的投诉不能因撤回而停止，请继续处理并说明情况"))
    if len(reason.strip()) < 2:
        raise Invalid(_("请写明客户撤回的原话或方式"), reason=_("请填写"))
    complaint.move_to(Status.WDR)
    complaint.carry(closed_at=moment.now())
    record(What.WITHDRAWN, complaint, by=by, reason=reason.strip()[:300])


@transaction.atomic
def cancel(complaint: Complaint, *, by: User, reason: str) -> None:
    """Void a test or a duplicate (作废). Nothing is deleted."""
    can_cancel.require(by, complaint)
    if len(reason.strip()) < 2:
        raise Invalid(_("请写明作废原因"), reason=_("请填写"))
    complaint.move_to(Status.CAN)
    complaint.carry(closed_at=moment.now())
    record(What.CANCELLED, complaint, by=by, reason=reason.strip()[:300])


def archive_due() -> int:
    """Seal what has been closed for 30 days. Runs often; safe to run twice."""
    before = moment.now() - rules.ARCHIVE_AFTER
    done = 0
    due = Complaint.objects.filter(status=Status.CLO, closed_at__lt=before).order_by("closed_at")
    for complaint in due[:500]:
        try:
            with transaction.atomic():
                complaint.move_to(Status.ARC)
                record(What.ARCHIVED, complaint, by=User.objects.system())
            done += 1
        except Refused:  # reopened or archived by another worker meanwhile
            logger.info("%s was not archived", complaint.number)
    return done
