"""Money that is stated, and whether it is lost or stuck (conventions: exact yuan only)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

DIGIT = dict(
    zip(
        "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖",
        (0, 0, 1, 2, 2, *range(3, 10), *range(1, 10)),
        strict=True,
    )
)
TEN = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
HAN = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"

MONEY = re.compile(
    r"(?<![0-9.])[¥$]?\s{0,2}(?P<figure>[0-9]{1,3}(?:,[0-9]{3}){1,4}(?![0-9])|[0-9]{1,12})(?P<cents>\.[0-9]{1,4})?"
    r"\s?(?P<more>多|余|几|来)?(?P<scale>[百千万亿wk]{0,2})(?P<more2>多|余|来)?(?P<unit>元|块|rmb|人民币|圆|块钱|(?=[^0-9a-z个人次公里条件户字台天年小平分部名步米张只份辆套]|$))"
    rf"|(?<![几数多])(?P<han>[{HAN}]{{1,16}})(?P<hmore>多|余|来|几)?(?P<hscale>[万千百]?)(?P<hunit>元|块|圆)(?!牌)(?P<hcents>[{HAN}](?![{HAN}个]))?"
    rf"|(?<![{HAN}0-9几数])(?P<wan>[{HAN}]{{0,6}}万[一二三四五六七八九]?千?)(?P<wmore>多|余)?(?![{HAN}0-9多余]|个|人|次|公里|条|件|户|字|台|一|能|里|般|科|名|平|步|达|物|分|粉|位|张|篇|斤|吨|辆|套|亩|米|家|股|只)"
)
SCALE = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000, "w": 10_000, "k": 1000}
CLAIMED = re.compile(
    r"(?:赔偿|索赔|赔付|赔我|要求|补偿|赔|奖金|奖励|罚款|罚|额度|月薪|年薪|工资|收入|注册资本|市值)[^,。!?;\n]{0,5}$"
)
LOST = re.compile(
    r"损失|被骗|骗走|骗了|骗取|骗我|亏|冻结|不退|没退|未退|拒退|不给退|不予退|退不了|没到账|未到账|不到账|转走|划走|盗|被扣|多扣|"
    r"扣了|扣走|扣除|卷走|卷款|跑路|丢|追回|打水漂|拿不回|取不出|提不出|提现|不还|拖欠|没还|冒用|被贷款|毁|泡水|淹|烧|报废|血本|"
    r"无法退|不肯退|拖着不|不见了|没了|至今没有退|没收到退款|还没退|退回我|退还|没钱退|停工|拉黑|扣着|不结算|无法支取|不能支取|支取不|该退|迟迟|少了|全坏|都坏|坏光|全废|全烂|全毁|拖了|卡了|卡着|不放款|就是不放|没给|不给结|压着|取走|转没|摔坏|砸坏|失踪|不翼而飞|被刷|套牢|没有退|要不回|失联|倒闭|关门|欠我|不交房|烂尾"
)


NO_LOSS = re.compile(r"(?:没有?|未|无)(?:造成|什么|任何|产生|太大){0,3}(?:经济)?损失")


@dataclass(frozen=True, slots=True)
class Amount:
    """`yuan` stated at text[start:end]; `lost` when the sentence says it is gone or stuck."""

    yuan: Decimal
    start: int
    end: int
    lost: bool = False


def chinese_number(text: str) -> int | None:
    """三万五 → 35000, 两百五 → 250, 一千零二十 → 1020; None when it is none."""
    total = section = number = 0
    last_unit = 1
    zero = False
    for char in text:
        if char in DIGIT:
            if number and char not in "零〇":  # 一二三: digits read out, not a quantity
                return None
            number = DIGIT[char]
            zero = zero or char in "零〇"
        elif char in TEN:
            section += (number or 1) * TEN[char]
            number, last_unit, zero = 0, TEN[char], False
        elif char in "万亿":
            unit = 10_000 if char == "万" else 100_000_000
            total = (total + section + number or 1) * unit
            section = number = 0
            last_unit, zero = unit, False
        else:
            return None
    if number:
        # 三万五 means 35,000: the last digit counts tenths of the unit before it.
        section += number * (last_unit // 10 if last_unit > 1 and not zero else 1)
    return total + section


def amounts(text: str) -> list[Amount]:
    """Every exact amount in order; rounded ones (三百来块) keep their lower bound."""
    found = []
    for match in MONEY.finditer(text):
        yuan = _yuan(match)
        if yuan is None or yuan <= 0:
            continue
        start, end = match.span()
        found.append(Amount(yuan, start, end, _lost(text, start, end)))
    return found


def _yuan(match: re.Match[str]) -> Decimal | None:
    part = match.groupdict()
    if part["figure"]:
        if not part["unit"] and not part["scale"] and match.group()[0] not in "¥$":
            return None  # a bare number is an order, a date, a count
        small = part["scale"] in {"", "百", "千"}
        if small and not part["unit"] and match.group()[0] not in "¥$":
            return None
        value = Decimal(part["figure"].replace(",", "") + (part["cents"] or ""))
        for scale in part["scale"]:
            value *= SCALE[scale]
        return value
    if part["wan"]:
        number = None if part["wan"].startswith("万") else chinese_number(part["wan"])
        return Decimal(number) if number else None
    number = chinese_number(part["han"])
    if number is None:
        return None
    value = Decimal(number)
    if part["hscale"]:
        value *= SCALE[part["hscale"]]
    if part["hcents"] and part["hcents"] in DIGIT:
        value += Decimal(DIGIT[part["hcents"]]) / 10
    return value


def _lost(text: str, start: int, end: int) -> bool:
    if CLAIMED.search(text[max(0, start - 10) : start]):
        return False
    begin = max((text.rfind(mark, max(0, start - 40), start) for mark in "。!?;\n"), default=-1) + 1
    stops = [at for at in (text.find(mark, end, end + 40) for mark in "。!?;\n") if at >= 0]
    around = text[max(begin, start - 40) : min([*stops, end + 40])]
    return bool(LOST.search(NO_LOSS.sub("", around)))
