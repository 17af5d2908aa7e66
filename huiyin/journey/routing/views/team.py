"""The team: who is here, who carries what, who is away until when, and handing over all of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Role
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.lifecycle import OPEN
from huiyin.journey.routing import actions, rules
from huiyin.journey.routing.forms import AbsenceForm
from huiyin.journey.routing.models import Absence, PersonSkill
from huiyin.journey.routing.permissions import HANDLERS, can_relieve

MOST_SHOWN = 200


def led_by(user: User) -> QuerySet[User]:
    """Those whose work one arranges: managers everybody's, leads and supervisors their teams'."""
    handlers: QuerySet[User] = User.objects.active().with_role(*HANDLERS)
    if user.has_role(Role.MANAGER):
        return handlers
    if user.has_role(Role.LEAD, Role.SUPERVISOR):
        of_teams: QuerySet[User] = handlers.filter(teams__in=user.team_ids).distinct()
        return of_teams
    return handlers.none()


def absences_shown_to(user: User) -> QuerySet[Absence]:
    """One's own and those of the people one leads, as long as they are not over."""
    whose = Q(person=user) | Q(person__in=led_by(user).values("pk"))
    planned = Absence.objects.not_over(moment.now()).filter(whose, ended_at=None)
    return planned.select_related("person", "deputy")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def team(request: HuiyinRequest) -> HttpResponse:
    """My team; or a new absence."""
    user = request.user
    form = _form(request, request.POST or None)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        person = typed.pop("person")
        done = form.take(lambda: actions.arrange_absence(person, by=user, **typed))
        if done:
            messages.success(request, _("已安排 %(name)s 离岗") % {"name": person.name})
            return redirect("routing:team")
    context = _shown(request) | {"form": form}
    status = form.status if form.is_bound else 200
    return render(request, "routing/team.html", context, status=status)


def _form(request: HuiyinRequest, typed: Any = None) -> AbsenceForm:
    user = request.user
    mine = User.objects.filter(Q(pk=user.pk) | Q(pk__in=led_by(user).values("pk")))
    deputies = User.objects.active().exclude(roles=[])
    initial = {"person": user.pk}
    return AbsenceForm(typed, people=mine, deputies=deputies, initial=initial)


def _shown(request: HuiyinRequest) -> dict[str, Any]:
    user = request.user
    teams = Team.objects.filter(retired_at=None)
    if not user.has_role(Role.MANAGER):
        teams = teams.filter(pk__in=user.team_ids)
    asked = request.GET.get("team", "")
    chosen = int(asked) if asked.isdecimal() and len(asked) < 10 else None
    led = led_by(user)
    return {
        "members": _members(led.filter(teams=chosen) if chosen else led),
        "teams": teams,
        "chosen": chosen,
        "absences": absences_shown_to(user)[:MOST_SHOWN],
        "colleagues": led,
    }


def _members(people: QuerySet[User]) -> list[User]:
    """With what each carries, counted over open rows."""
    is_open = Q(assigned__status__in=OPEN)
    grave = is_open & Q(assigned__severity__in=rules.GRAVE)
    skills = Prefetch("skills", PersonSkill.objects.select_related("skill"))
    counted = User.objects.filter(pk__in=people.values("pk")).annotate(
        carries=Count("assigned", filter=is_open), grave=Count("assigned", filter=grave)
    )
    return list(
        counted.select_related("deputy")
        .prefetch_related("teams", skills)
        .order_by("name")[:MOST_SHOWN]
    )


@login_required
@require_POST
def absence_end(request: HuiyinRequest, pk: int) -> HttpResponse:
    """It will not be, or ends now."""
    absence = get_object_or_404(absences_shown_to(request.user), pk=pk)
    actions.cancel_absence(absence, by=request.user)
    messages.success(request, _("已取消 %(name)s 的离岗安排") % {"name": absence.person.name})
    return redirect("routing:team")


@login_required
@require_POST
def relief(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Everything that a person has goes to others."""
    person = get_object_or_404(User.objects.people(), pk=pk)
    can_relieve.require(request.user, person)
    to_pk = request.POST.get("to", "")
    handlers = User.objects.active().with_role(*HANDLERS)
    to = get_object_or_404(handlers, pk=to_pk) if to_pk.isdecimal() else None
    note = request.POST.get("note", "")
    outcomes = actions.relieve(person, by=request.user, to=to, note=note)
    refused = {number: said for number, said in outcomes.items() if said}
    done = len(outcomes) - len(refused)
    messages.success(request, ngettext("已移交 %(n)s 件", "已移交 %(n)s 件", done) % {"n": done})
    if not refused:
        return redirect("routing:team")
    context = _shown(request) | {"form": _form(request), "refused": refused, "person": person}
    return render(request, "routing/team.html", context)
