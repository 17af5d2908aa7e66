"""When a remedy is proposed by itself: what a condition can ask of a complaint here.

Everything that routing can ask, and besides what was found and what the customer had lately.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.ground import moment
from huiyin.ground.conditions import rules as conditions
from huiyin.ground.conditions.rules import Attribute, Condition
from huiyin.ground.conditions.words import Kind
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.investigation.models import Finding
from huiyin.journey.investigation.words import Cause, Liability, Party
from huiyin.journey.resolution import rules
from huiyin.journey.resolution.models import Offer
from huiyin.journey.routing import conditions as routing

OWN = (
    Attribute("liability", _("责任方（核实结论）"), Kind.CHOICE, lambda: Liability.choices),
    Attribute("cause", _("成因（核实结论）"), Kind.CHOICE, lambda: Cause.choices),
    Attribute("our_share", _("我方责任比例"), Kind.NUMBER, unit="%"),
    Attribute("compensated", _("客户 30 天内的其他补偿"), Kind.NUMBER, unit=_("元")),
)


def attributes() -> list[Attribute]:
    return [*OWN, *routing.attributes()]


def in_words(condition: Condition | None) -> str:
    return conditions.in_words(condition, attributes())


def our_share(finding: Finding | None) -> int | None:
    """What part of it the finding lays upon us; None while nothing has been found."""
    if finding is None or finding.liability == Liability.OPEN:
        return None
    shares = {share.party: share.percent for share in finding.shares.all()}
    if shares:
        return shares.get(Party.MERCHANT, 0)
    return 100 if finding.liability == Liability.MERCHANT else 0


@dataclass
class Case(Mapping[str, Any]):
    """A complaint as a remedy's condition asks it; each fact is looked up once, when asked."""

    complaint: Complaint
    now: datetime = field(default_factory=moment.now)

    @cached_property
    def finding(self) -> Finding | None:
        found = self.complaint.findings.order_by("-pk").prefetch_related("shares")
        return found.first()

    @cached_property
    def compensated(self) -> list[Offer]:
        """What this customer was promised on other complaints within 30 days, the newest first."""
        since = self.now - rules.SPLIT_WITHIN
        promised = Offer.objects.promised().filter(
            complaint__customer=self.complaint.customer_id, at__gte=since
        )
        others = promised.exclude(complaint=self.complaint).select_related("remedy", "complaint")
        return list(others.order_by("-pk")[:100])

    @cached_property
    def compensated_fen(self) -> int:
        return sum(one.value_fen for one in self.compensated)

    @cached_property
    def our_share(self) -> int | None:
        return our_share(self.finding)

    @cached_property
    def _spine(self) -> Mapping[str, Any]:
        return routing.Facts(self.complaint, self.now)

    def __getitem__(self, key: str) -> Any:
        if key == "liability":
            return self.finding.liability if self.finding else ""
        if key == "cause":
            return self.finding.cause if self.finding else ""
        if key == "our_share":
            return "" if self.our_share is None else self.our_share
        if key == "compensated":
            return Decimal(self.compensated_fen).scaleb(-2)
        return self._spine[key]

    def __iter__(self) -> Iterator[str]:
        return iter(one.key for one in OWN)

    def __len__(self) -> int:
        return len(OWN)

    def fits(self, condition: Condition | None) -> bool:
        return conditions.holds(condition, self)
