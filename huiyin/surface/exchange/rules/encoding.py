"""What kind of file it is and in which alphabet it was written. Pure."""

from __future__ import annotations

import codecs
import re

from huiyin.ground.sentence import sentence as _

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
OTHERS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x7fELF",
)
NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
# Of the bytes; a file with a damaged row has fewer, a program or another alphabet far more.
MOST_NOT_TEXT = 0.02
FEW = 4  # bytes; so many may stand in the one damaged row of a short file
MOST_BROKEN = 0.01


def kind_fault(head: bytes) -> str:
    """The sentence that says why a file that begins so is no table of ours; "" when it may be."""
    if head.startswith(OLD_EXCEL):
        return _("这是旧版 .xls 或加了密码的 Excel 文件，请在 Excel 中另存为不加密的 .xlsx 再导入")
    if head.startswith(OTHERS):
        return _("这不是表格文件，请选择 CSV 或 .xlsx 文件")
    if not head.startswith((b"PK\x03\x04", *(bom for bom, _name in BOMS))):
        odd = len(NOT_TEXT.findall(head))
        if odd > FEW and odd / len(head) > MOST_NOT_TEXT:
            return _("这不是文本文件（也不是带 BOM 的 UTF-16），请另存为 UTF-8 的 CSV 再导入")
    return ""


def encoding_of(raw: bytes) -> str:
    """Python's name of the encoding; "" when it is none that we read.

    A byte order mark decides; then UTF-8, then GB18030, which is what Excel writes in China. A file
    with a few broken bytes is still read as the one that fits better: only those rows fail.
    """
    for bom, name in BOMS:
        if raw.startswith(bom):
            return name
    broken = {name: _broken(raw, name) for name in ("utf-8", "gb18030")}
    best = min(broken, key=lambda name: broken[name])
    return best if broken[best] <= len(raw) * MOST_BROKEN else ""


def _broken(raw: bytes, encoding: str) -> int:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return raw.decode(encoding, "replace").count("\ufffd") - raw.count(b"\xef\xbf\xbd")
    return 0
