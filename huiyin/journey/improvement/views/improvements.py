"""The list, the board, the page of one, and what is done on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.ground import moment
from huiyin.ground.people.models import Department, User
from huiyin.ground.refusal import Refused
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.ground.worktime.words import Unit
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.views import served
from huiyin.journey.improvement import actions, lists
from huiyin.journey.improvement.models import File, Improvement, Kind
from huiyin.journey.improvement.people import OPENERS
from huiyin.journey.improvement.permissions import can_open
from huiyin.journey.improvement.shown import effect_rows, shown
from huiyin.journey.improvement.views import typed
from huiyin.journey.improvement.words import Trigger
from huiyin.journey.intake.models import Answer
from huiyin.journey.investigation.models import Finding

ROWS = 50
MOST_PEOPLE = 500


@login_required
@require_GET
def improvements(request: HuiyinRequest) -> HttpResponse:
    """What is being improved: a list, or a board with a column for each state."""
    asked, now = lists.Asked.read(request.GET), moment.now()
    as_board = request.GET.get("as") == "board"
    context: dict[str, Any] = {"asked": asked, "as_board": as_board, "now": now}
    if as_board:
        context["columns"] = lists.board(request.user, asked)
    else:
        context["rows"], context["after"] = lists.page(request.user, asked, now)
    context["query"] = urlencode(asked.query())
    context["ended"] = lists.BY_KEY[asked.view].ended
    if request.GET.get("after"):
        return render(request, "improvement/rows.html", context)
    used = Department.objects.filter(improvements__isnull=False).distinct()
    context |= {
        "views": [view for view in lists.VIEWS if view.in_row],
        "view": lists.BY_KEY[asked.view],
        "kinds": list(Kind.objects.all()),
        "departments": list(used),
        "triggers": Trigger.choices,
        "figures": actions.figures(request.user, now),
        "may_open": request.user.has_role(*OPENERS),
    }
    return render(request, "improvement/list.html", context)


def _seen(request: HuiyinRequest, pk: int) -> Improvement:
    visible = Improvement.objects.visible_to(request.user)
    found: Improvement = get_object_or_404(visible.with_all(), pk=pk)
    return found


@login_required
@require_GET
def improvement(request: HuiyinRequest, pk: int) -> HttpResponse:
    """One improvement; who does not see its sources reads no more of them than their number."""
    it = shown(_seen(request, pk), request.user)
    context: dict[str, Any] = {"one": it, "units": Unit.choices}
    if it.may["confirm"] or it.may["change"]:
        context |= _to_choose()
    if it.may["confirm"]:
        context["objects"] = _objects(it.it.lead)
    template = "improvement/inside.html" if request.htmx else "improvement/page.html"
    return render(request, template, context)


def _to_choose() -> dict[str, Any]:
    return {
        "kinds": list(Kind.objects.in_use()),
        "departments": list(Department.objects.in_use()),
        "people": list(User.objects.active().order_by("name")[:MOST_PEOPLE]),
    }


def _objects(complaint: Complaint) -> list[Answer]:
    """What of this complaint its likes can be told by: batch, product, store."""
    answered = complaint.answers.select_related("field")  # type: ignore[attr-defined]
    return [one for one in answered if isinstance(one.value, str) and one.value]


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HuiyinRequest, number: str) -> HttpResponse:
    """Open one because of this complaint; what was found is there already."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    can_open.require(request.user, complaint)
    if request.method == "POST":
        plan = typed.plan(request.POST)
        begun = actions.begin([complaint], by=request.user, plan=plan)
        address = reverse("improvement:improvement", args=[begun.pk])
        if request.htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)
    finding = Finding.objects.filter(complaint=complaint).order_by("pk").last()
    context = {
        "complaint": complaint,
        "finding": finding,
        "draft": actions.drafted(complaint),
        "objects": _objects(complaint),
        "units": Unit.choices,
        **_to_choose(),
    }
    return render(request, "improvement/new.html", context)


@login_required
@require_POST
def confirmation(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.confirm(_seen(request, pk), by=request.user, plan=typed.plan(request.POST))
    return changed(_("已发起整改"))


@login_required
@require_POST
def dismissal(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.dismiss(_seen(request, pk), by=request.user, words=request.POST.get("words", ""))
    return changed(_("已记录：不整改"))


@login_required
@require_POST
def owner(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.change(
        _seen(request, pk),
        by=request.user,
        reason=request.POST.get("reason", ""),
        **typed.owner(request.POST),
        **typed.limit(request.POST),
    )
    return changed(_("已调整责任人和时限"))


@login_required
@require_POST
def sources(request: HuiyinRequest, pk: int) -> HttpResponse:
    """More complaints by their numbers, each of which this person sees."""
    it = _seen(request, pk)
    numbers = request.POST.get("numbers", "").upper().replace("，", " ").replace("、", " ")
    asked = numbers.replace(",", " ").split()[:100]
    found = list(Complaint.objects.visible_to(request.user).filter(number__in=asked))
    if not found:
        raise Refused(_("没有找到这些编号的投诉，请核对后再试"))
    added = actions.add_sources(it, found, by=request.user)
    return changed(_("已并入 %(n)s 件投诉") % {"n": added})


@login_required
@require_POST
def step(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Tick one off, or add one."""
    it = _seen(request, pk)
    if text := request.POST.get("step", ""):
        actions.add_step(it, by=request.user, text=text)
        return changed(_("已增加步骤"))
    one = typed.named(it.steps.all(), request.POST.get("id", "0"))  # type: ignore[attr-defined]
    one.improvement = it
    actions.tick(one, by=request.user, done=request.POST.get("done") == "1")
    return changed()


@login_required
@require_POST
def report(request: HuiyinRequest, pk: int) -> HttpResponse:
    text, files = request.POST.get("text", ""), request.FILES.getlist("files")
    actions.report(_seen(request, pk), by=request.user, text=text, files=files)
    return changed(_("已提交，等别人核验"))


@login_required
@require_POST
def verification(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Of the report that was on the page: another one made since is not meant."""
    it = _seen(request, pk)
    one = typed.named(it.reports.all(), request.POST.get("report", "0"))  # type: ignore[attr-defined]
    one.improvement = it
    passed = request.POST.get("passed") == "1"
    note = request.POST.get("note", "")
    limit = {} if passed else typed.limit(request.POST)
    actions.verify(one, by=request.user, passed=passed, note=note, **limit)
    return changed(_("核验通过，开始观察效果") if passed else _("已退回，请对方补充"))


@login_required
@require_POST
def judgement(request: HuiyinRequest, pk: int) -> HttpResponse:
    effective = request.POST.get("effective") == "1"
    words = request.POST.get("words", "")
    again = actions.judge(_seen(request, pk), by=request.user, effective=effective, words=words)
    if again is not None:
        return changed(_("已判定无效，并重新发起整改 %(number)s") % {"number": again.number})
    return changed(_("已判定有效"))


@login_required
@require_GET
def effect(request: HuiyinRequest, pk: int, part: str) -> HttpResponse:
    """The complaints that were counted before, or after."""
    it = _seen(request, pk)
    if part not in ("before", "after"):
        raise Http404
    after = lists.Asked.read(request.GET).after
    rows, counted, more = effect_rows(it, request.user, part, after, ROWS)
    context = {"it": it, "part": part, "rows": rows, "counted": counted, "after": more}
    context["both"] = actions.compared(it)
    return render(request, "improvement/effect.html", context)


@login_required
@require_GET
def file(request: HuiyinRequest, pk: int, uuid: UUID) -> HttpResponseBase:
    """Evidence of a report, to whoever sees the improvement."""
    it = _seen(request, pk)
    found = get_object_or_404(File.objects.filter(report__improvement=it), uuid=uuid)
    return served(found)  # type: ignore[arg-type]  # it has what a file needs
