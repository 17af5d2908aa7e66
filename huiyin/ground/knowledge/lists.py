"""The library: what is asked for, in keyset pages by code; with words, the best first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground.knowledge import rules
from huiyin.ground.knowledge.models import Version, VersionQuerySet
from huiyin.ground.knowledge.words import Audience, Kind, State, Step
from huiyin.ground.people.models import User
from huiyin.ground.search import rules as search

PAGE = 50
MOST_FOUND = 100
CODE = r"[A-Z]{2,3}(\.\d{1,2}){0,2}"

VIEWS: tuple[tuple[str, Any], ...] = (
    ("live", _("在用")),
    ("review", _("待审核")),
    ("draft", _("草稿")),
    ("coming", _("待生效")),
    ("due", _("快到期")),
    ("expired", _("已失效")),
)
BY_KEY = dict(VIEWS)


@dataclass(frozen=True)
class Asked:
    """Checked: unknown values are dropped, never an error."""

    view: str = "live"
    q: str = ""
    kind: str = ""
    category: str = ""
    remedy: str = ""
    step: str = ""
    audience: str = ""
    after: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str], *, keeps: bool) -> Asked:
        def one_of(name: str, known: Any) -> str:
            value = asked.get(name, "")
            return value if value in known else ""

        category = asked.get("category", "").strip().upper()
        remedy = asked.get("remedy", "").strip().upper()
        return cls(
            view=(one_of("view", BY_KEY) or "live") if keeps else "live",
            q=asked.get("q", "").replace("\0", "").strip()[: rules.LONGEST_QUERY],
            kind=one_of("kind", Kind.values),
            category=category if re.fullmatch(CODE, category) else "",
            remedy=remedy if re.fullmatch(CODE, remedy) else "",
            step=one_of("step", Step.values),
            audience=one_of("audience", Audience.values),
            after=asked.get("after", "").replace("\0", "")[:60],
        )

    def query(self) -> dict[str, str]:
        """As URL parameters, without the place in the list."""
        names = ("view", "q", "kind", "category", "remedy", "step", "audience")
        return {name: value for name in names if (value := getattr(self, name))}

    @property
    def is_narrowed(self) -> bool:
        return any((self.q, self.kind, self.category, self.remedy, self.step, self.audience))


def picked(user: User, asked: Asked, today: date) -> VersionQuerySet:
    """What this view shows of what this person may read."""
    found = Version.objects.visible_to(user).filter(_standing(asked.view, today))
    found = found.narrowed(
        kinds=(asked.kind,) if asked.kind else (), remedy=asked.remedy, step=asked.step
    )
    if asked.category:
        found = found.of_category(asked.category)
    if asked.audience:
        found = found.filter(audience=asked.audience)
    return found


def _standing(view: str, today: date) -> Q:
    soon = today + timedelta(days=rules.SOON_DAYS)
    return {
        "review": Q(state=State.REVIEW),
        "draft": Q(state=State.DRAFT),
        "coming": Q(state=State.PUBLISHED, in_force=False),
        "due": Q(in_force=True) & (Q(valid_to__lte=soon) | Q(article__review_on__lte=soon)),
        "expired": Q(state=State.EXPIRED),
    }.get(view, Q(in_force=True))


def page(user: User, asked: Asked, today: date, size: int = PAGE) -> tuple[list[Version], str]:
    """The rows after the one that is named, and the mark of the last if more follow."""
    found = picked(user, asked, today)
    if asked.q:
        words = search.query(asked.q)
        found = found.filter(search__matches=words) if words else found.none()
    if asked.after:
        code, _bar, number = asked.after.rpartition("~")
        last = int(number) if number.isascii() and number.isdecimal() and len(number) < 9 else 0
        found = found.filter(Q(article__code__gt=code) | Q(article__code=code, number__lt=last))
    related = found.select_related("article__owner", "author").defer("search", "head", "body_en")
    rows = list(related.order_by("article__code", "-number")[: size + 1])
    more = f"{rows[size - 1].article.code}~{rows[size - 1].number}" if len(rows) > size else ""
    return rows[:size], more
