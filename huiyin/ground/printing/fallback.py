"""Characters that the printing font lacks, taken from the fonts that this machine has.

The printer wants TrueType; fonts of a system are often made otherwise, and hold a hundred times
what is needed. So only the outlines that are needed are taken, made TrueType, into a small font of
their own that a process keeps. Scripts whose letters join, change places or run from right to left
are left out: drawn one by one they would be wrong, and whoever prints is told instead.
"""

from __future__ import annotations

import contextlib
import io
import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings

from huiyin.ground.printing import fonts
from huiyin.ground.printing.rules import is_set_one_by_one

SCALE = 1000  # units of our small fonts
MOST_FONTS = 300  # looked at; a machine with more has what is needed among the first
MOST_AT_ONCE = 500  # new characters of one paper: no text keeps the printer busy for long
NOT_PLAIN = re.compile(
    r"bold|italic|oblique|black|heavy|light|thin|medium|condensed|narrow|mono|emoji|colou?r", re.I
)
RESTRICTED = 0x2  # of OS/2.fsType: its maker lets nobody put it into a document
BROKEN = (Exception,)  # of hundreds of files of others some are broken, each in its own way
TELLS = frozenset({".ttf", ".otf", ".ttc", ".otc"})


@dataclass(frozen=True)
class Face:
    path: Path
    number: int  # in a collection; -1: it is none
    codes: frozenset[int]


_drawn_by: dict[int, str] = {}  # character → the small font that draws it
_nowhere: set[int] = set()
_lock = threading.Lock()
_numbers = count(2)  # the printer keeps what it once knew under a name


def drawn_by(code: int) -> str:
    """The name of the small font that draws it; "": none does."""
    return _drawn_by.get(code, "")


def prepare(codes: Iterable[int]) -> None:
    """Have what these need at hand, as far as this machine has it."""
    wanted = {one for one in codes if one not in _drawn_by and one not in _nowhere}
    if not wanted:
        return
    with _lock:
        wanted = {one for one in wanted if one not in _drawn_by and one not in _nowhere}
        _nowhere.update(one for one in wanted if not is_set_one_by_one(one))
        looked_for = sorted(wanted - _nowhere)[:MOST_AT_ONCE]
        shapes = _shapes(dict(_found(looked_for)))
        _nowhere.update(one for one in looked_for if one not in shapes)
        if shapes:
            name = f"{fonts.NAME}{next(_numbers)}"
            _register(name, _made(name, shapes))
            _drawn_by.update(dict.fromkeys(shapes, name))


def forget() -> None:
    """Fonts were installed, or a test has others: look again."""
    with _lock:
        _nowhere.clear()
        _drawn_by.clear()
        faces.cache_clear()
        _face.cache_clear()


def _found(codes: list[int]) -> Iterator[tuple[int, Face]]:
    left = set(codes)
    for path in faces():
        if not left:
            return
        face = _face(path)
        if face is None:
            continue
        for code in sorted(left & face.codes):
            yield code, face
        left -= face.codes


@cache
def faces() -> tuple[Path, ...]:
    """The upright fonts of ordinary weight, those first that go well with ours."""
    found: list[Path] = []
    for folder in settings.FONT_FOLDERS:
        if Path(folder).is_dir():
            found += [one for one in Path(folder).rglob("*") if one.suffix.lower() in TELLS]
    plain = [one for one in found if not NOT_PLAIN.search(one.stem)]
    return tuple(sorted(plain, key=_rank)[:MOST_FONTS])


def _rank(path: Path) -> tuple[bool, bool, bool, str]:
    name = path.stem.lower()
    return ("cjk" not in name, "noto" not in name, "serif" in name, str(path))


@cache
def _face(path: Path) -> Face | None:
    """What is in a file; None where it is no font that we may and can use."""
    from fontTools.ttLib import TTCollection, TTFont

    try:
        number = -1
        if path.suffix.lower() in (".ttc", ".otc"):
            with TTCollection(path, lazy=True) as many:
                names = [one["name"].getDebugName(1) or "" for one in many]
            number = next((at for at, name in enumerate(names) if name.endswith(" SC")), 0)
        with TTFont(path, fontNumber=number, lazy=True) as font:
            if font["OS/2"].fsType & RESTRICTED or not {"glyf", "CFF "} & set(font.keys()):
                return None
            return Face(path, number, frozenset(font.getBestCmap() or ()))
    except BROKEN:
        return None


def _shapes(found: dict[int, Face]) -> dict[int, tuple[Any, int]]:
    """(outline, width) of each; those of a font that breaks while it is read are left out."""
    shapes: dict[int, tuple[Any, int]] = {}
    for face in dict.fromkeys(found.values()):
        of_it = [code for code, one in found.items() if one == face]
        with contextlib.suppress(*BROKEN):
            shapes.update(dict(_outlines(face, of_it)))
    return shapes


def _made(called: str, shapes: dict[int, tuple[Any, int]]) -> bytes:
    """One TrueType file of these characters alone."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    glyphs: dict[str, Any] = {".notdef": TTGlyphPen(None).glyph()}
    widths: dict[str, tuple[int, int]] = {".notdef": (SCALE, 0)}
    for code, (glyph, width) in shapes.items():
        name = f"u{code:X}"
        glyphs[name], widths[name] = glyph, (width, getattr(glyph, "xMin", 0) or 0)
    builder = FontBuilder(SCALE, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({code: f"u{code:X}" for code in shapes})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(widths)
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    # The printer tells fonts apart by this name alone.
    builder.setupNameTable({"familyName": called, "styleName": "Regular", "psName": called})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120)
    builder.setupPost(keepGlyphNames=False)
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


def _outlines(face: Face, codes: list[int]) -> Iterator[tuple[int, tuple[Any, int]]]:
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont

    with TTFont(face.path, fontNumber=face.number, lazy=True) as font:
        outlines, names = font.getGlyphSet(), font.getBestCmap()
        scale = SCALE / font["head"].unitsPerEm
        turned = "glyf" not in font  # their curves are of another kind, and run the other way round
        for code in codes:
            parts, pen = DecomposingRecordingPen(outlines), TTGlyphPen(None)
            outlines[names[code]].draw(parts)
            into = Cu2QuPen(pen, max_err=1, reverse_direction=True) if turned else pen
            parts.replay(TransformPen(into, (scale, 0, 0, scale, 0, 0)))
            glyph = pen.glyph()
            glyph.recalcBounds(None)
            yield code, (glyph, round(outlines[names[code]].width * scale))


def _register(name: str, data: bytes) -> None:
    from reportlab.pdfbase import pdfmetrics, ttfonts

    fonts.registered()
    pdfmetrics.registerFont(ttfonts.TTFont(name, io.BytesIO(data)))
