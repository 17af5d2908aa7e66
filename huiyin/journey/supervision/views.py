"""The list of supervisions, the page of one, and the panel of a complaint."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground.people.models import Department
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks.models import Clock
from huiyin.journey.clocks.rules import read_amount
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.views import served
from huiyin.journey.supervision import actions, lists
from huiyin.journey.supervision.models import Supervision, Term
from huiyin.journey.supervision.permissions import can_supervise
from huiyin.journey.supervision.shown import shown
from huiyin.journey.supervision.words import Ending, Level

FORMS = {"units": Unit.choices, "endings": Ending.choices, "levels": Level.choices}


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any] | None:
    """Who watches this complaint, and since when; None where nobody does or may begin."""
    may_begin = complaint.is_open and can_supervise(request.user, complaint)
    found = list(complaint.supervisions.with_all().order_by("-pk")[:10])  # type: ignore[attr-defined]
    if not found and not may_begin:
        return None
    for one in found:
        one.complaint = complaint
    return {
        "watches": [shown(one, request.user) for one in found if one.is_open],
        "ended": [one for one in found if not one.is_open],
        "may_begin": may_begin,
        **FORMS,
        **(_to_begin() if may_begin else {}),
    }


def _to_begin() -> dict[str, Any]:
    return {"departments": Department.objects.in_use(), "terms": list(Term.objects.all())}


@login_required
@require_GET
def supervisions(request: HuiyinRequest) -> HttpResponse:
    """What is watched, the earliest due first; who watches nothing sees what he owes."""
    asked = lists.Asked.read(request.GET)
    rows, after = lists.page(request.user, asked)
    sees = Complaint.objects.visible_to(request.user)
    context: dict[str, Any] = {
        "rows": rows,
        "limits": Clock.objects.of_subjects({row.subject: row.complaint_id for row in rows}),
        "seen": set(
            sees.filter(pk__in=[r.complaint_id for r in rows]).values_list("pk", flat=True)
        ),
        "asked": asked,
        "after": after,
        "query": urlencode(asked.query()),
    }
    if request.GET.get("after"):
        return render(request, "supervision/rows.html", context)
    context |= {
        "views": [(key, title) for key, title, _picks in lists.VIEWS],
        "departments": Department.objects.filter(supervisions__isnull=False).distinct(),
        **FORMS,
    }
    return render(request, "supervision/list.html", context)


def _seen(request: HuiyinRequest, pk: int) -> Supervision:
    visible = Supervision.objects.visible_to(request.user)
    return get_object_or_404(visible.with_all(), pk=pk)


@login_required
@require_GET
def supervision(request: HuiyinRequest, pk: int) -> HttpResponse:
    """One supervision: the page of a department's head, who sees no more of the complaint."""
    found = _seen(request, pk)
    sees = Complaint.objects.visible_to(request.user).filter(pk=found.complaint_id).exists()
    context = {"watch": shown(found, request.user), "sees": sees, **FORMS}
    template = "supervision/inside.html" if request.htmx else "supervision/page.html"
    return render(request, template, context)


@login_required
@require_GET
def file(request: HuiyinRequest, pk: int, uuid: UUID) -> HttpResponseBase:
    """A file of its measures, to whoever sees the supervision."""
    found = _seen(request, pk)
    measures = found.measures.filter(files__uuid=uuid).prefetch_related("files")
    measure = get_object_or_404(measures)
    evidence = next(one for one in measure.files.all() if one.uuid == uuid)
    conversation.opened(evidence, by=request.user)
    return served(evidence)


@login_required
@require_POST
def beginning(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    department = None
    if asked := request.POST.get("department", ""):
        pk = asked if asked.isdecimal() and len(asked) < 10 else 0
        department = get_object_or_404(Department.objects.in_use(), pk=pk)
    actions.begin(
        complaint,
        by=request.user,
        level=request.POST.get("level", ""),
        reason=request.POST.get("reason", ""),
        department=department,
        **_limit(request),
    )
    return changed(_("已开始督办"))


def _limit(request: HuiyinRequest) -> dict[str, Any]:
    """The limit as it was typed; none is the level's own."""
    typed = request.POST.get("amount", "").strip()
    amount: Decimal | None = read_amount(typed) if typed else None
    if typed and amount is None:
        sentence = _("时限请填数字")
        raise Invalid(sentence, amount=sentence)
    return {"amount": amount, "unit": request.POST.get("unit", "")}


@login_required
@require_POST
def level(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.raise_level(
        _seen(request, pk),
        by=request.user,
        level=request.POST.get("level", ""),
        reason=request.POST.get("reason", ""),
        **_limit(request),
    )
    return changed(_("已提升督办等级"))


@login_required
@require_POST
def measures(request: HuiyinRequest, pk: int) -> HttpResponse:
    text, files = request.POST.get("text", ""), request.FILES.getlist("files")
    actions.file_measures(_seen(request, pk), by=request.user, text=text, files=files)
    return changed(_("措施已报送，等督办员审核"))


@login_required
@require_POST
def review(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Of the measures that were on the page: others filed since are not meant."""
    found = _seen(request, pk)
    asked = request.POST.get("measure", "")
    measure = found.measures.filter(
        pk=asked if asked.isdecimal() and len(asked) < 18 else 0
    ).first()
    if measure is None:
        raise Refused(_("没有找到这些措施，请刷新页面"))
    measure.supervision = found
    accept = request.POST.get("accept") == "1"
    note = request.POST.get("note", "")
    limit = {} if accept else _limit(request)
    actions.review(measure, by=request.user, accept=accept, note=note, **limit)
    return changed(_("已采纳措施") if accept else _("已退回，请对方重新报送"))


@login_required
@require_POST
def lifting(request: HuiyinRequest, pk: int) -> HttpResponse:
    words, ending = request.POST.get("words", ""), request.POST.get("ending", "")
    actions.lift(_seen(request, pk), by=request.user, words=words, ending=ending)
    return changed(_("已解除督办"))
