"""The story as the customer reads it: only what `TOLD` lists, only public messages (V17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import PublicState, Status
from huiyin.journey.conversation.models import Evidence, Message
from huiyin.journey.conversation.words import Kind
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.words import OfferState
from huiyin.surface.portal import rules
from huiyin.surface.portal.words import TOLD

MOST_LINES = 60
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
    if not complaint.is_open:
        return ""
    due = complaint.next_due_at
    if due is None:
        return _("我们会在 24 小时内第一次联系您")
    if due < now:
        return _("进展比预期慢，我们正在加紧处理，有消息马上告诉您")
    return _("下一次告诉您进展：%(until)s") % {"until": rules.until(timezone.localtime(due), now)}


def told(complaint: Complaint) -> list[tuple[str, datetime]]:
    """What was done, newest first, in plain words."""
    events = complaint.events.filter(what__in=list(TOLD)).order_by("pk").values_list("what", "at")
    lines = [(str(TOLD[what]), at) for what, at in events]  # type: ignore[index]
    return rules.folded(lines)[::-1][:MOST_LINES]


def messages(complaint: Complaint) -> list[dict[str, Any]]:
    """Public messages, oldest first, each with its public files; nobody of ours by name."""
    said = list(complaint.messages.public().order_by("-pk")[:MOST_LINES])[::-1]
    files: dict[int | None, list[Evidence]] = {}
    for file in complaint.evidence.for_customer():
        files.setdefault(file.message_id, []).append(file)
    return [_message(message, files.get(message.pk, [])) for message in said]


def offer_to_answer(complaint: Complaint) -> Offer | None:
    """What waits for the customer's word: an offer that is open and was really put to him."""
    if complaint.status != Status.EXE:
        return None
    offers = complaint.offers.filter(state=OfferState.OFFERED).select_related("remedy")
    offer = offers.first()
    if offer is None:
        return None
    told = complaint.messages.public().filter(kind=Kind.OUTBOUND, at__gte=offer.at)
    return offer if told.filter(text=offer.wording).exists() else None


def _message(message: Message, files: list[Evidence]) -> dict[str, Any]:
    return {
        "is_mine": message.kind == Kind.INBOUND,
        "text": message.text,
        "at": message.at,
        "files": files,
    }
