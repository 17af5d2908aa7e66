"""Proposing, deciding, the customer's answer, and doing it."""

from huiyin.journey.resolution.actions.authority import (
    Waiting,
    limits,
    limits_shown,
    promised_fen,
    verdict,
    waiting,
)
from huiyin.journey.resolution.actions.deciding import cannot_decide, decide
from huiyin.journey.resolution.actions.offering import (
    OPEN_STATES,
    agree,
    decline,
    execute,
    propose,
    tell,
)
from huiyin.journey.resolution.rules import yuan

__all__ = [
    "OPEN_STATES",
    "Waiting",
    "agree",
    "cannot_decide",
    "decide",
    "decline",
    "execute",
    "limits",
    "limits_shown",
    "promised_fen",
    "propose",
    "tell",
    "verdict",
    "waiting",
    "yuan",
]
