"""Writing things down, keeping files, and sending letters."""

from huiyin.journey.conversation.actions.custody import copied, handed_out, opened
from huiyin.journey.conversation.actions.evidence import (
    Description,
    add_evidence,
    describe,
    hold,
    keep_evidence,
    refusal_of_file,
    release,
)
from huiyin.journey.conversation.actions.letters import (
    TRY_AGAIN_AFTER,
    NotYet,
    NoWayOut,
    Undelivered,
    cancel_letter,
    has_answer,
    lanes,
    post_letter,
    reached,
    retry_letter,
    send_due_letters,
)
from huiyin.journey.conversation.actions.once import forget_sent, once
from huiyin.journey.conversation.actions.resending import addresses_of, resend
from huiyin.journey.conversation.actions.undoing import (
    UNDO_FOR,
    leaves_at,
    plan,
    presets,
    undo,
)
from huiyin.journey.conversation.actions.writing import (
    checked_text,
    customer_wrote,
    first_message,
    note,
    reply,
    said,
)

__all__ = [
    "TRY_AGAIN_AFTER",
    "UNDO_FOR",
    "Description",
    "NoWayOut",
    "NotYet",
    "Undelivered",
    "add_evidence",
    "addresses_of",
    "cancel_letter",
    "checked_text",
    "copied",
    "customer_wrote",
    "describe",
    "first_message",
    "forget_sent",
    "handed_out",
    "has_answer",
    "hold",
    "keep_evidence",
    "lanes",
    "leaves_at",
    "note",
    "once",
    "opened",
    "plan",
    "post_letter",
    "presets",
    "reached",
    "refusal_of_file",
    "release",
    "reply",
    "resend",
    "retry_letter",
    "said",
    "send_due_letters",
    "undo",
]
