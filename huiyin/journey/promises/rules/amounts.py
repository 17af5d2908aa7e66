"""Sums of money as they are written and said: exact yuan, else nothing. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from huiyin.journey.promises.rules.text import number

D = r"(?<!\d)\d[\d,]{0,15}(?:\.\d{1,2})?"
HAN = "零〇一二两三四五六七八九十百千万"
C = rf"(?<![{HAN}])[{HAN}]{{1,16}}"
UNIT = r"(?:元(?!旦)|块钱|块(?!儿)|圆)"
TENTHS = r"\d|[一二三四五六七八九半]"
# 一百二十块五; but not 12.5元一并
REST = rf"(?:(?P<tenths>{TENTHS})(?:(?:角|毛)|(?=$|[，。,;、!?)给退到赔补明今后的])))?"
PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"[¥￥]\s{{0,3}}(?P<n>{D})(?P<wan>万)?{UNIT}?",
        rf"(?:人民币|RMB|CNY)\s{{0,3}}(?P<n>{D})(?P<wan>万)?{UNIT}?",
        rf"(?P<n>{D})(?P<wan>万)?{UNIT}{REST}",
        rf"(?P<n>{D})\s{{0,3}}(?P<wan>万)?(?:yuan|RMB|CNY)",
        rf"(?P<n>{C}){UNIT}{REST}",
        rf"(?P<n>{D})(?P<wan>万)(?!{UNIT})",
        # 一百二今天退
        r"(?:^|(?<=[，。就那]))(?P<n>[一二两三四五六七八九][百千][一二三四五六七八九零十百]*)(?P<wan>(?!))?"
        r"(?=今|明|马上|现在|全|[给退赔补打转])",
        # 退您两百五: after a verb of money the unit may be left out
        rf"(?<=[退还款给您你赔付偿补户金价额费共])(?P<n>{D}|[{HAN}]{{2,16}})(?P<wan>万)?"
        r"(?![\d.,天日小个工周月点分件次号倍:：折%-/年元块到至时份张台台包万])",
    )
)
ABOUT = re.compile(
    r"(?:大约|大概|约|近|将近|差不多|至少|最多|最高|最少|不超过|不低于|不少于|上限)$"
)
MORE = re.compile(r"^(?:左右|上下|以内|以上|以下|多|余|起|不等)")
VAGUE = re.compile(
    rf"[一二三四五六七八九]{{2}}[十百千]{UNIT}?|(?:几[十百千]|{C}|(?<!\d)\d{{1,16}})(?:来|多|几|余){UNIT}?|几[十百千]{UNIT}?"
)
# What the thing cost is not what we promise.
OF_ORDER = re.compile(
    r"(?:订单|总额|价值|原价|总价|实付|(?<!赔)(?<!支)付了?|支付了?|(?<![退还回])货款|花了?|标价|售价|定价|满|每[件个单次]?|消费了?)"
    r"(?:金额|共|为|是)?$"
)


@dataclass(frozen=True)
class Amount:
    """`fen` is None where no exact sum is said."""

    start: int
    end: int
    fen: int | None
    of_order: bool = False


def amounts(text: str) -> list[Amount]:
    """Every sum, in order; of overlapping ones the first, and of those the longest."""
    found = [Amount(m.start(), m.end(), None) for m in VAGUE.finditer(text)]
    for pattern in PATTERNS:
        found += [one for m in pattern.finditer(text) if (one := _read(m, text))]
    kept: list[Amount] = []
    for one in sorted(found, key=lambda a: (a.start, -a.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _read(m: re.Match[str], text: str) -> Amount | None:
    value = number(m["n"])
    if value is None or (m["n"] in ("一", "两") and m[0].endswith("块")):
        return None  # 一块寄出
    if "wan" in m.groupdict() and m["wan"]:
        value *= 10000
    fen = round(value * 100)
    if tenths := m.groupdict().get("tenths"):
        fen += 50 if tenths == "半" else round((number(tenths) or 0) * 10)
    before, after = text[: m.start()], text[m.end() :]
    exact = not ABOUT.search(before) and not MORE.match(after)
    return Amount(m.start(), m.end(), fen if exact else None, bool(OF_ORDER.search(before[-8:])))
