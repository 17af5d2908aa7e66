"""Signs: how mails and lines of mails are told apart, as rows that people edit. Pure.

A pattern is plain text with `*` for anything; no regular expression, so none can be made slow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LONGEST = 1000  # characters of a value that are looked at
ANSWERS = ("re:", "aw:", "回复:", "答复:", "回覆:", "fw:", "转发:")
DIVIDERS = " :-—[]【】()（）.。!！"
DENIED = ("", "no", "none", "false", "0")  # a header that says it is not so is no sign of it


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


def rest(pattern: str, value: str) -> str:
    """What a value that fits says beyond the last fixed piece: of `自动回复*` the words after it,
    without what divides them."""
    text, place = _alike(value[:LONGEST]), 0
    for piece in (piece for piece in _alike(pattern).split("*") if piece):
        place = max(text.find(piece, place), 0) + len(piece)
    return text[place:].strip(DIVIDERS)


def subject_of(text: str) -> str:
    """A subject in the spelling that `rest` gives, without the marks of answers before it."""
    text = _alike(text[:LONGEST])
    while mark := next((one for one in ANSWERS if text.startswith(one)), ""):
        text = text.removeprefix(mark).strip()
    return text.strip(DIVIDERS)


def found(signs: Iterable[Sign], kind: str, headers: Mapping[str, list[str]]) -> Sign | None:
    """The first sign of this kind that one of the headers shows."""
    for sign in signs:
        if sign.kind == kind and any(
            matches(sign.pattern, value) and not (sign.pattern == "*" and _denies(value))
            for value in headers.get(sign.header, ())
        ):
            return sign
    return None


def _denies(value: str) -> bool:
    return value.strip().casefold() in DENIED


def is_line(signs: Iterable[Sign], kind: str, line: str) -> bool:
    return any(sign.kind == kind and matches(sign.pattern, line) for sign in signs)
