"""The talks as they went: rounds, their options, what was decided, what the customer answered; and
what an approver made of an option, word by word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from huiyin.ground.knowledge.rules import diff
from huiyin.ground.web.templatetags.frame import day
from huiyin.journey.resolution.models import CounterOffer, Offer
from huiyin.journey.resolution.rules import yuan

Lines = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True)
class Change:
    """One thing that is not as it was; `lines` (same, gone, new, changed) in pieces."""

    label: str
    before: str
    after: str
    lines: Lines


def changes(before: Offer, after: Offer) -> list[Change]:
    """What the approver changed, field by field in the reader's language, words within a text."""
    facts = [
        (_("补救方式"), before.remedy.name, after.remedy.name),
        (_("金额"), _sum(before.amount_fen), _sum(after.amount_fen)),
        (_("执行期限"), day(before.due_on), day(after.due_on)),
        *_own_fields(before, after),
        (_("订单金额"), _sum(before.order_fen), _sum(after.order_fen)),
        (_("我方成本"), _sum(before.cost_fen), _sum(after.cost_fen)),
    ]
    texts = [
        (_("依据"), before.basis, after.basis),
        (_("给客户的说法"), before.wording, after.wording),
    ]
    found = [Change(*one, _whole(*one[1:])) for one in facts if one[1] != one[2]]
    return found + [Change(*one, diff(*one[1:])) for one in texts if one[1] != one[2]]


def _sum(fen: int | None) -> str:
    return yuan(fen) if fen else ""


def _own_fields(before: Offer, after: Offer) -> list[tuple[str, str, str]]:
    old, new = (dict(one.remedy.shown(one.fields)) for one in (before, after))
    return [(label, old.get(label, ""), new.get(label, "")) for label in {**old, **new}]


def _whole(before: str, after: str) -> Lines:
    """A sum, a day, a name is another one; which of its letters differ tells nothing."""
    lines: Lines = [("gone", [("gone", before)])] if before else []
    return [*lines, ("new", [("new", after)])] if after else lines


@dataclass
class Round:
    """One round, the oldest first; `offers` with those that an approver replaced."""

    number: int
    offers: list[Offer] = field(default_factory=list)
    into: dict[int, list[Change]] = field(default_factory=dict)  # of a changed one: what in it
    wishes: list[CounterOffer] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[Offer, list[Change]]]:
        """Each with what an approver changed in it."""
        return [(one, self.into.get(one.pk, [])) for one in self.offers]

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
    known = {one.pk: one for each in found.values() for one in each.offers}
    for one in known.values():
        before = known.get(one.changed_from_id or 0)
        if before is not None:
            found[one.round].into[before.pk] = changes(before, one)
    for wish in wishes:
        if wish.round in found:
            found[wish.round].wishes.append(wish)
    return list(found.values())
