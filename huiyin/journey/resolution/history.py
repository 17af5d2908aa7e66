"""The talks as they went: rounds, their options, what was decided, what the customer answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from huiyin.journey.resolution.models import CounterOffer, Offer


@dataclass
class Round:
    """One round, the oldest first; `offers` with those that an approver replaced."""

    number: int
    offers: list[Offer] = field(default_factory=list)
    wishes: list[CounterOffer] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        return min(one.at for one in self.offers)

    @property
    def by(self) -> str:
        return self.offers[0].by.shown_name


def rounds(offers: Iterable[Offer], wishes: Iterable[CounterOffer]) -> list[Round]:
    found: dict[int, Round] = {}
    for one in sorted(offers, key=lambda one: (one.round, one.choice, one.pk)):
        found.setdefault(one.round, Round(one.round)).offers.append(one)
    for wish in wishes:
        if wish.round in found:
            found[wish.round].wishes.append(wish)
    return list(found.values())
