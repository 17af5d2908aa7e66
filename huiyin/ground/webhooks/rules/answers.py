"""What an answer says, when to try again, what to make of two answers. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

from huiyin.ground.webhooks.words import CallState, Said

LONGEST_ANSWER = 64 * 1024
LONGEST_REFERENCE = 120
MOST_FEN = 10_000_000_000
# Nine tries over about a day; then a person looks at it.
TRY_AGAIN_AFTER = tuple(
    timedelta(seconds=s) for s in (10, 60, 300, 900, 2700, 7200, 18_000, 36_000)
)
ASK_AFTER = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240))
LONGEST_RETRY_AFTER = 3600
SPREAD = 0.2  # so that a thousand calls that failed at once do not come back at once

OPEN = (CallState.WAITING, CallState.ACCEPTED, CallState.LOST, CallState.REFUSED)
TRIED_AGAIN = frozenset({408, 409, 425, 429})


@dataclass(frozen=True)
class Answer:
    said: str
    reference: str = ""
    amount_fen: int | None = None
    reason: str = ""


def read(body: bytes) -> Answer | None:
    """{"status": "done", "reference": "…", "amount_fen": 5800}; None for anything else."""
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or data.get("status") not in Said.values:
        return None
    amount = data.get("amount_fen")
    if amount is not None and (type(amount) is not int or not 0 <= amount <= MOST_FEN):
        return None
    return Answer(
        data["status"],
        reference=_words(data.get("reference"), LONGEST_REFERENCE),
        amount_fen=amount,
        reason=_words(data.get("reason"), 300),
    )


def _words(value: object, most: int) -> str:
    text = str(value) if isinstance(value, str | int) else ""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:most]


def is_final_refusal(status: int) -> bool:
    """Whether trying again is in vain: they understood us and want none of it."""
    return 400 <= status < 500 and status not in TRIED_AGAIN


def wait_after(tries: int, chance: float, retry_after: int = 0) -> timedelta | None:
    """How long to wait after so many tries, spread by `chance` (0 to 1); None: no more tries."""
    if tries > len(TRY_AGAIN_AFTER):
        return None
    spread = 1 + SPREAD * (2 * chance - 1)
    asked = timedelta(seconds=min(max(retry_after, 0), LONGEST_RETRY_AFTER))
    return max(TRY_AGAIN_AFTER[tries - 1] * spread, asked)


def ask_after(asks: int) -> timedelta:
    return ASK_AFTER[min(asks, len(ASK_AFTER) - 1)]


def becomes(state: str, answer: Answer, *, wanted_fen: int | None, reported_fen: int | None) -> str:
    """The state of a call after this answer. What contradicts is flagged, never believed.

    `wanted_fen` None: no money is asked for. `reported_fen`: what was reported before.
    """
    if state == CallState.MISMATCH:
        return CallState.MISMATCH
    if answer.said == Said.ACCEPTED:
        return CallState.ACCEPTED if state in OPEN else state
    if answer.said == Said.FAILED:
        return CallState.FAILED if state in (*OPEN, CallState.FAILED) else CallState.MISMATCH
    if wanted_fen is not None and answer.amount_fen != wanted_fen:
        return CallState.MISMATCH
    if state == CallState.DONE:
        same = answer.amount_fen == reported_fen
        return CallState.DONE if same else CallState.MISMATCH
    return CallState.DONE if state in OPEN else CallState.MISMATCH
