"""Stretches of a text, merged, so that asking about one costs the same however many there are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

Span = tuple[int, int]


class Spans:
    """Half-open stretches; those that overlap or meet become one."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def touch(self, start: int, end: int) -> bool:
        """Does any stretch share a character with [start, end)?"""
        before = bisect_left(self._starts, end) - 1
        return before >= 0 and self._ends[before] > start
