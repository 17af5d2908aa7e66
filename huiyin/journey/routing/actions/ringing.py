"""The green channel: an S1 calls those on duty until one accepts, rung by rung (绿色通道)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.actions import barred_from, let_in
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import SEES_ALL, SEES_TEAM, Complaint
from huiyin.journey.complaint.words import Severity, Status, What
from huiyin.journey.routing.actions.giving import give
from huiyin.journey.routing.actions.settling import ended
from huiyin.journey.routing.models import Ring, RingCall, Rung
from huiyin.journey.routing.people import all_on_duty
from huiyin.journey.routing.permissions import can_answer
from huiyin.journey.routing.words import How, Post, RingEnd, Why

MOST_AT_ONCE = 100  # rings passed on by one run; the next run takes the rest


def ring(complaint: Complaint, *, team: Team, by: User) -> bool:
    """Call the first rung on which somebody is; the first of them has it until one accepts.

    False when nobody can be called: then it goes the ordinary way.
    """
    now = moment.now()
    if not complaint._state.adding and (before := complaint.rings.lasting().first()):
        ended(before, RingEnd.STOPPED, now)  # another team's people are called now
    found = _next(complaint, team, after=-1, now=now, known=())
    if found is None:
        return False
    rung, people = found
    why = [{"why": Why.ON_DUTY, "post": frozen(Post(rung.post).label)}]
    give(complaint, team=team, to=people[0], by=by, how=How.GREEN, why=why)
    lasting = Ring.objects.create(
        complaint=complaint,
        rung=rung.position,
        post=rung.post,
        started_at=now,
        passes_at=now + timedelta(minutes=rung.minutes),
    )
    _call(lasting, rung, people, now)
    _tell(What.RUNG, complaint, rung, people, by=by)
    return True


@transaction.atomic
def answer(complaint: Complaint, *, by: User) -> None:
    """Accept an S1 that calls (接办): it is one's own and signed for. Of two, one gets it."""
    from huiyin.journey.routing.actions.by_people import accept

    can_answer.require(by, complaint)
    _hold(complaint.pk)
    lasting = complaint.rings.lasting().first()
    if lasting is None:
        raise Refused(_taken(complaint))
    if complaint.assignee != by:
        team = complaint.team
        assert team is not None  # a call is always for a team's complaint
        why = [{"why": Why.ON_DUTY, "post": frozen(Post(lasting.post).label)}]
        give(complaint, team=team, to=by, by=by, how=How.GREEN, why=why)
    accept(complaint, by=by)


def _taken(complaint: Complaint) -> str:
    last = complaint.rings.select_related("accepted_by").last()
    if last is not None and last.accepted_by is not None:
        return _("%(name)s 已经接办了，谢谢") % {"name": last.accepted_by.name}
    return _("这条投诉已经不在呼叫中，请刷新页面查看最新进展")


def pass_rings() -> int:
    """Call the next rung of every ring whose time is over. Each once, however many workers."""
    now = moment.now()
    due = Ring.objects.lasting().filter(passes_at__lte=now).order_by("passes_at")
    rows = due.values_list("pk", "complaint")[:MOST_AT_ONCE]
    return sum(_pass(pk, complaint_id, now) for pk, complaint_id in rows)


def _hold(complaint_id: int, *, patient: bool = True) -> bool:
    """The complaint first, as every act does, then its ring: no two wait for each other."""
    rows = Complaint.objects.select_for_update(no_key=True, skip_locked=not patient)
    return bool(list(rows.filter(pk=complaint_id).values_list("pk")))


@transaction.atomic
def _pass(pk: int, complaint_id: int, now: datetime) -> bool:
    if not _hold(complaint_id, patient=False):
        return False  # somebody acts on it right now; the next run looks again
    lasting = Ring.objects.lasting().filter(pk=pk, passes_at__lte=now).first()
    if lasting is None:
        return False  # another worker was first, or somebody accepted
    complaint = Complaint.objects.select_related("team", "assignee").get(pk=complaint_id)
    lasting.complaint = complaint
    if complaint.status != Status.DIS or complaint.severity != Severity.S1:
        ended(lasting, RingEnd.STOPPED, now)
        return False
    known = set(lasting.calls.values_list("person", flat=True))
    found = _next(complaint, complaint.team, after=lasting.rung, now=now, known=known)
    if found is None:  # nobody else: it goes on calling whoever was called
        Ring.objects.filter(pk=pk).update(passes_at=None)
        _tell(What.RING_PASSED, complaint, None, [], by=User.objects.system())
        return True
    rung, people = found
    passes_at = now + timedelta(minutes=rung.minutes)
    Ring.objects.filter(pk=pk).update(rung=rung.position, post=rung.post, passes_at=passes_at)
    _call(lasting, rung, people, now)
    _tell(What.RING_PASSED, complaint, rung, people, by=User.objects.system())
    return True


def _next(
    complaint: Complaint,
    team: Team | None,
    *,
    after: int,
    now: datetime,
    known: Iterable[int],
) -> tuple[Rung, list[User]] | None:
    """The next rung on which there is somebody who was not called yet and is not barred."""
    gone = {*known, *barred_from(complaint)}
    for rung in Rung.objects.live().filter(position__gt=after):
        on_duty = all_on_duty(rung.post, team=team, now=now)
        if people := [person for person in on_duty if person.pk not in gone]:
            return rung, people
    return None


def _call(lasting: Ring, rung: Rung, people: list[User], now: datetime) -> None:
    complaint = lasting.complaint
    others = [person for person in people if person.pk != complaint.assignee_id]
    strangers = [person for person in others if not _sees(person, complaint)]
    RingCall.objects.bulk_create(
        RingCall(ring=lasting, person=p, post=rung.post, let_in=p in strangers, at=now)
        for p in people
    )
    if strangers:
        let_in(complaint, strangers, by=User.objects.system())


def _sees(person: User, complaint: Complaint) -> bool:
    """Without a question: the complaint may not be in the table yet."""
    if complaint.restricted:
        return False
    in_team = person.has_role(*SEES_TEAM) and complaint.team_id in person.team_ids
    return in_team or person.has_role(*SEES_ALL)


def _tell(
    what: What, complaint: Complaint, rung: Rung | None, people: list[User], *, by: User
) -> None:
    record(
        what,
        complaint,
        by=by,
        post=frozen(Post(rung.post).label) if rung else "",
        minutes=rung.minutes if rung else 0,
        people=[person.pk for person in people],
        to="、".join(person.name for person in people),
    )
