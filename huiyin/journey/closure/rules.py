"""Who is in a sample, until when one may reopen, what names somebody. Pure."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta

REOPEN_WITHIN = timedelta(days=30)  # domain §7.3
ARCHIVE_AFTER = timedelta(days=30)
MOST_REWORKS = 2  # then the manager decides


def in_sample(key: str, percent: int) -> bool:
    """So many in a hundred, steadily: taken by the number, so asking twice gives the same."""
    return zlib.crc32(key.encode()) % 100 < percent


def may_reopen(closed_at: datetime | None, now: datetime) -> bool:
    return closed_at is not None and now - closed_at <= REOPEN_WITHIN


def is_owed(owes: bool, agreed_at: datetime, carried_out_at: datetime | None) -> bool:
    """Whether an agreement waits for us: nothing was carried out since it was reached."""
    return owes and (carried_out_at is None or carried_out_at < agreed_at)


# --- a case for training names nobody ---------------------------------------------------------

GAP = r"[\s\-–—_.·,，、/]*"
HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
LINK = re.compile(
    r"(?:https?://|www\.)\S+|[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", re.IGNORECASE
)
PLACE = "省|自治区|市|区|县|镇|乡|街道|大道|路|街|巷|弄|小区|花园|新村|村|大厦|公寓|广场"
PART = f"(?:[\u4e00-\u9fff]{{1,8}}?(?:{PLACE}))"
UNITS = "号楼|号院|号|栋|幢|座|单元|室|楼|层|弄"
UNIT = rf"(?:\s{{0,3}}[\dA-Za-z一二三四五六七八九十百]{{1,12}}\s{{0,3}}(?:{UNITS}))"
ADDRESS = re.compile(f"{PART}{{2,}}{UNIT}*|{PART}{UNIT}+|{UNIT}{{2,}}")
SUM = r"((?<!\d)\d[\d,]{0,15}(?:\.\d{1,6})?)\s{0,3}(万?)"
MONEY = re.compile(
    rf"(?:[¥￥$]|RMB|人民币)\s{{0,3}}{SUM}元?|{SUM}\s{{0,3}}(?:元|块|RMB)", re.IGNORECASE
)
NUMERAL = "一二两三四五六七八九十百千万零〇半"
MONEY_IN_WORDS = re.compile(f"(?<![几数{NUMERAL}])[{NUMERAL}点]+(?:元|块钱|块)")
CODE = re.compile(rf"[A-Za-z]{{1,8}}{GAP}\d(?:{GAP}[\dA-Za-z]){{3,}}|\d(?:{GAP}\d){{4,}}")
SPOKEN = "零〇一二三四五六七八九幺两"
DIGITS_IN_WORDS = re.compile(f"[{SPOKEN}](?:{GAP}[{SPOKEN}]){{6,}}")
PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PLATE = re.compile(rf"[{PROVINCE}][A-Z][·\s]?[A-Z0-9]{{5,6}}")
SCALES = ((100, "几十元"), (1000, "几百元"), (10_000, "几千元"), (100_000, "几万元"))


def anonymised(text: str, *, names: Iterable[str] = (), words: Iterable[str] = ()) -> str:
    """Running text in which nobody can be recognised: names, numbers, addresses, codes and
    links are gone, sums are blurred. `words`: whatever else must go (order numbers, accounts)."""
    text = LINK.sub("〔链接〕", plain(text))
    for word in sorted({w.strip() for w in words if len(w.strip()) >= 3}, key=len, reverse=True):
        text = re.sub(_spread(word), "〔编号〕", text, flags=re.IGNORECASE)
    for name in sorted({n.strip() for n in names if len(n.strip()) >= 2}, key=len, reverse=True):
        text = re.sub(_spread(name), "某人", text, flags=re.IGNORECASE)
    text = ADDRESS.sub("〔地址〕", text)
    text = MONEY.sub(_blurred, text)
    text = MONEY_IN_WORDS.sub("一笔钱", text)
    text = PLATE.sub("〔车牌〕", text)
    text = CODE.sub("〔号码〕", text)
    return DIGITS_IN_WORDS.sub("〔号码〕", text)


def plain(text: str) -> str:
    """As `anonymised` begins: digits and letters in one way of writing, nothing hidden in them."""
    return "".join(_narrow(one) for one in HIDDEN.sub("", text))


def _narrow(one: str) -> str:
    """A wide or circled digit or letter, or the sign of an address, as the plain one."""
    if one.isascii():
        return one
    same = unicodedata.normalize("NFKC", one)
    return same if re.fullmatch(r"[0-9A-Za-z@.+\-]+", same) else one


def _spread(word: str) -> str:
    """However it is spaced out."""
    return GAP.join(re.escape(one) for one in plain(word) if one.strip())


def _blurred(found: re.Match[str]) -> str:
    typed, ten_thousand = found[1] or found[3], found[2] or found[4]
    try:
        sum_ = float(typed.replace(",", "")) * (10_000 if ten_thousand else 1)
    except ValueError:
        return "一笔钱"
    return next((words for most, words in SCALES if sum_ < most), "更大数额")
