"""Binding one complaint to a policy: a law, or the date in a regulator's document."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.clocks.models import Attachment, Policy
from huiyin.journey.clocks.permissions import can_attach
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import said


@transaction.atomic
def attach(
    complaint: Complaint,
    *,
    by: User,
    policy: str,
    document_no: str = "",
    document_on: date | None = None,
    due_on: date | None = None,
) -> Attachment:
    """Let a policy count for this complaint too; open clocks follow if it is the earlier one.

    `due_on` is the date that the document itself sets. Raises Invalid with fields policy,
    document_no, due_on.
    """
    can_attach.require(by, complaint)
    complaint.hold()
    if not complaint.is_open:
        raise Refused(_("这条投诉已经结束，不能再附加时限依据"))
    found = Policy.objects.filter(code=policy, enabled=True).first()
    if found is None:
        sentence = _("这项政策不存在或没有启用；请管理员核对原文后在管理里启用")
        raise Invalid(sentence, policy=sentence)
    document_no = said(document_no, name="document_no", most=80)
    if due_on is not None and due_on <= moment.today():
        sentence = _("文书规定的期限要晚于今天；已经过期的请先升级说明")
        raise Invalid(sentence, due_on=sentence)
    if complaint.attachments.filter(policy=found).exists():
        raise Refused(_("这项政策已经附加过了；要修改请先取消再重新附加"))
    attachment = Attachment.objects.create(
        complaint=complaint,
        policy=found,
        document_no=document_no,
        document_on=document_on,
        due_on=due_on,
        by=by,
        at=moment.now(),
    )
    record(What.POLICY_ATTACHED, complaint, by=by, **_facts(attachment))
    return attachment


@transaction.atomic
def detach(complaint: Complaint, *, by: User, policy: str) -> None:
    """Take it back; open clocks return to the limits that remain. The story keeps both."""
    can_attach.require(by, complaint)
    complaint.hold()
    attachment = complaint.attachments.filter(policy__code=policy).first()
    if attachment is None:
        raise Refused(_("这项政策没有附加在这条投诉上，请刷新页面"))
    facts = _facts(attachment)
    attachment.delete()
    record(What.POLICY_DETACHED, complaint, by=by, **facts)


def _facts(attachment: Attachment) -> dict[str, str]:
    parts = [attachment.policy.code, attachment.document_no]
    if attachment.due_on:
        parts.append(attachment.due_on.isoformat())
    return {"policy": attachment.policy.code, "reason": " · ".join(part for part in parts if part)}
