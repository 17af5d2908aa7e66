"""Which text can be printed, and in which pieces. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterator, Sequence

from django.utils.translation import ngettext

PIECE = 600  # characters set at once: longer ones take the longer the longer they are
LONGEST_CELL = 400
MOST_TOLD = 20  # signs without a glyph that are named one by one
SPELLED = 4  # so many characters without a glyph are told by their number, more by how many
# Marks of direction, joiners, variation: they draw nothing, and could turn what stands beside them.
SILENT = frozenset({"Cf", "Cc", "Cs", "Cn", "Zl", "Zp"})
# Characters that are younger than this Python's tables: a surname is no mark that draws nothing.
IDEOGRAPHS = range(0x20000, 0x3FFFE)
# How the character before is to look: not shown by themselves.
VARIATIONS = frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
# Scripts that join, reorder, stack, or run from right to left: Hebrew to N'Ko and Arabic, those of
# India, Tibetan, Burmese, Khmer, Mongolian, and the forms of some of them.
JOINED = (
    (0x0590, 0x08FF),
    (0x0900, 0x0DFF),
    (0x0F00, 0x109F),
    (0x1780, 0x18AF),
    (0x1900, 0x1CFF),
    (0xA800, 0xABFF),
    (0xFB1D, 0xFDFF),
    (0xFE70, 0xFEFF),
    (0x10800, 0x11FFF),
)
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
        elif _is_silent(sign):
            continue
        elif ord(sign) in known:
            end()
            found.append(sign)
        else:
            run.append(sign)
    end()
    return "".join(found)


def _is_silent(sign: str) -> bool:
    code = ord(sign)
    draws_nothing = unicodedata.category(sign) in SILENT and code not in IDEOGRAPHS
    return draws_nothing or code in VARIATIONS


def not_drawn(text: str, known: Container[int]) -> list[str]:
    """The signs that `printable` tells by their number, each once, in their order."""
    signs = unicodedata.normalize("NFC", text)
    lacking = (sign for sign in signs if sign != "\n" and sign not in SPACES)
    return list(
        dict.fromkeys(sign for sign in lacking if not _is_silent(sign) and ord(sign) not in known)
    )


def told_lacking(signs: Sequence[str]) -> str:
    """“2 个字打印不出来：𠮷 [U+20BB7] Ω [U+03A9]”, since the screen may lack them as well and the
    paper bears the number; "" when all can be."""
    if not signs:
        return ""
    told = ngettext(
        "%(n)s 个字打印不出来：%(signs)s", "%(n)s 个字打印不出来：%(signs)s", len(signs)
    )
    more = " …" if len(signs) > MOST_TOLD else ""
    return told % {"n": len(signs), "signs": " ".join(map(_numbered, signs[:MOST_TOLD])) + more}


def _numbered(sign: str) -> str:
    return sign + "".join(f" [U+{ord(one):04X}]" for one in sign)


def is_set_one_by_one(code: int) -> bool:
    """Whether a letter looks the same wherever it stands. Of others a row of letters is no word."""
    return not any(first <= code <= last for first, last in JOINED)


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
