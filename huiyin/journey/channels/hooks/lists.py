"""What came in from outside systems, as it is looked through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.channels.hooks.models import Arrival, ArrivalQuerySet
from huiyin.journey.channels.hooks.words import ArrivalState
from huiyin.journey.complaint.models import Complaint

PAGE = 50
STATES = [(one.value, one.label) for one in ArrivalState]


@dataclass(frozen=True)
class Asked:
    """What was asked for; what cannot be is as if it had not been."""

    state: str = ""
    q: str = ""
    hook: int | None = None
    since: date | None = None  # both days with them
    until: date | None = None
    before: int | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.state or self.hook or self.since or self.until)

    def query(self) -> dict[str, str]:
        """As URL parameters, without the place in the list."""
        names = ("state", "q", "hook", "since", "until")
        return {name: str(getattr(self, name)) for name in names if getattr(self, name)}


def read(typed: dict[str, str]) -> Asked:
    return Asked(
        state=typed.get("state", "") if typed.get("state") in ArrivalState.values else "",
        q=typed.get("q", "").replace("\x00", "").strip()[:160],
        hook=number(typed.get("hook", "")),
        since=moment.read_day(typed.get("since", "")),
        until=moment.read_day(typed.get("until", "")),
        before=number(typed.get("before", "")),
    )


def number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def page(asked: Asked, user: User) -> tuple[list[Any], int | None]:
    """One page, the newest first, each with its complaint's number where this person may see it;
    and where to go on. Bodies are not read."""
    rows = narrowed(asked).select_related("hook").defer("raw", "facts", "hook__sealed")
    if asked.before:
        rows = behind(rows, asked.before)
    some: list[Any] = list(rows.order_by("-received_at", "-pk")[: PAGE + 1])
    more = some[PAGE - 1].pk if len(some) > PAGE else None
    shown = some[:PAGE]
    of = {one.complaint_id for one in shown if one.complaint_id}
    visible = Complaint.objects.visible_to(user).filter(pk__in=of)
    numbers = dict(visible.values_list("pk", "number")) if of else {}
    for one in shown:
        one.number = numbers.get(one.complaint_id, "")
    return shown, more


def behind(rows: ArrivalQuerySet, pk: int) -> ArrivalQuerySet:
    last = Arrival.objects.filter(pk=pk).values_list("received_at", flat=True).first()
    if last is None:
        return rows.none()
    # The first of the three is what the index goes by.
    earlier = Q(received_at__lt=last) | Q(received_at=last, pk__lt=pk)
    return rows.filter(earlier, received_at__lte=last)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def narrowed(asked: Asked) -> ArrivalQuerySet:
    """Search is by the key, as the other side names it: its beginning, so an index finds it."""
    rows = Arrival.objects.all()
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.hook:
        rows = rows.filter(hook=asked.hook)
    if asked.since:
        rows = rows.filter(received_at__gte=_midnight(asked.since))
    if asked.until:
        rows = rows.filter(received_at__lt=_midnight(asked.until + timedelta(days=1)))
    if asked.q:
        rows = rows.filter(key__startswith=asked.q)
    return rows
