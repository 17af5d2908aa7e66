"""One list of several tables: the longest waiting first, page by page, and how many there are."""

from __future__ import annotations

import base64
import binascii
import heapq
import json
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet, Value
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid
from huiyin.journey.clocks.models import Clock
from huiyin.journey.complaint.models import Complaint
from huiyin.surface.inbox.kinds import BY_KEY, KINDS, Item, Kind
from huiyin.surface.kept import FRESH_FOR

PAGE = 30
LONGEST_Q = 100
# Nothing waits for anybody else; his navigation has no such entry.
ASKED = (
    Role.AGENT,
    Role.SPECIALIST,
    Role.TRIAGER,
    Role.LEAD,
    Role.SUPERVISOR,
    Role.MANAGER,
    Role.SUPERVISION,
    Role.FINANCE,
    Role.LEGAL,
    Role.PRIVACY,
    Role.QA,
    Role.PUBLIC_RELATIONS,
    Role.KNOWLEDGE,
)


@dataclass(frozen=True)
class Place:
    """Where a page ended: the next one begins after it."""

    since: datetime
    key: str
    pk: int

    def write(self) -> str:
        place = [self.since.isoformat(), self.key, self.pk]
        return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()

    @classmethod
    def read(cls, cursor: str) -> Place | None:
        if not cursor:
            return None
        try:
            since, key, pk = json.loads(base64.urlsafe_b64decode(cursor.encode()))
            moment = parse_datetime(str(since))
            if moment is None or moment.tzinfo is None or not 0 <= int(pk) < 2**63:
                raise ValueError(cursor)
            return cls(moment, str(key), int(pk))
        except (ValueError, TypeError, OverflowError, binascii.Error, UnicodeError) as error:
            raise Invalid(_("列表位置无效，请回到第一页重新查看")) from error

    def after(self, kind: Kind) -> Q:
        """The rows of this kind that stand behind it in the order (since, kind, id)."""
        later = Q(**{f"{kind.since}__gt": self.since})
        same = Q(**{kind.since: self.since})
        if kind.key > self.key:
            return later | same
        return later | (same & Q(pk__gt=self.pk)) if kind.key == self.key else later


def page(user: User, *, key: str = "", q: str = "", cursor: str = "") -> tuple[list[Item], str]:
    """What waits for this person after `cursor`, and the cursor of the next page ("" at the end).

    Each kind is asked once, for a page at most, so a page costs as many questions as it has kinds.
    """
    place = Place.read(cursor)
    wanted = [kind for kind in KINDS if key in ("", kind.key)]
    found = [_some(kind, user, q, place) for kind in wanted]
    items = list(islice(heapq.merge(*found, key=_order), PAGE + 1))
    if len(items) <= PAGE:
        return _timed(items), ""
    last = items[PAGE - 1]
    return _timed(items[:PAGE]), Place(last.since, last.kind.key, last.pk).write()


def _timed(items: list[Item]) -> list[Item]:
    """With the clock of the complaint where the limit is the complaint's own."""
    of = [item.complaint for item in items if item.complaint and item.clock is None]
    timing = Clock.objects.timing(of)
    return [
        _by_clock(item, timing.get(item.complaint.pk)) if item.complaint else item for item in items
    ]


def _by_clock(item: Item, found: Clock | datetime | None) -> Item:
    if item.clock is None and isinstance(found, Clock) and found.due_at == item.due_at:
        return replace(item, clock=found)
    return item


def _order(item: Item) -> tuple[datetime, str, int]:
    return (item.since, item.kind.key, item.pk)


def _some(kind: Kind, user: User, q: str, place: Place | None) -> list[Item]:
    rows = narrowed(kind, kind.waiting(user), user, q)
    if place is not None:
        rows = rows.filter(place.after(kind))
    return [kind.tell(row) for row in rows.order_by(kind.since, "pk")[: PAGE + 1]]


def narrowed(kind: Kind, rows: QuerySet[Any], user: User, q: str) -> QuerySet[Any]:
    """By number, by any words of the complaint, or by the name of who asks."""
    q = q.replace("\x00", "").strip()[:LONGEST_Q]
    if not q:
        return rows
    named = Q(**{f"{kind.person}__icontains": q})
    for place in kind.search:
        named |= Q(**{f"{place}__icontains": q})
    if kind.complaint:
        found = Complaint.objects.visible_to(user).search(q)
        named |= Q(**{f"{kind.complaint}__in": found.values("pk")})
    return rows.filter(named)


def counts(user: User) -> dict[str, int]:
    """How many of each kind wait for him, in one question."""
    # fmt: off
    each = [
        kind.waiting(user).order_by().values(kind=Value(kind.key)).annotate(n=Count("pk"))
        .values_list("kind", "n")
        for kind in KINDS
    ]
    # fmt: on
    found = dict(each[0].union(*each[1:], all=True))
    return {key: found.get(key, 0) for key in BY_KEY}


def total(user: User) -> int:
    """How many wait for him, or did a moment ago."""
    if not user.has_role(*ASKED):
        return 0
    kept: int | None = cache.get(_key(user))
    if kept is None:
        kept = sum(counts(user).values())
        cache.set(_key(user), kept, FRESH_FOR)
    return kept


def forget(user: User) -> None:
    """He has just decided something: his number is counted anew."""
    cache.delete(_key(user))


def _key(user: User) -> str:
    return f"inbox:{user.pk}"
