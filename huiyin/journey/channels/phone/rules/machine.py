"""What a call is, from everything that was told of it, in whatever order it came. Pure.

Events are put in the order in which they happened (`at`); of the same moment the order of a call.
Nothing is taken back by a later message: what is told after the end changes nothing any more. Only
an end of our own making (`NEVER_TOLD`) gives way to whatever is told of after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from huiyin.journey.channels.phone.words import DROPPED_BY, CallState, HungUpBy, Told

NEVER_TOLD = "never told"  # we ended it ourselves, since no word of its end came
ORDER = {kind: place for place, kind in enumerate(Told.values)}
ORDER[Told.HANGUP] = 90  # of the same second, the end is the last


@dataclass(frozen=True)
class Happened:
    kind: str
    at: datetime
    agents: tuple[str, ...] = ()
    by: str = ""
    reason: str = ""


@dataclass
class Course:
    """How a call went so far."""

    state: str = CallState.RINGING
    ringing: tuple[str, ...] = ()  # extensions it rings at
    extension: str = ""  # who has it, or had it last
    began_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    held_since: datetime | None = None
    holds: list[tuple[datetime, datetime]] = field(default_factory=list)
    transfers: list[str] = field(default_factory=list)
    hung_up_by: str = ""
    reason: str = ""

    @property
    def held_seconds(self) -> int:
        return int(sum(((end - begin).total_seconds() for begin, end in self.holds), 0.0))

    @property
    def talked_seconds(self) -> int:
        if self.answered_at is None or self.ended_at is None:
            return 0
        return max(0, int((self.ended_at - self.answered_at).total_seconds()))

    @property
    def is_dropped(self) -> bool:
        """The line broke while somebody spoke: neither side hung up."""
        told = self.reason != NEVER_TOLD
        return told and self.answered_at is not None and self.hung_up_by in DROPPED_BY


def course(told: Iterable[Happened]) -> Course:
    found = Course()
    # A recording comes when all is over, and tells nothing of the call itself.
    known = (one for one in told if one.kind != Told.RECORDING)
    happened = sorted(known, key=lambda one: (one.at, ORDER.get(one.kind, 50)))
    for one in happened:
        if one.reason == NEVER_TOLD and one is not happened[-1]:
            continue  # it went on after all: that was told late
        found.began_at = found.began_at or one.at
        if found.ended_at is not None:
            continue
        _STEPS[Told(one.kind)](found, one)
    return found


def _ringing(found: Course, one: Happened) -> None:
    if found.answered_at is None:
        found.ringing = tuple(dict.fromkeys((*found.ringing, *one.agents)))


def _answered(found: Course, one: Happened) -> None:
    """The first who answers has it; another leg of the same call changes nothing."""
    if found.answered_at is None:
        found.answered_at = one.at
        found.state = CallState.TALKING
        found.extension = one.agents[0] if one.agents else _only(found.ringing)
        found.ringing = ()


def _only(ringing: tuple[str, ...]) -> str:
    return ringing[0] if len(ringing) == 1 else ""


def _hold(found: Course, one: Happened) -> None:
    _answered(found, one)  # its message was lost: whoever is held was spoken to
    if found.held_since is None:
        found.held_since = one.at
        found.state = CallState.HELD


def _resume(found: Course, one: Happened) -> None:
    _answered(found, one)
    _end_hold(found, one.at)
    found.state = CallState.TALKING


def _end_hold(found: Course, at: datetime) -> None:
    if found.held_since is not None:
        found.holds.append((found.held_since, max(at, found.held_since)))
        found.held_since = None


def _transfer(found: Course, one: Happened) -> None:
    """To whom it goes; he has it from now on."""
    _answered(found, Happened(Told.ANSWERED, one.at))
    _end_hold(found, one.at)
    found.state = CallState.TALKING
    if one.agents and one.agents[0] != found.extension:
        found.transfers.append(found.extension)
        found.extension = one.agents[0]


def _hangup(found: Course, one: Happened) -> None:
    _end_hold(found, one.at)
    found.ended_at = one.at
    missed_by, found.ringing = _only(found.ringing), ()
    found.hung_up_by = one.by or HungUpBy.UNKNOWN
    found.reason = one.reason
    if found.answered_at is None:
        found.state = CallState.MISSED
        found.extension = one.agents[0] if one.agents else missed_by
    else:
        found.state = CallState.ENDED


_STEPS = {
    Told.RINGING: _ringing,
    Told.ANSWERED: _answered,
    Told.HOLD: _hold,
    Told.RESUME: _resume,
    Told.TRANSFER: _transfer,
    Told.HANGUP: _hangup,
}


def within_recording(
    holds: Iterable[tuple[datetime, datetime]], answered_at: datetime
) -> list[list[float]]:
    """Holds in seconds of a recording that began when somebody answered."""
    spans = (
        ((a - answered_at).total_seconds(), (b - answered_at).total_seconds()) for a, b in holds
    )
    return [[round(max(0.0, a), 2), round(b, 2)] for a, b in spans if b > max(0.0, a)]


def longest_hold(found: Course, now: datetime) -> timedelta:
    spans = [end - begin for begin, end in found.holds]
    if found.held_since is not None:
        spans.append(now - found.held_since)
    return max(spans, default=timedelta())
