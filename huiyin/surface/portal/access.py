"""Which complaints this session has opened with number and code. Bound to the session alone."""

from __future__ import annotations

import time

from django.http import HttpRequest

from huiyin.journey.complaint.models import Complaint

OPENED = "portal_opened"
LASTS_SECONDS = 2 * 3600  # then the code is asked for again: phones get lent


def grant(request: HttpRequest, complaint: Complaint) -> None:
    """Open this complaint for the session, under a new session id (no fixation)."""
    opened_at = dict(request.session.get(OPENED, {}))
    opened_at[complaint.number] = int(time.time())
    request.session.cycle_key()
    request.session[OPENED] = opened_at


def opened(request: HttpRequest, number: str) -> Complaint | None:
    """The complaint if this session has opened it lately, None for every other reason."""
    opened_at = request.session.get(OPENED, {}).get(number)
    if not opened_at or time.time() - opened_at > LASTS_SECONDS:
        return None
    return Complaint.objects.filter(number=number).select_related("customer").first()


def leave(request: HttpRequest) -> None:
    request.session.pop(OPENED, None)
    request.session.pop("portal_received", None)
    request.session.cycle_key()
