"""Handing over everything of somebody who leaves or is ill, and planned absences."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Presence
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.actions import barred_from, refuse_barred
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import said
from huiyin.journey.routing import rules
from huiyin.journey.routing.actions.by_people import team_for, tried
from huiyin.journey.routing.actions.choosing import best_in, is_angry
from huiyin.journey.routing.actions.giving import give, into_pool, now_with
from huiyin.journey.routing.models import Absence, Assignment
from huiyin.journey.routing.permissions import (
    HANDLERS,
    can_arrange_absence,
    can_handle,
    can_relieve,
)
from huiyin.journey.routing.rules import Reason
from huiyin.journey.routing.words import How

MOST_AT_ONCE = 200
LONGEST_REASON = 120


def relieve(person: User, *, by: User, to: User | None, note: str) -> dict[str, str]:
    """Hand over everything that somebody has: to one colleague, or to whoever fits best of each
    team. By number, "" or why it stays; one that cannot go stops none of the others."""
    can_relieve.require(by, person)
    sentence = _("请写明移交原因，接手的人会看到")
    note = said(note, name="note", most=rules.LONGEST_NOTE, missing=sentence)
    if to is not None and (to.pk == person.pk or not to.has_role(*HANDLERS)):
        raise Invalid(_("请选择另一位处理人员"), to=_("请选择另一位处理人员"))
    visible = Complaint.objects.visible_to(by).open().filter(assignee=person).order_by("pk")
    rows = visible.select_related("team", "assignee")[:MOST_AT_ONCE]
    return {
        complaint.number: tried(_hand_on, complaint, by=by, had=person, to=to, note=note)
        for complaint in rows
    }


def _hand_on(
    complaint: Complaint, *, by: User, had: User, to: User | None, note: str
) -> Assignment | None:
    can_handle.require(by, complaint)
    team, why = complaint.team, list[Reason]()
    if to is not None:
        team = team_for(to, complaint)
    if team is None:
        raise Refused(_("这条投诉没有小组，请单独改派"))
    if to is None:
        to, why = best_in(team, complaint, but={had.pk, *barred_from(complaint)})
    note = _("代 %(name)s；%(note)s") % {"name": had.name, "note": note}
    note = note[: rules.LONGEST_NOTE]
    how = How.RELIEF
    if to is not None and (complaint.status == Status.DIS or complaint.may_become(Status.DIS)):
        what = What.DISPATCHED if complaint.status == Status.DIS else What.HANDED_OVER
        return give(complaint, team=team, to=to, by=by, how=how, reason=note, what=what, why=why)
    if to is not None:
        return _in_its_place(complaint, team=team, to=to, by=by, note=note, why=why)
    if complaint.status != Status.DIS:
        raise Refused(_("%(team)s 现在没有别人在岗，请指定一位同事") % {"team": team.name})
    into_pool(complaint, team=team, by=by, how=how, reason=note)
    return None


def _in_its_place(
    complaint: Complaint, *, team: Team, to: User, by: User, note: str, why: list[Reason]
) -> Assignment:
    """What waits for an approval, a payment or a visit goes on waiting, with another person."""
    refuse_barred(complaint, to)
    now_with(complaint, team=team, to=to, how=How.RELIEF)
    now = moment.now()
    assignment = Assignment.objects.create(
        complaint=complaint,
        team=team,
        assignee=to,
        how=How.RELIEF,
        by=by,
        reason=note,
        severity=complaint.severity,
        angry=is_angry(complaint),
        why=why,
        at=now,
        accepted_at=now,
    )
    record(
        What.DISPATCHED, complaint, by=by, team=team.name, to=to.name, how=How.RELIEF, reason=note
    )
    return assignment


# --- planned absences ----------------------------------------------------------------------------


@transaction.atomic
def arrange_absence(
    person: User,
    *,
    by: User,
    starts_at: datetime,
    ends_at: datetime,
    deputy: User | None,
    reason: str = "",
) -> Absence:
    """Somebody will be away from then until then, and who stands in (离岗安排)."""
    can_arrange_absence.require(by, person)
    reason = said(reason, name="reason", most=LONGEST_REASON)
    User.objects.select_for_update().get(pk=person.pk)  # of two plans the second sees the first
    now = moment.now()
    if ends_at <= starts_at:
        raise Invalid(_("结束要晚于开始"), ends_at=_("结束要晚于开始"))
    if ends_at <= now:
        raise Invalid(_("这段时间已经过去了"), ends_at=_("请选择以后的时间"))
    _deputy_can(person, deputy, starts_at, ends_at)
    if _absent(person, starts_at, ends_at):
        raise Refused(_("%(name)s 这段时间已经安排了离岗") % {"name": person.name})
    absence = Absence.objects.create(
        person=person, deputy=deputy, starts_at=starts_at, ends_at=ends_at, reason=reason, by=by
    )
    if starts_at <= now:
        _begin(absence, now)
    return absence


def _deputy_can(person: User, deputy: User | None, starts_at: datetime, ends_at: datetime) -> None:
    if deputy is None:
        return
    if deputy.pk == person.pk or not deputy.is_active:
        raise Invalid(_("请选择另一位在用的同事作代理人"), deputy=_("请选择另一位同事"))
    if _absent(deputy, starts_at, ends_at):
        sentence = _("%(name)s 那段时间也离岗，请选择另一位同事")
        raise Invalid(sentence % {"name": deputy.name}, deputy=_("请选择另一位同事"))


def _absent(person: User, starts_at: datetime, ends_at: datetime) -> bool:
    planned = Absence.objects.filter(person=person, cancelled_at=None, ended_at=None)
    return planned.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists()


@transaction.atomic
def cancel_absence(absence: Absence, *, by: User) -> None:
    """It will not be, or ends now; twice is once."""
    can_arrange_absence.require(by, absence.person)
    absence = Absence.objects.select_for_update().get(pk=absence.pk)
    if absence.cancelled_at is not None or absence.ended_at is not None:
        return
    now = moment.now()
    Absence.objects.filter(pk=absence.pk).update(cancelled_at=now)
    if absence.began_at is not None:
        _finish(absence, now)


def follow_absences() -> int:
    """Begin and end what is planned. Twice is once."""
    now = moment.now()
    lasting = Absence.objects.filter(cancelled_at=None, ended_at=None)
    due = [*lasting.filter(began_at=None, starts_at__lte=now), *lasting.filter(ends_at__lte=now)]
    return sum(_follow(absence.pk, now) for absence in due)


@transaction.atomic
def _follow(pk: int, now: datetime) -> bool:
    found = Absence.objects.select_for_update(skip_locked=True, of=("self",))
    absence = found.filter(pk=pk, cancelled_at=None, ended_at=None).first()
    if absence is None:
        return False
    if absence.ends_at <= now:
        _finish(absence, now)
    elif absence.began_at is None:
        _begin(absence, now)
    return True


def _begin(absence: Absence, now: datetime) -> None:
    person = User.objects.select_for_update(of=("self",)).get(pk=absence.person_id)
    absence.usual_deputy_id = person.deputy_id
    absence.began_at = now
    absence.save(update_fields=["usual_deputy", "began_at"])
    person.presence = Presence.AWAY
    if absence.deputy_id is not None:
        person.deputy_id = absence.deputy_id
    person.save(update_fields=["presence", "deputy"])


def _finish(absence: Absence, now: datetime) -> None:
    """The usual deputy again. That one is here again, each says himself."""
    Absence.objects.filter(pk=absence.pk).update(ended_at=now)
    if absence.began_at is not None and absence.deputy_id is not None:
        his = User.objects.filter(pk=absence.person_id, deputy=absence.deputy_id)
        his.update(deputy=absence.usual_deputy_id)
