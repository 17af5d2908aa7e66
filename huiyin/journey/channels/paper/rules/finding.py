"""What stands in a letter: who wrote it, how to reach him, what he wants. Pure.

Each thing found says in which line it stands, so that the page can show the place. Nothing found
is taken by itself: a person accepts, edits or rejects it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from huiyin.ground.customers.rules import EMAIL as WHOLE_EMAIL
from huiyin.journey.channels.paper.words import Found, Verdict

LONGEST = {Found.NAME: 40, Found.ADDRESS: 200, Found.WANTED: 300, Found.ORDER: 64}


@dataclass(frozen=True)
class Line:
    """A line of a letter: its text, on which page (from 0), which line there."""

    text: str
    page: int = 0
    place: int = 0


@dataclass(frozen=True)
class Field:
    """Something found: `page` and `lines` say where; of a typed letter they say nothing."""

    kind: str
    value: str
    page: int = 0
    lines: tuple[int, ...] = ()


PHONE = re.compile(
    r"(?<!\d)(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)"
    r"|(?<!\d)[(]?0\d{2,3}[)]?[\s-]?\d{7,8}(?!\d)"
    r"|(?<!\d)(?:\+?49|0049)[\s/-]?\d[\d\s/-]{6,14}\d(?!\d)"
)
EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII)
ORDER_LABEL = re.compile(
    r"(?:订单(?:编)?号|订单|单号|发票号|合同号|order(?:\s*(?:no|number))?\.?|Bestellnummer)"
    r"\s*(?:为|是)?\s*[:#]?\s*([A-Za-z0-9][A-Za-z0-9_-]{4,40})",
    re.IGNORECASE,
)
NUMBER = re.compile(r"TS\s?(\d{4})\s?[-–—]\s?(\d{6})(?!\d)", re.IGNORECASE)
NAME_LABEL = re.compile(
    r"(?:姓名|投诉人|写信人|来信人|联系人|申诉人|署名|寄件人|消费者|落款)\s*[:]\s*"
    r"([^\s,。;、():]{2,20})"
)
ENGLISH_NAME = re.compile(
    r"^(?:name|yours (?:sincerely|faithfully|truly)|sincerely|kind regards|regards)\s*[:,]\s*"
    r"([A-Z][\w.'-]+(?: [A-Z][\w.'-]+){0,3})$",
    re.IGNORECASE,
)
ADDRESS_LABEL = re.compile(
    r"(?:通信地址|通讯地址|联系地址|收信地址|寄件地址|家庭住址|回信地址|住址|地址|address)\s*[:]\s*(.{5,160})",
    re.IGNORECASE,
)
ADDRESS = re.compile(
    r"[\u4e00-\u9fff]{2,8}(?:省|自治区|市)[\u4e00-\u9fff]{0,12}(?:市|区|县|镇|乡)"
    r"[\u4e00-\u9fffA-Za-z0-9]{1,30}(?:路|街|道|巷|弄|村|小区|大厦|号)[\u4e00-\u9fffA-Za-z0-9\-—#]{0,40}"
)
AMOUNT = re.compile(
    r"(?:[¥￥]|人民币|RMB)\s*(\d[\d,]{0,11}(?:\.\d{1,2})?)"
    r"|(\d[\d,]{0,11}(?:\.\d{1,2})?)\s*(万)?元",
    re.IGNORECASE,
)
WANTED = re.compile(
    r"(?:我?(?:的)?(?:诉求|要求|请求)(?:如下|是|为)?\s*[:]\s*(.{2,300})"
    r"|((?:特此|现|因此|故|我|本人|强烈)?(?:要求|请求|希望|恳请|请贵[司公][^,。]{0,6})[^。!\n]{3,200}))"
)
DIGITS = dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
DAY = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*(?:日|号)?(?!\d)")
CHINESE_DAY = re.compile(
    r"([二〇零一三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]"
)
GREETING = ("此致", "敬礼", "敬上", "谨上", "顺颂", "商祺")
SIGNED = re.compile(r"^[\u4e00-\u9fff·]{2,4}$")


def lines_of(text: str) -> list[Line]:
    """Of a typed letter."""
    rows = [row.strip() for row in text.splitlines() if row.strip()]
    return [Line(row, 0, place) for place, row in enumerate(rows)]


def found(lines: Sequence[Line], today: date) -> list[Field]:
    """What stands in these lines, of each kind at most one; complaint numbers: each."""
    plain = [Line(_plain(one.text), one.page, one.place) for one in lines]
    fields = [
        one
        for one in (
            _name(plain),
            _phone(plain),
            _first(plain, EMAIL, Found.EMAIL, group=0),
            _address(plain),
            _first(plain, ORDER_LABEL, Found.ORDER),
            _amount(plain),
            _dated(plain, today),
            _wanted(plain),
        )
        if one is not None
    ]
    return fields + _numbers(plain)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _at(kind: str, value: str, line: Line, more: Sequence[Line] = ()) -> Field:
    most = LONGEST.get(Found(kind), 254)
    if kind in (Found.WANTED, Found.ADDRESS):  # as it is written among Chinese characters
        value = re.sub(r"(?<=[\u4e00-\u9fff]),|,(?=[\u4e00-\u9fff])", "，", value)
    return Field(kind, value.strip()[:most], line.page, (line.place, *(one.place for one in more)))


def _first(
    lines: Sequence[Line], pattern: re.Pattern[str], kind: str, group: int = 1
) -> Field | None:
    for line in lines:
        if hit := pattern.search(line.text):
            return _at(kind, hit[group], line)
    return None


def _phone(lines: Sequence[Line]) -> Field | None:
    """One that is called a telephone comes before one that only looks like it."""
    hits = [(line, hit) for line in lines if (hit := PHONE.search(line.text))]
    hits.sort(key=lambda one: not re.search(r"电话|手机|联系|tel|phone|mobil", one[0].text, re.I))
    return _at(Found.PHONE, hits[0][1][0], hits[0][0]) if hits else None


def _name(lines: Sequence[Line]) -> Field | None:
    """As it is called; else the short line below the greeting at the end."""
    for pattern in (NAME_LABEL, ENGLISH_NAME):
        if field := _first(lines, pattern, Found.NAME):
            return field
    ends = [at for at, line in enumerate(lines) if line.text.rstrip("!,") in GREETING]
    for at in ends[-1:]:
        for line in lines[at + 1 : at + 4]:
            if SIGNED.fullmatch(line.text.replace(" ", "")):
                return _at(Found.NAME, line.text.replace(" ", ""), line)
    return None


def _address(lines: Sequence[Line]) -> Field | None:
    for line in lines:
        if hit := ADDRESS_LABEL.search(line.text):
            return _at(Found.ADDRESS, re.split(r"[。;]|\s{2,}|电话|邮编", hit[1])[0], line)
    return _first(lines, ADDRESS, Found.ADDRESS, group=0)


def _amount(lines: Sequence[Line]) -> Field | None:
    """The largest: what it is about, not what a screw costs."""
    best: tuple[float, str, Line] | None = None
    for line in lines:
        for hit in AMOUNT.finditer(line.text):
            digits = (hit[1] or hit[2]).replace(",", "")
            value = float(digits) * (10_000 if hit[3] else 1)
            if 0 < value < 1e9 and (best is None or value > best[0]):
                best = (value, f"{value:.2f}".removesuffix(".00"), line)
    return _at(Found.AMOUNT, best[1], best[2]) if best else None


def _dated(lines: Sequence[Line], today: date) -> Field | None:
    """The date of the letter: the last that is none of the future, as it stands at its end."""
    for line in reversed(lines):
        for day in reversed(days_in(line.text)):
            if date(1990, 1, 1) <= day <= today:
                return _at(Found.DATED, day.isoformat(), line)
    return None


def days_in(text: str) -> list[date]:
    days = [(int(hit[1]), int(hit[2]), int(hit[3])) for hit in DAY.finditer(text)]
    for hit in CHINESE_DAY.finditer(text):
        year = int("".join(str(DIGITS[one]) for one in hit[1]))
        days.append((year, _spoken(hit[2]), _spoken(hit[3])))
    return [day for one in days if (day := _day(*one)) is not None]


def _spoken(text: str) -> int:
    """十一 → 11, 二十三 → 23."""
    if "十" not in text:
        return DIGITS.get(text, 0)
    tens, _ten, ones = text.partition("十")
    return (DIGITS.get(tens, 1) if tens else 1) * 10 + (DIGITS.get(ones, 0) if ones else 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _wanted(lines: Sequence[Line]) -> Field | None:
    """What is called the request; else the last sentence that asks for something. A line that ends
    within the sentence goes on in the next."""
    best: Field | None = None
    for at, line in enumerate(lines):
        hit = WANTED.search(line.text)
        if hit is None:
            continue
        value = hit[1] or hit[2]
        more: list[Line] = []
        for after in lines[at + 1 : at + 4]:
            if re.search(r"[。!.;]$", value) or hit.end() < len(line.text):
                break
            value, more = value + after.text, [*more, after]
        field = _at(Found.WANTED, re.split(r"[。!]", value)[0], line, more)
        if hit[1]:
            return field
        best = field
    return best


def _numbers(lines: Sequence[Line]) -> list[Field]:
    known: dict[str, Field] = {}
    for line in lines:
        for hit in NUMBER.finditer(line.text):
            number = f"TS{hit[1]}-{hit[2]}"
            known.setdefault(number, _at(Found.NUMBER, number, line))
    return list(known.values())[:5]


def is_email(text: str) -> bool:
    return WHOLE_EMAIL.fullmatch(text) is not None


def verdicts(proposed: dict[str, str], typed: dict[str, str]) -> dict[str, dict[str, str]]:
    """What a person made of each thing found: kept, changed, or left out."""
    told = {}
    for kind, value in proposed.items():
        said = " ".join(typed.get(kind, "").split())
        verdict = Verdict.EDITED
        if said == " ".join(value.split()):
            verdict = Verdict.ACCEPTED
        elif not said:
            verdict = Verdict.REJECTED
        told[kind] = {"found": value, "verdict": str(verdict)}
    return told
