"""Restricting a complaint to named people (改派机密, domain §7.3), barring people from it (回避),
and lifting both."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint, ComplaintAccess, Event
from huiyin.journey.complaint.permissions import can_bar, can_lift, can_restrict
from huiyin.journey.complaint.words import Sight, What

SHORTEST_REASON = 4
WATCHERS = (Role.SUPERVISION, Role.PRIVACY, Role.LEGAL)


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
    if barred := [person.name for person in named.values() if person.pk in barred_from(complaint)]:
        sentence = _("%(names)s 应当回避这件投诉，不能列入名单")
        raise Invalid(sentence % {"names": "、".join(barred)}, people=_("名单里有应当回避的人"))
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


@transaction.atomic
def bar(complaint: Complaint, *, by: User, person: User, reason: str) -> None:
    """回避: the accused, or who has an interest, sees it on no path and is never given it.

    Anybody may stand aside himself. A lead or supervisor bars nobody of those who watch over him.
    """
    if person != by:
        can_bar.require(by, complaint)
        if person.has_role(*WATCHERS) and not by.has_role(Role.MANAGER, *WATCHERS):
            raise NotPermitted(_("督办员、隐私官和法务的回避，由经理或他们自己提出"))
    reason = _because(reason)
    if person.is_system or not person.is_active:
        raise Invalid(_("请选择一位在用的同事"), person=_("请选择"))
    _still(complaint)
    complaint.refresh_from_db(fields=["status", "team", "assignee", "owner"])
    row = complaint.access.filter(user=person).first()
    if row is not None and row.sight == Sight.BARRED:
        raise Refused(_("%(name)s 已经在回避名单里，请刷新页面") % {"name": person.name})
    ComplaintAccess.objects.update_or_create(
        complaint=complaint,
        user=person,
        defaults={"sight": Sight.BARRED, "by": by, "at": moment.now()},
    )
    _forget(by, person)
    own = person == by
    record(
        What.BARRED, complaint, by=by, name=person.name, person=person.pk, reason=reason, own=own
    )


@transaction.atomic
def unbar(complaint: Complaint, *, by: User, person: User, reason: str) -> None:
    """The reason to stand aside is gone: he sees again what his roles let him see."""
    can_bar.require(by, complaint)
    reason = _because(reason)
    _still(complaint)
    gone, _by_model = complaint.access.filter(user=person, sight=Sight.BARRED).delete()
    if not gone:
        raise Refused(_("%(name)s 没有回避这件投诉，请刷新页面") % {"name": person.name})
    _forget(by, person)
    record(What.UNBARRED, complaint, by=by, name=person.name, person=person.pk, reason=reason)


def barred_from(complaint: Complaint) -> frozenset[int]:
    """Who must not be given it. Asked by whatever chooses a person."""
    if complaint._state.adding:
        return frozenset()
    rows = ComplaintAccess.objects.filter(complaint=complaint, sight=Sight.BARRED)
    return frozenset(rows.values_list("user", flat=True))


def refuse_barred(complaint: Complaint, person: User) -> None:
    """Before it is given to somebody: holds the complaint, so that nobody bars him meanwhile."""
    if complaint._state.adding:
        return
    _still(complaint)
    if person.pk in barred_from(complaint):
        sentence = _("%(name)s 应当回避这件投诉，请选择另一位同事") % {"name": person.name}
        raise Invalid(sentence, to=_("请选择另一位同事"))


def _still(complaint: Complaint) -> None:
    """Hold the row until commit: who has it and who is barred does not change meanwhile."""
    list(Complaint.objects.select_for_update(no_key=True).filter(pk=complaint.pk).values_list("pk"))


def let_in_assignee(event: Event) -> None:
    """Follow a dispatch: whoever is to handle a restricted complaint must see it."""
    complaint = event.complaint
    if complaint.restricted and complaint.assignee is not None:
        _let_in(complaint, [complaint.assignee], by=event.by)


def let_in(complaint: Complaint, people: Iterable[User], *, by: User) -> None:
    """Those whom a rule calls to this complaint see it from now on; who is barred stays out."""
    _let_in(complaint, people, by=by)


def _let_in(complaint: Complaint, people: Iterable[User], *, by: User) -> None:
    now = moment.now()
    rows = [ComplaintAccess(complaint=complaint, user=user, by=by, at=now) for user in people]
    ComplaintAccess.objects.bulk_create(rows, ignore_conflicts=True)
    _forget(by)


def _forget(*people: User) -> None:
    """Who sees what is read once a request: the same request must see the change."""
    for person in people:
        person.__dict__.pop("written_about", None)


def _because(reason: str) -> str:
    reason = reason.replace("\x00", "").strip()[:300]
    if len(reason) < SHORTEST_REASON:
        sentence = _("请写明理由（至少 %(least)s 个字）") % {"least": SHORTEST_REASON}
        raise Invalid(sentence, reason=sentence)
    return reason
