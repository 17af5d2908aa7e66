"""Telling the result, calling back, closing, reopening, archiving."""

from huiyin.journey.closure.actions.closing import archive_due, close, reopen
from huiyin.journey.closure.actions.ending import cancel, withdraw
from huiyin.journey.closure.actions.standing import (
    left_to_the_manager,
    missing_for_closing,
    needs_visit,
    times_reworked,
    told,
    tries_in_vain,
    was_reached,
    word_of_customer,
)
from huiyin.journey.closure.actions.telling import feed_back, letter
from huiyin.journey.closure.actions.together import close_with
from huiyin.journey.closure.actions.visiting import judge, rework, take_up, visit

__all__ = [
    "archive_due",
    "cancel",
    "close",
    "close_with",
    "feed_back",
    "judge",
    "left_to_the_manager",
    "letter",
    "missing_for_closing",
    "needs_visit",
    "reopen",
    "rework",
    "take_up",
    "times_reworked",
    "told",
    "tries_in_vain",
    "visit",
    "was_reached",
    "withdraw",
    "word_of_customer",
]
