"""The panel of a complaint: what was sent, sending by hand, leaving a customer in peace."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.survey import actions, lists, rules
from huiyin.journey.survey.actions.sending import WITH_RESULT
from huiyin.journey.survey.models import Answer, Survey
from huiyin.journey.survey.permissions import can_opt_out, can_send
from huiyin.journey.survey.words import State, Way

SHOWN = 5


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any] | None:
    """None before there is a result; then one question, and another for who may read answers."""
    if complaint.status not in WITH_RESULT and not complaint.closed_at:
        return None
    user = request.user
    sent = list(complaint.invitations.select_related("survey", "customer__survey_opt_out")[:SHOWN])
    may_send = complaint.status in WITH_RESULT and can_send(user, complaint)
    if not sent and not may_send:
        return None
    answered = [one.pk for one in sent if one.state == State.ANSWERED]
    told = Answer.objects.told_whole_to(user).filter(invitation__in=answered) if answered else ()
    by_invitation = {one.invitation_id: one for one in told}
    return {
        "invitations": [(one, by_invitation.get(one.pk)) for one in sent],
        "may_send": may_send
        and not complaint.restricted
        and not rules.is_sensitive(complaint.category, complaint.risks),
        "may_opt_out": can_opt_out(user, complaint),
        "opted_out": bool(sent) and hasattr(sent[0].customer, "survey_opt_out"),
        "surveys": Survey.objects.sendable() if may_send else (),
        "ways": [choice for choice in Way.choices if choice[0] != Way.LETTER],
    }


def _seen(request: HuiyinRequest, number: str) -> Complaint:
    visible = Complaint.objects.visible_to(request.user).select_related("customer")
    return get_object_or_404(visible, number=number)


@never_cache
@login_required
@require_POST
def sending(request: HuiyinRequest, number: str) -> HttpResponse:
    """Send one by hand; where only a link is made it is shown this once."""
    complaint = _seen(request, number)
    can_send.require(request.user, complaint)
    pk = lists.number(request.POST.get("survey", "")) or 0
    survey = Survey.objects.sendable().filter(pk=pk).first()
    if survey is None:
        raise Invalid(_("请选择问卷"), survey=_("请选择问卷"))
    way = request.POST.get("way", "")
    made, address = actions.send_by_hand(complaint, by=request.user, survey=survey, way=way)
    if made.way == Way.LINK:
        context = {"address": address, "invitation": made, "complaint": complaint}
        answer = render(request, "survey/link.html", context)
        answer["Cache-Control"] = "no-store"
        return answer
    return changed(_("已发送调查"))


@login_required
@require_POST
def opting(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = _seen(request, number)
    if request.POST.get("again") == "1":
        actions.opt_in(complaint, by=request.user)
        return changed(_("已恢复，可以再给这位客户发调查"))
    actions.opt_out(complaint, by=request.user)
    return changed(_("已登记，不再给这位客户发调查"))
