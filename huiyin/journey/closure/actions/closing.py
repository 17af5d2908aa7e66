"""Closing, reopening, archiving."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.closure import rules
from huiyin.journey.closure.actions.missing import missing_for_closing
from huiyin.journey.closure.actions.refusing import told_of_ways
from huiyin.journey.closure.actions.sealing import seal_unsealed
from huiyin.journey.closure.actions.standing import left_to_the_manager
from huiyin.journey.closure.models import Closing, Reopening
from huiyin.journey.closure.permissions import can_close, can_reopen
from huiyin.journey.closure.words import Outcome, Satisfaction
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import said
from huiyin.journey.investigation.words import Cause, Liability
from huiyin.journey.resolution.models import Remedy

logger = logging.getLogger(__name__)

BATCH = 500  # complaints archived by one look


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
    prevent: str = "",
    note: str = "",
) -> Closing:
    """Close it: with outcome, cause, liability and remedy, or not at all (K29: 100 %).

    `prevent`: what must not happen again; saying it asks for an improvement.
    """
    can_close.require(by, complaint)
    complaint.hold()
    if complaint.status not in (Status.RES, Status.FUV):
        raise Refused(_("只有已解决或待回访的投诉可以结案"))
    if missing := missing_for_closing(complaint):
        raise Refused(_("还不能结案：%(what)s") % {"what": "；".join(missing)})
    if left_to_the_manager(complaint) and not by.has_role(Role.MANAGER):
        raise NotPermitted(_("已重办两次客户仍不满意，由经理决定重办还是结案"))
    remedy = _complete(outcome, cause, liability, remedy, satisfaction)
    sentence = _("不支持或部分支持时请写明理由")
    refused = outcome != Outcome.UPHELD
    note = said(note, name="note", most=1000, missing=sentence if refused else "", least=5)
    if outcome == Outcome.NOT_UPHELD and not told_of_ways(complaint):
        sentence = _(
            "不支持时，先告知客户理由和其他途径（内部复核、12315、调解、仲裁、诉讼），再结案"
        )
        raise Refused(sentence, outcome=sentence)
    prevent = " ".join(said(prevent, name="prevent", most=100).split())
    complaint.move_to(Status.CLO)
    now = moment.now()
    complaint.carry(closed_at=now)
    closing = Closing.objects.create(
        complaint=complaint,
        outcome=outcome,
        cause=cause,
        liability=liability,
        remedy=remedy,
        satisfaction=satisfaction,
        improvement=improvement or bool(prevent),
        prevent=prevent,
        note=note,
        by=by,
        at=now,
    )
    record(
        What.CLOSED,
        complaint,
        by=by,
        outcome=frozen(Outcome(outcome).label),
        cause=frozen(Cause(cause).label),
        liability=frozen(Liability(liability).label),
    )
    return closing


def _complete(
    outcome: str, cause: str, liability: str, remedy: Remedy | None, satisfaction: str
) -> Remedy:
    """The remedy, when nothing is missing; Invalid with every field that is."""
    asked = (
        ("outcome", outcome in Outcome.values, _("结论")),
        ("cause", cause in Cause.values, _("成因")),
        ("liability", liability in Liability.values, _("责任方")),
        ("remedy", remedy is not None, _("补救方式")),
        ("satisfaction", satisfaction in Satisfaction.values, _("满意度")),
    )
    missing = {name: title for name, there, title in asked if not there}
    if missing or remedy is None:
        fields = {name: _("请选择%(what)s") % {"what": title} for name, title in missing.items()}
        raise Invalid(_("结案还缺：%(what)s") % {"what": "、".join(missing.values())}, **fields)
    return remedy


@transaction.atomic
def reopen(complaint: Complaint, *, by: User, reason: str) -> Reopening:
    """Open a closed one again, within 30 days (重开)."""
    can_reopen.require(by, complaint)
    complaint.hold()
    reason = said(reason, name="reason", most=500, missing=_("请写明重开原因"))
    if complaint.status != Status.CLO:
        raise Refused(_("只有已结案的投诉可以重开；已归档的请新登记一条并注明原编号"))
    now = moment.now()
    if not rules.may_reopen(complaint.closed_at, now):
        raise Refused(_("结案已超过 30 天，不能重开，请新登记一条并注明原编号"))
    complaint.move_to(Status.HND)
    complaint.carry(closed_at=None, resolved_at=None)
    reopening = Reopening.objects.create(complaint=complaint, reason=reason, by=by, at=now)
    record(What.REOPENED, complaint, by=by, reason=reason)
    return reopening


def archive_due() -> int:
    """Seal what has been closed for 30 days; what is still supervised waits. Safe to run twice."""
    before = moment.now() - rules.ARCHIVE_AFTER
    due = Complaint.objects.filter(status=Status.CLO, closed_at__lt=before, supervised="").order_by(
        "closed_at"
    )
    archived = sum(_archived(complaint) for complaint in due[:BATCH])
    seal_unsealed()
    return archived


def _archived(complaint: Complaint) -> bool:
    try:
        with transaction.atomic():
            complaint.move_to(Status.ARC)
            record(What.ARCHIVED, complaint, by=User.objects.system())
    except Refused:  # reopened or archived by another worker meanwhile
        return False
    except Exception:  # one bad complaint must not hold up the others
        logger.exception("%s could not be archived", complaint.number)
        return False
    return True
