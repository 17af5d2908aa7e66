"""The verbs of consent: links, the customer's word, followers."""

from huiyin.journey.consent.actions.answering import (
    accept,
    note_no,
    note_yes,
    refuse,
    register,
    talk,
    withdraw,
)
from huiyin.journey.consent.actions.linking import (
    opened,
    options,
    revoke,
    seal,
    send,
    state_of,
    unsealed,
)

__all__ = [
    "accept",
    "note_no",
    "note_yes",
    "opened",
    "options",
    "refuse",
    "register",
    "revoke",
    "seal",
    "send",
    "state_of",
    "talk",
    "unsealed",
    "withdraw",
]
