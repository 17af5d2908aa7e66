"""Linking two complaints (关联): each goes its own way, and whoever reads one knows of both."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import said
from huiyin.journey.grouping import rules
from huiyin.journey.grouping.actions.standing import require_undoable
from huiyin.journey.grouping.models import Bond
from huiyin.journey.grouping.permissions import can_link
from huiyin.journey.grouping.words import BondKind, LinkNature, Side


@transaction.atomic
def link(complaint: Complaint, *, to: Complaint, by: User, nature: str, reason: str = "") -> Bond:
    """Let each know of the other (关联). Of a cause, `to` is what this one came from."""
    can_link.require(by, complaint)
    can_link.require(by, to)
    if nature not in LinkNature.values:
        sentence = _("请选择两件投诉是什么关系")
        raise Invalid(sentence, nature=sentence)
    reason = said(reason, name="reason", most=rules.LONGEST_REASON)
    if complaint.pk == to.pk:
        sentence = _("不能和自己关联，请填写另一件投诉的编号")
        raise Invalid(sentence, other=sentence)
    bond = Bond(
        kind=BondKind.LINK,
        nature=nature,
        complaint=complaint,
        other=to,
        reason=reason,
        by=by,
        at=moment.now(),
    )
    try:
        with transaction.atomic():
            bond.save()
    except IntegrityError as twice:  # the one who was a moment slower learns it here
        raise Refused(_("这两件投诉已经关联过了，请刷新页面")) from twice
    record(What.LINKED, complaint, by=by, bond=bond.pk, side=Side.FIRST)
    record(What.LINKED, to, by=by, bond=bond.pk, side=Side.SECOND)
    return bond


@transaction.atomic
def unlink(bond: Bond, *, by: User, reason: str = "") -> None:
    """Take a link back, within the days in which it may be (`HUIYIN_UNDO_DAYS`)."""
    can_link.require(by, bond.complaint)
    can_link.require(by, bond.other)
    require_undoable(bond.at)
    reason = said(reason, name="reason", most=rules.LONGEST_REASON)
    end(bond, by=by, reason=reason)
    record(What.UNLINKED, bond.complaint, by=by, bond=bond.pk, side=Side.FIRST)
    record(What.UNLINKED, bond.other, by=by, bond=bond.pk, side=Side.SECOND)


def end(bond: Bond, *, by: User, reason: str) -> None:
    """The bond is over; of two who end it at once one is refused."""
    now = moment.now()
    lasting = Bond.objects.lasting().filter(pk=bond.pk)
    if not lasting.update(ended_at=now, ended_by=by, ended_reason=reason[: rules.LONGEST_REASON]):
        raise Refused(_("刚刚已经有人撤销过了，请刷新页面"))
    bond.ended_at = now
