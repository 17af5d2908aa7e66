"""Ways (回复方式): by which an answer can go, what each allows, and who carries it.

A channel that carries answers is named in settings (`CARRIERS`) with a module of two functions:
`way(complaint) -> Way` says what it allows for this complaint at this moment, and
`post(letter, body)` carries a letter out of the house (raises Undelivered, NotYet or NoWayOut).
Three more, where it has them: `came_back(letter) -> bool`, whether it was given back after it was
taken and may go once more, `other_points(letter)`, to which points of his it may go then, and
`lanes(letters) -> list[str]`, the account by which each leaves: letters of one never wait for
another.
The customer's own page is such a one too: what is said there waits for its moment like the others.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Protocol

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from huiyin.ground.customers.models import ContactPoint
from huiyin.ground.sentence import as_sentence
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.rules import LONGEST_TEXT, Measure, Takes

NOT_WRITTEN_BY = (Channel.IMPORT, Channel.API)


@dataclass(frozen=True)
class Way:
    """One channel, for one complaint: whom it reaches and what it takes."""

    value: str
    label: str
    told: str = ""  # what happens with the words, for whoever writes
    closed: str = ""  # why it cannot be chosen, in two words
    refusal: str = ""  # the same as a sentence that says what to do
    recipient: str = ""  # whom the letter goes to; without one the words are kept on record only
    most: int = LONGEST_TEXT  # characters
    measure: Measure | None = None  # how its other side counts beside
    most_bytes: int = 0  # of attached files together; 0: none can go with it
    takes: tuple[Takes, ...] = ()  # what sorts of files; none: whatever may be kept
    most_files: int = 0  # 0: as many as one likes
    files_told: str = ""  # what else is to be known of files by this way
    no_files: str = ""  # why none can go just now, as a sentence that says what to do
    until: datetime | None = None  # when its window closes
    waits: bool = False  # it stays in the house, and yet can be said later
    by_hand: bool = False  # somebody carries it: what the product says by itself goes otherwise

    @property
    def is_carried(self) -> bool:
        """Whether it leaves the house."""
        return bool(self.recipient)

    @property
    def allows(self) -> str:
        """What happens with the words, and what goes with them: for whoever chooses it."""
        said = [self.told]
        if self.until is not None:
            closes = timezone.localtime(self.until).strftime("%m-%d %H:%M")
            said.append(_("可回复到 %(time)s") % {"time": closes})
        if self.is_carried and self.most < LONGEST_TEXT:
            said.append(_("最多 %(most)s 字") % {"most": self.most})
        if self.is_carried and not self.most_bytes:
            said.append(_("不能带附件"))
        return _("，").join(said)

    @property
    def attaches(self) -> str:
        """Which files go with it: for whoever chooses one."""
        if not self.most_bytes:
            return ""
        said = [_sort(one) for one in self.takes]
        if self.most_files:
            said.append(_("最多 %(n)s 个") % {"n": self.most_files})
        return _("，").join([*said, self.files_told] if self.files_told else said)

    @property
    def sorts(self) -> str:
        """The same, for the composer's script."""
        kept = ("endings", "most", "least")
        return json.dumps([{name: getattr(one, name) for name in kept} for one in self.takes])

    @property
    def sorts_named(self) -> str:
        return _("、").join(_named(one) for one in self.takes)

    @property
    def can_wait(self) -> bool:
        """Whether it can be sent later, and be undone for a moment."""
        return self.is_carried or self.waits

    def fits(self, text: str) -> bool:
        """Whether so much goes in one, as the other side will count it."""
        return len(text) <= self.most and (self.measure is None or self.measure.fits(text))


def _named(one: Takes) -> str:
    label = as_sentence(one.label)
    if not one.endings:
        return label
    return _("%(sort)s（%(endings)s）") % {"sort": label, "endings": "/".join(one.endings)}


def _sort(one: Takes) -> str:
    return _("%(sort)s每个 %(most)s MB 以内") % {"sort": _named(one), "most": one.most >> 20}


class Carrier(Protocol):
    def way(self, complaint: Complaint) -> Way: ...

    def post(self, letter: Letter, body: str) -> None: ...


def carrier_of(channel: str) -> Carrier | None:
    named = settings.CARRIERS.get(channel)
    return import_module(named) if named else None  # type: ignore[return-value]


def came_back(letter: Letter) -> bool:
    """Whether its channel knows that it came back. What the other side took and missed under our
    name for it, it would take for the same again: that is no reason."""
    ask = getattr(carrier_of(letter.channel), "came_back", None)
    return bool(ask is not None and ask(letter))


def other_points(letter: Letter) -> QuerySet[ContactPoint]:
    """The customer's points that its channel can send it to; none where it knows of no other."""
    ask = getattr(carrier_of(letter.channel), "other_points", None)
    found: QuerySet[ContactPoint] = ContactPoint.objects.none() if ask is None else ask(letter)
    return found


def lanes_of(channel: str, letters: Sequence[Letter]) -> list[str]:
    """By which account of their channel each leaves; its name alone where it has but one."""
    ask = getattr(carrier_of(channel), "lanes", None)
    if ask is None:
        return [channel] * len(letters)
    return [f"{channel}:{lane}" for lane in ask(letters)]


def way_of(complaint: Complaint, channel: str) -> Way:
    """What this channel allows for this complaint now."""
    carrier = carrier_of(channel)
    if carrier is not None:
        return carrier.way(complaint)
    label = str(Channel(channel).label)
    return Way(channel, label, _("只作记录，请另行告诉客户"))


def ways_of(complaint: Complaint) -> list[Way]:
    """Every way people answer by: as the customer prefers first, then as he came, then mail."""
    return [way_of(complaint, one) for one in _order(complaint) if one not in NOT_WRITTEN_BY]


def chosen(ways: list[Way], preferred: str = "") -> str:
    """The one that a composer begins with: as he prefers, else the first by which the words reach
    him; what is only kept on record tells him nothing, and is the last."""
    open_ = [one for one in ways if not one.closed]
    if not open_ or open_[0].value == preferred:
        return open_[0].value if open_ else ""
    first = open_[0]
    reaching = (one for one in open_ if one.can_wait and (one is first or not one.by_hand))
    return next(reaching, first).value


def usual(complaint: Complaint) -> str:
    """The channel of an answer whose writer names none: the first that is open now."""
    return next(one for one in _order(complaint) if not way_of(complaint, one).closed)


def _order(complaint: Complaint) -> list[str]:
    first = (complaint.customer.preferred, complaint.channel, Channel.EMAIL)
    return list(dict.fromkeys(str(one) for one in (*first, *Channel) if one))


def reaching(complaint: Complaint, length: int = 0) -> Way | None:
    """By which way words of the product itself reach the customer, if they are no longer than
    `length`: as he prefers, as he came, else by mail. None: by none."""
    asked = (complaint.customer.preferred, complaint.channel, Channel.EMAIL)
    for channel in dict.fromkeys(asked):
        if channel in settings.CARRIERS:
            way = way_of(complaint, channel)
            open_ = way.is_carried and not way.closed and not way.by_hand
            if open_ and length <= way.most:
                return way
    return None


def by_machine(complaint: Complaint) -> str:
    """The channel of what the product says by itself; what nobody carries waits at the portal."""
    way = reaching(complaint)
    return way.value if way is not None else Channel.PORTAL
