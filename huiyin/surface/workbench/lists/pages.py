"""Orders, and pages by key.

A page costs the same wherever one is in the list: each order has its index on the spine, and the
next page begins after the last row's key, never at an offset.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.refusal import Invalid
from huiyin.journey.complaint.models import Complaint

PAGE = 50


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


def page(
    found: QuerySet[Complaint], sort: str, cursor: str, *, beside: Iterable[str] = ()
) -> tuple[list[Complaint], str]:
    """The rows after `cursor` in this order, and the cursor of the next page ("" at the end).

    `beside`: names of related rows that the list shows besides the usual ones.
    """
    order = ORDERS[sort]
    rows = found.for_list().select_related(*beside) if beside else found.for_list()  # type: ignore[attr-defined]
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
        if not 0 <= int(pk) < 2**63:
            raise ValueError(cursor)
        if value is None:
            return None, int(pk)
        if order.field == "severity":
            return min(max(int(value), 0), 9), int(pk)
        moment = parse_datetime(str(value))
        if moment is None or moment.tzinfo is None:
            raise ValueError(cursor)
        return moment, int(pk)
    except (ValueError, TypeError, OverflowError, binascii.Error, UnicodeError) as error:
        raise Invalid(_("列表位置无效，请回到第一页重新查看")) from error
