"""The triage panel of the complaint page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.triage import actions, knowledge, shown
from huiyin.journey.triage.forms import RejectionForm, TriageForm
from huiyin.journey.triage.permissions import can_reject, can_triage
from huiyin.journey.triage.words import Scope, Source, Urgency


def panel(
    request: HuiyinRequest, complaint: Complaint, form: TriageForm | None = None
) -> dict[str, Any]:
    """What was read and decided, with its reasons, and the form to confirm or correct it."""
    latest = next(iter(shown.triages(complaint)), None)
    may = complaint.is_open and can_triage(request.user, complaint)
    may_reject = complaint.may_become("REJ") and can_reject(request.user, complaint)  # type: ignore[arg-type]
    context: dict[str, Any] = {
        "complaint": complaint,
        "triage": latest,
        "category": knowledge.current().path(complaint.category),
        "may_triage": may,
        "may_reject": may_reject,
        "rejection": getattr(complaint, "rejection", None) if complaint.status == "REJ" else None,
    }
    if latest is not None:
        by_hand = latest.source == Source.HUMAN
        context |= {
            "reasons": shown.reasons(latest.points),
            "risks": shown.chips(latest.risks, conduct=latest.conduct),
            "feeling": shown.feeling(latest.emotion, latest.intensity),
            "urgency": shown.label_of(Urgency, latest.urgency),
            "scope": shown.label_of(Scope, latest.scope),
            "by_hand": by_hand,
            "percent": round(100 * latest.confidence),
            "others": [
                s for s in shown.suggestions(latest.guesses) if s.code != complaint.category
            ],
            "first_steps": shown.first_steps(complaint.category, latest.risks),
        }
    if may:
        context["form"] = form or TriageForm(
            initial={
                "category": complaint.category,
                "severity": complaint.severity,
                "seen": latest.pk if latest else None,
            }
        )
        context["form_open"] = form is not None
    if may_reject:
        context["rejection_form"] = RejectionForm()
    return context


@login_required
@require_POST
def triage(request: HuiyinRequest, number: str) -> HttpResponse:
    """Confirm or correct."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    form = TriageForm(request.POST)
    if not form.is_valid():
        context = panel(request, complaint, form)
        return render(request, "triage/panel.html", context, status=422)
    actions.confirm(complaint, by=request.user, **form.cleaned_data)
    return changed(_("分级已确认"))


@login_required
@require_POST
def rejection(request: HuiyinRequest, number: str) -> HttpResponse:
    """Do not take the complaint up."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    form = RejectionForm(request.POST)
    if not form.is_valid():
        context = panel(request, complaint) | {"rejection_form": form, "rejection_open": True}
        return render(request, "triage/panel.html", context, status=422)
    actions.reject(complaint, by=request.user, **form.cleaned_data)
    return changed(_("已决定不予受理，并将告知客户其他途径"))
