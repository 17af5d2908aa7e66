"""The library of cases, and judging what was proposed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.closure import actions, lists
from huiyin.journey.closure.models import Case
from huiyin.journey.closure.permissions import can_judge_case
from huiyin.journey.closure.words import CaseState
from huiyin.journey.complaint.models import Complaint


@login_required
@require_GET
def cases(request: HuiyinRequest) -> HttpResponse:
    asked = lists.Asked.read(request.GET)
    rows, after = lists.page(request.user, asked)
    context: dict[str, Any] = {
        "rows": rows,
        "asked": asked,
        "after": after,
        "query": urlencode(asked.query()),
        "states": CaseState.choices,
    }
    template = "closure/case_rows.html" if request.GET.get("after") else "closure/cases.html"
    return render(request, template, context)


def _seen(request: HuiyinRequest, pk: int) -> Case:
    found: Case = get_object_or_404(
        Case.objects.visible_to(request.user).select_related("by", "judged_by", "complaint"), pk=pk
    )
    return found


@login_required
@require_GET
def case(request: HuiyinRequest, pk: int) -> HttpResponse:
    """One case; whoever judges it edits it here."""
    found = _seen(request, pk)
    judges = can_judge_case(request.user, found) and found.by_id != request.user.pk
    context = {
        "case": found,
        "topic": actions.topic_of(found),
        "may_judge": judges and found.state == CaseState.DRAFT,
    }
    return render(request, "closure/case.html", context)


@login_required
@require_POST
def case_proposal(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    actions.propose_case(complaint, by=request.user, lesson=request.POST.get("lesson", ""))
    return changed(_("已推荐，等质检员或培训师审核"))


@login_required
@require_POST
def case_acceptance(request: HuiyinRequest, pk: int) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("title", "story", "handling", "lesson")}
    actions.accept_case(_seen(request, pk), by=request.user, **typed)
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


@login_required
@require_POST
def case_refusal(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.refuse_case(_seen(request, pk), by=request.user, note=request.POST.get("note", ""))
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})
