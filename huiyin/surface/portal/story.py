"""The story as the customer reads it: only what `TOLD` lists, only public messages (V17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.ground.language import in_english
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import PublicState, Status
from huiyin.journey.consent import actions as consent
from huiyin.journey.conversation.models import Evidence, Letter, Message
from huiyin.journey.conversation.words import Kind
from huiyin.journey.grouping import actions as grouping
from huiyin.journey.grouping.models import Entry
from huiyin.journey.grouping.words import EntryKind, Side
from huiyin.journey.intake.rules import spoken_code
from huiyin.journey.promises.actions import told_due
from huiyin.journey.promises.models import Promise
from huiyin.journey.promises.words import State
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.words import OfferState
from huiyin.surface.portal import rules
from huiyin.surface.portal.words import TOLD, TOLD_OF_MASTER

MOST_LINES = 60
MOST_JOINT = 5
LINE_OF_THREE = (PublicState.WAITING, PublicState.WORKING, PublicState.SOLVED)


@dataclass(frozen=True)
class Step:
    label: str
    is_done: bool
    is_now: bool


def steps(complaint: Complaint) -> list[Step]:
    """待分配, 处理中, 已解决; a complaint that ended otherwise shows how in the last place."""
    state = complaint.public_state
    line = [*LINE_OF_THREE[:2], PublicState.ENDED] if state == PublicState.ENDED else LINE_OF_THREE
    place = line.index(state)
    return [Step(str(s.label), i <= place, i == place) for i, s in enumerate(line)]


def next_word(complaint: Complaint, now: datetime) -> str:
    """When the customer hears of it next; "" when it has ended. `now` is local."""
    if not (complaint.is_open or complaint.status == Status.MRG):
        return ""
    due = complaint.next_due_at
    if due is None:
        return _("我们会在 24 小时内第一次联系您")
    if due < now:
        return _("进展比预期慢，我们正在加紧处理，有消息马上告诉您")
    return _("下一次告诉您进展：%(until)s") % {"until": rules.until(timezone.localtime(due), now)}


def told(complaint: Complaint) -> list[tuple[str, datetime]]:
    """What was done, newest first, in plain words."""
    events = complaint.events.filter(what__in=list(TOLD)).exclude(facts__side=Side.MASTER)
    rows = list(events.order_by("pk").values_list("what", "at"))
    if complaint.status == Status.MRG:
        rows = sorted([*rows, *_of_master(complaint)], key=lambda row: row[1])
    lines = [(str(TOLD[what]), at) for what, at in rows]  # type: ignore[index]
    return rules.folded(lines)[::-1][:MOST_LINES]


def _of_master(member: Complaint) -> list[tuple[str, datetime]]:
    """What was done for the matter since it is worked on under the number of its master."""
    merge = member.bonds.merges().select_related("other").first()
    if merge is None:
        return []
    events = merge.other.events.filter(what__in=list(TOLD_OF_MASTER), at__gte=merge.at)
    return list(events.order_by("pk").values_list("what", "at"))


def parts(complaint: Complaint) -> list[dict[str, Any]]:
    """The items it was split into: each with number, code and where it stands."""
    if complaint.status not in (Status.MRG, Status.CLO):
        return []
    items = grouping.items_of(complaint)
    return [{"complaint": one, "code": spoken_code(one.tracking_code)} for one in items]


def joint_progress(complaint: Complaint) -> list[Entry]:
    """What all who complain of the same thing are told, the newest first."""
    mine = Entry.objects.filter(
        kind=EntryKind.PROGRESS,
        incident__memberships__complaint=complaint,
        incident__memberships__left_at=None,
    )
    return list(mine.order_by("-pk")[:MOST_JOINT])


def messages(complaint: Complaint) -> list[dict[str, Any]]:
    """Public messages, oldest first, each with its public files; nobody of ours by name. What was
    sent later stands where it was said, not where it was written."""
    public = complaint.messages.public().select_related("letter")
    said = sorted(public.order_by("-pk")[:MOST_LINES], key=lambda one: (_said_at(one), one.pk))
    files: dict[int | None, list[Evidence]] = {}
    chosen = _chosen(said)
    for file in complaint.evidence.for_customer():
        for message in {file.message_id, *chosen.get(file.pk, ())}:
            files.setdefault(message, []).append(file)
    return [_message(message, files.get(message.pk, [])) for message in said]


def _said_at(message: Message) -> datetime:
    letter = getattr(message, "letter", None)
    return (letter.sent_at if letter is not None and letter.planned_at else None) or message.at


def _chosen(said: list[Message]) -> dict[int, list[int]]:
    """Evidence that was there before and was chosen to go with a reply: in which messages."""
    found: dict[int, list[int]] = {}
    rows = Letter.attached.through.objects.filter(letter__message__in=said)
    for file, message in rows.values_list("evidence", "letter__message"):
        found.setdefault(file, []).append(message)
    return found


def offers_to_answer(complaint: Complaint) -> list[Offer]:
    """What waits for the customer's word: open options that were really put to him, by a letter
    or by a link of this round."""
    offers = consent.options(complaint)
    if not offers:
        return []
    if complaint.consent_links.filter(round=offers[0].round).exists():
        return offers
    told = complaint.messages.public().filter(kind=Kind.OUTBOUND, at__gte=offers[0].at)
    said = set(told.values_list("text", flat=True))
    return [one for one in offers if any(one.wording in text for text in said)]


def offer_taken(complaint: Complaint) -> Offer | None:
    """What he said yes to and is not done yet: he may still change his mind."""
    if complaint.status != Status.EXE:
        return None
    taken = complaint.offers.filter(state=OfferState.AGREED).select_related("remedy").first()
    if taken is not None:
        taken.complaint = complaint
    return taken


def promised(complaint: Complaint) -> list[dict[str, Any]]:
    """What we promised him and until when, in his words: never who owes it, nor what was noted."""
    english = in_english()
    shown = Promise.objects.filter(complaint=complaint).exclude(state=State.RELEASED)
    return [
        {
            "what": one.told_customer,
            "due": told_due(one.due_at, english=english),
            "late": one.state == State.BROKEN and one.kept_at is None,
            "done": one.kept_at is not None,
        }
        for one in shown.order_by("due_at", "pk")[:20]
    ]


def _message(message: Message, files: list[Evidence]) -> dict[str, Any]:
    return {
        "is_mine": message.kind == Kind.INBOUND,
        "text": message.text,
        "at": _said_at(message),
        "files": files,
    }
