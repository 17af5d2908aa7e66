"""Asking for a call, taking it, making it, and what came of it."""

from huiyin.journey.callbacks.actions.asking import (
    appoint,
    arrange,
    ask,
    cancel,
    cancel_mediated_visit,
    cancel_open,
    cancel_visit,
    end_by_itself,
)
from huiyin.journey.callbacks.actions.calling import answer, claim, release, take_next

__all__ = [
    "answer",
    "appoint",
    "arrange",
    "ask",
    "cancel",
    "cancel_mediated_visit",
    "cancel_open",
    "cancel_visit",
    "claim",
    "end_by_itself",
    "release",
    "take_next",
]
