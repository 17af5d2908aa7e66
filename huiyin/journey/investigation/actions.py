"""Saying what was found."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.lifecycle import WORKING
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.rules import written
from huiyin.journey.investigation.models import Finding
from huiyin.journey.investigation.permissions import can_find
from huiyin.journey.investigation.words import Cause, Liability

LONGEST = 5000


@transaction.atomic
def find(complaint: Complaint, *, by: User, facts: str, cause: str, liability: str) -> Finding:
    """Write down what happened, why, and who answers for it."""
    can_find.require(by, complaint)
    if complaint.status not in (*WORKING, Status.RWK, Status.PAP, Status.EXE):
        raise Refused(_("只有办理中的投诉可以填写核实结论，请先签收"))
    facts = written(facts)[:LONGEST]
    if len(facts) < 5:
        raise Invalid(_("请写明核实到的事实"), facts=_("请写明核实到的事实"))
    if cause not in Cause.values:
        raise Invalid(_("请选择成因"), cause=_("请选择成因"))
    if liability not in Liability.values:
        raise Invalid(_("请选择责任方"), liability=_("请选择责任方"))
    finding = Finding.objects.create(
        complaint=complaint,
        facts=facts,
        cause=cause,
        liability=liability,
        by=by,
        at=moment.now(),
    )
    record(
        What.FOUND,
        complaint,
        by=by,
        cause=str(Cause(cause).label),
        liability=str(Liability(liability).label),
    )
    return finding
