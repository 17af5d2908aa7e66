"""Where a notice or a letter about an approval leads: to its place in the inbox, which only shows;
deciding takes a click there."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode

from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import What

# The event that asks → the kind, and the fact that names the row.
ASKS: dict[str, tuple[str, str]] = {
    What.PROPOSED: ("offer", "offer"),
    What.SIGNED: ("offer", "offer"),
    What.EXTENSION_ASKED: ("extension", "request"),
    What.SUSPENSION_ASKED: ("suspension", "suspension"),
    What.TASK_DISPUTED: ("dispute", ""),
    What.MEASURES_FILED: ("measure", "measure"),
    What.SIGN_OFF_ASKED: ("sign-off", "request"),
}


def entry_of(event: Event, number: str) -> str:
    """The address; "" of an event that asks nobody for anything. `number`: of its complaint."""
    if event.what not in ASKS or event.facts.get("result"):
        return ""
    key, fact = ASKS[event.what]
    if event.what == What.EXTENSION_ASKED and event.facts.get("task"):
        key, fact = "more-time", ""
    if pk := event.facts.get(fact):
        return reverse("inbox:one", args=(key, pk))
    return f"{reverse('inbox:inbox')}?{urlencode({'kind': key, 'q': number})}"
