"""Restricting a complaint to named people (改派机密, domain §7.3), and lifting that."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint, ComplaintAccess, Event
from huiyin.journey.complaint.permissions import can_lift, can_restrict
from huiyin.journey.complaint.words import Sight, What

SHORTEST_REASON = 4


@transaction.atomic
def restrict(complaint: Complaint, *, by: User, people: Iterable[User], reason: str) -> None:
    """Only the named, whoever handles it, and privacy and legal officers see it from now on.

    Asked again, it replaces the list of the named. Whoever restricts it is always among them.
    """
    can_restrict.require(by, complaint)
    reason = _because(reason)
    named = {person.pk: person for person in people}
    if any(not person.is_active for person in named.values()):
        raise Invalid(_("名单里有已停用的账号，请去掉后再保存"), people=_("账号已停用"))
    named[by.pk] = by
    if complaint.assignee is not None:
        named[complaint.assignee.pk] = complaint.assignee
    complaint.carry(seen={"restricted": complaint.restricted}, restricted=True)
    complaint.access.filter(sight=Sight.NAMED).exclude(user__in=named).delete()
    _let_in(complaint, named.values(), by=by)
    names = "、".join(person.name for person in named.values())
    record(What.RESTRICTED, complaint, by=by, name=names, reason=reason)


@transaction.atomic
def lift(complaint: Complaint, *, by: User, reason: str) -> None:
    """Open it again to all whom it concerns."""
    can_lift.require(by, complaint)
    reason = _because(reason)
    if not complaint.restricted:
        raise Refused(_("这条投诉没有限制查看，请刷新页面"))
    complaint.carry(seen={"restricted": True}, restricted=False)
    complaint.access.filter(sight=Sight.NAMED).delete()
    record(What.UNRESTRICTED, complaint, by=by, reason=reason)


def let_in_assignee(event: Event) -> None:
    """Follow a dispatch: whoever is to handle a restricted complaint must see it."""
    complaint = event.complaint
    if complaint.restricted and complaint.assignee is not None:
        _let_in(complaint, [complaint.assignee], by=event.by)


def _let_in(complaint: Complaint, people: Iterable[User], *, by: User) -> None:
    now = moment.now()
    rows = [ComplaintAccess(complaint=complaint, user=user, by=by, at=now) for user in people]
    ComplaintAccess.objects.bulk_create(rows, ignore_conflicts=True)
    by.__dict__.pop("written_about", None)  # read before: the same request must see the change


def _because(reason: str) -> str:
    reason = reason.replace("\x00", "").strip()[:300]
    if len(reason) < SHORTEST_REASON:
        sentence = _("请写明理由（至少 %(least)s 个字）") % {"least": SHORTEST_REASON}
        raise Invalid(sentence, reason=sentence)
    return reason
