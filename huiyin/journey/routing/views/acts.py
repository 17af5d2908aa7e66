"""The routing panel and its acts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.ground.people.models import Team, User
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.views import acted
from huiyin.journey.complaint.words import Severity, Status
from huiyin.journey.routing import actions, why
from huiyin.journey.routing.models import Ring
from huiyin.journey.routing.permissions import (
    HANDLERS,
    can_accept,
    can_answer,
    can_change_owner,
    can_dispatch,
    can_handle,
    can_pull_back,
    can_take,
    can_urge,
)
from huiyin.journey.routing.words import Whom


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any]:
    """Who has it, who had it, and what one may do about that."""
    user, status = request.user, Status(complaint.status)
    working = complaint.may_become(Status.DIS) and status != Status.TRI
    team_mates = colleagues(complaint, user)
    history = list(complaint.assignments.select_related("team", "assignee", "by"))
    return {
        "complaint": complaint,
        "history": history,
        "why": why.in_words(history[-1].why) if history and not history[-1].ended_at else [],
        "owner": _owner(complaint, user),
        "may_change_owner": complaint.is_open and can_change_owner(user, complaint),
        "ring": ring_of(complaint),
        "may_answer": _calls(complaint) and can_answer(user, complaint),
        "may_pull_back": status == Status.DIS and can_pull_back(user, complaint),
        "urgings": complaint.urgings.count(),
        "may_take": status == Status.TRI
        and not complaint.assignee_id
        and can_take(user, complaint),
        "may_accept": status == Status.DIS and can_accept(user, complaint),
        "may_return": status == Status.DIS and can_handle(user, complaint),
        "may_hand_over": working and can_handle(user, complaint),
        "stands_in": _standing_in(complaint, user),
        "may_dispatch": (
            complaint.is_open
            and status not in (Status.NEW, Status.REG)
            and (status in (Status.TRI, Status.DIS) or working)
            and can_dispatch(user, complaint)
        ),
        "may_wait": complaint.may_become(Status.WCU) and can_handle(user, complaint),
        "may_resume": status in (Status.WCU, Status.W3P) and can_handle(user, complaint),
        "may_urge": complaint.is_open and can_urge(user, complaint),
        "teams": Team.objects.filter(retired_at=None),
        "colleagues": [one for one in team_mates if one.pk != complaint.assignee_id],
        "owners": [one for one in team_mates if one.pk != complaint.owner_id],
        "whom": Whom.choices,
    }


def _owner(complaint: Complaint, user: User) -> User | None:
    """Whoever answers to the customer; a question only when it is somebody else altogether."""
    known = {one.pk: one for one in (user, complaint.assignee) if one is not None}
    return known.get(complaint.owner_id or 0) or complaint.owner


def _calls(complaint: Complaint) -> bool:
    """An S1 that waits for a signature may be calling."""
    return complaint.severity == Severity.S1 and complaint.status == Status.DIS


def ring_of(complaint: Complaint) -> Ring | None:
    """The call that lasts, with everybody whom it has called."""
    if not _calls(complaint):
        return None
    return complaint.rings.lasting().prefetch_related("calls__person").first()


def _standing_in(complaint: Complaint, user: User) -> str:
    """For whom this person acts here, if for anybody."""
    holder = complaint.assignee
    return holder.name if holder and holder != user and actions.stand_in(holder) == user else ""


def colleagues(complaint: Complaint, user: User) -> list[User]:
    """Whom one may choose from: handlers of this team and of one's own teams."""
    teams = {complaint.team_id, *user.team_ids} - {None}
    return list(User.objects.active().with_role(*HANDLERS).filter(teams__in=teams).distinct())


def _seen(request: HuiyinRequest, number: str) -> Complaint:
    visible = Complaint.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("team", "assignee"), number=number)


def _team(request: HuiyinRequest, name: str = "team") -> Team | None:
    asked = request.POST.get(name, "")
    return get_object_or_404(Team, pk=asked) if asked.isdecimal() else None


def _person(request: HuiyinRequest) -> User | None:
    asked = request.POST.get("to", "")
    return get_object_or_404(User.objects.active(), pk=asked) if asked.isdecimal() else None


@login_required
@require_POST
def assignment(request: HuiyinRequest, number: str) -> HttpResponse:
    """Dispatch: to a team, or to a person of it."""
    complaint = _seen(request, number)
    team = _team(request) or complaint.team
    actions.dispatch(
        complaint,
        by=request.user,
        team=team or get_object_or_404(Team, code=actions.DESK),
        to=_person(request),
        note=request.POST.get("note", ""),
        had=request.POST.get("had", actions.UNSEEN),
    )
    return acted(request, complaint, _("已派单"))


@login_required
@require_POST
def taking(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = _seen(request, number)
    actions.take(complaint, by=request.user)
    return acted(request, complaint, _("已领取，由您负责"))


@login_required
@require_POST
def acceptance(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = _seen(request, number)
    actions.accept(complaint, by=request.user)
    return acted(request, complaint, _("已签收"))


@login_required
@require_POST
def handover(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = _seen(request, number)
    asked = request.POST.get("to", "")
    to = User.objects.active().filter(pk=asked).first() if asked.isdecimal() else None
    given = actions.hand_over(
        complaint,
        by=request.user,
        to=to,
        note=request.POST.get("note", ""),
        had=request.POST.get("had", actions.UNSEEN),
    )
    return acted(request, complaint, _("已转派给 %(name)s") % {"name": given.assignee})


@login_required
@require_POST
def returning(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = _seen(request, number)
    reason = request.POST.get("reason", "")
    actions.give_back(complaint, by=request.user, reason=reason, team=_team(request))
    return acted(request, complaint, _("已退回"))


@login_required
@require_POST
def waiting(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = _seen(request, number)
    whom, reason = request.POST.get("whom", ""), request.POST.get("reason", "")
    actions.wait(complaint, by=request.user, whom=whom, reason=reason)
    return acted(request, complaint, _("已转为等待"))


@login_required
@require_POST
def resumption(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = _seen(request, number)
    actions.resume(complaint, by=request.user)
    return acted(request, complaint, _("已恢复办理"))


@login_required
@require_POST
def urging(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = _seen(request, number)
    actions.urge(
        complaint,
        by=request.user,
        words=request.POST.get("words", ""),
        by_customer=bool(request.POST.get("by_customer")),
    )
    return acted(request, complaint, _("已催办"))


@login_required
@require_POST
def escalation(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = _seen(request, number)
    actions.escalate(complaint, by=request.user, reason=request.POST.get("reason", ""))
    return acted(request, complaint, _("已升级，值班主管会收到通知"))


@login_required
@require_POST
def pulling_back(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = _seen(request, number)
    actions.pull_back(complaint, by=request.user, reason=request.POST.get("reason", ""))
    return acted(request, complaint, _("已收回"))


@login_required
@require_POST
def owner(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = _seen(request, number)
    to = _person(request)
    actions.change_owner(complaint, by=request.user, to=to, reason=request.POST.get("reason", ""))
    return acted(request, complaint, _("已变更首接负责人"))
