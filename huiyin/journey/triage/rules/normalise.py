"""One spelling for many: full width, case, invisible characters; with a way back to the original.

Every find is made in the normal text and marked in the original, so positions are kept.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# More of a text does not change its triage; a 1 MB paste must not hold up the desk.
HEAD = 20_000
# The ideographic full stop stays; full-width , ! ? : ; ( ) become ASCII through NFKC.
EXTRA = {"‘": "'", "’": "'", "“": '"', "”": '"', "﹐": ",", "．": "。", "…": "…", "\r": "\n"}
INVISIBLE = frozenset({"Cf", "Cs", "Co", "Cn", "Mn", "Me"})


@dataclass(frozen=True, slots=True)
class Normal:
    """`text` is matched; `places[i]` is where its i-th character stood (None: the same place)."""

    text: str
    places: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span of the original that the span of the normal text came from."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def _normal(char: str) -> str:
    if char in EXTRA:
        return EXTRA[char]
    if char in "\n\t":
        return char
    kind = unicodedata.category(char)
    if kind in INVISIBLE:
        return ""
    if kind == "Cc":
        return " "
    # Both may take a character apart into a letter and a mark: only the letter stays.
    spelt = unicodedata.normalize("NFKC", char).lower()
    return "".join(one for one in spelt if unicodedata.category(one) not in INVISIBLE)


class _Table(dict[int, str]):
    """Character → its normal spelling, filled as characters are met (bounded by Unicode)."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        normal = self[code] = _normal(char)
        if len(normal) != 1:
            _UNEVEN.add(char)
        return normal


_UNEVEN: set[str] = set()
_TABLE = _Table()


def normalise(text: str) -> Normal:
    """The normal spelling of the first HEAD characters."""
    text = text[:HEAD]
    plain = text.translate(_TABLE)
    if " " not in plain and (not _UNEVEN or _UNEVEN.isdisjoint(text)):
        return Normal(plain)
    return _slowly(text)


def _slowly(text: str) -> Normal:
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for one in _TABLE[ord(char)]:
            # Spaces between ideographs are layout (or evasion: "1 2 3 1 5" stays as it is).
            if one == " " and chars and not chars[-1].isascii():
                continue
            while one != "\n" and not one.isascii() and chars and chars[-1] == " ":
                chars.pop()
                places.pop()
            chars.append(one)
            places.append(place)
    return Normal("".join(chars), tuple(places))
