"""Mediation on the complaint page: that it was begun, and what came of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.ground.web.panels import rows
from huiyin.journey.closure import actions
from huiyin.journey.closure.models import Mediation, MediationPaper, Mediator
from huiyin.journey.closure.permissions import can_mediate
from huiyin.journey.closure.words import MediationOutcome
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.views import acted
from huiyin.journey.complaint.words import Status
from huiyin.journey.conversation.permissions import can_open_evidence
from huiyin.journey.resolution.models import Offer

ALSO = ("mediator", "by", "end__by")


def shown(complaint: Complaint, user: User) -> dict[str, Any]:
    """What the closure panel tells of mediation, and what this reader can do about it."""
    found = rows(complaint, "mediations", lambda all_: all_.select_related(*ALSO))
    is_going_on = any(one.outcome is None for one in found)
    may = can_mediate(user, complaint)
    begins = may and complaint.status in actions.MEDIATED and not is_going_on
    ends = may and is_going_on and (complaint.is_open or complaint.status == Status.MRG)
    papers = _papers(complaint, user) if found else {}
    today = moment.today()
    return {
        "mediations": [
            {
                "it": one,
                "papers": papers.get(one.pk, []),
                "is_late": one.outcome is None and one.due_on is not None and one.due_on < today,
                "offers": _offers(complaint, one),
                "may_end": ends and one.outcome is None,
            }
            for one in found
        ],
        "may_mediate": begins,
    }


def _papers(complaint: Complaint, user: User) -> dict[int, list[tuple[MediationPaper, bool]]]:
    """By mediation, each with whether this reader may open it."""
    found: dict[int, list[tuple[MediationPaper, bool]]] = {}
    of_it = MediationPaper.objects.filter(mediation__complaint=complaint)
    for one in of_it.select_related("evidence"):
        one.evidence.complaint = complaint
        may = can_open_evidence(user, one.evidence)
        found.setdefault(one.mediation_id, []).append((one, may))
    return found


def _offers(complaint: Complaint, mediation: Mediation) -> list[Offer]:
    """What was offered since an agreement: by these it is carried out."""
    ending = mediation.outcome
    if ending is None or not ending.owes:
        return []
    return [one for one in rows(complaint, "offers") if one.at >= ending.at]


def _seen(request: HuiyinRequest, number: str) -> Complaint:
    visible = Complaint.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("customer"), number=number)


@login_required
@require_http_methods(["GET", "POST"])
def mediations(request: HuiyinRequest, number: str) -> HttpResponse:
    """GET: the form; POST: it was begun."""
    complaint = _seen(request, number)
    if request.method == "GET":
        can_mediate.require(request.user, complaint)
        usable = list(Mediator.objects.filter(enabled=True))
        context = {"complaint": complaint, "mediators": usable, "today": moment.today()}
        return render(request, "closure/mediation/begin.html", context)
    post = request.POST
    mediator = Mediator.objects.filter(enabled=True, code=post.get("mediator", "")[:40]).first()
    actions.begin_mediation(
        complaint,
        by=request.user,
        mediator=mediator,
        begun_on=_day(post.get("begun_on", ""), "begun_on"),
        body=post.get("body", ""),
        reference=post.get("reference", ""),
        note=post.get("note", ""),
        files=request.FILES.getlist("files"),
    )
    return changed(_("已登记调解"))


@login_required
@require_http_methods(["GET", "POST"])
def outcome(request: HuiyinRequest, number: str, mediation_id: int) -> HttpResponse:
    """GET: the form; POST: what came of it."""
    complaint = _seen(request, number)
    mediation = get_object_or_404(complaint.mediations, pk=mediation_id)
    mediation.complaint = complaint
    if request.method == "GET":
        can_mediate.require(request.user, complaint)
        context = {"complaint": complaint, "it": mediation, "today": moment.today()}
        context["outcomes"] = MediationOutcome.choices
        return render(request, "closure/mediation/end.html", context)
    post = request.POST
    actions.end_mediation(
        mediation,
        by=request.user,
        outcome=post.get("outcome", ""),
        words=post.get("words", ""),
        owes=post.get("owes") == "1",
        ended_on=_day(post.get("ended_on", ""), "ended_on"),
        files=request.FILES.getlist("files"),
    )
    return acted(request, complaint, _("已登记调解结果"))


def _day(text: str, name: str) -> date | None:
    if not text.strip():
        return None
    found = moment.read_day(text)
    if found is None:
        sentence = _("请填写日期")
        raise Invalid(sentence, **{name: sentence})
    return found
