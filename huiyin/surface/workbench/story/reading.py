"""The story as it is read: from the database, in order, a page at a time."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from huiyin.ground.people.models import User
from huiyin.ground.web.panels import rows
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.conversation.permissions import can_open_evidence
from huiyin.journey.conversation.words import Kind
from huiyin.journey.grouping import actions as grouping
from huiyin.surface.workbench.story.entries import Entry
from huiyin.surface.workbench.story.folding import folded, mark_unread
from huiyin.surface.workbench.story.happening import add_others, brought, happened
from huiyin.surface.workbench.story.saying import said_in

LONGEST = 100  # entries at first; the rest comes with 加载更早
HEAVY = ("raw", "html", "text", "facts")  # of a mail; read where it is opened
MEASURED = ("told", "places", "figures")  # of a recording
# Events whose message stands in the story itself.
SPOKEN = frozenset({What.CUSTOMER_WROTE, What.REPLIED, What.REPLY_PLANNED, What.NOTED})


def story(
    complaint: Complaint,
    *,
    reader: User | None = None,
    since: datetime | None = None,
    before: int | None = None,
) -> tuple[list[Entry], int | None]:
    """The last entries, oldest first; and where to go on backwards (an event's id), if anywhere.

    What others did after `since` is unread by `reader`. Five queries, however long the story.
    """
    told = complaint.events.all() if reader is None else complaint.events.told_to(reader)  # type: ignore[attr-defined]
    events = told.select_related("by").order_by("-pk")
    if before:
        events = events.filter(pk__lt=before)
    page = list(events[: LONGEST + 1])
    older = page.pop() if len(page) > LONGEST else None
    page.reverse()
    messages = complaint.messages.select_related(
        "by", "letter__sending", "letter__post", "mail", "quote__recording__evidence"
    )
    messages = messages.prefetch_related("letter__parts", "letter__attached")
    messages = messages.defer(*(f"mail__{name}" for name in HEAVY))
    messages = messages.defer(*(f"quote__recording__{name}" for name in MEASURED))
    # A message is written just before its event: parts meet at an event, so none falls between.
    if older:
        messages = messages.filter(at__gt=older.at)
    if before and page:
        messages = messages.filter(at__lte=page[-1].at)
    spoken = list(messages.order_by("-pk")[:LONGEST])[::-1]
    reader_pk = reader.pk if reader else None
    beside: dict[int | None, list[Evidence]] = {}  # None: what came with no message
    for one in rows(complaint, "evidence"):
        beside.setdefault(one.message_id, []).append(one)
    for one in spoken:
        one.complaint = complaint
    entries = [said_in(m, beside.get(m.pk, []), reader) for m in spoken]
    loose = {one.pk: one for one in beside.get(None, [])}
    for event in page:
        if event.what in SPOKEN or _doubles(event):
            continue
        if event.what == What.EVIDENCE_ADDED:
            if file := loose.get(event.facts.get("evidence")):
                entries.append(brought(event, file, reader_pk))
            continue  # the others stand beside the message they came with
        entries.append(happened(event, reader_pk))
    for shown in (file for entry in entries for file in entry.files):
        shown.evidence.complaint = complaint
        shown.is_open = reader is None or can_open_evidence(reader, shown.evidence)
    if reader is not None:
        add_others(entries, grouping.told_of(reader, page))
    _say_named(entries, reader)
    entries.sort(key=lambda entry: entry.at)
    if older is None:
        opening = next((e for e in entries if e.kind == Kind.INBOUND), None)
        if opening:
            opening.first = True
    if since:
        mark_unread(entries, since)
    return folded(entries), page[0].pk if older else None


def _say_named(entries: list[Entry], reader: User | None) -> None:
    """Which earlier complaint a mail names, until somebody has looked; asked only where needed."""
    unsure = [e for e in entries if e.mail and e.mail.suspected_id and not e.mail.decided_at]
    if not unsure:
        return
    seen = Complaint.objects.visible_to(reader) if reader else Complaint.objects.all()
    asked = [e.mail.suspected_id for e in unsure if e.mail and e.mail.suspected_id]
    numbers = dict(seen.filter(pk__in=asked).values_list("pk", "number"))
    for entry in unsure:
        named = entry.mail.suspected_id if entry.mail else None
        entry.names = numbers.get(named or 0) or _("一件您看不到的投诉")


def _doubles(event: Event) -> bool:
    """A visit that was made stands there as a visit; the call itself says no more."""
    return event.what == What.CALLBACK_DONE and event.facts.get("kind") == "visit"
