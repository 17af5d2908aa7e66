"""The verbs of promises: giving, keeping, moving, releasing, breaking; and reading what is said."""

from huiyin.journey.promises.actions.breaking import ask_call, break_on_miss, raise_severity
from huiyin.journey.promises.actions.promising import promise, promise_by_hand
from huiyin.journey.promises.actions.settling import keep, move, release

__all__ = [
    "ask_call",
    "break_on_miss",
    "keep",
    "move",
    "promise",
    "promise_by_hand",
    "raise_severity",
    "release",
]
