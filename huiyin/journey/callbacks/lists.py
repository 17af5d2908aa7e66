"""The queue of call-backs: what is asked for, in keyset pages on an index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.callbacks.models import Callback, CallbackQuerySet
from huiyin.journey.callbacks.words import CallbackKind, PartOfDay, Result, State
from huiyin.journey.complaint.models import Complaint

PAGE = 50
LONGEST_Q = 100
VIEWS: tuple[tuple[str, Any], ...] = (
    ("open", _("全部待拨打")),
    ("due", _("现在可拨打")),
    ("later", _("稍后再打")),
    ("appointed", _("客户约定")),
    ("late", _("已超时")),
    ("done", _("已完成")),
)
WHOSE: tuple[tuple[str, Any], ...] = (
    ("mine", _("该我打的")),
    ("team", _("我看得到的")),
)


@dataclass(frozen=True)
class Asked:
    """Checked: unknown values are dropped, never an error."""

    view: str = "open"
    whose: str = "mine"
    kind: str = ""
    part: str = ""
    result: str = ""
    q: str = ""
    after: int | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Asked:
        def one_of(name: str, values: list[str], otherwise: str = "") -> str:
            return asked.get(name, "") if asked.get(name, "") in values else otherwise

        after = asked.get("after", "")
        return cls(
            view=one_of("view", [key for key, _title in VIEWS], "open"),
            whose=one_of("whose", [key for key, _title in WHOSE], "mine"),
            kind=one_of("kind", CallbackKind.values),
            part=one_of("part", PartOfDay.values),
            result=one_of("result", Result.values),
            q=asked.get("q", "").replace("\0", "").strip()[:LONGEST_Q],
            after=int(after) if after.isascii() and after.isdecimal() and len(after) < 18 else None,
        )

    def query(self) -> dict[str, str]:
        """As URL parameters, without the place in the list."""
        names = ("view", "whose", "kind", "part", "result", "q")
        return {name: getattr(self, name) for name in names if getattr(self, name)}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind or self.part or self.result or self.q)


def picked(user: User, asked: Asked, now: datetime) -> CallbackQuerySet:
    found = Callback.objects.visible_to(user)
    if asked.view == "done":
        found = found.exclude(state=State.OPEN)
        if asked.whose == "mine":
            found = found.filter(done_by=user)
        if asked.result:
            found = found.filter(result=asked.result)
    else:
        found = found.waiting_for(user) if asked.whose == "mine" else found.open()
        found = _viewed(found, asked.view, now)
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.part:
        found = found.filter(next_part=asked.part)
    if asked.q:
        seen = Complaint.objects.visible_to(user).search(asked.q)
        found = found.filter(Q(complaint__in=seen.values("pk")) | Q(complaint__number=asked.q))
    return found


def _viewed(found: CallbackQuerySet, view: str, now: datetime) -> CallbackQuerySet:
    if view == "due":
        return found.due(now)
    if view == "later":
        return found.filter(next_at__gt=now)
    if view == "appointed":
        return found.filter(appointment_at__isnull=False)
    return found.late(now) if view == "late" else found


def page(user: User, asked: Asked, size: int = PAGE) -> tuple[list[Callback], int | None]:
    """The rows after the one that is named, and the id of the last row if more follow.

    What is open is sorted by when it is to be tried next, what is done by when, the last first.
    """
    found = picked(user, asked, moment.now()).with_all()
    last = Callback.objects.filter(pk=asked.after).first() if asked.after else None
    done = asked.view == "done"
    if last is not None and done:
        found = found.filter(Q(done_at__lt=last.done_at) | Q(done_at=last.done_at, pk__lt=last.pk))
    elif last is not None:
        found = found.filter(Q(next_at__gt=last.next_at) | Q(next_at=last.next_at, pk__gt=last.pk))
    order = ("-done_at", "-pk") if done else ("next_at", "pk")
    rows = list(found.order_by(*order)[: size + 1])
    return rows[:size], rows[size - 1].pk if len(rows) > size else None


def waiting(user: User, now: datetime, most: int = 100) -> int:
    """How many are this person's to make now, for the badge; capped.

    Most have none, and that is asked first: to plan the whole question takes PostgreSQL 7 ms.
    """
    if not Callback.objects.meant_for(user).due(now).exists():
        return 0
    return Callback.objects.waiting_for(user).due(now).order_by()[:most].count()
