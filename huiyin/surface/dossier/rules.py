"""Which text can be printed, in which pieces; the eight milestones of the follow-up form. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

PIECE = 600  # characters set at once: longer ones take the longer the longer they are
LONGEST_CELL = 400
LONG_STORY = 500  # lines from which on it is drawn by the worker
SPELLED = 4  # so many characters without a glyph are told by their number, more by how many
# Marks of direction, joiners, variation: they draw nothing, and could turn what stands beside them.
SILENT = frozenset({"Cf", "Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
# How the character before is to look: not shown by themselves.
VARIATIONS = frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
SPACES = {"\t": "    ", "\xa0": " ", "\u3000": "\u3000"}


def printable(text: str, known: Container[int], missing: str = "▯×{n}") -> str:
    """The text as it can be drawn with the characters `known`: nothing disappears silently.

    What has no glyph is told by its number (U+1F600); a longer run by how many there are.
    """
    found: list[str] = []
    run: list[str] = []

    def end() -> None:
        if len(run) <= SPELLED:
            found.extend(f"[U+{ord(one):04X}]" for one in run)
        elif run:
            found.append(missing.format(n=len(run)))
        run.clear()

    for sign in unicodedata.normalize("NFC", text):
        if sign == "\n":
            end()
            found.append(sign)
        elif sign in SPACES:
            end()
            found.append(SPACES[sign])
        elif unicodedata.category(sign) in SILENT or ord(sign) in VARIATIONS:
            continue
        elif ord(sign) in known:
            end()
            found.append(sign)
        else:
            run.append(sign)
    end()
    return "".join(found)


def pieces(text: str, size: int = PIECE) -> Iterator[str]:
    """Line by line, a long line in parts; empty lines fall away."""
    for line in text.split("\n"):
        line = line.rstrip()
        for begins in range(0, len(line), size):
            yield line[begins : begins + size]


def shortened(text: str, most: int = LONGEST_CELL) -> str:
    """What fits into a cell of a table."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


@dataclass(frozen=True)
class Happened:
    """What the form needs of an event."""

    what: str
    at: datetime
    by: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Milestone:
    """One row of the tracking table: its name, and when, by whom, with which remark."""

    key: str
    at: datetime | None = None
    by: str = ""
    facts: Mapping[str, Any] | None = None


# The milestones of ISO 10002 (Annex F): which events are one, and whether the first or the last
# counts. A correction is what keeps it from coming again: the improvement.
MILESTONES: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("acknowledged", ("received",), True),
    ("assessed", ("triaged", "reclassified"), True),
    ("investigated", ("found",), False),
    ("resolved", ("executed",), False),
    ("informed", ("fed_back", "rejected"), False),
    ("corrected", ("improvement_done",), False),
    ("verified", ("improvement_verified",), False),
    ("closed", ("closed", "rejected", "withdrawn"), False),
)
OF_MILESTONES = frozenset(what for _key, whats, _first in MILESTONES for what in whats)


def milestones(events: Iterable[Happened], *, is_open: bool) -> list[Milestone]:
    """The eight of them in order; those that have not been reached are empty.

    A complaint that was reopened is not closed, whatever its story says of before.
    """
    told = list(events)
    found = []
    for key, whats, first in MILESTONES:
        fitting = [one for one in told if one.what in whats]
        if not fitting or (key == "closed" and is_open):
            found.append(Milestone(key))
            continue
        one = fitting[0] if first else fitting[-1]
        found.append(Milestone(key, one.at, one.by, one.facts))
    return found
