"""Which text can be printed, and in which pieces. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterator

PIECE = 600  # characters set at once: longer ones take the longer the longer they are
LONGEST_CELL = 400
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
