"""Markdown and Word become drafts; what is hostile, huge or broken is refused in a sentence."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground.knowledge import actions
from huiyin.ground.knowledge.models import Version
from huiyin.ground.knowledge.sources import docx, marked
from huiyin.ground.knowledge.words import Kind, State
from huiyin.ground.refusal import Invalid, NotPermitted

pytestmark = pytest.mark.django_db

MARKDOWN = """\
# WH-03 鲸鱼质量问题 | Faults of whales
类型: 政策条款
类别: AS.01、PD.01
环节: 方案
读者: 客户可见
关键词: 鲸鱼坏了, 掉色
日期: 2026-01-01

蓝鲸坏了可以退。

- 一
- 二

---en---
Broken whales may be returned.

# 第二篇

```
# 这不是标题
```
"""
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def para(text: str, properties: str = "", of_run: str = "") -> str:
    return f'<w:p>{properties}<w:r>{of_run}<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def cell(text: str) -> str:
    return f"<w:tc>{para(text)}</w:tc>"


def link(key: str, text: str) -> str:
    return f'<w:hyperlink r:id="{key}"><w:r><w:t>{text}</w:t></w:r></w:hyperlink>'


NUMBERED = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
BODY = "".join(
    (
        para("鲸鱼安装", '<w:pPr><w:pStyle w:val="2"/></w:pPr>'),
        para("先看水", of_run="<w:rPr><w:b/></w:rPr>").replace(
            "</w:p>", "<w:r><w:t>，再装。</w:t></w:r></w:p>"
        ),
        para("第一步", NUMBERED),
        "<w:p><w:del><w:r><w:delText>删掉的</w:delText></w:r></w:del>",
        "<w:ins><w:r><w:t>加上的</w:t></w:r></w:ins></w:p>",
        f"<w:p>{link('r1', '网站')}{link('r2', '坏链接')}</w:p>",
        f"<w:tbl><w:tr>{cell('项目')}{cell('天数')}</w:tr>",
        f"<w:tr>{cell('退')}{cell('7|8')}</w:tr></w:tbl>",
    )
)
STYLES = (
    f'<w:styles {W}><w:style w:type="paragraph" w:styleId="2">'
    '<w:name w:val="heading 1"/></w:style></w:styles>'
)
LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="https://example.com/"/>'
    '<Relationship Id="r2" Target="javascript:alert(1)"/></Relationships>'
)


def document(body: str = BODY) -> str:
    return f"<w:document {W} {R}><w:body>{body}</w:body></w:document>"


def word(parts: dict[str, str | bytes] | None = None, **more: str | bytes) -> bytes:
    out = io.BytesIO()
    content: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "word/document.xml": document(),
        "word/styles.xml": STYLES,
        "word/_rels/document.xml.rels": LINKS,
    }
    content |= parts or {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return out.getvalue()


def upload(name: str, data: bytes | str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data.encode() if isinstance(data, str) else data)


def test_markdown_becomes_drafts_with_their_fields(zhi):
    rows = actions.take_in([upload("kb.md", MARKDOWN)], by=zhi)
    assert [(row.title, row.fault) for row in rows] == [("鲸鱼质量问题", ""), ("第二篇", "")]
    first = Version.objects.get(article__code="WH-03")
    assert (first.article.kind, first.state, first.audience) == (
        Kind.POLICY,
        State.DRAFT,
        "customer",
    )
    assert first.categories == ["AS.01", "PD.01"] and first.keywords == ["鲸鱼坏了", "掉色"]
    assert first.body == "蓝鲸坏了可以退。\n\n- 一\n- 二"
    assert (first.title_en, first.body_en) == ("Faults of whales", "Broken whales may be returned.")
    second = rows[1].version
    assert second and "# 这不是标题" in second.body


def test_imported_again_it_is_the_next_version(zhi, ji):
    version = actions.take_in([upload("kb.md", MARKDOWN)], by=zhi)[0].version
    assert version
    again = actions.take_in([upload("kb.md", MARKDOWN)], by=zhi)[0]
    assert "草稿" in again.fault  # the first is still a draft
    actions.submit(version, by=zhi)
    actions.approve(Version.objects.get(pk=version.pk), by=ji)
    row = actions.take_in([upload("kb.md", MARKDOWN)], by=zhi)[0]
    assert row.version and row.again
    assert (row.version.number, row.version.state) == (2, State.DRAFT)


def test_word_is_read_with_its_structure(zhi):
    text = docx.markdown(word())
    assert text.startswith("# 鲸鱼安装")
    for part in (
        "**先看水**，再装。",
        "- 第一步",
        "加上的",
        "[网站](https://example.com/)",
        "| 项目 | 天数 |",
        "| 退 | 7\\|8 |",
    ):
        assert part in text
    assert "删掉的" not in text and "javascript" not in text
    rows = actions.take_in([upload("安装.docx", word())], by=zhi, kind=Kind.ARTICLE)
    assert [(row.title, row.fault) for row in rows] == [("鲸鱼安装", "")]


def bomb() -> bytes:
    return word({"word/document.xml": document("<w:p/>" + " " * 90_000_000)})


def lying_bomb() -> bytes:
    """Says of itself that it is small; the real stream is long."""
    data = word({"word/document.xml": document("<w:p><w:r><w:t>" + "长" * 9_000_000)})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("word/document.xml").file_size
    return data.replace(size.to_bytes(4, "little"), (900).to_bytes(4, "little"))


HOSTILE = {
    "a bomb": (bomb, "异常大"),
    "a bomb that lies": (lying_bomb, "损坏"),
    "macros": (lambda: word({"word/vbaProject.bin": b"x"}), "宏"),
    "a broken archive": (lambda: word()[:300], "损坏"),
    "another archive": (lambda: _zip({"a.txt": "x"}), "不是 Word"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"0" * 100, "不是 Word"),
    "an old file": (lambda: b"\xd0\xcf\x11\xe0" + b"0" * 600, "旧版"),
    "entities": (
        lambda: word(
            {
                "word/document.xml": '<!DOCTYPE x [<!ENTITY a "aaaa">]>'
                + document("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>")
            }
        ),
        "损坏",
    ),
    "entities in two bytes": (
        lambda: word(
            {
                "word/document.xml": (
                    '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
                    + document("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>")
                ).encode("utf-16")
            }
        ),
        "损坏",
    ),
    "a tower": (
        lambda: word({"word/document.xml": document("<w:p>" * 5000 + "</w:p>" * 5000)}),
        "损坏",
    ),
    "no text": (lambda: word({"word/document.xml": document("<w:p/>")}), "没有文字"),
    "no xml": (lambda: word({"word/document.xml": "hello"}), "损坏"),
    "too many parts": (lambda: word({f"word/x{i}.xml": "x" for i in range(2100)}), "异常大"),
    "too much text": (
        lambda: word({"word/document.xml": document("".join(map(para, map(str, range(400_000)))))}),
        "文字有",
    ),
}


def _zip(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_word_files_are_refused_in_a_sentence(name):
    make, told = HOSTILE[name]
    with pytest.raises(Invalid) as refused:
        docx.markdown(make())
    assert told in str(refused.value.sentence)


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.pdf", b"%PDF-1.7", "只能导入"),
        ("a.docm", b"PK", "宏"),
        ("a.doc", b"\xd0\xcf", "旧版"),
        ("a.md", b"", "空的"),
        ("a.md", b"   \n", "空的"),
        ("a.md", b"PK\x03\x04", "不是文本"),
        ("a.md", b"ab\0cd", "不是文本"),
        ("a.md", b"\xff\xff\xfa\x81", "编码"),
        ("a.md", b"x" * (10 * 1024 * 1024 + 1), "MB"),
        ("a.md", "".join(f"# 篇{i}\n文\n" for i in range(301)).encode(), "一级标题"),
    ],
)
def test_other_files_are_refused_each_for_itself(zhi, name, data, told):
    rows = actions.take_in([upload(name, data), upload("good.md", "# 好的\n\n正文")], by=zhi)
    assert told in rows[0].fault
    assert [row.title for row in rows if not row.fault] == ["好的"]


def test_faults_of_a_piece_are_told_and_the_others_come_in(zhi):
    text = "# 甲篇\n类型: 神谕\n\n正文\n\n# 乙篇\n\n正文\n\n# 丙篇\n日期: 2026-02-31\n\n正文"
    rows = actions.take_in([upload("kb.md", text)], by=zhi)
    assert ["神谕" in rows[0].fault, rows[1].fault, "日期" in rows[2].fault] == [True, "", True]


def test_who_keeps_no_knowledge_imports_none(li):
    with pytest.raises(NotPermitted):
        actions.take_in([upload("a.md", "# 甲\n\n文")], by=li)


def test_gb18030_and_utf16_are_read(zhi):
    for encoding in ("gb18030", "utf-16"):
        rows = actions.take_in([upload("a.md", "# 蓝鲸\n\n正文".encode(encoding))], by=zhi)
        assert rows[0].title == "蓝鲸"


def test_a_text_without_headings_is_named_after_its_file():
    assert marked.pieces("只有正文", "说明")[0].title == "说明"
    assert [one.title for one in marked.pieces("## 一\n\na\n\n## 二\n\nb", "说明")] == ["一", "二"]
