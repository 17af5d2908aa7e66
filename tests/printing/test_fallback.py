"""Characters that the printing font lacks come from other fonts of the machine, or are told."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from hypothesis import given
from hypothesis import strategies as st

from huiyin.ground.printing import fallback, fonts, rules, setting

HANGUL, OMEGA, SURNAME, ARABIC, THAI = "한", "Ω", "𠮷", "ع", "ท"


@pytest.fixture(scope="module", autouse=True)
def _font():
    fonts.prepare()


def drawn(pen) -> None:
    """A box with a curve: seen, and of either kind of outline."""
    pen.moveTo((100, 0))
    pen.lineTo((100, 700))
    pen.curveTo((300, 900), (700, 900), (900, 700))
    pen.lineTo((900, 0))
    pen.closePath()


def font(path: Path, signs: str, *, turned: bool = False, units: int = 1000, kept: bool = False):
    """A font of these signs; `turned`: with outlines as OpenType has them; `kept`: its maker lets
    nobody put it into a document."""
    names = {ord(sign): f"g{ord(sign):X}" for sign in signs}
    builder = FontBuilder(units, isTTF=not turned)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    if turned:
        pens = {name: T2CharStringPen(800, None) for name in (".notdef", *names.values())}
        for pen in pens.values():
            drawn(pen)
        shapes = {name: pen.getCharString() for name, pen in pens.items()}
        builder.setupCFF(path.stem, {}, shapes, {})
    else:
        from fontTools.pens.cu2quPen import Cu2QuPen

        shapes = {}
        for name in (".notdef", *names.values()):
            pen = TTGlyphPen(None)
            drawn(Cu2QuPen(pen, 1))
            shapes[name] = pen.glyph()
        builder.setupGlyf(shapes)
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", *names.values()), (units, 100)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": path.stem, "styleName": "Regular"})
    builder.setupOS2(fsType=2 if kept else 0)
    builder.setupPost()
    builder.save(path)
    return path


@pytest.fixture
def machine(tmp_path, settings):
    """The fonts that this machine has, and no others."""
    settings.FONT_FOLDERS = (str(tmp_path),)
    fallback.forget()
    yield tmp_path
    fallback.forget()


def pdf_of(text: str) -> str:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    setting.put(canvas, 50, 700, setting.clean(text, "〔{n}〕"), 12)
    canvas.save()
    with pypdfium2.PdfDocument(out.getvalue()) as document:
        return str(document[0].get_textpage().get_text_range())


def test_what_our_font_lacks_is_taken_from_another(machine):
    font(machine / "Korean.ttf", HANGUL + OMEGA, units=2048)
    (machine / "deeper").mkdir()
    font(machine / "deeper" / "NotoSansCJK-Regular.otf", SURNAME, turned=True)
    text = f"王{SURNAME}先生 {HANGUL}{OMEGA} {ARABIC}"
    assert setting.unprintable(text) == [ARABIC]
    assert pdf_of(text) == f"王{SURNAME}先生 {HANGUL}{OMEGA} [U+0639]"
    assert [part for _name, part in setting.runs(text)][1] == SURNAME
    assert setting.width(HANGUL, 10) == pytest.approx(10)  # in its own units, not in ours


def test_an_outline_of_the_other_kind_is_filled_and_not_hollow(machine):
    from reportlab.pdfgen.canvas import Canvas

    font(machine / "a.otf", SURNAME, turned=True)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(100, 100))
    setting.put(canvas, 0, 10, setting.clean(SURNAME, ""), 90)
    canvas.save()
    with pypdfium2.PdfDocument(out.getvalue()) as document:
        picture = document[0].render().to_pil().convert("L")
    assert picture.getpixel((45, 60)) < 40


def test_without_any_font_it_is_told_by_its_number(machine):
    assert setting.unprintable(f"{SURNAME}a{SURNAME}{OMEGA}") == [SURNAME, OMEGA]
    assert pdf_of(f"王{SURNAME}") == "王[U+20BB7]"


def test_letters_that_join_are_not_drawn_one_by_one(machine):
    font(machine / "a.ttf", ARABIC + "שक" + THAI)
    assert setting.unprintable(f"{ARABIC}שक{THAI}") == [ARABIC, "ש", "क"]


def test_fonts_that_may_not_or_cannot_be_used_are_left_out(machine):
    font(machine / "kept.ttf", HANGUL, kept=True)
    font(machine / "a-Bold.ttf", OMEGA)
    (machine / "broken.ttf").write_bytes(b"\0\1\0\0 no font at all")
    (machine / "broken.ttc").write_bytes(b"ttcf\0\1\0\0\xff\xff\xff\xff")
    (machine / "empty.otf").write_bytes(b"")
    assert setting.unprintable(HANGUL + OMEGA) == [HANGUL, OMEGA]
    font(machine / "good.ttf", HANGUL)
    assert setting.unprintable(HANGUL) == [HANGUL]  # looked up once
    fallback.forget()
    assert setting.unprintable(HANGUL) == []


def test_a_folder_that_is_not_there_is_none(settings):
    settings.FONT_FOLDERS = ("/nowhere/at/all",)
    fallback.forget()
    assert setting.unprintable(HANGUL) == [HANGUL]
    fallback.forget()


def test_a_text_of_thousands_of_new_signs_takes_its_turns(machine):
    signs = "".join(chr(0x20000 + at) for at in range(fallback.MOST_AT_ONCE + 20))
    font(machine / "a.ttf", signs)
    assert len(setting.unprintable(signs)) == 20
    assert setting.unprintable(signs) == []  # those of the next paper


def test_a_paragraph_names_the_font_and_escapes_the_rest(machine):
    font(machine / "a.ttf", HANGUL)
    told = setting.marked(setting.clean(f"<b>{HANGUL}</b> & x", ""))
    assert told.startswith("&lt;b&gt;<font name=")
    assert told.endswith(f">{HANGUL}</font>&lt;/b&gt; &amp; x")


@given(st.text(max_size=60))
def test_what_is_told_is_what_is_not_drawn(text):
    known = {ord(sign) for sign in "王a1 [U+]▯×0123456789ABCDEF"}
    lacking = rules.not_drawn(text, known)
    assert len(lacking) == len(set(lacking))
    assert all(ord(sign) not in known for sign in lacking)
    assert (
        rules.printable(text, known) == rules.printable(text, known | {*map(ord, lacking)})
    ) is (not lacking)


def test_private_and_young_characters_are_told_and_marks_are_not():
    assert rules.not_drawn("\ue001\U00031350\u200d\ufe0f\x07", frozenset()) == [
        "\ue001",
        "\U00031350",
    ]


def test_the_sentence_names_the_signs_and_their_number():
    assert rules.told_lacking([]) == ""
    assert rules.told_lacking(["𠮷", "Ω"]) == "2 个字打印不出来：𠮷 [U+20BB7] Ω [U+03A9]"
    assert rules.told_lacking([chr(0x20000 + at) for at in range(30)]).endswith(" …")
