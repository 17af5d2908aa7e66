"""Mass incidents (群体事件): one owner, many complaints, one progress."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import said
from huiyin.journey.grouping import rules
from huiyin.journey.grouping.actions.standing import require_undoable
from huiyin.journey.grouping.models import Entry, Incident, Membership
from huiyin.journey.grouping.permissions import can_join, can_open_incident, can_run
from huiyin.journey.grouping.words import EntryKind, IncidentState
from huiyin.journey.intake import known
from huiyin.journey.intake.known import Similar
from huiyin.journey.routing.actions import tried

MOST_PROPOSED = 20
TEXTS_COMPARED = 3  # of the latest members, to find more like them


@dataclass(frozen=True)
class About:
    """What an incident is about, as it was typed."""

    title: str
    category: str = ""
    concerning: str = ""
    region: str = ""

    def checked(self) -> dict[str, str]:
        missing = _("请写下事件的名称，如“顺达快递华东延误”")
        return {
            "title": said(
                self.title, name="title", most=rules.LONGEST_TITLE, missing=missing, least=4
            ),
            "category": said(self.category, name="category", most=20),
            "concerning": said(self.concerning, name="concerning", most=120),
            "region": said(self.region, name="region", most=80),
        }


@transaction.atomic
def open_incident(about: About, *, by: User, owner: User | None = None) -> Incident:
    """Open a mass incident (立群体事件) with one owner. Raises Invalid with fields title, owner."""
    can_open_incident.require(by, None)
    owner = owner or by
    _may_own(owner)
    now = moment.now()
    incident = Incident.objects.create(
        **about.checked(), owner=owner, by=by, at=now, last_activity_at=now
    )
    _enter(incident, EntryKind.CHANGE, _("立为群体事件，负责人：%(name)s") % _named(owner), by=by)
    return incident


@transaction.atomic
def change(incident: Incident, about: About, *, by: User, owner: User | None = None) -> None:
    """Say better what it is about, or give it to another owner."""
    can_run.require(by, incident)
    incident = _held(incident)
    fields = about.checked()
    if owner is not None and owner.pk != incident.owner_id:
        _may_own(owner)
        _enter(incident, EntryKind.CHANGE, _("负责人改为 %(name)s") % _named(owner), by=by)
        Incident.objects.filter(pk=incident.pk).update(owner=owner)
    Incident.objects.filter(pk=incident.pk).update(**fields)
    _touch(incident)


def _may_own(owner: User) -> None:
    if not owner.is_active or not can_open_incident(owner, None):
        sentence = _("负责人要是在职的分级员、组长、主管、经理或督办员，请另选一位")
        raise Invalid(sentence, owner=sentence)


def _named(person: User) -> dict[str, str]:
    return {"name": person.name}


def _held(incident: Incident) -> Incident:
    """The incident as it is now, kept still until commit; refused once it has ended."""
    held = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    if not held.is_open:
        raise Refused(_("这个群体事件已经结束；要继续请先重新打开"))
    return held


def _touch(incident: Incident) -> None:
    Incident.objects.filter(pk=incident.pk).update(last_activity_at=moment.now())


def _enter(incident: Incident, kind: str, text: str, *, by: User) -> Entry:
    return Entry.objects.create(incident=incident, kind=kind, text=text, by=by, at=moment.now())


# --- members ----------------------------------------------------------------------------------


@transaction.atomic
def join(incident: Incident, complaint: Complaint, *, by: User) -> Membership:
    """Make a complaint part of the incident (并入). It keeps its handler, status and clocks."""
    _require_join(by, incident, complaint)
    held = Incident.objects.select_for_update(of=("self",), no_key=True).get(pk=incident.pk)
    if not held.is_open:
        raise Refused(_("这个群体事件已经结束；要继续请先重新打开"))
    if complaint.status in (*rules.GONE, Status.ARC):
        sentence = _("%(number)s 已经结束，不能并入群体事件")
        raise Refused(sentence % {"number": complaint.number})
    there = Membership.objects.lasting().filter(complaint=complaint).first()
    if there is not None:
        raise Refused(_already(there, incident) % {"number": complaint.number})
    member = Membership(incident=incident, complaint=complaint, by=by, at=moment.now())
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError as twice:
        sentence = _("%(number)s 刚刚被别人并入了群体事件，请刷新页面")
        raise Refused(sentence % {"number": complaint.number}) from twice
    _touch(incident)
    record(What.INCIDENT_JOINED, complaint, by=by, incident=incident.pk)
    return member


def _already(there: Membership, incident: Incident) -> str:
    if there.incident_id == incident.pk:
        return _("%(number)s 已经在这个群体事件里")
    return _("%(number)s 已经在另一个群体事件里，请先移出")


def _require_join(by: User, incident: Incident, complaint: Complaint) -> None:
    """Whoever runs the incident takes in what he sees; others what they direct."""
    if not can_run(by, incident):
        can_join.require(by, complaint)


def join_many(incident: Incident, complaints: Iterable[Complaint], *, by: User) -> dict[str, str]:
    """Several at once: by number "" or the sentence of the refusal; one that cannot stops none."""
    return {one.number: tried(join, incident, one, by=by) for one in complaints}


@transaction.atomic
def leave(membership: Membership, *, by: User, reason: str) -> None:
    """Take a complaint out of the incident (移出); within some days it can be put back."""
    _require_join(by, membership.incident, membership.complaint)
    sentence = _("请写明为什么移出")
    reason = said(reason, name="reason", most=rules.LONGEST_REASON, missing=sentence)
    lasting = Membership.objects.lasting().filter(pk=membership.pk)
    if not lasting.update(left_at=moment.now(), left_by=by, left_reason=reason):
        raise Refused(_("这件投诉刚刚已经移出了，请刷新页面"))
    _touch(membership.incident)
    record(What.INCIDENT_LEFT, membership.complaint, by=by, incident=membership.incident_id)


@transaction.atomic
def put_back(membership: Membership, *, by: User) -> None:
    """Undo the leaving: a member since the day it was one."""
    _require_join(by, membership.incident, membership.complaint)
    membership = Membership.objects.select_related("incident", "complaint").get(pk=membership.pk)
    if membership.left_at is None:
        raise Refused(_("这件投诉就在群体事件里，请刷新页面"))
    require_undoable(membership.left_at)
    if not membership.incident.is_open:
        raise Refused(_("这个群体事件已经结束；要继续请先重新打开"))
    try:
        with transaction.atomic():
            Membership.objects.filter(pk=membership.pk).update(
                left_at=None, left_by=None, left_reason=""
            )
    except IntegrityError as elsewhere:
        raise Refused(_("这件投诉已经在另一个群体事件里，请先移出")) from elsewhere
    _touch(membership.incident)
    record(What.INCIDENT_JOINED, membership.complaint, by=by, incident=membership.incident_id)


def proposed(incident: Incident, *, by: User) -> list[Similar]:
    """Open complaints of the last weeks that may belong to it, the likeliest first, as `by` sees
    them: alike to its latest members, else to its title."""
    members = incident.memberships.lasting().select_related("complaint").order_by("-pk")
    texts = [one.complaint.text for one in members[:TEXTS_COMPARED]]
    words = " ".join(filter(None, (incident.title, incident.concerning, incident.region)))
    found: dict[int, Similar] = {}
    for text in texts or [words]:
        for one in known.similar_open(by, text=text, most=MOST_PROPOSED):
            there = found.get(one.complaint.pk)
            if there is None or one.score > there.score:
                found[one.complaint.pk] = one
    taken = set(
        Membership.objects.lasting()
        .filter(complaint__in=found)
        .values_list("complaint_id", flat=True)
    )
    left = [one for pk, one in found.items() if pk not in taken]
    return sorted(left, key=lambda s: (-s.score, -s.complaint.pk))[:MOST_PROPOSED]


# --- progress ---------------------------------------------------------------------------------


@transaction.atomic
def enter(incident: Incident, *, by: User, kind: str, text: str) -> Entry:
    """Write a line of the joint progress. 对外进展 is read by members' customers at the portal;
    联合结论 is the finding for all of them, the last one counts."""
    can_run.require(by, incident)
    if kind not in (EntryKind.NOTE, EntryKind.PROGRESS, EntryKind.FINDING):
        raise Invalid(_("请选择是内部进展、对外进展还是联合结论"), kind=_("请选择"))
    missing = _("请写下进展")
    text = said(text, name="text", most=rules.LONGEST_ENTRY, missing=missing)
    incident = _held(incident)
    entry = _enter(incident, kind, text, by=by)
    if kind == EntryKind.FINDING:
        Incident.objects.filter(pk=incident.pk).update(finding=text)
    _touch(incident)
    return entry


@transaction.atomic
def finish(incident: Incident, *, by: User, text: str) -> None:
    """End the incident: with a finding, and what became of it. Its complaints end by themselves."""
    can_run.require(by, incident)
    text = said(
        text, name="text", most=rules.LONGEST_ENTRY, missing=_("请写明事件怎样了结"), least=4
    )
    incident = _held(incident)
    if not incident.finding:
        raise Refused(_("还没有联合结论，请先写下结论再结束事件"))
    _enter(incident, EntryKind.CHANGE, f"{frozen(IncidentState.ENDED.label)}：{text}", by=by)
    now = moment.now()
    Incident.objects.filter(pk=incident.pk).update(
        state=IncidentState.ENDED, ended_at=now, ended_by=by, last_activity_at=now
    )


@transaction.atomic
def open_again(incident: Incident, *, by: User) -> None:
    """Undo the end, within some days; everything in it is as it was."""
    can_run.require(by, incident)
    incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    if incident.ended_at is None:
        raise Refused(_("这个群体事件没有结束，请刷新页面"))
    require_undoable(incident.ended_at)
    Incident.objects.filter(pk=incident.pk).update(
        state=IncidentState.OPEN, ended_at=None, ended_by=None
    )
    _enter(incident, EntryKind.CHANGE, _("重新打开"), by=by)
    _touch(incident)
