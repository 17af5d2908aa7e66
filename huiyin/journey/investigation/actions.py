"""Saying what was found."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import said
from huiyin.journey.investigation.models import Finding
from huiyin.journey.investigation.permissions import can_find
from huiyin.journey.investigation.rules import may_be_found
from huiyin.journey.investigation.words import Cause, Liability


@transaction.atomic
def find(complaint: Complaint, *, by: User, facts: str, cause: str, liability: str) -> Finding:
    """Write down what happened, why, and who answers for it. Another finding replaces none."""
    can_find.require(by, complaint)
    complaint.hold()
    if not may_be_found(complaint.status):
        raise Refused(_("只有办理中的投诉可以填写核实结论；未签收的请先签收，已结案的请先重开"))
    facts = said(facts, name="facts", most=5000, missing=_("请写明核实到的事实"), least=5)
    if cause not in Cause.values:
        raise Invalid(_("请选择成因"), cause=_("请选择成因"))
    if liability not in Liability.values:
        raise Invalid(_("请选择责任方"), liability=_("请选择责任方"))
    finding = Finding.objects.create(
        complaint=complaint, facts=facts, cause=cause, liability=liability, by=by, at=moment.now()
    )
    record(
        What.FOUND,
        complaint,
        by=by,
        cause=frozen(Cause(cause).label),
        liability=frozen(Liability(liability).label),
    )
    return finding
