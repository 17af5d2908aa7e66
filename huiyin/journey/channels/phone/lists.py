"""The list of calls: what is asked for, in keyset pages on an index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.channels.phone.models import Call, PhoneCallQuerySet, Recording
from huiyin.journey.channels.phone.words import CallState, Direction, Fetch
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.rules import looks_like_number

PAGE = 50
COUNTED = 100
VIEWS: tuple[tuple[str, Any], ...] = (
    ("all", _("全部")),
    ("unlinked", _("待关联")),
    ("recall", _("待回拨")),
    ("live", _("通话中")),
    ("missed", _("未接听")),
    ("dropped", _("掉线")),
    ("long", _("保持过久")),
    ("unfetched", _("录音未取回")),
)
WHOSE: tuple[tuple[str, Any], ...] = (("mine", _("我的")), ("team", _("我看得到的")))


@dataclass(frozen=True)
class Asked:
    """Checked: unknown values are dropped, never an error."""

    view: str = "all"
    whose: str = "mine"
    direction: str = ""
    day: str = ""
    q: str = ""
    hook: str = ""  # one connection, where there are several
    before: int | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Asked:
        view, whose = asked.get("view", "all"), asked.get("whose", "mine")
        direction, day = asked.get("direction", ""), asked.get("day", "")
        before, hook = asked.get("before", ""), asked.get("hook", "")
        return cls(
            view=view if view in dict(VIEWS) else "all",
            whose=whose if whose in dict(WHOSE) else "mine",
            direction=direction if direction in Direction.values else "",
            day=day if day and moment.read_day(day) else "",
            q=asked.get("q", "").replace("\0", "").strip()[:80],
            hook=hook if hook.isascii() and hook.isdecimal() and len(hook) < 18 else "",
            before=int(before)
            if before.isascii() and before.isdecimal() and len(before) < 18
            else None,
        )

    def query(self) -> dict[str, str]:
        names = ("view", "whose", "direction", "day", "q", "hook")
        return {name: getattr(self, name) for name in names if getattr(self, name)}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.direction or self.day or self.hook)


def picked(user: User, asked: Asked) -> PhoneCallQuerySet:
    found = Call.objects.visible_to(user)
    if asked.whose == "mine":
        found = found.filter(agent=user)
    found = _viewed(found, asked.view)
    if asked.hook:
        found = found.filter(hook=int(asked.hook))
    if asked.direction:
        found = found.filter(direction=asked.direction)
    if day := moment.read_day(asked.day) if asked.day else None:
        found = found.filter(began_at__date=day)
    return _searched(found, user, asked.q) if asked.q else found


def _viewed(found: PhoneCallQuerySet, view: str) -> PhoneCallQuerySet:
    if view == "unlinked":
        return found.unlinked()
    if view == "recall":
        return found.to_recall()
    if view == "live":
        return found.live()
    if view == "missed":
        return found.filter(state=CallState.MISSED)
    if view == "dropped":
        return found.filter(dropped=True)
    if view == "unfetched":
        lost = Recording.objects.filter(call=OuterRef("pk"), state=Fetch.FAILED)
        return found.filter(Exists(lost))
    return found.filter(long_hold__gt=0) if view == "long" else found


def _searched(found: PhoneCallQuerySet, user: User, q: str) -> PhoneCallQuerySet:
    """By the number of a complaint, the last digits of a telephone number, or a colleague."""
    if number := looks_like_number(q):
        seen = Complaint.objects.visible_to(user).filter(number__startswith=number)
        return found.filter(complaint__in=seen.values("pk"))
    digits = "".join(c for c in q if c.isdigit())
    wanted = Q(agent__name__icontains=q)
    if len(digits) >= 4:
        wanted |= Q(caller__endswith=digits[-11:])
    return found.filter(wanted)


def page(user: User, asked: Asked, size: int = PAGE) -> tuple[list[Call], int | None]:
    """The newest first; and where to go on."""
    found = picked(user, asked)
    if asked.before:
        found = found.filter(pk__lt=asked.before)
    rows = list(found.with_all().order_by("-pk")[: size + 1])
    shown, more = rows[:size], rows[size - 1].pk if len(rows) > size else None
    hide_unseen(user, shown)
    return shown, more


def hide_unseen(user: User, calls: list[Call]) -> None:
    """Of a complaint that the reader does not see a call tells not even the number."""
    wanted = {one.complaint_id for one in calls if one.complaint_id}
    seen = Complaint.objects.visible_to(user).filter(pk__in=wanted) if wanted else ()
    by_pk = {one.pk: one for one in seen}
    for one in calls:
        one.seen = by_pk.get(one.complaint_id)  # type: ignore[attr-defined, arg-type]


def waiting(user: User) -> int:
    """Of his own: to be linked or called back, for the badge; capped."""
    own = Call.objects.filter(agent=user)
    open_ = Q(complaint=None, state=CallState.ENDED, no_complaint=False)
    open_ |= Q(recall_due_at__isnull=False, recalled_at=None, callback=None)
    return own.filter(open_)[:COUNTED].count()
