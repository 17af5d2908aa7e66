"""Signs: how mails and lines of mails are told apart, as rows that people edit. Pure.

A pattern is plain text with `*` for anything; no regular expression, so none can be made slow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LONGEST = 1000  # characters of a value that are looked at


@dataclass(frozen=True)
class Sign:
    kind: str
    header: str  # lower case; "" for lines of the text
    pattern: str


def matches(pattern: str, value: str) -> bool:
    """`在*写道：` fits a whole value; upper and lower case, full and half width colons alike."""
    pieces = _alike(pattern).split("*")
    text = _alike(value[:LONGEST])
    if len(pieces) == 1:
        return text == pieces[0]
    first, *middle, last = pieces
    if not text.startswith(first) or len(text) < len(first) + len(last):
        return False
    place, ends = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, place, ends)
        if found < 0:
            return False
        place = found + len(piece)
    return text.endswith(last) and place <= ends


def _alike(text: str) -> str:
    return " ".join(text.replace("：", ":").replace("\xa0", " ").casefold().split())


def found(signs: Iterable[Sign], kind: str, headers: Mapping[str, list[str]]) -> Sign | None:
    """The first sign of this kind that one of the headers shows."""
    for sign in signs:
        if sign.kind == kind and any(
            matches(sign.pattern, value) for value in headers.get(sign.header, ())
        ):
            return sign
    return None


def is_line(signs: Iterable[Sign], kind: str, line: str) -> bool:
    return any(sign.kind == kind and matches(sign.pattern, line) for sign in signs)
