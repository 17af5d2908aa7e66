"""Many patterns, one pass over the text.

A pattern is words with optional gaps: `孩子/宝宝…烫伤/触电`. `/` separates alternatives, `…` is a
gap of at most 8 characters inside the clause, `……` one of at most 16 inside the sentence, `#` a
number. Every pattern begins with literal words, found through a table of character pairs; only
then its bounded tail is tried. So the pass is linear in the text, whatever the lexicon holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from huiyin.journey.triage.rules.normalise import normalise

GAP = r"[^,。!?;\n]{0,8}?"
LONG_GAP = r"[^。!?;\n]{0,16}?"
NUMBER = r"[0-9零一二两三四五六七八九十百千万几多]{1,8}"
STRONG, WEAK = "strong", "weak"

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A row of the risk lexicon. `group` is a Risk, `conduct`, or `mask:<group>` (not a risk)."""

    group: str
    pattern: str
    weight: str = STRONG


@dataclass(frozen=True, slots=True)
class EmotionWord:
    word: str
    emotion: str
    strength: int  # 1 faint … 5 extreme


@dataclass(frozen=True, slots=True)
class Hit(Generic[Key]):
    """`key` was found at text[start:end]; `literal` when the words stand together."""

    key: Key
    start: int
    end: int
    literal: bool


@dataclass(frozen=True, slots=True)
class _Entry(Generic[Key]):
    word: str
    tail: str
    key: Key
    bounded: bool  # begins and ends with Latin letters or digits: whole words only


class Scanner(Generic[Key]):
    """Finds every pattern in one pass; hits come in order of their start."""

    def __init__(self, patterns: Iterable[tuple[Key, str]]) -> None:
        # First characters → words that begin so → the patterns behind each word.
        self._pairs: dict[str, dict[str, list[_Entry[Key]]]] = {}
        self._singles: dict[str, dict[str, list[_Entry[Key]]]] = {}
        for key, pattern in patterns:
            for entry in compiled(key, pattern):
                table = self._pairs if len(entry.word) > 1 else self._singles
                words = table.setdefault(entry.word[:2], {})
                words.setdefault(entry.word, []).append(entry)

    def find(self, text: str) -> list[Hit[Key]]:
        hits: list[Hit[Key]] = []
        pairs, singles = self._pairs.get, self._singles.get
        for at in range(len(text)):
            for words in (pairs(text[at : at + 2]), singles(text[at])):
                if words:
                    for word, entries in words.items():
                        if text.startswith(word, at):
                            for entry in entries:
                                _try(entry, text, at, hits)
        return hits


def _try(entry: _Entry[Key], text: str, at: int, hits: list[Hit[Key]]) -> None:
    end = at + len(entry.word)
    if entry.bounded and not _stands_alone(text, at, end):
        return
    if not entry.tail:
        hits.append(Hit(entry.key, at, end, True))
    elif found := _tail(entry.tail).match(text, end):
        hits.append(Hit(entry.key, at, found.end(), False))


@cache
def _tail(expression: str) -> re.Pattern[str]:
    """Compiled when first needed: most of ten thousand tails never are."""
    return re.compile(expression)


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = start > 0 and _latin(text[start - 1]) and _latin(text[start])
    after = end < len(text) and _latin(text[end]) and _latin(text[end - 1])
    return not before and not after


def compiled(key: Key, pattern: str) -> list[_Entry[Key]]:
    """Entries of one pattern: one for each word it may begin with. ValueError when it cannot."""
    first, *rest = re.split(r"(……|…)", pattern.strip())
    expression = ""
    for gap, part in zip(rest[::2], rest[1::2], strict=True):
        words = sorted(_alternatives(part), key=len, reverse=True)
        expression += (LONG_GAP if gap == "……" else GAP) + f"(?:{'|'.join(map(_escaped, words))})"
    entries = []
    for head in _alternatives(first):
        word, number, after = head.partition("#")
        if not word:
            raise ValueError(f"a pattern begins with words: {pattern!r}")
        tail = _escaped(number + after) + expression
        bounded = _latin(word[0]) or _latin(word[-1])
        entries.append(_Entry(word, tail, key, bounded))
    return entries


def _escaped(words: str) -> str:
    return re.escape(words).replace(r"\#", NUMBER)


def _alternatives(part: str) -> list[str]:
    return [normalise(word).text for word in part.split("/")]
