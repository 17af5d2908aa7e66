"""The findings panel."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.ground.web.panels import rows
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.investigation import actions
from huiyin.journey.investigation.permissions import can_find
from huiyin.journey.investigation.rules import may_be_found
from huiyin.journey.investigation.words import Cause, Liability


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any]:
    found = rows(complaint, "findings", lambda found: found.select_related("by"))[:10]
    return {
        "finding": found[0] if found else None,
        "earlier": found[1:],
        "may_find": may_be_found(complaint.status) and can_find(request.user, complaint),
        "causes": Cause.choices,
        "liabilities": Liability.choices,
    }


@login_required
@require_POST
def findings(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    asked = {name: request.POST.get(name, "") for name in ("facts", "cause", "liability")}
    actions.find(complaint, by=request.user, **asked)
    return changed(_("已保存核实结论"))
