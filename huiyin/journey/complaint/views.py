"""What pages of a complaint share, and the panel of who may see it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.complaint import actions
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.permissions import can_bar, can_lift, can_restrict
from huiyin.journey.complaint.words import Sight, What

# Who works on complaints can find that this one concerns him.
DOERS = (
    Role.AGENT,
    Role.SPECIALIST,
    Role.TRIAGER,
    Role.LEAD,
    Role.SUPERVISOR,
    Role.MANAGER,
    Role.VISITOR,
    Role.SUPERVISION,
)


def acted(request: HuiyinRequest, complaint: Complaint, sentence: str) -> HttpResponse:
    """An act went well. Who no longer sees the complaint (it waited for him only) goes home."""
    if Complaint.objects.visible_to(request.user).filter(pk=complaint.pk).exists():
        return changed(sentence)
    messages.success(request, sentence)
    return HttpResponse(status=204, headers={"HX-Redirect": settings.LOGIN_REDIRECT_URL})


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any] | None:
    """Who is named for it and who is barred from it; nothing where nobody may or need know."""
    user = request.user
    may_restrict, may_bar = can_restrict(user, complaint), can_bar(user, complaint)
    may_stand_aside = complaint.is_open and user.has_role(*DOERS)
    if not (complaint.restricted or may_restrict or may_bar or may_stand_aside):
        return None
    rows = list(complaint.access.select_related("user").order_by("user__name"))
    barred = [row for row in rows if row.sight == Sight.BARRED]
    why = _why(complaint) if barred else {}
    return {
        "complaint": complaint,
        "named": [row.user for row in rows if row.sight == Sight.NAMED],
        "barred": [(row, why.get(row.user_id, "")) for row in barred],
        "may_restrict": may_restrict,
        "may_lift": complaint.restricted and can_lift(user, complaint),
        "may_bar": may_bar,
        "may_stand_aside": may_stand_aside,
        "people": User.objects.active().exclude(roles=[]) if may_restrict or may_bar else [],
    }


def _why(complaint: Complaint) -> dict[int, str]:
    """The reason last given for each who is barred."""
    told = complaint.events.filter(what=What.BARRED).order_by("pk").values_list("facts", flat=True)
    return {facts["person"]: facts["reason"] for facts in told}


@login_required
@require_POST
def restriction(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    asked = [int(pk) for pk in request.POST.getlist("people") if pk.isdecimal()]
    people = User.objects.active().filter(pk__in=asked)
    reason = request.POST.get("reason", "")
    actions.restrict(complaint, by=request.user, people=people, reason=reason)
    return acted(request, complaint, _("已限制查看，只有名单上的人看得到"))


@login_required
@require_POST
def lifting(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    actions.lift(complaint, by=request.user, reason=request.POST.get("reason", ""))
    return acted(request, complaint, _("已解除查看限制"))


@login_required
@require_POST
def barring(request: HuiyinRequest, number: str) -> HttpResponse:
    """Bar a person; without one, oneself (自请回避)."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    person = _person(request) if request.POST.get("person") else request.user
    reason = request.POST.get("reason", "")
    actions.bar(complaint, by=request.user, person=person, reason=reason)
    return acted(request, complaint, _("%(name)s 已回避这件投诉") % {"name": person.name})


@login_required
@require_POST
def unbarring(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    person = _person(request)
    reason = request.POST.get("reason", "")
    actions.unbar(complaint, by=request.user, person=person, reason=reason)
    return changed(_("已解除 %(name)s 的回避") % {"name": person.name})


def _person(request: HuiyinRequest) -> User:
    asked = request.POST.get("person", "")
    pk = asked if asked.isdecimal() and len(asked) < 10 else 0
    person: User = get_object_or_404(User.objects.people(), pk=pk)
    return person
