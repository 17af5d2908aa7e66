"""The verbs of promises: giving, keeping, moving, releasing, breaking; and reading what is said."""

from huiyin.journey.promises.actions.breaking import (
    ask_call,
    break_on_miss,
    promise_of,
    raise_severity,
)
from huiyin.journey.promises.actions.chatting import check_chat, enter_chat, read_chat
from huiyin.journey.promises.actions.following import (
    call_off,
    called,
    check_reply,
    let_go,
    of_callback,
    of_offer,
    offer_executed,
    offer_gone,
    outlive,
    read_note,
    read_reply,
    told_result,
)
from huiyin.journey.promises.actions.promising import promise, promise_by_hand
from huiyin.journey.promises.actions.reading import Chip, read, told_due
from huiyin.journey.promises.actions.settling import keep, move, release

__all__ = [
    "Chip",
    "ask_call",
    "break_on_miss",
    "call_off",
    "called",
    "check_chat",
    "check_reply",
    "enter_chat",
    "keep",
    "let_go",
    "move",
    "of_callback",
    "of_offer",
    "offer_executed",
    "offer_gone",
    "outlive",
    "promise",
    "promise_by_hand",
    "promise_of",
    "raise_severity",
    "read",
    "read_chat",
    "read_note",
    "read_reply",
    "release",
    "told_due",
    "told_result",
]
