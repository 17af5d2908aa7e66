"""Proposing, deciding, negotiating, the customer's answer, and doing it."""

from huiyin.journey.resolution.actions.authority import (
    budget_state,
    budgets_of,
    limits,
    limits_shown,
    may_promise,
    promised_fen,
    spent,
    verdict,
)
from huiyin.journey.resolution.actions.deciding import (
    acknowledge,
    cannot_decide,
    change,
    decide,
    pass_on,
    recuse,
)
from huiyin.journey.resolution.actions.negotiating import (
    Stuck,
    counter,
    decline_round,
    stuck,
    take_back,
)
from huiyin.journey.resolution.actions.offering import (
    Draft,
    agree,
    current_round,
    decline,
    execute,
    propose,
    propose_round,
    tell,
)
from huiyin.journey.resolution.actions.standing import About, Standing, Waiting, standing, waiting
from huiyin.journey.resolution.rules import OPEN_STATES, yuan

__all__ = [
    "OPEN_STATES",
    "About",
    "Draft",
    "Standing",
    "Stuck",
    "Waiting",
    "acknowledge",
    "agree",
    "budget_state",
    "budgets_of",
    "cannot_decide",
    "change",
    "counter",
    "current_round",
    "decide",
    "decline",
    "decline_round",
    "execute",
    "limits",
    "limits_shown",
    "may_promise",
    "pass_on",
    "promised_fen",
    "propose",
    "propose_round",
    "recuse",
    "spent",
    "standing",
    "stuck",
    "take_back",
    "tell",
    "verdict",
    "waiting",
    "yuan",
]
