"""Telling the result, calling back, closing, reopening, archiving."""

from huiyin.journey.closure.actions.closing import archive_due, close, reopen
from huiyin.journey.closure.actions.ending import cancel, withdraw
from huiyin.journey.closure.actions.reworking import give_to_the_next_level, rework, take_up
from huiyin.journey.closure.actions.standing import (
    by_another,
    left_to_the_manager,
    missing_for_closing,
    needs_visit,
    times_reworked,
    told,
    tries_in_vain,
    visit_rule,
    was_reached,
    word_of_customer,
)
from huiyin.journey.closure.actions.telling import feed_back, letter
from huiyin.journey.closure.actions.together import close_with
from huiyin.journey.closure.actions.visiting import judge, keep_visit, plan_visit, visit

__all__ = [
    "archive_due",
    "by_another",
    "cancel",
    "close",
    "close_with",
    "feed_back",
    "give_to_the_next_level",
    "judge",
    "keep_visit",
    "left_to_the_manager",
    "letter",
    "missing_for_closing",
    "needs_visit",
    "plan_visit",
    "reopen",
    "rework",
    "take_up",
    "times_reworked",
    "told",
    "tries_in_vain",
    "visit",
    "visit_rule",
    "was_reached",
    "withdraw",
    "word_of_customer",
]
