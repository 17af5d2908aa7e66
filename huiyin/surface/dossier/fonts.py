"""The letters that are printed: one TrueType file of the regular weight, made from the front-end
package once and kept in the data folder.

The package holds a variable font in a hundred pieces, as browsers want them. A printer of PDF wants
one file; making it takes some seconds, so the worker does it when it starts.
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
MADE = "noto-sans-sc-1.ttf"  # another number when it is made otherwise


def folder() -> Path:
    return Path(settings.DATA_DIR) / "fonts"


def pieces() -> list[Path]:
    """The files of the package, in the order of their names."""
    found = Path(settings.FONT_PACKAGE) / "files"
    return sorted(found.glob("noto-sans-sc-*-wght-normal.woff2"))


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
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    font = TTFont(NAME, path)
    pdfmetrics.registerFont(font)
    return frozenset(font.face.charToGlyph)


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
