"""What happened: events as lines, in words and with where they lead."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.journey.channels.phone.shown import told
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.grouping import actions as grouping
from huiyin.surface.workbench.frozen import in_words
from huiyin.surface.workbench.story.entries import Entry, File
from huiyin.surface.workbench.story.icons import ICONS

# Facts that are told, in this order, when an event has them.
TOLD = (
    "level",
    "team",
    "to",
    "assignee",
    "severity",
    "category",
    "clock",
    "remedy",
    "amount",
    "for",
    "outcome",
    "result",
    "liability",
    "cause",
    "reason",
    "note",
    "words",
    "name",
)


def brought(event: Event, file: Evidence, reader: int | None) -> Entry:
    return Entry(
        at=event.at,
        kind="file",
        key=f"e{event.pk}",
        by=event.by.shown_name,
        icon="paperclip",
        files=[File(file)],
        mine=event.by_id == reader,
    )


def happened(event: Event, reader: int | None) -> Entry:
    what = What(event.what)
    return Entry(
        at=event.at,
        kind="event",
        key=f"e{event.pk}",
        by=event.by.shown_name,
        text=sentence(what, event.facts),
        icon=ICONS[what],
        by_machine=event.by.is_system,
        mine=event.by_id == reader,
        leads_to=_recording(event),
        chat=event.facts.get("chat", "") if what == What.CHATTED else "",
    )


def _recording(event: Event) -> str:
    uuid = event.facts.get("recording") if event.what == What.RECORDED else None
    return reverse("recordings:one", args=[uuid]) if uuid else ""


def add_others(entries: list[Entry], told: dict[int, grouping.Told]) -> None:
    """What a line says of another complaint, to whoever may see that one too."""
    by_key = {f"e{pk}": one for pk, one in told.items()}
    for entry in entries:
        if one := by_key.get(entry.key):
            entry.text = f"{entry.text} · {one.words}"
            if one.number:
                entry.leads_to = reverse("workbench:complaint", args=[one.number])
            elif one.incident:
                entry.leads_to = reverse("grouping:incident", args=[one.incident])


def sentence(what: What, facts: dict[str, Any]) -> str:
    """“派单 · 售后组 · 李明”: the act, then its facts, in the reader's language."""
    parts = [str(what.label), *told(what, facts)]
    for fact in TOLD:
        value = facts.get(fact)
        if value in (None, "", [], {}):
            continue
        if fact == "severity" and isinstance(value, int):
            parts.append(f"S{value}")
        else:
            parts.append(in_words(fact, facts)[:200])
    if what == What.CUSTOMER_JUDGED and "solved" in facts:
        parts.append(_("客户说已解决") if facts["solved"] else _("客户说未解决"))
    return " · ".join(parts)
