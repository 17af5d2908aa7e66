"""The closure panel and its acts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.ground.web.panels import rows
from huiyin.journey.callbacks import rules as calls
from huiyin.journey.callbacks.permissions import worked_on
from huiyin.journey.closure import actions, rules
from huiyin.journey.closure.permissions import (
    can_cancel,
    can_close,
    can_feed_back,
    can_propose_case,
    can_reopen,
    can_visit,
    can_withdraw,
)
from huiyin.journey.closure.views import mediation
from huiyin.journey.closure.words import Outcome, Satisfaction, VisitResult
from huiyin.journey.complaint.lifecycle import STEP, WORKING
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.views import acted
from huiyin.journey.complaint.words import Status
from huiyin.journey.conversation.ways import ways_of
from huiyin.journey.investigation.words import Cause, Liability
from huiyin.journey.resolution.models import Remedy
from huiyin.journey.resolution.words import OfferState, ResponseKind


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any]:
    """What was told and decided, and the next step."""
    user, status = request.user, Status(complaint.status)
    ending = status in (Status.RES, Status.FUV)
    again = status == Status.RWK and not (
        actions.by_another(complaint) and worked_on(user, complaint)
    )
    return {
        **(_was_told(complaint) if _came_so_far(complaint) else {}),
        "may_take_up": again and can_feed_back(user, complaint),
        "by_another": status == Status.RWK and actions.by_another(complaint),
        "may_reopen": (
            status == Status.CLO
            and rules.may_reopen(complaint.closed_at, moment.now())
            and can_reopen(user, complaint)
        ),
        "may_refuse": (
            status in WORKING
            and bool(rows(complaint, "findings"))
            and can_feed_back(user, complaint)
        ),
        "may_propose_case": (
            status == Status.CLO
            and not complaint.restricted
            and can_propose_case(user, complaint)
            and not complaint.cases.exists()
        ),
        "seal": complaint.seals.first() if status == Status.ARC else None,
        "may_withdraw": complaint.is_open and can_withdraw(user, complaint),
        "may_cancel": complaint.is_open and can_cancel(user, complaint),
        **mediation.shown(complaint, user),
        **(_ending(request, complaint) if ending else {}),
    }


def _came_so_far(complaint: Complaint) -> bool:
    """Whether it was ever resolved; in a rework, too, an offer that was executed stays one."""
    executed = any(offer.state == OfferState.EXECUTED for offer in rows(complaint, "offers"))
    return executed or complaint.step >= STEP[Status.RES]


def _was_told(complaint: Complaint) -> dict[str, Any]:
    """What was said to the customer, what he answered, and how it ended."""
    return {
        "feedback": next(iter(rows(complaint, "feedbacks", _with_writer)), None),
        "visits": rows(complaint, "visits", _with_writer)[:10],
        "telling": next(iter(rows(complaint, "tellings", _with_writer)), None),
        "closing": complaint.closings.select_related("by", "remedy").first(),
    }


def _with_writer(found: QuerySet[Any]) -> QuerySet[Any]:
    return found.select_related("by")


def _ending(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any]:
    """What a solved one still needs, and what the forms begin with."""
    user, status = request.user, Status(complaint.status)
    told, reached = actions.told(complaint), actions.was_reached(complaint)
    tried = calls.parts_tried(actions.tries_in_vain(complaint))
    stuck = actions.left_to_the_manager(complaint)
    is_manager = user.has_role(Role.MANAGER)
    return {
        "may_feed_back": status == Status.RES and not told and can_feed_back(user, complaint),
        "may_visit": status == Status.FUV and not reached and can_visit(user, complaint),
        "may_close": can_close(user, complaint) and (is_manager or not stuck),
        "may_rework": can_reopen(user, complaint)
        and (is_manager or actions.times_reworked(complaint) < rules.MOST_REWORKS),
        "stuck": stuck,
        "missing": [_shown(one, complaint, user) for one in actions.missing_for_closing(complaint)],
        "may_tell_ways": can_feed_back(user, complaint),
        "parts_tried": "、".join(str(part.label) for part in tried),
        "part_now": calls.part_of_day(timezone.localtime(moment.now())).label,
        "tried_now": calls.part_of_day(timezone.localtime(moment.now())) in tried,
        "finding": complaint.findings.first(),
        "offer": complaint.offers.filter(state="executed").first(),
        "content": actions.word_of_customer(complaint),
        "outcomes": Outcome.choices,
        "causes": Cause.choices,
        "liabilities": Liability.choices,
        "remedies": Remedy.objects.usable(),
        "satisfactions": Satisfaction.choices,
        "results": VisitResult.choices,
    }


def _shown(one: actions.Missing, complaint: Complaint, user: User) -> dict[str, Any]:
    """With what this reader can do about it."""
    demand = one.demand
    return {
        "text": str(one),
        "link": one.link,
        "demand": demand,
        "may_sign": demand is not None and bool(demand.role) and user.has_role(demand.role),
        "may_refuse": not one.refused,
        "may_ask_again": one.refused and can_feed_back(user, complaint),
        "may_waive": demand is not None and demand.may_be_waived,
    }


def _seen(request: HuiyinRequest, number: str) -> Complaint:
    visible = Complaint.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("customer"), number=number)


def _part(request: HuiyinRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A form that is read when its dialog opens: what it begins with costs the page nothing."""
    ways = [one for one in ways_of(context["complaint"]) if not one.closed]
    return render(request, f"closure/{template}.html", {"ways": ways, **context})


@login_required
@require_http_methods(["GET", "POST"])
def feedback(request: HuiyinRequest, number: str) -> HttpResponse:
    """GET: the letter as the record tells it, to be checked and edited; POST sends it."""
    complaint = _seen(request, number)
    if request.method == "GET":
        can_feed_back.require(request.user, complaint)
        context = {"complaint": complaint, "draft": actions.draft(complaint)}
        return _part(request, "feedback", context | {"kinds": ResponseKind.choices})
    asked = {k: request.POST.get(k, "") for k in ("measures", "result", "prevention", "channel")}
    waived = request.POST.getlist("waived")[:20]
    if request.POST.get("nothing_promised") == "1":  # it tells what was done, says the writer
        waived += actions.promised_in(complaint, by=request.user, **_letter(asked))
    kinds = request.POST.getlist("kinds")[:20] if "kinds_shown" in request.POST else None
    actions.feed_back(complaint, by=request.user, waived=waived, kinds=kinds, **asked)
    return changed(_("结果已告知客户"))


def _letter(asked: dict[str, str]) -> dict[str, str]:
    return {name: asked[name] for name in ("measures", "result", "prevention")}


@login_required
@require_http_methods(["GET", "POST"])
def refusal(request: HuiyinRequest, number: str) -> HttpResponse:
    """Saying no: the work ends with the letter that tells why, and where else to turn."""
    return _no(request, number, refuses=True)


@login_required
@require_http_methods(["GET", "POST"])
def alternatives(request: HuiyinRequest, number: str) -> HttpResponse:
    """The same letter where a solution is there that does not give what was asked for."""
    return _no(request, number, refuses=False)


def _no(request: HuiyinRequest, number: str, *, refuses: bool) -> HttpResponse:
    complaint = _seen(request, number)
    if request.method == "GET":
        can_feed_back.require(request.user, complaint)
        finding = complaint.findings.first()
        ways = actions.ways_for(complaint)
        context = {"complaint": complaint, "ways": ways, "finding": finding, "refuses": refuses}
        return _part(request, "refusal", context)
    act = actions.refuse_claim if refuses else actions.tell_alternatives
    asked = {k: request.POST.get(k, "") for k in ("reason", "basis", "channel")}
    act(complaint, by=request.user, ways=request.POST.getlist("ways")[:50], **asked)
    return changed(_("已告知客户理由和其他途径"))


@login_required
@require_POST
def sign_off(request: HuiyinRequest, number: str, code: str) -> HttpResponse:
    complaint, words = _seen(request, number), request.POST.get("words", "")
    actions.sign_off(complaint, by=request.user, demand=actions.demand_called(code), words=words)
    return changed(_("已签核"))


@login_required
@require_POST
def sign_refusal(request: HuiyinRequest, number: str, code: str) -> HttpResponse:
    complaint, words = _seen(request, number), request.POST.get("words", "")
    demand = actions.demand_called(code)
    actions.refuse_sign_off(complaint, by=request.user, demand=demand, words=words)
    return changed(_("已记下不同意，处理人会收到"))


@login_required
@require_POST
def sign_asking(request: HuiyinRequest, number: str, code: str) -> HttpResponse:
    complaint, words = _seen(request, number), request.POST.get("words", "")
    actions.ask_again(complaint, by=request.user, demand=actions.demand_called(code), words=words)
    return changed(_("已再次提请签核"))


@login_required
@require_POST
def waiving(request: HuiyinRequest, number: str, code: str) -> HttpResponse:
    complaint, words = _seen(request, number), request.POST.get("words", "")
    actions.waive(complaint, by=request.user, demand=actions.demand_called(code), words=words)
    return changed(_("已说明理由，不再要求"))


@login_required
@require_POST
def visits(request: HuiyinRequest, number: str) -> HttpResponse:
    asked = {k: request.POST.get(k, "") for k in ("result", "words")}
    complaint = _seen(request, number)
    actions.visit(complaint, by=request.user, **asked)
    return acted(request, complaint, _("已登记回访"))


@login_required
@require_POST
def closure(request: HuiyinRequest, number: str) -> HttpResponse:
    code = request.POST.get("remedy", "")
    names = ("outcome", "cause", "liability", "satisfaction", "prevent", "note")
    complaint = _seen(request, number)
    actions.close(
        complaint,
        by=request.user,
        remedy=Remedy.objects.usable().filter(code=code).first(),
        improvement=request.POST.get("improvement") == "1",
        **{name: request.POST.get(name, "") for name in names},
    )
    return acted(request, complaint, _("已结案"))


@login_required
@require_POST
def reopening(request: HuiyinRequest, number: str) -> HttpResponse:
    actions.reopen(_seen(request, number), by=request.user, reason=request.POST.get("reason", ""))
    return changed(_("已重开"))


@login_required
@require_POST
def rework(request: HuiyinRequest, number: str) -> HttpResponse:
    actions.rework(_seen(request, number), by=request.user, reason=request.POST.get("reason", ""))
    return changed(_("已退回重办"))


@login_required
@require_POST
def taking_up(request: HuiyinRequest, number: str) -> HttpResponse:
    actions.take_up(_seen(request, number), by=request.user)
    return changed(_("已接办"))


@login_required
@require_POST
def withdrawal(request: HuiyinRequest, number: str) -> HttpResponse:
    actions.withdraw(_seen(request, number), by=request.user, reason=request.POST.get("reason", ""))
    return changed(_("已登记客户撤回"))


@login_required
@require_POST
def cancellation(request: HuiyinRequest, number: str) -> HttpResponse:
    actions.cancel(_seen(request, number), by=request.user, reason=request.POST.get("reason", ""))
    return changed(_("已作废"))
