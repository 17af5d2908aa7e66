"""The parts of a sentence that is read: clauses, verbs, and what was found. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from huiyin.journey.promises.rules.amounts import Amount
from huiyin.journey.promises.rules.dates import Due


@dataclass(frozen=True)
class Detected:
    """One promise as it stands in the original text; `start`–`end` is its sentence, `verb_at` where
    a date would go, `due_from`–`due_to` the words that say when (empty when none do)."""

    kind: str
    sentence: str
    start: int
    end: int
    verb_at: int
    verb: str = ""
    due_at: datetime | None = None
    due_from: int = 0
    due_to: int = 0
    amount_fen: int = 0
    manifold: bool = False  # 三倍, 退一赔三: never one person's own word

    @property
    def due_words(self) -> tuple[int, int] | None:
        return (self.due_from, self.due_to) if self.due_to > self.due_from else None


@dataclass
class Verb:
    kind: str
    start: int
    end: int
    due: Due | None = None
    amount: Amount | None = None


@dataclass
class Clause:
    text: str
    start: int  # in the plain text
    verbs: list[Verb] = field(default_factory=list)
    dues: list[Due] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    names_event: bool = False
    unable: list[Verb] = field(default_factory=list)  # named, but it binds nobody
    heard: list[Verb] = field(default_factory=list)  # the customer's: our word once we agree

    def says_when(self) -> bool:
        return bool(self.dues)
