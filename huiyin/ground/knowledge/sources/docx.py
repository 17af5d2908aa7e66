"""A Word file (.docx) as Markdown: headings, lists, bold, tables, links.

The file comes from outside. Everything that can be judged without unpacking is judged first, one
part alone is read, and never more of it than was declared. Macros, pictures and whatever else lies
in it are not touched.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, iterparse

from django.utils.translation import gettext as _

from huiyin.ground.refusal import Invalid

MB = 1024 * 1024
MOST_PARTS = 2_000
MOST_UNPACKED = 100 * MB  # all parts together, as declared
MOST_SWOLLEN = 200  # times: text shrinks to a tenth, bombs to a thousandth
LARGEST_TEXT = 16 * MB  # of the part that holds the text
MOST_DEPTH = 200
MOST_BLOCKS = 20_000
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
DOCUMENT, STYLES, TYPES = "word/document.xml", "word/styles.xml", "[Content_Types].xml"
LINKS = "word/_rels/document.xml.rels"
OLD_WORD = b"\xd0\xcf\x11\xe0"  # .doc, and a .docx with a password


def markdown(data: bytes) -> str:
    """The text of the file. Raises Invalid with a sentence for whatever it is not."""
    if data.startswith(OLD_WORD):
        raise Invalid(
            _("这是旧版 Word（.doc）或加了密码的文件；请在 Word 中去掉密码，另存为 .docx 再导入")
        )
    if not data.startswith(b"PK"):
        raise Invalid(_("这不是 Word 文件；请选择 .docx 或 .md 文件"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _judge(archive, len(data))
            styles = _headings(_read(archive, STYLES)) if STYLES in archive.namelist() else {}
            links = _targets(_read(archive, LINKS)) if LINKS in archive.namelist() else {}
            blocks = list(_blocks(_read(archive, DOCUMENT), styles, links))
    except Invalid:
        raise
    except (
        *(zipfile.BadZipFile, zipfile.LargeZipFile, ParseError, OSError, EOFError),
        *(NotImplementedError, RuntimeError, ValueError, LookupError, RecursionError),
    ) as error:
        raise Invalid(_broken()) from error
    except Exception as error:  # zlib.error and whatever a crafted file makes fail
        raise Invalid(_broken()) from error
    text = "\n\n".join(block for block in blocks if block.strip())
    if not text.strip():
        raise Invalid(_("这个 Word 文件里没有文字（图片里的字读不出来），请检查后再导入"))
    return text


def _broken() -> str:
    return _("无法读取这个 Word 文件，可能已损坏；请在 Word 中打开，另存为 .docx 再试")


def _judge(archive: zipfile.ZipFile, packed: int) -> None:
    """By what the archive says of itself: zipfile never reads beyond the sizes declared here."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    swollen = unpacked > max(MB, packed * MOST_SWOLLEN)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or swollen:
        raise Invalid(
            _("这个 Word 文件解开后异常大（%(size)d MB），没有打开；请另存一份再试")
            % {"size": unpacked // MB}
        )
    names = {part.filename for part in parts}
    if TYPES not in names or DOCUMENT not in names:
        raise Invalid(_("这是压缩包或其他文件，不是 Word 文档；请选择 .docx 或 .md 文件"))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Invalid(_("这个 Word 文件带有宏，不能导入；请另存为不带宏的 .docx 再试"))
    if any(part.flag_bits & 1 for part in parts):
        raise Invalid(_("这个 Word 文件加了密码，请去掉密码再导入"))


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    info = archive.getinfo(name)
    if info.file_size > LARGEST_TEXT:
        raise Invalid(
            _("这个 Word 文件的文字有 %(size)d MB，最多 %(most)d MB；请分成几份再导入")
            % {"size": info.file_size // MB, "most": LARGEST_TEXT // MB}
        )
    with archive.open(info) as file:
        data = file.read(LARGEST_TEXT + 1)
    # Word writes neither; whoever does, wants something to be unfolded or fetched. In any encoding.
    flat = data.replace(b"\0", b"").upper()
    if len(data) > LARGEST_TEXT or b"<!DOCTYPE" in flat or b"<!ENTITY" in flat:
        raise Invalid(_broken())
    return data


def _root(data: bytes) -> Element:
    """Parsed with an eye on the depth: a tower of elements would fell whoever walks it."""
    depth = 0
    root: Element | None = None
    # `_read` has refused every document type, so there are no entities to unfold or fetch.
    for event, element in iterparse(io.BytesIO(data), events=("start", "end")):  # noqa: S314
        depth += 1 if event == "start" else -1
        if depth > MOST_DEPTH:
            raise Invalid(_broken())
        root = element if root is None else root
    if root is None:
        raise Invalid(_broken())
    return root


def _headings(data: bytes) -> dict[str, int]:
    """Which styles are headings, and of which level: by outline level, else by name."""
    found: dict[str, int] = {}
    for style in _root(data).iter(f"{W}style"):
        key = style.get(f"{W}styleId", "")
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        name = style.find(f"{W}name")
        told = (name.get(f"{W}val", "") if name is not None else "").lower()
        level = outline.get(f"{W}val", "") if outline is not None else ""
        if level.isdecimal() and int(level) < 6:
            found[key] = int(level) + 1
        elif told.startswith(("heading ", "标题 ")) and told[-1:].isdecimal():
            found[key] = min(6, max(1, int(told[-1:])))
        elif told in ("title", "标题"):
            found[key] = 1
    return found


def _targets(data: bytes) -> dict[str, str]:
    """Where links lead; only to the web and by mail."""
    found = {}
    for one in _root(data):
        target = one.get("Target", "")
        if target.lower().startswith(("http://", "https://", "mailto:")):
            found[one.get("Id", "")] = target
    return found


def _blocks(data: bytes, styles: dict[str, int], links: dict[str, str]) -> Iterator[str]:
    body = _root(data).find(f"{W}body")
    if body is None:
        raise Invalid(_broken())
    for count, block in enumerate(_children(body)):
        if count >= MOST_BLOCKS:
            raise Invalid(
                _("这个 Word 文件超过 %(most)d 段，请分成几份再导入") % {"most": MOST_BLOCKS}
            )
        if block.tag == f"{W}p":
            yield _paragraph(block, styles, links)
        elif block.tag == f"{W}tbl":
            yield _table(block, links)


def _children(body: Element) -> Iterator[Element]:
    """Paragraphs and tables, also those that lie in a content control."""
    for child in body:
        if child.tag == f"{W}sdt":
            content = child.find(f"{W}sdtContent")
            if content is not None:
                yield from content
        else:
            yield child


def _paragraph(block: Element, styles: dict[str, int], links: dict[str, str]) -> str:
    text = _text(block, links).strip()
    if not text:
        return ""
    properties = block.find(f"{W}pPr")
    if properties is None:
        return text
    style = properties.find(f"{W}pStyle")
    level = styles.get(style.get(f"{W}val", ""), 0) if style is not None else 0
    outline = properties.find(f"{W}outlineLvl")
    if not level and outline is not None and outline.get(f"{W}val", "").isdecimal():
        level = int(outline.get(f"{W}val", "9")) + 1
    if 1 <= level <= 6:
        return f"{'#' * level} {text.replace('**', '')}"
    numbered = properties.find(f"{W}numPr")
    if numbered is None:
        return text
    depth = numbered.find(f"{W}ilvl")
    indent = depth.get(f"{W}val", "0") if depth is not None else "0"
    return f"{'  ' * min(int(indent) if indent.isdecimal() else 0, 6)}- {text}"


def _text(block: Element, links: dict[str, str]) -> str:
    """Runs in order; deleted text of tracked changes is left out, inserted is taken."""
    pieces: list[str] = []
    for child in block:
        if child.tag == f"{W}r":
            pieces.append(_run(child))
        elif child.tag == f"{W}hyperlink":
            words = _text(child, links)
            target = links.get(child.get(f"{R}id", ""), "")
            pieces.append(f"[{words}]({target})" if target and words.strip() else words)
        elif child.tag in (f"{W}ins", f"{W}smartTag", f"{W}sdt", f"{W}sdtContent", f"{W}fldSimple"):
            pieces.append(_text(child, links))
    return "".join(pieces).replace("****", "")


def _run(run: Element) -> str:
    text = "".join(_piece(one) for one in run)
    properties = run.find(f"{W}rPr")
    bold = properties.find(f"{W}b") if properties is not None else None
    is_bold = bold is not None and bold.get(f"{W}val", "1") not in ("0", "false", "off")
    inner = text.strip()
    if not is_bold or not inner:
        return text
    return text.replace(inner, f"**{inner}**", 1)


def _piece(one: Element) -> str:
    if one.tag == f"{W}t":
        return one.text or ""
    if one.tag in (f"{W}br", f"{W}cr"):
        return "\n"
    return " " if one.tag == f"{W}tab" else ""


def _table(table: Element, links: dict[str, str]) -> str:
    rows = []
    for row in table.iter(f"{W}tr"):
        cells = [
            " ".join(_text(p, links).strip() for p in cell.iter(f"{W}p")).strip()
            for cell in row.findall(f"{W}tc")
        ]
        rows.append([" ".join(cell.split()).replace("|", "\\|") for cell in cells])
    if not rows:
        return ""
    width = max(map(len, rows))
    rows = [row + [""] * (width - len(row)) for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])
