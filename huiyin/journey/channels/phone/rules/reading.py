"""One message of the telephone system: what it says, or why it cannot be taken. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from huiyin.ground.customers.rules import folded
from huiyin.journey.channels.phone.words import Direction, HungUpBy, Told

LONGEST_ID = 120
LONGEST_URL = 500
EARLIEST = timedelta(days=7)  # a bridge that was cut off tells late, never so late
LATEST = timedelta(minutes=5)  # a clock that is fast
EXTENSION = re.compile(r"[0-9A-Za-z_.+*#-]{1,32}")
SHA256 = re.compile(r"[0-9a-f]{64}")
TEST = "test"


class Unreadable(ValueError):  # noqa: N818 — an answer, no error of ours
    """`why`: a short name of what is wrong; the sentence is made where people read it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Message:
    kind: str
    call_id: str
    at: datetime
    direction: str = ""
    caller: str = ""  # as it came
    line: str = ""
    agents: tuple[str, ...] = ()
    by: str = ""
    reason: str = ""
    url: str = ""
    sha256: str = ""
    doubts: tuple[str, ...] = field(default_factory=tuple)


def read(data: Any, now: datetime) -> Message | None:
    """None: a kind we do not know, which later versions may send. Raises Unreadable."""
    if not isinstance(data, dict):
        raise Unreadable("shape")
    kind = _text(data, "event", 40)
    if kind not in Told.values and kind != TEST:
        if not kind:
            raise Unreadable("event")
        return None
    call_id = _text(data, "call_id", LONGEST_ID + 1)
    if kind != TEST and not 0 < len(call_id) <= LONGEST_ID:
        raise Unreadable("call_id")
    direction = _text(data, "direction", 10)
    inward = direction not in ("out", "outbound")
    caller, line = _text(data, "from", 80), _text(data, "to", 80)
    url, digest = _text(data, "recording_url", LONGEST_URL + 1), _text(data, "sha256", 80).lower()
    if kind == Told.RECORDING and not 0 < len(url) <= LONGEST_URL:
        raise Unreadable("recording_url")
    if digest and not SHA256.fullmatch(digest):
        raise Unreadable("sha256")
    by = _text(data, "by", 20)
    return Message(
        kind=kind,
        call_id=call_id,
        at=_moment(data.get("at"), now),
        direction=str(Direction.INBOUND if inward else Direction.OUTBOUND) if direction else "",
        caller=caller if inward else line,
        line=line if inward else caller,
        agents=_agents(data.get("agent")),
        by=by if by in HungUpBy.values else (HungUpBy.UNKNOWN.value if kind == Told.HANGUP else ""),
        reason=_text(data, "reason", 80),
        url=url,
        sha256=digest,
    )


def _text(data: dict[str, Any], name: str, most: int) -> str:
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return folded(str(value)[:2000])[:most]


def _agents(value: Any) -> tuple[str, ...]:
    """One extension, or the list of a hunt group; what cannot be one is left out."""
    given = value if isinstance(value, list) else [value]
    told = (one for one in given[:50] if isinstance(one, str | int) and not isinstance(one, bool))
    found = (folded(str(one)[:64]) for one in told)
    return tuple(dict.fromkeys(one for one in found if EXTENSION.fullmatch(one)))


def _moment(value: Any, now: datetime) -> datetime:
    """When it happened there. Without an offset it is nobody's time; far off, our own is taken."""
    if not isinstance(value, str) or len(value) > 40:
        raise Unreadable("at")
    try:
        at = datetime.fromisoformat(value)
    except ValueError as error:
        raise Unreadable("at") from error
    if at.tzinfo is None:
        raise Unreadable("at")
    try:
        at = at.astimezone(UTC)
    except OverflowError as error:
        raise Unreadable("at") from error
    return at if now - EARLIEST <= at <= now + LATEST else now
