"""The lists of the queue: saved views, filters, orders, and pages by key.

A page costs the same wherever one is in the list: each order has its index on the spine, and the
next page begins after the last row's key, never at an offset.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid
from huiyin.journey.complaint.lifecycle import OPEN
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, Severity, Status

PAGE = 50
MOST_COUNTED = 999
SOON = timedelta(hours=4)
OPEN_ROWS = Q(status__in=OPEN)


@dataclass(frozen=True)
class SavedView:
    key: str
    title: Any
    icon: str
    picks: Callable[[User, datetime], Q]
    sort: str = "due"
    hot: bool = False


VIEWS: tuple[SavedView, ...] = (
    SavedView("mine", gettext_lazy("我的"), "inbox", lambda u, now: OPEN_ROWS & Q(assignee=u)),
    SavedView(
        "waiting",
        gettext_lazy("待分配"),
        "git-pull-request-arrow",
        lambda u, now: Q(status__in=(Status.REG, Status.TRI)),
    ),
    SavedView(
        "soon",
        gettext_lazy("即将超时"),
        "timer",
        lambda u, now: OPEN_ROWS & Q(next_due_at__gte=now, next_due_at__lt=now + SOON),
        hot=True,
    ),
    SavedView(
        "late",
        gettext_lazy("已超时"),
        "alarm-clock-off",
        lambda u, now: OPEN_ROWS & Q(next_due_at__lt=now),
        hot=True,
    ),
    SavedView("s1", gettext_lazy("S1 紧急"), "siren", lambda u, now: OPEN_ROWS & Q(severity=1)),
    SavedView("visit", gettext_lazy("待回访"), "phone-call", lambda u, now: Q(status=Status.FUV)),
    SavedView("open", gettext_lazy("全部未结"), "list", lambda u, now: OPEN_ROWS),
    SavedView("all", gettext_lazy("全部投诉"), "archive", lambda u, now: Q(), sort="new"),
)
BY_KEY = {view.key: view for view in VIEWS}


@dataclass(frozen=True)
class Order:
    """`field` with its direction; the id breaks ties in the same direction."""

    title: Any
    field: str
    descending: bool = False
    open_only: bool = False


ORDERS = {
    "due": Order(gettext_lazy("最急在前"), "next_due_at", open_only=True),
    "severity": Order(gettext_lazy("级别最高在前"), "severity", open_only=True),
    "new": Order(gettext_lazy("最新受理在前"), "received_at", descending=True),
    "active": Order(gettext_lazy("最近动态在前"), "last_activity_at", descending=True),
}


@dataclass(frozen=True)
class Filters:
    """What somebody asked for, checked: unknown values are dropped, never an error."""

    view: SavedView
    q: str = ""
    status: str = ""
    severity: int | None = None
    category: str = ""
    team: int | None = None
    assignee: int | None = None
    channel: str = ""
    sort: str = "due"

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Filters:
        q = asked.get("q", "").strip()[:100]
        view = BY_KEY.get(asked.get("view", ""), BY_KEY["all" if q else "mine"])
        sort = asked.get("sort", "")
        sort = sort if sort in ORDERS else view.sort
        if view.key in {"all"} and ORDERS[sort].open_only:
            sort = view.sort
        status = asked.get("status", "")
        channel = asked.get("channel", "")
        severity = asked.get("severity", "")
        return cls(
            view=view,
            q=q,
            status=status if status in Status.values else "",
            severity=int(severity) if severity in {"1", "2", "3", "4"} else None,
            category=asked.get("category", "")[:20],
            team=_number(asked.get("team", "")),
            assignee=_number(asked.get("assignee", "")),
            channel=channel if channel in Channel.values else "",
            sort=sort,
        )

    def pick(self, user: User, now: datetime) -> QuerySet[Complaint]:
        """The rows, visibility in the same query."""
        found = Complaint.objects.visible_to(user).filter(self.view.picks(user, now))
        if self.q:
            found = found.search(self.q)
        exact = {
            "status": self.status,
            "severity": self.severity,
            "team": self.team,
            "assignee": self.assignee,
            "channel": self.channel,
        }
        found = found.filter(**{name: value for name, value in exact.items() if value})
        if self.category:
            found = found.filter(category__startswith=self.category)
        return found

    def query(self) -> dict[str, str]:
        """As URL parameters, without what is empty."""
        asked = {
            "view": self.view.key,
            "q": self.q,
            "status": self.status,
            "severity": self.severity,
            "category": self.category,
            "team": self.team,
            "assignee": self.assignee,
            "channel": self.channel,
            "sort": self.sort if self.sort != self.view.sort else "",
        }
        return {name: str(value) for name, value in asked.items() if value}


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def counts(user: User, now: datetime) -> dict[str, int]:
    """How many rows each view of open rows has: one query over open rows only."""
    views = [view for view in VIEWS if view.key != "all"]
    return (
        Complaint.objects.visible_to(user)
        .filter(OPEN_ROWS)
        .aggregate(**{view.key: Count("pk", filter=view.picks(user, now)) for view in views})
    )


def shown_count(count: int) -> str:
    """999+ is enough to know."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")


def page(found: QuerySet[Complaint], sort: str, cursor: str) -> tuple[list[Complaint], str]:
    """The rows after `cursor` in this order, and the cursor of the next page ("" at the end)."""
    order = ORDERS[sort]
    rows = found.for_list()  # type: ignore[attr-defined]
    if cursor:
        rows = rows.filter(_after(order, *_read(cursor, order)))
    sign = "-" if order.descending else ""
    rows = list(rows.order_by(f"{sign}{order.field}", f"{sign}pk")[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return rows, _write(rows[-1], order) if more else ""


def _after(order: Order, value: Any, pk: int) -> Q:
    if value is None:  # empty values come last in an ascending order
        return Q(**{f"{order.field}__isnull": True}, pk__gt=pk)
    step = "lt" if order.descending else "gt"
    later = Q(**{f"{order.field}__{step}": value})
    same = Q(**{order.field: value, f"pk__{step}": pk})
    return (
        later | same if order.descending else later | same | Q(**{f"{order.field}__isnull": True})
    )


def _write(row: Complaint, order: Order) -> str:
    value = getattr(row, order.field)
    place = [value.isoformat() if isinstance(value, datetime) else value, row.pk]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _read(cursor: str, order: Order) -> tuple[Any, int]:
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if value is None:
            return None, int(pk)
        if order.field == "severity":
            return int(value), int(pk)
        moment = parse_datetime(str(value))
        if moment is None or moment.tzinfo is None:
            raise ValueError(cursor)
        return moment, int(pk)
    except (ValueError, TypeError, binascii.Error, UnicodeError) as error:
        raise Invalid(_("列表位置无效，请回到第一页重新查看")) from error


def chips(filters: Filters, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """The filters as sentences, each with the parameter that it came from."""
    said = [
        ("q", _("包含“%(q)s”") % {"q": filters.q} if filters.q else ""),
        (
            "status",
            _("环节是 %(x)s") % {"x": Status(filters.status).label} if filters.status else "",
        ),
        (
            "severity",
            _("级别是 %(x)s") % {"x": Severity(filters.severity).label} if filters.severity else "",
        ),
        (
            "channel",
            _("渠道是 %(x)s") % {"x": Channel(filters.channel).label} if filters.channel else "",
        ),
        ("category", _("类别是 %(x)s") % {"x": names["category"]} if filters.category else ""),
        ("team", _("小组是 %(x)s") % {"x": names["team"]} if filters.team else ""),
        ("assignee", _("处理人是 %(x)s") % {"x": names["assignee"]} if filters.assignee else ""),
    ]
    return [(name, sentence) for name, sentence in said if sentence]
