"""Drawing: blocks of text on A4, with head, watermark and page numbers n/m; or as plain text."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from huiyin.ground.printing import fonts, setting
from huiyin.ground.printing.rules import pieces, shortened, told_lacking
from huiyin.ground.printing.setting import marked

INK, DIM, LINE, MARK = "#1a1f29", "#5b6472", "#c9ced6", "#e9ecf0"


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Facts:
    """Label and value, one below the other; a long value goes on over pages."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    """Short cells; `widths` in parts of the whole."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]


@dataclass(frozen=True)
class Said:
    """A line of the story: who and when, and what follows below it, however long."""

    head: str
    text: str = ""


@dataclass(frozen=True)
class Note:
    text: str


Block = Heading | Facts | Table | Said | Note


@dataclass(frozen=True)
class Sheet:
    """What stands on every page."""

    title: str
    mark: str  # who printed it, and when
    foot: str
    missing: str = "▯×{n}"
    hint: str = ""  # where the signs are that cannot be printed
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True)
class Drawn:
    data: bytes
    pages: int


def written(sheet: Sheet) -> Drawn:
    """The sheet as plain text, every character as it was written: scripts that no letter of the
    printed one shows stand here, too."""
    lines = [sheet.title, sheet.mark, sheet.foot]
    for block in sheet.blocks:
        lines += _lines(block)
    return Drawn("\r\n".join(lines).encode("utf-8-sig", "replace"), 0)


def _lines(block: Block) -> list[str]:
    if isinstance(block, Heading):
        return ["", f"## {block.text}"]
    if isinstance(block, Note):
        return [block.text]
    if isinstance(block, Said):
        return ["", block.head, *block.text.splitlines()]
    if isinstance(block, Facts):
        return [f"{label}：{value or '—'}" for label, value in block.rows]
    return ["\t".join(map(str, row)) for row in (block.head, *block.rows) if row]


def draw(sheet: Sheet, progress: Callable[[int], None] | None = None) -> Drawn:
    """The sheet as PDF. Cost grows with its text; no text can stop it."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    fonts.registered()
    set_ = _Setter(sheet.missing)
    flow = [one for block in _warned(sheet) for one in set_.of(block)]
    out = io.BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=24 * mm,
        bottomMargin=18 * mm,
        title=set_.clean(sheet.title),
        author="",
        creator="Huiyin",
        lang="zh-CN",
    )
    frame = Frame(
        document.leftMargin,
        document.bottomMargin,
        document.width,
        document.height,
        id="body",
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    marks = (set_.clean(sheet.title), set_.clean(sheet.mark), set_.clean(sheet.foot))
    document.addPageTemplates(
        PageTemplate("page", [frame], onPage=lambda canvas, _doc: _watermark(canvas, marks[1]))
    )
    if progress is not None:
        document.setProgressCallBack(_told(progress))
    document.build(flow, canvasmaker=_numbered(marks))
    return Drawn(out.getvalue(), document.page)


def _warned(sheet: Sheet) -> list[Block]:
    """Signs that no font here draws are told first of all."""
    words = "\n".join(line for block in sheet.blocks for line in _lines(block))
    lacking = setting.unprintable(words)
    if not lacking:
        return sheet.blocks
    return [Note(f"{told_lacking(lacking)} · {sheet.hint}"), *sheet.blocks]


def _told(progress: Callable[[int], None]) -> Callable[[str, Any], None]:
    """The printer counts what it has set; we tell per cent, and only when they grow."""
    size, last = 1, 0

    def told(kind: str, value: Any) -> None:
        nonlocal size, last
        if kind == "SIZE_EST":
            size = max(int(value), 1)
        elif kind == "PROGRESS":
            now = min(int(value) * 100 // size, 99)
            if now >= last + 5:
                last = now
                progress(now)

    return told


class _Setter:
    """Blocks as what the printer sets; every text passes `clean`."""

    def __init__(self, missing: str) -> None:
        from reportlab.lib.styles import ParagraphStyle

        self.missing = missing
        plain = ParagraphStyle(
            "plain", fontName=fonts.NAME, fontSize=9.5, leading=14, textColor=INK, wordWrap="CJK"
        )
        self.plain = plain
        self.small = ParagraphStyle("small", plain, fontSize=8.5, leading=12, textColor=DIM)
        self.cell = ParagraphStyle("cell", plain, fontSize=8.5, leading=12)
        self.head = ParagraphStyle(
            "head", plain, fontSize=12.5, leading=18, spaceBefore=10, spaceAfter=4, keepWithNext=1
        )
        self.who = ParagraphStyle("who", self.small, spaceBefore=5, keepWithNext=1)
        self.told = ParagraphStyle("told", plain, leftIndent=10)

    def clean(self, text: str) -> str:
        return setting.clean(text, self.missing)

    def of(self, block: Block) -> Iterable[Any]:
        if isinstance(block, Heading):
            yield self._text(block.text, self.head)
        elif isinstance(block, Note):
            yield from self._long(block.text, self.small)
        elif isinstance(block, Said):
            yield self._text(block.head, self.who)
            yield from self._long(block.text, self.told)
        elif isinstance(block, Facts):
            yield from self._facts(block)
        else:
            yield from self._table(block)

    def _text(self, text: str, style: Any) -> Any:
        from reportlab.platypus import Paragraph

        return Paragraph(marked(shortened(self.clean(text), 1000)), style)

    def _long(self, text: str, style: Any) -> Iterable[Any]:
        from reportlab.platypus import Paragraph

        for part in pieces(self.clean(text)):
            yield Paragraph(marked(part), style)

    def _facts(self, block: Facts) -> Iterable[Any]:
        for label, value in block.rows:
            if len(value) > 300 or "\n" in value:
                yield self._text(label, self.who)
                yield from self._long(value, self.told)
            else:
                yield from self._table(
                    Table((), ((label, value or "—"),), (0.22, 0.78)), plain=True
                )

    def _table(self, block: Table, *, plain: bool = False) -> Iterable[Any]:
        from reportlab.lib.colors import HexColor
        from reportlab.lib.pagesizes import A4
        from reportlab.lib.units import mm
        from reportlab.platypus import Paragraph, Spacer, TableStyle
        from reportlab.platypus import Table as Set

        width = A4[0] - 36 * mm
        rows = [list(block.head)] if block.head else []
        rows += [list(row) for row in block.rows]
        if not rows:
            return
        cells = [
            [
                Paragraph(marked(shortened(self.clean(one))), self.small if first else self.cell)
                for first, one in (
                    (bool(block.head and at == 0) or (plain and n == 0), c)
                    for n, c in enumerate(row)
                )
            ]
            for at, row in enumerate(rows)
        ]
        style: list[Any] = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ]
        if not plain:
            style.append(("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor(LINE)))
        if block.head:
            style.append(("BACKGROUND", (0, 0), (-1, 0), HexColor("#f3f5f8")))
        yield Set(
            cells,
            colWidths=[width * part for part in block.widths],
            repeatRows=1 if block.head else 0,
            style=TableStyle(style),
        )
        if not plain:
            yield Spacer(1, 4)


def _watermark(canvas: Any, mark: str) -> None:
    """Below the text: who printed it and when, slanting across the page."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.pagesizes import A4

    canvas.saveState()
    canvas.setFillColor(HexColor(MARK))
    canvas.translate(A4[0] / 2, A4[1] / 2)
    canvas.rotate(32)
    for line in range(-3, 4):
        for column in (-1, 1):
            setting.put(canvas, column * 170, line * 120, mark[:80], 15, end=0.5)
    canvas.restoreState()


def _numbered(marks: tuple[str, str, str]) -> Any:
    """A canvas that knows at the end how many pages there are, and then writes n/m on each."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas

    title, mark, foot = marks

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
                self._edges(number, total)
                Canvas.showPage(self)
            Canvas.save(self)

        def _edges(self, number: int, total: int) -> None:
            self.setFillColor(HexColor(DIM))
            top, bottom = A4[1] - 14 * mm, 10 * mm
            setting.put(self, 18 * mm, top, title[:60], 8)
            setting.put(self, A4[0] - 18 * mm, top, mark[:70], 8, end=1)
            self.setStrokeColor(HexColor(LINE))
            self.setLineWidth(0.5)
            self.line(18 * mm, top - 3 * mm, A4[0] - 18 * mm, top - 3 * mm)
            setting.put(self, 18 * mm, bottom, foot[:70], 8)
            setting.put(self, A4[0] - 18 * mm, bottom, f"{number}/{total}", 8, end=1)

    return Numbered
