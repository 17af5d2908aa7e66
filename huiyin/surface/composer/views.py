"""The page on which options are put together, and the parts of it that answer by themselves."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.ground import moment
from huiyin.ground.conditions.forms import condition_in
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.closure.words import Satisfaction
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.resolution import calculators, rules
from huiyin.journey.resolution.actions.calculating import calculate
from huiyin.journey.resolution.fitting import Case, attributes
from huiyin.journey.resolution.models import Remedy, usable_remedies
from huiyin.journey.resolution.permissions import can_propose
from huiyin.surface.composer import actions, fits, precedents, proposing, shown, writing
from huiyin.surface.composer.models import Composing


def _seen(request: HuiyinRequest, number: str) -> Complaint:
    visible = Complaint.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("customer", "team", "assignee"), number=number)


def _to_write(request: HuiyinRequest, number: str) -> Complaint:
    complaint = _seen(request, number)
    can_propose.require(request.user, complaint)
    return complaint


def _remedy(code: str) -> Remedy:
    remedy = shown.usable(code)
    if remedy is None:
        raise Invalid(_("没有这种补救方式，或已停用，请选择其他方式"))
    return remedy


@login_required
@require_http_methods(["GET", "POST"])
def options(request: HuiyinRequest, number: str) -> HttpResponse:
    """Proposals, the round that is written, and how similar complaints ended."""
    if request.method == "POST":
        return _put_forward(request, _to_write(request, number))
    complaint = _seen(request, number)
    case = Case(complaint)
    found = precedents.find(request.user, complaint)
    may = can_propose(request.user, complaint)
    mine = Composing.objects.filter(complaint=complaint, user=request.user).first() if may else None
    written = writing.restored(mine.content) if mine else []
    context = {
        "complaint": complaint,
        "case": case,
        "shares": proposing.shares_in_words(case) if case.finding else "",
        "proposals": proposing.propose(request.user, case, found),
        "others": usable_remedies(),
        "precedents": shown.precedents(found),
        "compensations": shown.compensations(request.user, case),
        "cards": [card for one in written if (card := shown.card(request.user, complaint, one))],
        "open_round": complaint.offers.open().exists(),  # type: ignore[attr-defined]
        "saved_at": mine.updated_at if mine else None,
        "may": may,
    }
    return render(request, "composer/page.html", context)


def _put_forward(request: HuiyinRequest, complaint: Complaint) -> HttpResponse:
    made = actions.put_forward(complaint, by=request.user, options=writing.read(request.POST))
    waits = sum(one.state == "waiting" for one in made)
    sentence = (
        _("已提出 %(n)s 个方案，其中 %(waits)s 个等待审批")
        if waits
        else _("已提出 %(n)s 个方案，可以告知客户了")
    )
    messages.success(request, sentence % {"n": len(made), "waits": waits})
    there = reverse("workbench:complaint", args=[complaint.number])
    return HttpResponse(status=204, headers={"HX-Redirect": there})


@login_required
@require_POST
def draft(request: HuiyinRequest, number: str) -> HttpResponse:
    """Keep what is typed, and tell for each option who may decide it."""
    complaint = _to_write(request, number)
    written = writing.read(request.POST)
    actions.keep(complaint, by=request.user, options=written)
    cards = [card for one in written if (card := shown.card(request.user, complaint, one))]
    return render(request, "composer/kept.html", {"cards": cards, "saved_at": moment.now()})


@login_required
@require_POST
def card(request: HuiyinRequest, number: str) -> HttpResponse:
    """One more option, with what its remedy says by itself."""
    complaint = _to_write(request, number)
    taken = writing.places(request.POST)
    if len(taken) >= writing.MOST_OPTIONS:
        raise Refused(_("一轮最多 3 个方案，请先移除一个"))
    remedy = _remedy(request.POST.get("remedy", ""))
    place = max(taken, default=0) + 1
    option = writing.begun(remedy, complaint, place=place, order_fen=shown.order_fen(complaint))
    return render(
        request,
        "composer/card.html",
        {"card": shown.card(request.user, complaint, option), "complaint": complaint},
    )


@login_required
@require_http_methods(["GET", "POST"])
def calculator(request: HuiyinRequest, number: str, kind: str) -> HttpResponse:
    """The questions of a calculator, and what comes out of the answers."""
    complaint = _to_write(request, number)
    if kind not in calculators.ALL:
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    place = shown.place(asked.get("place", ""))
    context: dict[str, Any] = {"complaint": complaint, "kind": kind, "place": place}
    if request.method == "GET":
        context |= shown.calculator(kind, shown.first_answers(kind, complaint))
        return render(request, "composer/calculator.html", context)
    answers = writing.typed_answers(kind, request.POST)
    result = _worked_out(kind, answers)
    context |= {"result": result, "result_yuan": rules.yuan(result.amount_fen)}
    return render(request, "composer/result.html", context)


def _worked_out(kind: str, answers: dict[str, Any]) -> calculators.Result:
    """The sum; a refusal names the fields as the dialog has them."""
    return shown.refused_as_asked(lambda: calculate(kind, answers))


@login_required
@require_POST
def applied(request: HuiyinRequest, number: str, kind: str) -> HttpResponse:
    """The option with the sum that was worked out, its steps, and its words told anew."""
    complaint = _to_write(request, number)
    if kind not in calculators.ALL:
        raise Http404
    place = shown.place(request.POST.get("place", ""))
    option = writing.option_at(request.POST, place)
    remedy = _remedy(option.remedy)
    option.calculator, option.answers = kind, writing.typed_answers(kind, request.POST)
    result = _worked_out(kind, option.answers)
    option.amount = rules.plain(result.amount_fen)
    option.wording = writing.with_steps(option, remedy, complaint.customer.language)
    answer = render(
        request,
        "composer/card.html",
        {"card": shown.card(request.user, complaint, option), "complaint": complaint},
    )
    answer["HX-Trigger-After-Swap"] = json.dumps({"calculated": {"place": place}})
    return answer


@login_required
@require_POST
def words(request: HuiyinRequest, number: str) -> HttpResponse:
    """The words for the customer told anew from remedy, basis and calculation."""
    complaint = _to_write(request, number)
    place = shown.place(request.POST.get("place", ""))
    option = writing.option_at(request.POST, place)
    remedy = _remedy(option.remedy)
    told = writing.explained(option, remedy, complaint.customer.language)
    return HttpResponse(told, content_type="text/plain; charset=utf-8")


@never_cache
@login_required
@require_POST
def fitting(request: HuiyinRequest) -> HttpResponse:
    """On which complaints a condition would propose. POST, since it is long; it changes nothing."""
    condition = condition_in(request.POST.get("condition", ""), attributes())
    if condition is None:
        return HttpResponse(_("没有条件：只由人选用"), content_type="text/plain; charset=utf-8")
    return render(request, "composer/fitting.html", {"found": fits.lately(request.user, condition)})


@login_required
@require_GET
def similar(request: HuiyinRequest, number: str) -> HttpResponse:
    """The precedents that one figure was counted from."""
    found = precedents.find(request.user, _seen(request, number))
    remedy = request.GET.get("remedy", "")[:10]
    satisfaction = request.GET.get("satisfaction", "")
    satisfaction = satisfaction if satisfaction in Satisfaction.values else ""
    rows = found.narrowed(remedy, satisfaction)
    return render(request, "composer/rows.html", {"rows": rows, "found": found})
