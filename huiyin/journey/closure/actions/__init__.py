"""Telling the result, calling back, closing, reopening, archiving."""

from huiyin.journey.closure.actions.casing import (
    accept_case,
    named_in,
    propose_case,
    refuse_case,
    topic_of,
)
from huiyin.journey.closure.actions.closing import archive_due, close, reopen
from huiyin.journey.closure.actions.demanding import (
    asked_of,
    demand_called,
    unmet,
    waive,
    what_in_words,
)
from huiyin.journey.closure.actions.drafting import Draft, draft, kinds_of
from huiyin.journey.closure.actions.ending import cancel, withdraw
from huiyin.journey.closure.actions.mediating import (
    MEDIATED,
    begin_mediation,
    end_mediation,
    end_mediations,
    unsettled,
)
from huiyin.journey.closure.actions.missing import Missing, missing_for_closing
from huiyin.journey.closure.actions.refusing import (
    no_letter,
    refuse_claim,
    tell_alternatives,
    told_of_ways,
    ways_for,
)
from huiyin.journey.closure.actions.reworking import give_to_the_next_level, rework, take_up
from huiyin.journey.closure.actions.sealing import broken, seal, seal_unsealed
from huiyin.journey.closure.actions.signing import (
    ask_again,
    call_signers,
    refusals,
    refuse_sign_off,
    sign_off,
    waiting_for,
)
from huiyin.journey.closure.actions.standing import (
    by_another,
    left_to_the_manager,
    needs_visit,
    times_reworked,
    told,
    tries_in_vain,
    visit_rule,
    was_reached,
    word_of_customer,
)
from huiyin.journey.closure.actions.telling import feed_back, letter, promised_in
from huiyin.journey.closure.actions.together import close_with
from huiyin.journey.closure.actions.visiting import judge, keep_visit, plan_visit, visit

__all__ = [
    "MEDIATED",
    "Draft",
    "Missing",
    "accept_case",
    "archive_due",
    "ask_again",
    "asked_of",
    "begin_mediation",
    "broken",
    "by_another",
    "call_signers",
    "cancel",
    "close",
    "close_with",
    "demand_called",
    "draft",
    "end_mediation",
    "end_mediations",
    "feed_back",
    "give_to_the_next_level",
    "judge",
    "keep_visit",
    "kinds_of",
    "left_to_the_manager",
    "letter",
    "missing_for_closing",
    "named_in",
    "needs_visit",
    "no_letter",
    "plan_visit",
    "promised_in",
    "propose_case",
    "refusals",
    "refuse_case",
    "refuse_claim",
    "refuse_sign_off",
    "reopen",
    "rework",
    "seal",
    "seal_unsealed",
    "sign_off",
    "take_up",
    "tell_alternatives",
    "times_reworked",
    "told",
    "told_of_ways",
    "topic_of",
    "tries_in_vain",
    "unmet",
    "unsettled",
    "visit",
    "visit_rule",
    "waiting_for",
    "waive",
    "was_reached",
    "ways_for",
    "what_in_words",
    "withdraw",
    "word_of_customer",
]
