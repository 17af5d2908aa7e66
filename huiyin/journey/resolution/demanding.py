"""What must always be signed by several (3×, 10×, injury): what its rules can ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.ground import moment
from huiyin.ground.conditions import rules as conditions
from huiyin.ground.conditions.rules import Attribute, Condition
from huiyin.ground.conditions.words import Kind
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.resolution import fitting
from huiyin.journey.resolution.models import JointRule, Offer, usable_remedies
from huiyin.journey.resolution.words import MoneyKind

OWN = (
    Attribute("money_kind", _("金额性质"), Kind.CHOICE, lambda: MoneyKind.choices),
    Attribute(
        "remedy",
        _("补救方式"),
        Kind.CHOICE,
        lambda: [(one.code, one.name) for one in usable_remedies()],
    ),
    Attribute("amount", _("方案金额"), Kind.NUMBER, unit=_("元")),
    Attribute("of_order", _("占订单金额"), Kind.NUMBER, unit="%"),
    Attribute("words", _("依据和给客户的说法"), Kind.LINE),
)


def attributes() -> list[Attribute]:
    return [*OWN, *fitting.attributes()]


def in_words(condition: Condition | None) -> str:
    return conditions.in_words(condition, attributes())


@dataclass(frozen=True)
class Wanted:
    """What somebody would promise, as the rules ask it."""

    amount_fen: int
    money_kind: str = ""
    remedy: str = ""
    order_fen: int | None = None
    words: str = ""

    @classmethod
    def of(cls, offer: Offer) -> Wanted:
        return cls(
            amount_fen=offer.value_fen,
            money_kind=offer.money_kind,
            remedy=offer.remedy_id,
            order_fen=offer.order_fen,
            words=f"{offer.basis}\n{offer.wording}",
        )


@dataclass
class Asked(Mapping[str, Any]):
    """A complaint and what would be promised on it, as one rule asks them."""

    case: fitting.Case
    wanted: Wanted

    def __getitem__(self, key: str) -> Any:
        wanted = self.wanted
        if key == "amount":
            return Decimal(wanted.amount_fen).scaleb(-2)
        if key == "of_order":
            return wanted.amount_fen * 100 // wanted.order_fen if wanted.order_fen else ""
        if key in ("money_kind", "remedy", "words"):
            return getattr(wanted, key)
        return self.case[key]

    def __iter__(self) -> Iterator[str]:
        return iter(one.key for one in OWN)

    def __len__(self) -> int:
        return len(OWN)


def demanded(complaint: Complaint, wanted: Wanted) -> list[JointRule]:
    """The rules by which this is signed by several, whatever the sum."""
    today = moment.today()
    asked = Asked(fitting.Case(complaint), wanted)
    known = JointRule.objects.usable().filter(valid_from__lte=today)
    return [rule for rule in known if conditions.holds(rule.condition, asked)]
