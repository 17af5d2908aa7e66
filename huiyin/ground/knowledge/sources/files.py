"""An uploaded file as pieces: judged by size and kind, read, cut at its headings."""

from __future__ import annotations

from pathlib import PurePath
from typing import IO

from django.utils.translation import gettext as _

from huiyin.ground.knowledge.sources import docx, marked
from huiyin.ground.knowledge.sources.marked import Written
from huiyin.ground.refusal import Invalid

MB = 1024 * 1024
LARGEST = 10 * MB
MOST_FILES = 20
MOST_PIECES = 300
MARKDOWN = (".md", ".markdown", ".txt")
WORD = (".docx",)
MACROS = (".docm", ".dotm")


def pieces(name: str, size: int, file: IO[bytes]) -> list[Written]:
    """Raises Invalid with a sentence that says what is wrong with this file and what to do."""
    kind = PurePath(name).suffix.lower()
    if kind in MACROS:
        raise Invalid(_("带宏的 Word 文件（%(kind)s）不能导入；请另存为 .docx") % {"kind": kind})
    if kind == ".doc":
        raise Invalid(_("旧版 Word（.doc）不能导入；请在 Word 中另存为 .docx"))
    if kind not in MARKDOWN + WORD:
        raise Invalid(_("只能导入 Markdown（.md）和 Word（.docx）文件"))
    if size > LARGEST:
        raise Invalid(
            _("文件有 %(size).1f MB，最多 %(most)d MB；请分成几份再导入")
            % {"size": size / MB, "most": LARGEST // MB}
        )
    data = file.read(LARGEST + 1)
    if not data.strip():
        raise Invalid(_("文件是空的，请选择有内容的文件"))
    text = docx.markdown(data) if kind in WORD else _decoded(data)
    found = marked.pieces(text, PurePath(name).stem[:160])
    if len(found) > MOST_PIECES:
        raise Invalid(
            _("文件里有 %(count)d 个一级标题，一次最多 %(most)d 篇；请分成几份再导入")
            % {"count": len(found), "most": MOST_PIECES}
        )
    return found


def _decoded(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if data.startswith(b"PK") or (b"\0" in data[:4096] and not wide):
        raise Invalid(_("这个文件不是文本；Word 文件请用 .docx 作扩展名"))
    order = ("utf-16",) if wide else ("utf-8-sig", "gb18030")
    for encoding in order:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(_("无法识别文件编码，请另存为 UTF-8 再导入"))
