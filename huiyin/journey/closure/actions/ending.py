"""Ends that are no closing: the customer withdraws, or it was never a complaint."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.journey.closure.permissions import can_cancel, can_withdraw
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import said


@transaction.atomic
def withdraw(complaint: Complaint, *, by: User, reason: str) -> None:
    """The customer takes it back (撤回). Safety matters go on as a case of our own: not here."""
    can_withdraw.require(by, complaint)
    if "safety" in complaint.risks:
        raise Refused(_("涉及人身安全的投诉不能因撤回而停止，请继续处理并说明情况"))
    reason = said(reason, name="reason", most=300, missing=_("请写明客户撤回的原话或方式"))
    complaint.move_to(Status.WDR)
    complaint.carry(closed_at=moment.now())
    record(What.WITHDRAWN, complaint, by=by, reason=reason)


@transaction.atomic
def cancel(complaint: Complaint, *, by: User, reason: str) -> None:
    """Void a test or a duplicate (作废). Nothing is deleted."""
    can_cancel.require(by, complaint)
    reason = said(reason, name="reason", most=300, missing=_("请写明作废原因"))
    complaint.move_to(Status.CAN)
    complaint.carry(closed_at=moment.now())
    record(What.CANCELLED, complaint, by=by, reason=reason)
