"""A Markdown text as pieces of knowledge: one for each first heading, with fields below it.

# AS-03 超过七天的质量问题 | Faults found after seven days
类型: 政策条款
类别: AS.01, PD.01
关键词: 过了七天, 质量问题

正文……

---en---
English text…
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

HEADING = re.compile(r"^(#{1,2})[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
CODE = re.compile(r"^([A-Za-z][A-Za-z0-9]*(?:[.-][A-Za-z0-9]+)+)[ \t:：、]+(?=\S)")
FIELD = re.compile(r"^([A-Za-z_]{2,12}|[\u4e00-\u9fff]{2,6})[ \t]*[:：][ \t]*(.*)$")
ENGLISH = re.compile(r"^-{3,}[ \t]*(?:en|english|英文)[ \t]*-{3,}[ \t]*$", re.IGNORECASE | re.M)
NAMES = {
    "类型": "kind",
    "类别": "categories",
    "适用类别": "categories",
    "补救": "remedies",
    "适用补救": "remedies",
    "环节": "steps",
    "适用环节": "steps",
    "关键词": "keywords",
    "读者": "audience",
    "出处": "source",
    "条款": "clause",
    "版本": "edition",
    "日期": "dated",
    "网址": "url",
    "核对": "checked",
    "核对情况": "checked",
    "生效": "valid_from",
    "失效": "valid_to",
    "角色": "roles",
    "说明": "change",
}
KNOWN = frozenset(NAMES.values())


@dataclass(frozen=True)
class Written:
    """One piece as it was written, nothing checked yet."""

    title: str
    title_en: str
    code: str
    body: str
    body_en: str
    fields: dict[str, str] = field(default_factory=dict)


def pieces(text: str, name: str = "") -> list[Written]:
    """By first headings; a text with one or none is one piece, titled by it or by the file."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    headings = [found for found in HEADING.finditer(_without_code(text)) if len(found[1]) == 1]
    if not headings:
        second = [found for found in HEADING.finditer(_without_code(text)) if len(found[1]) == 2]
        headings = second if len(second) > 1 else []
    if not headings:
        return [_piece(name, text)] if text.strip() else []
    before = text[: headings[0].start()].strip()
    found = [_piece(name, before)] if before and len(headings) > 1 and len(before) > 1 else []
    ends = [one.start() for one in headings[1:]] + [len(text)]
    for heading, end in zip(headings, ends, strict=True):
        body = text[heading.end() : end]
        if before and len(headings) == 1:
            body = f"{before}\n\n{body}"
        found.append(_piece(heading[2], body))
    return found


def _without_code(text: str) -> str:
    """The same length, with fenced code blanked: a # in it is no heading."""
    return re.sub(
        r"^```.*?^```", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.DOTALL | re.MULTILINE
    )


def _piece(heading: str, body: str) -> Written:
    code, title = "", heading.strip()
    if numbered := CODE.match(title):
        code, title = numbered[1], title[numbered.end() :]
    title, _bar, title_en = title.partition("|")
    fields, rest = _fields(body)
    halves = ENGLISH.split(rest, maxsplit=1)
    return Written(
        title=title.strip(),
        title_en=title_en.strip() or fields.pop("title_en", ""),
        code=code or fields.pop("code", ""),
        body=halves[0].strip(),
        body_en=halves[1].strip() if len(halves) > 1 else "",
        fields=fields,
    )


def _fields(body: str) -> tuple[dict[str, str], str]:
    """Lines `name: value` right below the heading, as long as their names are known."""
    lines = body.lstrip("\n").split("\n")
    found: dict[str, str] = {}
    for line in lines:
        told = FIELD.match(line.strip())
        name = NAMES.get(told[1], told[1].lower()) if told else ""
        if told is None or name not in KNOWN | {"code", "title_en"} or name in found:
            break
        found[name] = told[2].strip()
    return found, "\n".join(lines[len(found) :])
