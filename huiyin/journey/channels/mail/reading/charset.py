"""Bytes to text: by the label, and by what they are when the label is wrong. Standard library only.

Chinese mails lie about their charset more than any other: GBK under "gb2312", UTF-8 under
"iso-8859-1", nothing at all. A label that decodes strictly is believed, but for those that never
fail (Latin-1 and its kin); then UTF-8, which hardly anything else is by chance; then GB18030 or
Big5, whichever makes the commoner characters.
"""

from __future__ import annotations

import codecs
import re

# Everything that has ever been a charset of a mail; never Python's own tricks (zlib, rot13 …).
NAMES = re.compile(
    r"(?:x-)?(?:us-?ascii|ascii|ansi.*|unicode-1-1-utf-[78]|utf[-_]?(?:8|16|32|7)(?:[-_]?[bl]e)?"
    r"|gb.*|cp-?\d{3,4}|ms-?\d{3,4}|windows-?\d{3,4}|x-gbk|hz.*|big-?5.*|iso[-_]?8859.*"
    r"|latin-?\d*|l\d|koi8-?[rtu]|mac.*|euc[-_]?(?:jp|kr|cn)|ks[-_]?c.*|shift[-_]?jis.*|sjis.*"
    r"|iso[-_]?2022.*|tis[-_]?620|johab|uhc)",
    re.IGNORECASE,
)
CHINESE = {
    **dict.fromkeys(
        ("gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "ms936", "windows-936", "euc-cn", "gb"),
        "gb18030",
    ),
    **dict.fromkeys(("big5", "x-x-big5", "big-5", "cp950", "windows-950"), "big5hkscs"),
    "hz-gb-2312": "hz",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
}
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 20_000  # bytes looked at to tell GB from Big5
WESTERN = ("iso8859-1", "iso8859-15", "cp1252")  # never fail, and stand on anything
FEWEST_PAIRS = 2
MOSTLY = 0.7  # so much of a Chinese text is everyday characters
FEW = 0.01  # so many broken characters in a text are a slip, not another charset


def text_of(data: bytes, label: str = "") -> tuple[str, str]:
    """The text, and a doubt about it: "", "wrong_charset" or "bad_bytes" (something is lost)."""
    for bom, codec in BOMS:
        if data.startswith(bom):
            return data.decode(codec, "replace"), ""
    named = _codec(label)
    if data.isascii() and named not in ("hz", "utf-7") and not named.startswith("iso2022"):
        return data.decode("ascii"), ""
    if named in ("gb18030", "big5hkscs", "gb2312", "gbk", "big5") and _surely_utf8(data):
        return data.decode("utf-8"), "wrong_charset"
    if named and named not in WESTERN:
        if (text := _strictly(data, named)) is not None:
            return text, ""
        if (text := _nearly(data, named)) is not None:
            return text, "bad_bytes"
    text, found = _by_itself(data)
    if found:
        return text, "wrong_charset" if label and named != found else ""
    for codec in ("cp1252", "latin-1"):
        if named in ("", "utf-8", *WESTERN) and (western := _strictly(data, codec)) is not None:
            return western, "" if named else "bad_bytes"
    return data.decode(named or "cp1252", "replace"), "bad_bytes"


def _codec(label: str) -> str:
    """Python's name of it; "" for what is no charset."""
    name = label.strip().strip("\"'").partition("*")[0].lower()[:40]
    name = CHINESE.get(name, name)
    if name in ("", "us-ascii", "ascii", "unknown-8bit", "x-unknown") or not NAMES.fullmatch(name):
        return ""
    try:
        found = codecs.lookup(name.replace("ms-", "cp"))
    except (LookupError, ValueError, UnicodeError):
        return ""
    return CHINESE.get(found.name, found.name) if found._is_text_encoding else ""


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _nearly(data: bytes, codec: str) -> str | None:
    text = data.decode(codec, "replace")
    return text if text.count("\ufffd") <= max(1, FEW * len(text)) and len(text) > 20 else None


def _by_itself(data: bytes) -> tuple[str, str]:
    """(text, codec) of bytes that nobody labelled; codec "" when they look like nothing known."""
    if (text := _strictly(data, "utf-8")) is not None:
        return text, "utf-8"
    pairs = _pairs(data)
    if len(pairs) >= FEWEST_PAIRS:
        order = [("gb18030", _common_gb(pairs)), ("big5hkscs", _common_big5(pairs))]
        order.sort(key=lambda one: -one[1])
        for codec, share in order:
            if share < MOSTLY:
                continue
            if (text := _strictly(data, codec)) is not None:
                return text, codec
            if (text := _nearly(data, codec)) is not None:
                return text, codec
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    several = sum(1 for c in text if ord(c) > 0x7F) - broken
    return (text, "utf-8") if several > 10 * broken else ("", "")


def _surely_utf8(data: bytes) -> bool:
    """Three Chinese characters in UTF-8 are no Chinese character in GBK or Big5 by chance."""
    text = _strictly(data, "utf-8")
    if text is None:
        return False
    beyond = [c for c in text[:SAMPLE] if ord(c) > 0x7F]
    return len(beyond) >= 3 and all(ord(c) > 0x7FF for c in beyond)


def _pairs(data: bytes) -> list[tuple[int, int]]:
    sample, found, place = data[:SAMPLE], [], 0
    while place < len(sample) - 1:
        if sample[place] < 0x81:
            place += 1
            continue
        found.append((sample[place], sample[place + 1]))
        place += 2
    return found


def _common_gb(pairs: list[tuple[int, int]]) -> float:
    """How much of it would be everyday characters and punctuation of GB2312."""
    common = sum(1 for a, b in pairs if b >= 0xA1 and (0xB0 <= a <= 0xD7 or 0xA1 <= a <= 0xA3))
    return common / len(pairs)


def _common_big5(pairs: list[tuple[int, int]]) -> float:
    common = sum(
        1
        for a, b in pairs
        if (0xA4 <= a <= 0xC6 or a == 0xA1) and (0x40 <= b <= 0x7E or 0xA1 <= b <= 0xFE)
    )
    return common / len(pairs)
