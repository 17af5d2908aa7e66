"""The routing panel and its acts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground import moment
from huiyin.ground.conditions.forms import ConditionField, condition_in
from huiyin.ground.conditions.rules import LONGEST_TYPED
from huiyin.ground.people.models import Team, User
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.views import acted
from huiyin.journey.complaint.words import Status
from huiyin.journey.routing import actions, conditions
from huiyin.journey.routing.permissions import (
    HANDLERS,
    can_accept,
    can_dispatch,
    can_handle,
    can_take,
    can_urge,
)
from huiyin.journey.routing.words import Whom


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any]:
    """Who has it, who had it, and what one may do about that."""
    user, status = request.user, Status(complaint.status)
    working = complaint.may_become(Status.DIS) and status != Status.TRI
    return {
        "complaint": complaint,
        "history": list(complaint.assignments.select_related("team", "assignee", "by")),
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
        "colleagues": colleagues(complaint, user),
        "whom": Whom.choices,
    }


def _standing_in(complaint: Complaint, user: User) -> str:
    """For whom this person acts here, if for anybody."""
    holder = complaint.assignee
    return holder.name if holder and holder != user and actions.stand_in(holder) == user else ""


def colleagues(complaint: Complaint, user: User) -> list[User]:
    """Whom one may hand it to: handlers of this team and of one's own teams."""
    teams = {complaint.team_id, *user.team_ids} - {None}
    found = User.objects.active().with_role(*HANDLERS).filter(teams__in=teams).distinct()
    return [one for one in found if one.pk != complaint.assignee_id]


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


@never_cache
@login_required
@require_POST
def preview(request: HuiyinRequest) -> HttpResponse:
    """Which of the last week's complaints a condition picks. POST, since it is long; it changes
    nothing."""
    condition = condition_in(request.POST.get("condition", ""), conditions.attributes())
    context = {"condition": condition, "words": conditions.in_words(condition)}
    if condition is not None:
        context["found"] = conditions.fitting(request.user, condition, moment.now())
    return render(request, "routing/preview.html", context)


@never_cache
@login_required
@require_GET
def builder(request: HuiyinRequest) -> HttpResponse:
    """The condition builder as a part of another page: fetched when somebody wants it."""
    field = ConditionField(conditions.attributes, preview=reverse("routing:preview"))
    shown = field.widget.render("cond", request.GET.get("cond", "")[:LONGEST_TYPED], {"id": "cond"})
    return HttpResponse(shown)
