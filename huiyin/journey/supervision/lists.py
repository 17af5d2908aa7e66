"""The list of supervisions: what is asked for, in keyset pages on an index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.supervision.models import Supervision, SupervisionQuerySet
from huiyin.journey.supervision.words import Level, Stage

PAGE = 50
LONGEST_Q = 100
OPEN = ~Q(stage=Stage.LIFTED)
LATE = "late"

VIEWS: tuple[tuple[str, Any, Q], ...] = (
    ("open", _("督办中"), OPEN),
    (str(Stage.DUE), _("待报措施"), Q(stage=Stage.DUE)),
    (LATE, _("逾期未报"), OPEN & Q(stage=Stage.DUE, late=True)),
    (str(Stage.FILED), _("措施待审"), Q(stage=Stage.FILED)),
    (str(Stage.ACCEPTED), _("待解除"), Q(stage=Stage.ACCEPTED)),
    (str(Stage.LIFTED), _("已解除"), Q(stage=Stage.LIFTED)),
)
BY_KEY = {key: picks for key, _title, picks in VIEWS}


@dataclass(frozen=True)
class Asked:
    """Checked: unknown values are dropped, never an error."""

    view: str = "open"
    level: str = ""
    department: int | None = None
    q: str = ""
    after: int | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Asked:
        return cls(
            view=asked.get("view", "") if asked.get("view", "") in BY_KEY else "open",
            level=asked.get("level", "") if asked.get("level", "") in Level.values else "",
            department=_number(asked.get("department", "")),
            q=asked.get("q", "").replace("\0", "").strip()[:LONGEST_Q],
            after=_number(asked.get("after", "")),
        )

    def query(self) -> dict[str, str]:
        """As URL parameters, without the place in the list."""
        asked = {
            "view": self.view,
            "level": self.level,
            "department": self.department,
            "q": self.q,
        }
        return {name: str(value) for name, value in asked.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.level or self.department or self.q)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def picked(user: User, asked: Asked) -> SupervisionQuerySet:
    found = Supervision.objects.visible_to(user).filter(BY_KEY[asked.view])
    if asked.level:
        found = found.filter(level=asked.level)
    if asked.department:
        found = found.filter(department=asked.department)
    if asked.q:
        found = found.filter(
            complaint__in=Complaint.objects.visible_to(user).search(asked.q).values("pk")
        )
    return found


def page(user: User, asked: Asked, size: int = PAGE) -> tuple[list[Supervision], int | None]:
    """The rows after the one that is named, and the id of the last row if more follow.

    What is open is sorted by when it is due, what was lifted by when, the last first.
    """
    found = picked(user, asked).with_all()
    lifted = asked.view == Stage.LIFTED
    last = Supervision.objects.filter(pk=asked.after).first() if asked.after else None
    if last is not None and lifted:
        found = found.filter(
            Q(lifted_at__lt=last.lifted_at) | Q(lifted_at=last.lifted_at, pk__lt=last.pk)
        )
    elif last is not None:
        found = found.filter(Q(due_at__gt=last.due_at) | Q(due_at=last.due_at, pk__gt=last.pk))
    order = ("-lifted_at", "-pk") if lifted else ("due_at", "pk")
    rows = list(found.order_by(*order)[: size + 1])
    return rows[:size], rows[size - 1].pk if len(rows) > size else None
