"""Drawing a letter of ours: A4, the address where the window of its envelope is, marks where it is
folded, our reference beside it, pages numbered from the second on."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from huiyin.ground.printing import fonts, setting
from huiyin.ground.printing.rules import pieces
from huiyin.ground.printing.setting import marked, put

INK, DIM = "#1a1f29", "#5b6472"
MISSING = "〔{n}〕"


@dataclass(frozen=True)
class Frame:
    """Millimetres from the upper left corner of the sheet."""

    left: float
    top: float
    width: float
    height: float
    sender_top: float
    body_top: float
    folds: Sequence[float]


@dataclass(frozen=True)
class Content:
    """The words of a letter, all put together."""

    sender: str
    address: Sequence[str]
    facts: Sequence[tuple[str, str]]  # beside the address: date, our number, who to ask
    subject: str
    body: str
    signature: str
    signed_by: str
    enclosures: str
    page: str  # “第 {page} 页，共 {pages} 页”

    @property
    def words(self) -> str:
        """All of it, as it is printed."""
        told = (part for pair in self.facts for part in pair)
        parts = (self.sender, *self.address, *told, self.subject, self.body, self.signature)
        return "\n".join((*parts, self.signed_by, self.enclosures))


@dataclass(frozen=True)
class Drawn:
    data: bytes
    leaves: int
    unprintable: Sequence[str] = ()  # signs that no font here draws


def draw(content: Content, frame: Frame, warning: str = "") -> Drawn:
    """Cost grows with the text; no text can stop it. `warning` takes the signs that cannot be
    printed and says so on the first page: for a preview, which nobody posts."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import BaseDocTemplate, NextPageTemplate, PageTemplate
    from reportlab.platypus import Frame as Place

    fonts.registered()
    unprintable = setting.unprintable(content.words)

    def clean(text: str) -> str:
        return setting.clean(text, MISSING)

    def begin(canvas: Any, _document: Any) -> None:
        _head(canvas, content, frame, clean)
        if warning and unprintable:
            _warned(canvas, clean(warning))

    out = io.BytesIO()
    document = BaseDocTemplate(
        out, pagesize=A4, title=clean(content.subject), author="", creator="Huiyin", lang="zh-CN"
    )
    left, right, bottom = 25 * mm, 20 * mm, 22 * mm
    width = A4[0] - left - right
    edges = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}
    first = Place(left, bottom, width, A4[1] - frame.body_top * mm - bottom, **edges)
    later = Place(left, bottom, width, A4[1] - 32 * mm - bottom, **edges)
    document.addPageTemplates(
        [
            PageTemplate("first", [first], onPage=begin),
            PageTemplate("later", [later]),
        ]
    )
    flow = [NextPageTemplate("later"), *_flow(content, clean)]
    document.build(flow, canvasmaker=_numbered(clean(content.subject), content.page))
    return Drawn(out.getvalue(), document.page, unprintable)


def _warned(canvas: Any, warning: str) -> None:
    """Across the top, where no envelope and no eye misses it."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm

    canvas.saveState()
    canvas.setFillColor(HexColor("#a61b1b"))
    put(canvas, 12 * mm, A4[1] - 7 * mm, _fitting(warning, 9, A4[0] - 24 * mm), 9)
    canvas.restoreState()


def _flow(content: Content, clean: Any) -> list[Any]:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import KeepTogether, Paragraph, Spacer

    plain = ParagraphStyle(
        "plain", fontName=fonts.NAME, fontSize=10.5, leading=17, textColor=INK, wordWrap="CJK"
    )
    subject = ParagraphStyle("subject", plain, fontSize=12, leading=18, spaceAfter=8)
    small = ParagraphStyle("small", plain, fontSize=9, leading=13, textColor=DIM)

    def set_(text: str, style: Any = plain) -> list[Any]:
        return [Paragraph(marked(part), style) for part in pieces(clean(text))]

    flow = set_(content.subject, subject)
    for line in content.body.split("\n"):
        flow += set_(line) if line.strip() else [Spacer(1, 8)]
    signed = [Spacer(1, 14), *set_(content.signature), Spacer(1, 34)]
    signed += set_(f"________________________\n{content.signed_by}")
    flow.append(KeepTogether(signed))
    if content.enclosures:
        flow += [Spacer(1, 10), *set_(content.enclosures, small)]
    return flow


def _head(canvas: Any, content: Content, frame: Frame, clean: Any) -> None:
    """What stands on the first page alone: sender, address, reference, marks."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm

    canvas.saveState()
    canvas.setFillColor(HexColor(DIM))
    inner = (frame.left + 5) * mm
    sender = _fitting(clean(content.sender), 7, (frame.width - 6) * mm)
    put(canvas, inner, A4[1] - frame.sender_top * mm, sender, 7)
    canvas.setFillColor(HexColor(INK))
    lines = [
        part
        for line in content.address
        for part in _wrapped(clean(line), 10.5, (frame.width - 8) * mm)
    ]
    step = min(14.5, (frame.height - 4) * mm / max(len(lines), 1))
    size = min(10.5, step * 0.8)
    for at, line in enumerate(lines):
        put(canvas, inner, A4[1] - (frame.top + 4) * mm - at * step, line, size)
    _facts(canvas, content, frame, clean)
    canvas.setStrokeColor(HexColor("#8a93a0"))
    canvas.setLineWidth(0.4)
    for fold in frame.folds:
        canvas.line(4 * mm, A4[1] - fold * mm, 9 * mm, A4[1] - fold * mm)
    canvas.restoreState()


def _facts(canvas: Any, content: Content, frame: Frame, clean: Any) -> None:
    """To the right of the window where there is room; else in one line above the subject."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm

    told = [(clean(label), clean(value)) for label, value in content.facts if value]
    right = frame.left + frame.width
    if right > 130:  # the window takes the width: below it
        line = _fitting("   ".join(f"{label} {value}" for label, value in told), 8.5, 160 * mm)
        put(canvas, 25 * mm, A4[1] - (frame.body_top - 6) * mm, line, 8.5)
        return
    top = A4[1] - (frame.top + 4) * mm
    for at, (label, value) in enumerate(told):
        line = _fitting(f"{label} {value}", 8.5, 66 * mm)
        put(canvas, 125 * mm, top - at * 13, line, 8.5)


def _wrapped(text: str, size: float, width: float) -> list[str]:
    lines, line = [], ""
    for sign in text:
        if line and setting.width(line + sign, size) > width:
            lines.append(line)
            line = ""
        line += sign
    return [*lines, line] if line else lines


def _fitting(text: str, size: float, width: float) -> str:
    return (_wrapped(text, size, width) or [""])[0]


def _numbered(subject: str, words: str) -> Any:
    """A canvas that knows at the end how many pages there are; later pages say which letter."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas

    class Numbered(Canvas):  # type: ignore[misc]  # the printer has no types
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 — the printer's name for it
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            total = len(self._pages)
            for number, state in enumerate(self._pages, start=1):
                self.__dict__.update(state)
                self.setFillColor(HexColor(DIM))
                told = words.format(page=number, pages=total)
                put(self, A4[0] - 20 * mm, 12 * mm, told, 8, end=1)
                if number > 1:
                    put(self, 25 * mm, A4[1] - 20 * mm, subject[:60], 8)
                Canvas.showPage(self)
            Canvas.save(self)

    return Numbered
