"""The story of a complaint as people read it: messages and events in the order they happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.models import Evidence, Message
from huiyin.journey.conversation.words import Kind

LONGEST = 100  # entries at first; the rest comes with 加载更早

ICONS: dict[What, str] = {
    What.RECEIVED: "clipboard-check",
    What.TRIAGED: "sparkles",
    What.RECLASSIFIED: "pencil",
    What.REJECTED: "ban",
    What.DISPATCHED: "send",
    What.ACCEPTED: "hand",
    What.RETURNED: "undo-2",
    What.HANDED_OVER: "arrow-right-left",
    What.URGED: "bell-ring",
    What.ESCALATED: "trending-up",
    What.CUSTOMER_WROTE: "message-square",
    What.REPLIED: "reply",
    What.NOTED: "lock",
    What.EVIDENCE_ADDED: "paperclip",
    What.CLOCK_WARNED: "timer",
    What.CLOCK_MISSED: "alarm-clock-off",
    What.WAITED: "pause",
    What.RESUMED: "play",
    What.FOUND: "search-check",
    What.PROPOSED: "scale",
    What.APPROVED: "badge-check",
    What.DENIED: "circle-x",
    What.AGREED: "handshake",
    What.DECLINED: "thumbs-down",
    What.EXECUTED: "circle-check",
    What.FED_BACK: "mail-check",
    What.VISITED: "phone-call",
    What.REWORKED: "rotate-ccw",
    What.CLOSED: "check-check",
    What.REOPENED: "folder-open",
    What.ARCHIVED: "archive",
    What.WITHDRAWN: "log-out",
    What.CANCELLED: "trash-2",
    What.RESTRICTED: "shield",
    What.CUSTOMER_JUDGED: "star",
}
# Events whose message stands in the story itself.
SPOKEN = frozenset({What.CUSTOMER_WROTE, What.REPLIED, What.NOTED})


@dataclass
class Entry:
    at: datetime
    kind: str  # inbound, outbound, note, event
    key: str
    by: str
    text: str = ""
    icon: str = ""
    channel: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    first: bool = False
    letter: str = ""


def story(complaint: Complaint, *, before: int | None = None) -> tuple[list[Entry], int | None]:
    """The last entries, oldest first; and where to go on backwards (an event's id), if anywhere.

    Three queries, however long the story.
    """
    events = complaint.events.select_related("by").order_by("-pk")
    if before:
        events = events.filter(pk__lt=before)
    page = list(events[: LONGEST + 1])
    more = len(page) > LONGEST
    page = page[:LONGEST][::-1]
    messages = complaint.messages.select_related("by", "letter").prefetch_related("evidence")
    if more and page:
        messages = messages.filter(at__gte=page[0].at)
    if before and page:
        messages = messages.filter(at__lt=page[-1].at)
    first = None if more else messages.order_by("pk").first() if before else None
    spoken = list(messages.order_by("-pk")[:LONGEST])[::-1]
    entries = [_said(m, first=m == first) for m in spoken]
    entries += [_happened(e) for e in page if e.what not in SPOKEN]
    entries.sort(key=lambda entry: entry.at)
    if not more:
        opening = next((e for e in entries if e.kind == Kind.INBOUND), None)
        if opening:
            opening.first = True
    return entries, page[0].pk if more else None


def _said(message: Message, *, first: bool) -> Entry:
    letter = getattr(message, "letter", None)
    return Entry(
        at=message.at,
        kind=message.kind,
        key=f"m{message.pk}",
        by=message.by.shown_name,
        text=message.text,
        channel=message.get_channel_display() if message.channel else "",
        evidence=list(message.evidence.all()),
        first=first,
        letter=letter.get_state_display() if letter else "",
    )


def _happened(event: Event) -> Entry:
    what = What(event.what)
    return Entry(
        at=event.at,
        kind="event",
        key=f"e{event.pk}",
        by=event.by.shown_name,
        text=sentence(what, event.facts),
        icon=ICONS[what],
    )


# Facts that are told, in this order, when an event has them.
TOLD = (
    "team",
    "to",
    "assignee",
    "severity",
    "category",
    "clock",
    "remedy",
    "amount",
    "outcome",
    "result",
    "liability",
    "cause",
    "reason",
    "note",
    "words",
    "name",
)


def sentence(what: What, facts: dict[str, Any]) -> str:
    """“派单 · 售后组 · 李明”: the act, then its facts as they were frozen."""
    parts = [str(what.label)]
    for fact in TOLD:
        value = facts.get(fact)
        if value in (None, "", [], {}):
            continue
        if fact == "severity" and isinstance(value, int):
            value = f"S{value}"
        parts.append(str(value)[:200])
    if what == What.CUSTOMER_JUDGED and "solved" in facts:
        parts.append(_("客户说已解决") if facts["solved"] else _("客户说未解决"))
    return " · ".join(parts)
