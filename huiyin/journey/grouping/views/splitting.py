"""The page on which one complaint becomes several, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Severity
from huiyin.journey.grouping import actions, rules
from huiyin.journey.grouping.actions import Item
from huiyin.journey.grouping.permissions import can_split
from huiyin.journey.intake.models import Intake
from huiyin.journey.triage import shown


@dataclass(frozen=True)
class Row:
    """One item as the page shows it: `n` from 0; what was typed, else what is proposed."""

    n: int
    text: str = ""
    wanted: str = ""
    concerning: str = ""
    category: str = ""

    @property
    def place(self) -> int:
        return self.n + 1

    @property
    def is_needed(self) -> bool:
        return self.n < rules.LEAST_ITEMS or bool(self.text)


def _seen(request: HuiyinRequest, number: str) -> Complaint:
    visible = Complaint.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("customer", "team", "assignee"), number=number)


@login_required
@require_http_methods(["GET", "POST"])
def splitting(request: HuiyinRequest, number: str) -> HttpResponse:
    """The items begin with what the text itself proposes; a person decides."""
    complaint = _seen(request, number)
    can_split.require(request.user, complaint)
    if request.method == "POST":
        made = actions.split(
            complaint,
            items=_items(request),
            by=request.user,
            reason=request.POST.get("reason", ""),
        )
        numbers = "、".join(one.number for one in made)
        messages.success(request, _("已拆分为 %(numbers)s") % {"numbers": numbers})
        return redirect("workbench:complaint", complaint.number)
    return render(request, "grouping/splitting.html", _page(complaint))


def _page(complaint: Complaint) -> dict[str, Any]:
    about = Intake.objects.filter(complaint=complaint).values_list("concerning", flat=True)
    concerning = about.first() or ""
    proposed = rules.proposed_items(complaint.text, complaint.wanted, concerning)
    rows = [Row(n, **(proposed[n] if n < len(proposed) else {})) for n in range(rules.MOST_ITEMS)]
    reasons = rules.split_reasons(complaint.text, complaint.wanted, concerning)
    return {
        "complaint": complaint,
        "rows": rows,
        "why": [one.label for one in reasons],
        "undo_days": settings.UNDO_DAYS,
        "files": list(complaint.evidence.all()),
        "groups": shown.category_groups(),
        "severities": Severity.choices,
        "reason": "；".join(str(one.label) for one in reasons),
    }


def _items(request: HuiyinRequest) -> list[Item]:
    """Those that were filled in; the first two are needed whatever they hold."""
    typed = request.POST
    items = []
    for n in range(rules.MOST_ITEMS):
        severity = typed.get(f"severity-{n}", "")
        item = Item(
            text=typed.get(f"text-{n}", ""),
            wanted=typed.get(f"wanted-{n}", ""),
            category=typed.get(f"category-{n}", "")[:20],
            severity=int(severity) if severity in ("1", "2", "3", "4") else None,
            concerning=typed.get(f"concerning-{n}", ""),
            evidence=[one for one in typed.getlist(f"evidence-{n}") if _is_uuid(one)],
        )
        if n < rules.LEAST_ITEMS or item.text.strip():
            items.append(item)
    return items


def _is_uuid(text: str) -> bool:
    return len(text) == 36 and all(c in "0123456789abcdef-" for c in text) and text.count("-") == 4


@login_required
@require_POST
def unsplitting(request: HuiyinRequest, number: str) -> HttpResponse:
    actions.unsplit(_seen(request, number), by=request.user, reason=request.POST.get("reason", ""))
    return changed(_("已撤销拆分，恢复为拆分前的样子"))
