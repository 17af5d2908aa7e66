"""A text made plain for reading, with the way back to the original. Pure.

Full-width signs become half-width, traditional characters that matter become simplified, blanks
beside Chinese vanish. `places` says where each plain character stood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# These stay as they are: they part sentences and clauses.
for _sign in "！？；，（）":
    WIDE[ord(_sign)] = ord(
        {"！": "。", "？": "?", "；": "。", "，": "，", "（": "(", "）": ")"}[_sign]
    )
SIMPLE = str.maketrans(
    "點電話個內們賠償換補發給爲為於請將會後時間週號還錢臺檢維寄進復覆應對處決開張萬兩曰",
    "点电话个内们赔偿换补发给为为于请将会后时间周号还钱台检维寄进复复应对处决开张万两日",
) | str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
CJK = re.compile(r"[\u3400-\u9fff]")
QUOTED = re.compile(r"[“「『\"]([^“”「」『』\"]{2,200})[”」』\"]")
OUR_WORD = re.compile(r"(?:我们|我司|本店|我|客服)?(?:承诺|答应|保证|告知)(?:客户|您)?[:：]?$")


@dataclass(frozen=True)
class Plain:
    """`text` is what is read; `original[places[i]]` is where its character i came from."""

    original: str
    text: str
    places: tuple[int, ...]

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that holds text[start:end]."""
        if start >= end:
            at = self.places[start] if start < len(self.places) else len(self.original)
            return at, at
        return self.places[start], self.places[end - 1] + 1

    @cached_property
    def masked(self) -> str:
        """Without what stands in quotation marks: other people's words, names, buttons. A promise
        of our own that is quoted ("我们承诺“…”") stays."""

        def hide(found: re.Match[str]) -> str:
            if OUR_WORD.search(self.text[: found.start()]):
                return " " + found[1] + " "
            return "＂" * len(found[0])

        return QUOTED.sub(hide, self.text)


def plain(original: str) -> Plain:
    """Read it once; the length of a message is all it costs."""
    chars = original.translate(WIDE).translate(SIMPLE)
    kept: list[str] = []
    places: list[int] = []
    for at, char in enumerate(chars):
        if char in " \t\u3000\xa0":
            before = kept[-1] if kept else ""
            after = next((c for c in chars[at + 1 : at + 9] if c not in " \t\u3000\xa0"), "")
            if CJK.match(before) or CJK.match(after):
                continue
            char = " "
        kept.append(char)
        places.append(at)
    return Plain(original, "".join(kept), tuple(places))


DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
CN = "零〇一二两三四五六七八九十百千万"


def number(text: str) -> float | None:
    """“3”, “1.5”, “1,200”, “十五”, “两百五” (250), “一万二” (12,000), “半” (0.5)."""
    text = text.strip()
    if re.fullmatch(r"\d[\d,]*(?:\.\d+)?", text):
        return float(text.replace(",", ""))
    if text == "半":
        return 0.5
    total = section = digit = 0
    last = 1
    for at, char in enumerate(text):
        if char in DIGITS:
            digit = DIGITS[char]
            if at == len(text) - 1 and last >= 100 and text[at - 1] not in "零〇":
                digit *= last // 10  # 两百五
        elif char in UNITS:
            section += (digit or 1) * UNITS[char]
            digit, last = 0, UNITS[char]
        elif char == "万":
            total += (section + digit) * 10000
            section = digit = 0
            last = 10000
        else:
            return None
    return float(total + section + digit) if text else None


def upper(text: str) -> float | None:
    """The upper bound of “两三”, “三五”, “3-5”, “三到五”."""
    parts = re.split(r"[-—–~到至或、]", text)
    last = parts[-1]
    if re.fullmatch(r"[一二两三四五六七八九]{2}", last):
        last = last[-1]
    return number(last)
