"""One row of a file: what it says, why it cannot be taken, and what makes it the same row. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from huiyin.ground.customers.rules import normalise_email, normalise_phone
from huiyin.ground.sentence import sentence as _
from huiyin.journey.intake.rules import body_hash, cleaned, key_fault, text_fault
from huiyin.surface.exchange.rules.columns import folded
from huiyin.surface.exchange.rules.dates import HOME, moment_from
from huiyin.surface.exchange.words import Column

OLDEST_YEAR = 1990
# What the register takes of each; longer ones would be refused there.
LONGEST = {
    Column.WANTED: 500,
    Column.NAME: 80,
    Column.PHONE: 40,
    Column.EMAIL: 254,
    Column.ORDER_NO: 64,
    Column.CONCERNING: 120,
    Column.PLACE: 120,
}
AMOUNT = re.compile(r"[¥￥]?\s{0,9}(\d{1,12}(?:,\d{3}){0,6}(?:\.\d{1,2})?)\d{0,20}\s{0,9}(万)?元?")


@dataclass(frozen=True)
class Words:
    """What words in a file mean here: channels and severities by word, categories by name."""

    channels: Mapping[str, str]
    severities: Mapping[str, str]
    categories: Mapping[str, str]


@dataclass(frozen=True)
class Row:
    """`faults` keep it out; `remarks` say what was understood otherwise than written."""

    said: Mapping[str, str]
    key: str
    channel: str = "import"
    category: str = ""
    severity: int | None = None
    received_at: datetime | None = None
    happened_at: datetime | None = None
    amount_fen: int | None = None
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def __getitem__(self, column: str) -> str:
        return self.said.get(column, "")


def read_row(cells: Mapping[str, str], words: Words, now: datetime) -> Row:
    """What the cells by column say. A wrong date or number is a fault, since clocks and money hang
    on it; an unknown category, channel or severity is a remark, since triage finds its own."""
    said = {column: text.strip() for column, text in cells.items() if text.strip()}
    told = _Reader(said, words, now)
    received_at = told.moment(Column.RECEIVED_AT)
    happened_at = told.moment(Column.HAPPENED_ON)
    if happened_at and happened_at.date() > (received_at or now).astimezone(HOME).date():
        told.faults.append(_("发生日期晚于受理时间，请检查是否写反了"))
    amount = told.amount()
    told.texts()
    return Row(
        said=said,
        key=key_of(said, received_at, happened_at, amount),
        channel=told.word(Column.CHANNEL, words.channels) or "import",
        category=told.word(Column.CATEGORY, words.categories),
        severity=int(told.word(Column.SEVERITY, words.severities) or 0) or None,
        received_at=received_at,
        happened_at=happened_at,
        amount_fen=amount,
        faults=tuple(told.faults),
        remarks=tuple(told.remarks),
    )


def key_of(
    said: Mapping[str, str],
    received_at: datetime | None,
    happened_at: datetime | None,
    amount_fen: int | None,
) -> str:
    """The same for the same complaint in whatever file and spelling of dates and amounts.

    The number it had in another system, where there is one; else a hash of all that is mapped.
    """
    if own := said.get(Column.EXTERNAL_ID, ""):
        key = f"id:{own}"
        return key if len(key) < 180 and not key_fault(key) else f"id:{body_hash({'id': own})}"
    content: dict[str, object] = {column: cleaned(text) for column, text in said.items()}
    content |= {
        Column.RECEIVED_AT: received_at and received_at.astimezone(HOME).isoformat(),
        Column.HAPPENED_ON: happened_at and happened_at.date().isoformat(),
        Column.AMOUNT: amount_fen,
    }
    return "row:" + body_hash({str(k): v for k, v in content.items() if v is not None})


@dataclass
class _Reader:
    said: Mapping[str, str]
    words: Words
    now: datetime
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def moment(self, column: Column) -> datetime | None:
        typed = self.said.get(column)
        if not typed:
            return None
        found = moment_from(typed)
        if found is None:
            sentence = _("%(column)s“%(typed)s”读不懂，请写成 2026-11-20 或 2026-11-20 09:05")
        elif found > self.now:
            sentence = _("%(column)s“%(typed)s”在将来，请检查年份")
        elif found.year < OLDEST_YEAR:
            sentence = _("%(column)s“%(typed)s”太早，请检查年份")
        else:
            return found
        self.faults.append(sentence % {"column": column.label, "typed": typed[:40]})
        return None

    def amount(self) -> int | None:
        typed = self.said.get(Column.AMOUNT)
        if not typed:
            return None
        found = AMOUNT.fullmatch(unicodedata.normalize("NFKC", typed))
        if found is None:
            self.faults.append(
                _("金额“%(typed)s”读不懂，请只写数字，例如 399.50") % {"typed": typed[:40]}
            )
            return None
        yuan = Decimal(found[1].replace(",", "")) * (10_000 if found[2] else 1)
        return int(yuan * 100)

    def word(self, column: Column, meanings: Mapping[str, str]) -> str:
        typed = self.said.get(column)
        if not typed:
            return ""
        value = meanings.get(folded(typed), "")
        if not value:
            self.remarks.append(
                _("%(column)s“%(typed)s”不在系统的列表里，已略过")
                % {"column": column.label, "typed": typed[:40]}
            )
        return value

    def texts(self) -> None:
        text = self.said.get(Column.TEXT, "")
        if fault := text_fault(text):
            self.faults.append(
                _("%(column)s：%(fault)s") % {"column": Column.TEXT.label, "fault": fault}
            )
        elif not cleaned(text):
            self.faults.append(_("没有投诉内容（空白，或是没有计算结果的公式）"))
        for column, longest in LONGEST.items():
            if fault := text_fault(self.said.get(column, ""), longest=longest):
                self.faults.append(
                    _("%(column)s：%(fault)s") % {"column": column.label, "fault": fault}
                )
        phone, email = self.said.get(Column.PHONE, ""), self.said.get(Column.EMAIL, "")
        if phone and not normalise_phone(phone):
            self.faults.append(_("电话“%(typed)s”看起来不对，请检查位数") % {"typed": phone[:40]})
        if email and not normalise_email(email):
            self.faults.append(_("邮箱“%(typed)s”看起来不对，请检查") % {"typed": email[:60]})
