"""The panel of the complaint page: what is being improved because of it."""

from __future__ import annotations

from typing import Any

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.improvement.models import Improvement
from huiyin.journey.improvement.permissions import can_open


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any] | None:
    """None where there is nothing, and nobody may begin one."""
    may_open = can_open(request.user, complaint)
    visible = Improvement.objects.visible_to(request.user).filter(sources__complaint=complaint)
    related = visible.select_related("kind", "department", "person").order_by("-pk")
    found = list(related[:10])
    if not found and not may_open:
        return None
    return {"improvements": found, "may_open": may_open}
