"""Where knowledge is missing, and where it was used; each figure with the rows behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from huiyin.ground import moment
from huiyin.ground.knowledge.models import Article, Miss
from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint, ComplaintQuerySet
from huiyin.journey.complaint.words import Status
from huiyin.journey.guidance.models import Quotation, QuotationQuerySet
from huiyin.journey.guidance.words import Verdict
from huiyin.journey.triage.models import Category

CLOSED = (Status.CLO, Status.ARC)
DAYS = 90
NEWEST = 2_000  # complaints that were closed last: a figure that does not grow with the archive
SHOWN = 50
PAGE = 50


@dataclass(frozen=True)
class Gap:
    """Something that is asked for and not written."""

    key: str
    title: str
    count: int
    last_at: datetime | None = None
    seen: int | None = None  # how many of them the reader may open; None: he may open all


def searches() -> list[Gap]:
    """Words that were searched in vain and not yet dealt with, the most frequent first."""
    waiting = Miss.objects.filter(settled_at=None).values("folded")
    counted = waiting.annotate(n=Count("pk"), last=Max("at"), words=Max("words"))
    rows = counted.order_by("-n", "-last")[:SHOWN]
    return [Gap(row["folded"], row["words"], row["n"], row["last"]) for row in rows]


def searched(folded: str) -> QuerySet[Miss]:
    """Each of these searches."""
    rows = Miss.objects.filter(folded=folded, settled_at=None)
    return rows.select_related("user").order_by("-at")


def _closed_without() -> ComplaintQuerySet:
    """Complaints of the house that were closed lately and quoted nothing: to be counted, never
    told. What is restricted is not even counted."""
    since = moment.now() - timedelta(days=DAYS)
    lately = Complaint.objects.filter(closed_at__gte=since, status__in=CLOSED, restricted=False)
    newest = lately.order_by("-closed_at").values("pk")[:NEWEST]
    quoted = Quotation.objects.filter(complaint=OuterRef("pk"))
    return Complaint.objects.filter(~Exists(quoted), pk__in=newest)


def closed_without(user: User) -> ComplaintQuerySet:
    """Of these the ones that this person sees."""
    visible = Complaint.objects.visible_to(user)
    return _closed_without().filter(pk__in=visible.values("pk"))


def number_closed_without(category: str) -> int:
    return _closed_without().filter(category=category).count()


def categories(user: User) -> list[Gap]:
    """By category, the most first: figures of the house, also for those who see no complaint."""
    counted = _closed_without().values("category").annotate(n=Count("pk"), last=Max("closed_at"))
    rows = list(counted.order_by("-n", "category")[:SHOWN])
    codes = [row["category"] for row in rows]
    names = Category.objects.names(codes)
    own = closed_without(user).filter(category__in=codes).order_by().values("category")
    seen = dict(own.annotate(n=Count("pk")).values_list("category", "n"))
    return [
        Gap(
            row["category"],
            names.get(row["category"], row["category"]),
            row["n"],
            row["last"],
            seen.get(row["category"], 0),
        )
        for row in rows
    ]


def uses(user: User, article: Article, asked: dict[str, Any]) -> tuple[QuotationQuerySet, int]:
    """The quotations of an article in complaints this person sees; how many all in all."""
    rows = Quotation.objects.filter(article=article)
    if asked.get("verdict") in Verdict.values:
        rows = rows.filter(verdict=asked["verdict"])
    total = rows.count()
    after = str(asked.get("after", ""))
    if after.isascii() and after.isdecimal() and len(after) < 18:
        rows = rows.filter(pk__lt=int(after))
    seen = rows.visible_to(user).select_related("complaint", "version", "by", "judged_by")
    return seen.order_by("-pk"), total
