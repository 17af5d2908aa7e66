"""The customer beside the story: who it is, how to reach them, what was before."""

from __future__ import annotations

from typing import Any

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.models import Complaint

SHOWN = 5


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any]:
    """Contact points masked; earlier complaints only as far as one may see them."""
    others = complaint.customer.complaints.visible_to(request.user).exclude(pk=complaint.pk)
    history = list(others.for_list().order_by("-pk")[: SHOWN + 1])
    return {
        "customer": complaint.customer,
        "history": history[:SHOWN],
        "has_more": len(history) > SHOWN,
    }
