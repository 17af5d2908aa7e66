"""How far a reply is on its way, and what may be done about it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from huiyin.ground.people.models import User
from huiyin.ground.web.templatetags.frame import exact
from huiyin.journey.channels.mail.words import Delivery as Reached
from huiyin.journey.channels.paper.models import Post
from huiyin.journey.channels.paper.words import PostState
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.models import Letter, Message, Part
from huiyin.journey.conversation.permissions import can_resend, can_undo
from huiyin.journey.conversation.words import LetterState, PartState, Reach
from huiyin.surface.workbench.story.entries import Delivery

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


def delivery_of(message: Message, reader: User | None) -> Delivery | None:
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
    if letter.channel == Channel.PORTAL and key == LetterState.SENT:
        told.icon, told.words = "eye", _("查询页已可见")
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
    if (parts := list(letter.parts.all())) and letter.state in (
        LetterState.QUEUED,
        LetterState.FAILED,
    ):
        told.words = _of_parts(told.words, parts)
    return told


def _of_parts(words: str, parts: list[Part]) -> str:
    """Of a reply that leaves as several messages: how much of it has."""
    gone = sum(one.state == PartState.SENT for one in parts)
    if not gone:
        return words
    return _("%(words)s（已发出 %(gone)s/%(all)s）") % {
        "words": words,
        "gone": gone,
        "all": len(parts),
    }


def _on_paper(message: Message, letter: Letter, post: Post) -> Delivery:
    """A letter: what has been done with the paper, and by which number the post knows it."""
    came_back = post.state == PostState.RETURNED
    told = Delivery(PAPERS[post.state], post.get_state_display(), message.pk, is_bad=came_back)
    if letter.state == LetterState.CANCELLED:
        told.icon, told.words = DELIVERIES[letter.state][0], str(DELIVERIES[letter.state][1])
    told.said = post.returned_why if came_back else post.tracking
    return told
