"""The story of a complaint as people read it: messages and events in the order they happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.ground.people.models import User
from huiyin.ground.web.panels import rows
from huiyin.ground.web.templatetags.frame import exact
from huiyin.journey.channels.mail.models import Mail
from huiyin.journey.channels.mail.words import Delivery as Reached
from huiyin.journey.channels.paper.models import Post
from huiyin.journey.channels.paper.words import PostState
from huiyin.journey.channels.phone.shown import told
from huiyin.journey.channels.recordings.actions import address_of
from huiyin.journey.channels.recordings.models import Quote
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Channel, What
from huiyin.journey.conversation.models import Evidence, Letter, Message
from huiyin.journey.conversation.permissions import can_open_evidence, can_resend, can_undo
from huiyin.journey.conversation.words import Kind, LetterState, Reach
from huiyin.journey.grouping import actions as grouping
from huiyin.surface.workbench.frozen import in_words

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
    What.EXTENDED: "calendar-plus",
    What.POLICY_ATTACHED: "scale",
    What.POLICY_DETACHED: "scale",
    What.WAITED: "pause",
    What.RESUMED: "play",
    What.FOUND: "search-check",
    What.PROPOSED: "scale",
    What.SIGNED: "signature",
    What.APPROVED: "badge-check",
    What.DENIED: "circle-x",
    What.OFFER_CHANGED: "pencil",
    What.COUNTERED: "message-square-quote",
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
    What.UNRESTRICTED: "shield-off",
    What.CUSTOMER_JUDGED: "star",
    What.RUNG: "phone-incoming",
    What.RING_PASSED: "phone-forwarded",
    What.PULLED_BACK: "undo-2",
    What.OWNER_CHANGED: "user-check",
    What.BARRED: "user-x",
    What.UNBARRED: "user-check",
    What.REMINDED: "bell",
    What.LATE_NOTICE: "mail-warning",
    What.EXTENSION_ASKED: "calendar-clock",
    What.EXTENSION_REFUSED: "calendar-x",
    What.SUSPENSION_ASKED: "circle-pause",
    What.SUSPENSION_REFUSED: "circle-x",
    What.SUSPENDED: "circle-pause",
    What.WOKEN: "sunrise",
    What.TASK_SENT: "send",
    What.TASK_SIGNED: "hand",
    What.TASK_ANSWERED: "message-square-reply",
    What.TASK_RETURNED: "undo-2",
    What.TASK_DISPUTED: "swords",
    What.TASK_RULED: "gavel",
    What.TASK_FORWARDED: "forward",
    What.TASK_EXTENDED: "calendar-plus",
    What.TASK_REDONE: "rotate-ccw",
    What.TASK_DONE: "circle-check",
    What.TASK_CANCELLED: "trash-2",
    What.TASK_LATE: "alarm-clock-off",
    What.SUPERVISED: "eye",
    What.MEASURES_FILED: "clipboard-list",
    What.SUPERVISION_LIFTED: "eye-off",
    What.HELD: "lock-keyhole",
    What.RELEASED: "lock-keyhole-open",
    What.SPLIT: "split",
    What.SPLIT_UNDONE: "undo-2",
    What.MERGED: "merge",
    What.UNMERGED: "undo-2",
    What.LINKED: "link",
    What.UNLINKED: "unlink",
    What.INCIDENT_JOINED: "users-round",
    What.INCIDENT_LEFT: "user-x",
    What.INCIDENT_TOLD: "megaphone",
    What.STEP_CANCELLED: "circle-x",
    What.STEP_LATE: "calendar-clock",
    What.STEP_FAILED: "triangle-alert",
    What.STEP_DONE: "circle-check",
    What.STEP_SENT: "send",
    What.TALK_WANTED: "phone",
    What.CONSENT_WITHDRAWN: "undo-2",
    What.CONSENTED: "signature",
    What.CONSENT_SENT: "link",
    What.PROMISED: "handshake",
    What.PROMISE_KEPT: "circle-check",
    What.PROMISE_BROKEN: "alarm-clock-off",
    What.PROMISE_MOVED: "calendar-clock",
    What.PROMISE_RELEASED: "ban",
    What.CALLBACK_ASKED: "calendar-clock",
    What.CALLBACK_TRIED: "phone-missed",
    What.CALLBACK_DONE: "phone-call",
    What.CALLBACK_CANCELLED: "phone-off",
    What.ALTERNATIVES_TOLD: "signpost",
    What.MEDIATION_BEGUN: "scale",
    What.MEDIATION_ENDED: "handshake",
    What.CASE_PROPOSED: "graduation-cap",
    What.SIGN_OFF_ASKED: "signature",
    What.SIGNED_OFF: "badge-check",
    What.SIGN_OFF_REFUSED: "circle-x",
    What.SURVEY_SENT: "star",
    What.SURVEY_ANSWERED: "star",
    What.REPLY_PLANNED: "calendar-clock",
    What.REPLY_UNDONE: "undo-2",
    What.LETTER_RETURNED: "mail-x",
    What.AUTO_REPLIED: "bot",
    What.IMPROVEMENT_OPENED: "wrench",
    What.IMPROVEMENT_DONE: "clipboard-check",
    What.IMPROVEMENT_VERIFIED: "badge-check",
    What.IMPROVEMENT_SENT_BACK: "undo-2",
    What.EFFECT_CHECKED: "chart-line",
    What.CHATTED: "messages-square",
    What.CALLED: "phone",
    What.CALL_DROPPED: "phone-off",
    What.LONG_HOLD: "pause",
    What.ABUSE_WARNED: "megaphone",
    What.ABUSE_ENDED: "phone-off",
    What.RECORDED: "mic",
    What.PAPER_REGISTERED: "scan-text",
    What.PAPER_SENT: "mailbox",
    What.AT_COUNTER: "store",
    What.POSTED_PUBLICLY: "globe",
    What.MOVED_PRIVATE: "lock",
}
# How far a reply that is carried is: the letter's state, then what is known of it since it left.
DELIVERIES: dict[str, tuple[str, Any]] = {
    LetterState.QUEUED: ("timer", LetterState.QUEUED.label),
    LetterState.SENT: ("mail-check", LetterState.SENT.label),
    LetterState.FAILED: ("mail-warning", LetterState.FAILED.label),
    LetterState.HELD: ("mail", LetterState.HELD.label),
    LetterState.CANCELLED: ("ban", LetterState.CANCELLED.label),
    LetterState.UNDONE: ("undo-2", LetterState.UNDONE.label),
    Reach.DELIVERED: ("check-check", Reach.DELIVERED.label),
    Reach.READ: ("eye", Reach.READ.label),
    Reach.MISSED: ("mail-x", Reach.MISSED.label),
    Reached.ACCEPTED: ("mail-check", Reached.ACCEPTED.label),
    Reached.DELIVERED: ("check-check", Reached.DELIVERED.label),
    Reached.DELAYED: ("clock-alert", Reached.DELAYED.label),
    Reached.RETURNED: ("mail-x", Reached.RETURNED.label),
}
PAPERS: dict[str, str] = {
    PostState.TO_PRINT: "printer",
    PostState.PRINTED: "mail",
    PostState.POSTED: "mailbox",
    PostState.RETURNED: "mail-x",
}
BAD = frozenset(
    {LetterState.FAILED, LetterState.HELD, Reach.MISSED, Reached.RETURNED, Reached.DELAYED}
)
HEAVY = ("raw", "html", "text", "facts")  # of a mail; read where it is opened

MEASURED = ("told", "places", "figures")  # of a recording

# Events whose message stands in the story itself.
SPOKEN = frozenset({What.CUSTOMER_WROTE, What.REPLIED, What.REPLY_PLANNED, What.NOTED})


PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
LARGEST_PREVIEW = 8 * 1024 * 1024
FOLD_FROM = 3  # so many machine events in a row become one line


@dataclass
class File:
    """Evidence as the story shows it."""

    evidence: Evidence
    is_open: bool = True  # to this reader: what is sensitive is not for all who see the complaint

    @property
    def is_sound(self) -> bool:
        return self.evidence.media_type.startswith("audio/")

    @property
    def is_picture(self) -> bool:
        one = self.evidence
        return self.is_open and one.media_type in PICTURES and one.size <= LARGEST_PREVIEW


@dataclass
class Delivery:
    """How far a reply by mail is, as the story tells it."""

    icon: str
    words: str
    message: int
    said: str = ""  # by the server, when something is wrong
    is_bad: bool = False
    leaves_at: datetime | None = None  # as long as it can be taken back
    may_undo: bool = False
    may_resend: bool = False


@dataclass
class Entry:
    at: datetime
    kind: str  # inbound, outbound, note, file, event, fold
    key: str
    by: str
    text: str = ""
    icon: str = ""
    channel: str = ""
    files: list[File] = field(default_factory=list)
    first: bool = False  # the complaint itself
    delivery: Delivery | None = None  # of a reply by mail
    mail: Mail | None = None  # what the customer's words came by
    quote: Quote | None = None  # the place in a recording that a note holds up
    by_machine: bool = False
    mine: bool = False
    unread: bool = False
    first_unread: bool = False
    inside: list[Entry] = field(default_factory=list)  # of a fold
    leads_to: str = ""  # the page of what the line tells of

    @property
    def group(self) -> str:
        """Under which filter of the story it stands."""
        groups = {"note": "note", "file": "file", "event": "event", "fold": "event"}
        return groups.get(self.kind, "talk")


def story(
    complaint: Complaint,
    *,
    reader: User | None = None,
    since: datetime | None = None,
    before: int | None = None,
) -> tuple[list[Entry], int | None]:
    """The last entries, oldest first; and where to go on backwards (an event's id), if anywhere.

    What others did after `since` is unread by `reader`. Three queries, however long the story.
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
    entries = [_said(m, beside.get(m.pk, []), reader) for m in spoken]
    loose = {one.pk: one for one in beside.get(None, [])}
    for event in page:
        if event.what in SPOKEN or _doubles(event):
            continue
        if event.what == What.EVIDENCE_ADDED:
            if file := loose.get(event.facts.get("evidence")):
                entries.append(_brought(event, file, reader_pk))
            continue  # the others stand beside the message they came with
        entries.append(_happened(event, reader_pk))
    for shown in (file for entry in entries for file in entry.files):
        shown.evidence.complaint = complaint
        shown.is_open = reader is None or can_open_evidence(reader, shown.evidence)
    if reader is not None:
        _add_others(entries, grouping.told_of(reader, page))
    entries.sort(key=lambda entry: entry.at)
    if older is None:
        opening = next((e for e in entries if e.kind == Kind.INBOUND), None)
        if opening:
            opening.first = True
    if since:
        _mark_unread(entries, since)
    return folded(entries), page[0].pk if older else None


def _doubles(event: Event) -> bool:
    """A visit that was made stands there as a visit; the call itself says no more."""
    return event.what == What.CALLBACK_DONE and event.facts.get("kind") == "visit"


def _add_others(entries: list[Entry], told: dict[int, grouping.Told]) -> None:
    """What a line says of another complaint, to whoever may see that one too."""
    by_key = {f"e{pk}": one for pk, one in told.items()}
    for entry in entries:
        if one := by_key.get(entry.key):
            entry.text = f"{entry.text} · {one.words}"
            if one.number:
                entry.leads_to = reverse("workbench:complaint", args=[one.number])
            elif one.incident:
                entry.leads_to = reverse("grouping:incident", args=[one.incident])


def _mark_unread(entries: list[Entry], since: datetime) -> None:
    for entry in entries:
        entry.unread = entry.at > since and not entry.mine
    first = next((entry for entry in entries if entry.unread), None)
    if first:
        first.first_unread = True


def folded(entries: list[Entry]) -> list[Entry]:
    """Machine events that follow one another as one entry, unless something in it is unread."""
    told: list[Entry] = []
    run: list[Entry] = []

    def end_run() -> None:
        if len(run) >= FOLD_FROM:
            told.append(
                Entry(
                    at=run[0].at,
                    kind="fold",
                    key=f"f{run[0].key}",
                    by=run[-1].by,
                    text=_in_short(run),
                    icon="settings-2",
                    inside=list(run),
                )
            )
        else:
            told.extend(run)
        run.clear()

    for entry in entries:
        if entry.kind == "event" and entry.by_machine and not entry.unread:
            run.append(entry)
        else:
            end_run()
            told.append(entry)
    end_run()
    return told


def _in_short(run: list[Entry]) -> str:
    acts = dict.fromkeys(entry.text.split(" · ")[0] for entry in run)
    return "、".join(acts)


def _said(message: Message, files: list[Evidence], reader: User | None) -> Entry:
    quote = getattr(message, "quote", None)
    return Entry(
        at=message.at,
        kind=message.kind,
        key=f"m{message.pk}",
        by=message.by.shown_name,
        text=message.text,
        channel=message.get_channel_display() if message.channel else "",
        files=[File(one) for one in files],
        delivery=_delivery(message, reader),
        mail=getattr(message, "mail", None),
        quote=quote,
        leads_to=address_of(quote) if quote else "",
        by_machine=message.by.is_system,
        mine=reader is not None and message.by_id == reader.pk,
    )


def _delivery(message: Message, reader: User | None) -> Delivery | None:
    letter = getattr(message, "letter", None)
    if letter is None:
        return None
    sending = getattr(letter, "sending", None)
    if letter.channel == Channel.LETTER and (post := getattr(letter, "post", None)):
        return _on_paper(message, letter, post)
    key = letter.state
    if letter.state == LetterState.SENT:
        key = sending.state if sending else letter.reach or letter.state
    icon, words = DELIVERIES[key]
    told = Delivery(icon, str(words), message.pk, is_bad=key in BAD)
    if told.is_bad:
        told.said = (sending.said if key in Reached.values and sending else letter.error) or ""
        # What the other side took under our name for it, it would take for the same again.
        taken = key == Reach.MISSED
        told.may_resend = reader is not None and not taken and can_resend(reader, message)
    elif letter.state == LetterState.QUEUED and letter.pending:
        told.leaves_at = letter.planned_at or letter.next_try_at
        told.may_undo = reader is not None and can_undo(reader, message)
        if letter.planned_at:
            told.icon = "calendar-clock"
            told.words = _("定在 %(time)s 发出") % {"time": exact(letter.planned_at)}
    elif letter.state == LetterState.QUEUED and letter.error:
        told.said = letter.error
    return told


def _on_paper(message: Message, letter: Letter, post: Post) -> Delivery:
    """A letter: what has been done with the paper, and by which number the post knows it."""
    came_back = post.state == PostState.RETURNED
    told = Delivery(PAPERS[post.state], post.get_state_display(), message.pk, is_bad=came_back)
    if letter.state == LetterState.CANCELLED:
        told.icon, told.words = DELIVERIES[letter.state][0], str(DELIVERIES[letter.state][1])
    told.said = post.returned_why if came_back else post.tracking
    return told


def _brought(event: Event, file: Evidence, reader: int | None) -> Entry:
    return Entry(
        at=event.at,
        kind="file",
        key=f"e{event.pk}",
        by=event.by.shown_name,
        icon="paperclip",
        files=[File(file)],
        mine=event.by_id == reader,
    )


def _happened(event: Event, reader: int | None) -> Entry:
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
    )


def _recording(event: Event) -> str:
    uuid = event.facts.get("recording") if event.what == What.RECORDED else None
    return reverse("recordings:one", args=[uuid]) if uuid else ""


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
