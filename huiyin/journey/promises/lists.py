"""The ledger as a list: what is asked for, in keyset pages on an index; and the kept-rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.promises.models import SOON, Promise, PromiseQuerySet
from huiyin.journey.promises.rules import kept_rate
from huiyin.journey.promises.words import PromiseKind, State
from huiyin.journey.resolution.models import Remedy

PAGE = 50
LONGEST_Q = 100
MOST_COUNTED = 20_000  # promises of a period; the list has all of them
PERIODS: tuple[tuple[str, Any, int], ...] = (
    ("30", _("近 30 天"), 30),
    ("90", _("近 90 天"), 90),
    ("365", _("近一年"), 365),
)
VIEWS: tuple[tuple[str, Any], ...] = (
    ("open", _("待兑现")),
    ("soon", _("24 小时内到期")),
    ("broken", _("未按时兑现")),
    ("owed", _("逾期仍未兑现")),
    ("kept", _("已兑现")),
    ("released", _("已解除")),
    ("due", _("已到期全部")),
)
# Ended ones are read the last first.
BACKWARDS = frozenset({"broken", "kept", "released", "due"})


@dataclass(frozen=True)
class Asked:
    """Checked: unknown values are dropped, never an error."""

    view: str = "open"
    kind: str = ""
    person: int | None = None
    team: int | None = None
    remedy: str = ""
    days: str = ""
    q: str = ""
    after: int | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Asked:
        def one_of(name: str, known: Any, otherwise: str = "") -> str:
            return asked.get(name, "") if asked.get(name, "") in known else otherwise

        return cls(
            view=one_of("view", [key for key, _title in VIEWS], "open"),
            kind=one_of("kind", PromiseKind.values),
            person=_number(asked.get("person", "")),
            team=_number(asked.get("team", "")),
            remedy=asked.get("remedy", "").replace("\0", "")[:10],
            days=one_of("days", [key for key, _title, _n in PERIODS]),
            q=asked.get("q", "").replace("\0", "").strip()[:LONGEST_Q],
            after=_number(asked.get("after", "")),
        )

    def query(self, **changed: Any) -> dict[str, str]:
        """As URL parameters, without the place in the list."""
        one = replace(self, **changed)
        asked = {
            "view": one.view,
            "kind": one.kind,
            "person": one.person,
            "team": one.team,
            "remedy": one.remedy,
            "days": one.days,
            "q": one.q,
        }
        return {name: str(value) for name, value in asked.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind or self.person or self.team or self.remedy or self.days or self.q)

    @property
    def since(self) -> datetime | None:
        days = next((n for key, _title, n in PERIODS if key == self.days), None)
        return begin_of(days) if days else None


def begin_of(days: int) -> datetime:
    """Midnight of that many days ago."""
    zone = ZoneInfo(settings.TIME_ZONE)
    day = moment.today() - timedelta(days=days)
    return datetime.combine(day, time(0), zone)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def _of_view(view: str, now: datetime) -> Q:
    settled = Q(state__in=(State.KEPT, State.BROKEN))
    return {
        "open": Q(state=State.OPEN),
        "soon": Q(state=State.OPEN, due_at__lte=now + SOON),
        "broken": Q(state=State.BROKEN),
        "owed": Q(state=State.BROKEN, kept_at=None),
        "kept": Q(state=State.KEPT),
        "released": Q(state=State.RELEASED),
        "due": settled,
    }[view]


def picked(user: User, asked: Asked) -> PromiseQuerySet:
    found = Promise.objects.visible_to(user).filter(_of_view(asked.view, moment.now()))
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.person:
        found = found.filter(_of_person(asked.person))
    if asked.team:
        found = found.filter(_of_team(asked.team))
    if asked.remedy:
        found = found.filter(remedy=asked.remedy)
    if asked.since is not None:
        found = found.filter(due_at__gte=asked.since)
    if asked.q:
        words = Complaint.objects.visible_to(user).search(asked.q).values("pk")
        found = found.filter(complaint__in=words)
    return found


def _of_person(pk: int) -> Q:
    follows = Q(owner=None, complaint__assignee=pk)
    answers = Q(owner=None, complaint__assignee=None, complaint__owner=pk)
    nobody = Q(owner=None, complaint__assignee=None, complaint__owner=None)
    return Q(owner=pk) | follows | answers | Q(nobody, by=pk)


def _of_team(pk: int) -> Q:
    return Q(team=pk) | Q(team=None, complaint__team=pk)


def page(user: User, asked: Asked, size: int = PAGE) -> tuple[list[Promise], int | None]:
    """The rows after the one that is named, and the id of the last row if more follow."""
    found = picked(user, asked).with_all()
    back = asked.view in BACKWARDS
    last = Promise.objects.filter(pk=asked.after).first() if asked.after else None
    if last is not None and back:
        found = found.filter(Q(due_at__lt=last.due_at) | Q(due_at=last.due_at, pk__lt=last.pk))
    elif last is not None:
        found = found.filter(Q(due_at__gt=last.due_at) | Q(due_at=last.due_at, pk__gt=last.pk))
    order = ("-due_at", "-pk") if back else ("due_at", "pk")
    rows = list(found.order_by(*order)[: size + 1])
    return rows[:size], rows[size - 1].pk if len(rows) > size else None


# --- figures --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rate:
    """K31 of one person, team or remedy: promises met on time ÷ promises due."""

    name: str
    key: str
    kept: int
    broken: int
    owed: int

    @property
    def due(self) -> int:
        return self.kept + self.broken

    @property
    def percent(self) -> str:
        rate = kept_rate(self.kept, self.due)
        return "—" if rate is None else f"{100 * rate:.1f}%"

    @property
    def is_low(self) -> bool:
        """Below the target of K31 (99 %)."""
        return self.due > 0 and self.kept < 0.99 * self.due


BY: dict[str, tuple[str, Any]] = {
    "person": ("owner", User),
    "team": ("team", Team),
    "remedy": ("remedy", Remedy),
}
COUNTS = {
    "kept": Count("pk", filter=Q(state=State.KEPT)),
    "broken": Count("pk", filter=Q(state=State.BROKEN)),
    "owed": Count("pk", filter=Q(state=State.BROKEN, kept_at=None)),
}


def rates(user: User, by: str, *, days: int = 30) -> list[Rate]:
    """Of what fell due lately, the lowest first. Bounded: the last so many that were due."""
    field, model = BY[by]
    rows = _due_lately(user, days).values(field).annotate(**COUNTS)
    found = [row for row in rows if row[field] is not None]
    names = {
        one.pk: _name_of(one) for one in model.objects.filter(pk__in=[r[field] for r in found])
    }
    told = [
        Rate(names.get(row[field], ""), str(row[field]), row["kept"], row["broken"], row["owed"])
        for row in found
    ]
    return sorted(told, key=lambda one: (kept_rate(one.kept, one.due) or 0, -one.due))[:20]


def _name_of(one: Any) -> str:
    return str(getattr(one, "shown_name", "") or one)


def overall(user: User, *, days: int = 30) -> Rate:
    row = _due_lately(user, days).aggregate(**COUNTS)
    return Rate("", "", row["kept"], row["broken"], row["owed"])


def _due_lately(user: User, days: int) -> PromiseQuerySet:
    settled = Promise.objects.filter(
        state__in=(State.KEPT, State.BROKEN), due_at__gte=begin_of(days)
    )
    newest = settled.order_by("-due_at").values("pk")[:MOST_COUNTED]
    seen = Promise.objects.visible_to(user).filter(pk__in=newest)
    return seen.order_by()
