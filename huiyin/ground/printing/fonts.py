"""The letters that are printed: one TrueType file of the regular weight, made from the front-end
packages once and kept in the data folder. Emoji stand in it too, drawn in outline.

The package of letters holds a variable font in a hundred pieces, as browsers want them. A printer
of PDF wants one file; making it takes some seconds, so the worker does it when it starts, and the
first start with demo data by a process beside the tables: `python -m huiyin.ground.printing.fonts`.
"""

from __future__ import annotations

import fcntl
import os
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

NAME = "HuiyinPrint"
WEIGHT = 400
MADE = "noto-sans-sc-emoji-2.ttf"  # another number when it is made otherwise


def folder() -> Path:
    return Path(settings.DATA_DIR) / "fonts"


def pieces() -> list[Path]:
    """The files of the package, in the order of their names."""
    found = Path(settings.FONT_PACKAGE) / "files"
    return sorted(found.glob("noto-sans-sc-*-wght-normal.woff2"))


def emoji() -> list[Path]:
    """The files of the package of emoji; none where it is not installed."""
    found = Path(settings.EMOJI_PACKAGE) / "files"
    return sorted(found.glob("noto-emoji-*-400-normal.woff2"))


def is_ready() -> bool:
    return (folder() / MADE).exists()


def prepare() -> Path:
    """The file, made if it is not there. Of several processes one makes it, the others wait."""
    made = folder() / MADE
    if made.exists():
        return made
    made.parent.mkdir(parents=True, exist_ok=True)
    with (made.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            growing = made.with_suffix(f".{os.getpid()}")
            _make(growing)
            growing.replace(made)
    return made


def registered() -> frozenset[int]:
    """Tell the printer of the font, once a process; the characters that it can draw."""
    return _registered(str(prepare()))


@cache
def _registered(path: str) -> frozenset[int]:
    from reportlab.pdfbase import pdfmetrics, ttfonts

    # The printer writes a character beyond U+FFFF as five digits, which no reader understands.
    ttfonts.makeToUnicodeCMap = _told_to_readers
    font = ttfonts.TTFont(NAME, path)
    pdfmetrics.registerFont(font)
    return frozenset(font.face.charToGlyph)


def _told_to_readers(name: str, subset: list[int]) -> str:
    """Which character each drawn letter is: what is copied out of a PDF is what was said."""
    pairs = (f"<{at:02X}> <{_utf16(code)}>" for at, code in enumerate(subset))
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
            f"/CMapName /{name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            f"<00> <{len(subset) - 1:02X}>",
            "endcodespacerange",
            f"{len(subset)} beginbfchar",
            *pairs,
            "endbfchar",
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        )
    )


def _utf16(code: int) -> str:
    surrogate = 0xD800 <= code <= 0xDFFF  # of none of our characters; the printer fills with it
    return f"{code:04X}" if surrogate else chr(code).encode("utf-16-be").hex().upper()


def _make(path: Path) -> None:
    from fontTools.fontBuilder import FontBuilder
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    glyphs: dict[str, Any] = {}
    widths: dict[str, tuple[int, int]] = {}
    names: dict[int, str] = {}
    scale, ascent, descent = 1000, 880, -120
    for piece in pieces():
        font = instantiateVariableFont(TTFont(piece), {"wght": WEIGHT}, inplace=True)
        outlines, advance = font["glyf"], font["hmtx"]
        if not glyphs:
            glyphs[".notdef"], widths[".notdef"] = outlines[".notdef"], advance[".notdef"]
            scale = font["head"].unitsPerEm
            ascent, descent = font["hhea"].ascent, font["hhea"].descent
        for code, old in font.getBestCmap().items():
            if code in names or outlines[old].isComposite():
                continue
            glyph = outlines[old]
            glyph.expand(outlines)
            glyph.removeHinting()
            name = f"u{code:X}"
            glyphs[name], widths[name], names[code] = glyph, advance[old], name
    _add_emoji(glyphs, widths, names)
    builder = FontBuilder(scale, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(names)
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(widths)
    builder.setupHorizontalHeader(ascent=ascent, descent=descent)
    builder.setupNameTable({"familyName": NAME, "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=ascent, sTypoDescender=descent)
    builder.setupPost(keepGlyphNames=False)
    builder.save(path)


SIGNS_FROM = 0x2000  # below stand digits and letters: those are not emoji
EMOJI_SCALE = 0.4  # of their own units: as wide as a Chinese character


def _add_emoji(
    glyphs: dict[str, Any], widths: dict[str, tuple[int, int]], names: dict[int, str]
) -> None:
    """Those that the letters do not have, made smaller."""
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont

    for piece in emoji():
        font = TTFont(piece)
        outlines, advance = font.getGlyphSet(), font["hmtx"]
        for code, old in font.getBestCmap().items():
            if code in names or code < SIGNS_FROM:
                continue
            parts, pen = DecomposingRecordingPen(outlines), TTGlyphPen(None)
            outlines[old].draw(parts)
            parts.replay(TransformPen(pen, (EMOJI_SCALE, 0, 0, EMOJI_SCALE, 0, 0)))
            glyph, name = pen.glyph(), f"u{code:X}"
            width, left = (round(one * EMOJI_SCALE) for one in advance[old])
            glyphs[name], widths[name], names[code] = glyph, (width, left), name


if __name__ == "__main__":  # a process of its own, beside whatever else there is to do
    if pieces():
        prepare()
