"""Proposing, deciding, the customer's answer, and doing it."""

from huiyin.journey.resolution.actions.authority import (
    Waiting,
    limits,
    limits_shown,
    may_promise,
    promised_fen,
    verdict,
    waiting,
)
from huiyin.journey.resolution.actions.deciding import cannot_decide, decide
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
from huiyin.journey.resolution.rules import OPEN_STATES, yuan

__all__ = [
    "OPEN_STATES",
    "Draft",
    "Waiting",
    "agree",
    "cannot_decide",
    "current_round",
    "decide",
    "decline",
    "execute",
    "limits",
    "limits_shown",
    "may_promise",
    "promised_fen",
    "propose",
    "propose_round",
    "tell",
    "verdict",
    "waiting",
    "yuan",
]
