"""The columns of the queue. Number, grievance and whoever opens it are always there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Column:
    """`wide`: left out on narrow screens. `beside`: what is read with the rows for it."""

    key: str
    title: Any
    wide: bool = True
    number: bool = False
    beside: str = ""


COLUMNS: tuple[Column, ...] = (
    Column("severity", _("级别"), wide=False),
    Column("what", _("投诉与诉求"), wide=False),
    Column("customer", _("客户")),
    Column("category", _("类别")),
    Column("channel", _("渠道")),
    Column("order", _("订单号")),
    Column("contacts", _("来诉次数"), number=True),
    Column("state", _("环节"), wide=False),
    Column("due", _("剩余"), wide=False, number=True),
    Column("active", _("最近动态")),
    Column("team", _("小组")),
    Column("owner", _("首接负责人"), beside="owner"),
    Column("who", _("处理人")),
)
ALWAYS = frozenset({"what"})
USUAL = frozenset({"severity", "what", "customer", "category", "state", "due", "who"})


def chosen(keys: Iterable[str] | None) -> list[Column]:
    """The columns of these keys, in the order of the list; the usual ones where none were kept."""
    wanted = USUAL if keys is None else ALWAYS | set(keys)
    return [column for column in COLUMNS if column.key in wanted]
