"""Rows that seldom change and are asked for all the time, kept in the process for some seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

KEPT_FOR = 5.0  # seconds; so long may an edit made in another process go unseen

Rows = TypeVar("Rows")


def fresh(read_at: float) -> bool:
    """Whether what was read at this moment of the monotonic clock may still be used."""
    return time.monotonic() - read_at <= KEPT_FOR


class Remembered(Generic[Rows]):
    """Call it to get what `read` found lately. Who saves such a row calls `forget`."""

    every: ClassVar[list[Remembered[Any]]] = []

    def __init__(self, read: Callable[[], Rows]) -> None:
        self.read = read
        self.kept: tuple[float, Rows] | None = None
        self.every.append(self)

    def __call__(self) -> Rows:
        kept = self.kept
        if kept is None or not fresh(kept[0]):
            kept = self.kept = time.monotonic(), self.read()
        return kept[1]

    def forget(self) -> None:
        self.kept = None

    @classmethod
    def forget_all(cls) -> None:
        """Tests empty the tables; what is remembered of them must go too."""
        for one in cls.every:
            one.forget()
