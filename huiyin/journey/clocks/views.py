"""The clocks panel."""

from __future__ import annotations

from typing import Any

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.clocks.why import why
from huiyin.journey.complaint.models import Complaint


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any]:
    """Every clock of the complaint, the running ones first, each with its reasons."""
    clocks = sorted(complaint.clocks.all(), key=lambda c: (c.stopped_at is not None, c.due_at))
    return {"clocks": [(clock, why(clock)) for clock in clocks[:20]]}
