"""The findings panel with the way on to what must be improved: investigation comes long before
improvement and knows nothing of it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.improvement.permissions import can_open
from huiyin.journey.investigation import views as investigation


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any]:
    context: dict[str, Any] = investigation.panel(request, complaint)
    if context["finding"] and can_open(request.user, complaint):
        context["improves_at"] = reverse("improvement:new", args=[complaint.number])
    return context
