"""Calls as a telephone system would tell them: for tests, tries and the demonstration. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LINE = "4008001234"


@dataclass(frozen=True)
class Step:
    """One event, so many seconds after the call began."""

    after: int
    event: str
    more: tuple[tuple[str, Any], ...] = ()


def _step(after: int, event: str, **more: Any) -> Step:
    return Step(after, event, tuple(more.items()))


# `me` and `other` stand for extensions; they are put in when a call is made of it.
SCENARIOS: dict[str, tuple[Step, ...]] = {
    "normal": (
        _step(0, "ringing", agent="me"),
        _step(6, "answered", agent="me"),
        _step(210, "hangup", by="customer", reason="16"),
    ),
    "hold": (
        _step(0, "ringing", agent="me"),
        _step(5, "answered", agent="me"),
        _step(60, "hold"),
        _step(235, "resume"),
        _step(320, "hangup", by="customer", reason="16"),
    ),
    "dropped": (
        _step(0, "ringing", agent="me"),
        _step(8, "answered", agent="me"),
        _step(95, "hangup", by="network", reason="38"),
    ),
    "abusive": (
        _step(0, "ringing", agent="me"),
        _step(4, "answered", agent="me"),
        _step(240, "hangup", by="agent", reason="16"),
    ),
    "transferred": (
        _step(0, "ringing", agent="me"),
        _step(7, "answered", agent="me"),
        _step(80, "hold"),
        _step(110, "transfer", agent="other"),
        _step(400, "hangup", by="customer", reason="16"),
    ),
    "missed": (
        _step(0, "ringing", agent="me"),
        _step(25, "hangup", by="customer", reason="16"),
    ),
    "hunt": (
        _step(0, "ringing", agent=["me", "other"]),
        _step(9, "answered", agent="me"),
        _step(150, "hangup", by="customer", reason="16"),
    ),
}
MOST_CALLS = 200


@dataclass(frozen=True)
class Told:
    after: int
    data: dict[str, Any]  # without `at`, which is the sender's


def call(
    scenario: str, call_id: str, *, caller: str, me: str, other: str, steps: int = 0
) -> Sequence[Told]:
    """The messages of one call, the first `steps` of them (0: all)."""
    whole = SCENARIOS[scenario]
    return [
        Told(step.after, _data(step, call_id, caller, {"me": me, "other": other}))
        for step in whole[: steps or len(whole)]
    ]


def _data(step: Step, call_id: str, caller: str, who: dict[str, str]) -> dict[str, Any]:
    more = dict(step.more)
    if agent := more.get("agent"):
        more["agent"] = [who[one] for one in agent] if isinstance(agent, list) else who[agent]
    about = {"call_id": call_id, "direction": "in", "from": caller, "to": LINE}
    return {"event": step.event, **about, **more}
