"""A new complaint whose mail names an earlier one: they are linked, go on as one, or stay two."""

from __future__ import annotations

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.mail.models import Mail
from huiyin.journey.channels.mail.permissions import can_review_mail
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.grouping import actions as grouping
from huiyin.journey.grouping.models import Bond
from huiyin.journey.grouping.words import LinkNature


@transaction.atomic
def let_stand(mail: Mail, *, by: User) -> None:
    """It is not the same matter. Of two at once one is told that it was decided."""
    can_review_mail.require(by, mail)
    _decide(mail, by=by)


@transaction.atomic
def link(mail: Mail, *, by: User, nature: str = LinkNature.RELATED) -> None:
    """Each goes its own way, and whoever reads one knows of the other; undone as every link is."""
    can_review_mail.require(by, mail)
    new, named = ends(mail, by)
    _decide(mail, by=by)
    ties = Bond.objects.around(new).lasting()
    if not ties.filter(complaint__in=(new, named), other__in=(new, named)).exists():
        grouping.link(new, to=named, by=by, nature=nature, reason=_("来信提到它"))


@transaction.atomic
def merge(mail: Mail, *, by: User) -> None:
    """The new one goes with the one that its mail names; undone as every merge is."""
    can_review_mail.require(by, mail)
    new, named = ends(mail, by)
    _decide(mail, by=by)
    grouping.merge(new, into=named, by=by, reason=_("来信提到它，核对后是同一件事"))


def ends(mail: Mail, user: User) -> tuple[Complaint, Complaint]:
    """(the new complaint, the one that is named), both seen by this person."""
    found = ends_seen(mail, user)
    if mail.complaint_id not in found or mail.suspected_id not in found:
        raise Refused(_("您看不到其中一件投诉，不能关联或合并；请交给看得到两件的人"))
    return found[mail.complaint_id], found[mail.suspected_id]


def ends_seen(mail: Mail, user: User) -> dict[int | None, Complaint]:
    """The same by their keys, as far as this person sees them."""
    seen = Complaint.objects.visible_to(user).select_related("customer", "team", "assignee")
    pks = [pk for pk in (mail.complaint_id, mail.suspected_id) if pk is not None]
    return {one.pk: one for one in seen.filter(pk__in=pks)}


def _decide(mail: Mail, *, by: User) -> None:
    open_ = Mail.objects.filter(pk=mail.pk, suspected__isnull=False, decided_at=None)
    if not open_.update(decided_by=by, decided_at=moment.now()):
        raise Refused(_("这封邮件刚刚被别人核对过，请刷新查看"))
