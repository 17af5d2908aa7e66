"""Text as the printer sets it: what the printing font lacks in another, and what none draws told.

Every paper passes its words through `clean` and hands them on by `marked` (for paragraphs) or `put`
(for a place on the page). `unprintable` says beforehand which signs nobody will be able to read.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape

from huiyin.ground.printing import fallback, fonts
from huiyin.ground.printing.rules import not_drawn, printable


class _Known:
    """Characters that this process can draw by now. Made for each text: whether the font is there
    is asked of the disk, which is too dear for each letter."""

    def __init__(self) -> None:
        self.own = fonts.registered()

    def __contains__(self, code: object) -> bool:
        return code in self.own or bool(isinstance(code, int) and fallback.drawn_by(code))


def clean(text: str, missing: str) -> str:
    """The text as it can be drawn; nothing disappears silently."""
    text = str(text)
    _prepare(text)
    return printable(text, _Known(), missing)


def unprintable(text: str) -> list[str]:
    """The signs of it that no font here draws, each once, as they come."""
    _prepare(text)
    return not_drawn(text, _Known())


def _prepare(text: str) -> None:
    own = fonts.registered()
    lacking = {ord(sign) for one in not_drawn(text, own) for sign in one}
    fallback.prepare(lacking)


def runs(text: str) -> Iterator[tuple[str, str]]:
    """(font, part) one after the other."""
    own = fonts.registered()

    def font_of(sign: str) -> str:
        return fonts.NAME if ord(sign) in own else fallback.drawn_by(ord(sign)) or fonts.NAME

    for name, signs in groupby(text, font_of):
        yield name, "".join(signs)


def marked(text: str) -> str:
    """For a paragraph: escaped, parts in another font named."""
    return "".join(
        escape(part) if name == fonts.NAME else f'<font name="{name}">{escape(part)}</font>'
        for name, part in runs(text)
    )


def width(text: str, size: float) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(sum(stringWidth(part, name, size) for name, part in runs(text)))


def put(canvas: Any, x: float, y: float, text: str, size: float, *, end: float = 0.0) -> None:
    """At a place of the page; `end` 1: it ends there, 0.5: it stands around it."""
    x -= width(text, size) * end
    for name, part in runs(text):
        canvas.setFont(name, size)
        canvas.drawString(x, y, part)
        x += canvas.stringWidth(part, name, size)
