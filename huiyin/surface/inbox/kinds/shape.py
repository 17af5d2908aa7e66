"""What every kind of approval tells, and what it needs to be decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from huiyin.ground.people.models import User
from huiyin.journey.clocks.models import Clock
from huiyin.journey.complaint.models import Complaint

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Data = Mapping[str, str]


@dataclass(frozen=True)
class Item:
    """One row of the inbox, whatever its kind."""

    kind: Kind
    pk: int
    complaint: Complaint | None  # None of what is of no complaint: then `about` and `page` tell
    by: str
    why: str
    asked: str  # the sum, the time, the department: what a yes would give
    since: datetime
    due_at: datetime | None
    clock: Clock | None = None  # of that limit, where it is known
    about: tuple[str, str] = ("", "")  # number and subject of what is no complaint
    page: str = ""  # and where it is read

    @property
    def number(self) -> str:
        return self.complaint.number if self.complaint else self.about[0]

    @property
    def subject(self) -> str:
        return self.complaint.subject if self.complaint else self.about[1]

    @property
    def limit(self) -> Clock | datetime | None:
        """What the time left is shown by."""
        return self.clock or self.due_at


@dataclass(frozen=True)
class Kind:
    """`complaint`, `since`, `person`: where its rows keep the complaint, since when they wait, and
    who asks; of no complaint: "", then `sees` says which rows somebody may read, and `search` where
    words are looked for. `decide` does the act of the stage and says in a sentence what came of it;
    `many` grants one of a selection, where that is safe."""

    key: str
    title: str | _StrPromise
    icon: str
    waiting: Callable[[User], QuerySet[Any]]
    rows: Callable[[], QuerySet[Any]]
    complaint: str
    since: str
    person: str
    tell: Callable[[Any], Item]
    detail: Callable[[Any, User], dict[str, Any]]
    form: str
    decide: Callable[[Any, User, Data], str]
    many: Callable[[Any, User], str] | None = None
    sees: Callable[[QuerySet[Any], User], QuerySet[Any]] | None = None
    search: tuple[str, ...] = ()

    def seen(self, user: User) -> QuerySet[Any]:
        """Rows of complaints that this person sees, decided or not: a link may be old."""
        if self.sees is not None:
            return self.sees(self.rows(), user)
        visible = Complaint.objects.visible_to(user)
        return self.rows().filter(**{f"{self.complaint}__in": visible.values("pk")})
