"""Waiting, going on, urging, escalating: who has it stays who has it."""

from __future__ import annotations

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import said
from huiyin.journey.routing import rules
from huiyin.journey.routing.models import Urging
from huiyin.journey.routing.people import supervisor_on_duty
from huiyin.journey.routing.permissions import can_handle, can_urge
from huiyin.journey.routing.words import Whom


@transaction.atomic
def wait(complaint: Complaint, *, by: User, whom: str, reason: str) -> None:
    """Wait for the customer, a test or a third party; what pauses is the clocks' affair."""
    can_handle.require(by, complaint)
    if whom not in Whom.values:
        raise Invalid(_("请选择在等什么：客户补充、检测鉴定或第三方答复"), whom=_("请选择"))
    sentence = _("请写明在等什么，以及预计多久")
    reason = said(reason, name="reason", most=rules.LONGEST_NOTE, missing=sentence)
    complaint.move_to(Status.WCU if whom == Whom.CUSTOMER else Status.W3P)
    record(What.WAITED, complaint, by=by, whom=whom, reason=reason)


@transaction.atomic
def resume(complaint: Complaint, *, by: User, reason: str = "") -> None:
    """Go on working."""
    can_handle.require(by, complaint)
    reason = said(reason, name="reason", most=rules.LONGEST_NOTE)
    if complaint.status not in (Status.WCU, Status.W3P):
        raise Refused(_("这条投诉不在等待中，请刷新页面查看最新进展"))
    complaint.move_to(Status.HND)
    record(What.RESUMED, complaint, by=by, reason=reason)


def resume_when_customer_wrote(event: Event) -> None:
    """Follow a customer's answer: we no longer wait for him."""
    if event.complaint.status == Status.WCU:
        resume(event.complaint, by=User.objects.system(), reason=_("客户已补充"))


@transaction.atomic
def urge(complaint: Complaint, *, by: User, words: str = "", by_customer: bool = False) -> Urging:
    """Ask to hurry (催办). A customer may once in four hours, a colleague once an hour."""
    can_urge.require(by, complaint)
    words = said(words, name="words", most=rules.LONGEST_NOTE)
    now = moment.now()
    if not complaint.is_open and complaint.status != Status.MRG:
        raise Refused(_("这条投诉已经结束，不需要再催办；如未解决可以申请重开"))
    complaint.hold()  # of two urgings at once the second sees the first
    if by_customer:
        last = complaint.urgings.filter(by_customer=True).first()
        if not rules.may_urge(last.at if last else None, now):
            raise Refused(_("已经为您催办过了，4 小时内会有人处理，请稍候"))
    elif not by.is_system:
        own = complaint.urgings.filter(by=by, by_customer=False).first()
        again = rules.COLLEAGUE_AGAIN_AFTER
        if not rules.may_urge(own.at if own else None, now, again_after=again):
            raise Refused(_("您一小时内已经催办过，处理人已收到；急事请直接联系或升级"))
    urging = Urging.objects.create(
        complaint=complaint, by=by, by_customer=by_customer, words=words, at=now
    )
    record(What.URGED, complaint, by=by, words=urging.words, by_customer=by_customer)
    return urging


@transaction.atomic
def escalate(complaint: Complaint, *, by: User, reason: str) -> None:
    """Call the supervisor on duty (升级)."""
    can_urge.require(by, complaint)
    sentence = _("请写明升级原因")
    reason = said(reason, name="reason", most=rules.LONGEST_NOTE, missing=sentence)
    if not complaint.is_open and complaint.status != Status.MRG:
        raise Refused(_("这条投诉已经结束，不能升级；如未解决可以申请重开"))
    supervisor = supervisor_on_duty(complaint.team)
    record(
        What.ESCALATED,
        complaint,
        by=by,
        reason=reason,
        to=supervisor.name if supervisor else "",
        to_id=supervisor.pk if supervisor else None,
    )
