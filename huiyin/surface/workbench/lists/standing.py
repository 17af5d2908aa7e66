"""The views that everybody has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.journey.complaint.lifecycle import OPEN
from huiyin.journey.complaint.words import Status

SOON = timedelta(hours=4)
OPEN_ROWS = Q(status__in=OPEN)


@dataclass(frozen=True)
class StandingView:
    """`empty` is what stands there while no complaint does."""

    key: str
    title: Any
    icon: str
    picks: Callable[[User, datetime], Q]
    empty: Any
    sort: str = "due"
    hot: bool = False


VIEWS: tuple[StandingView, ...] = (
    StandingView(
        "mine",
        _("我的"),
        "inbox",
        lambda user, now: OPEN_ROWS & Q(assignee=user),
        _("派给您的投诉会出现在这里，最急的在最前面。也可以到“待分配”里领取。"),
    ),
    StandingView(
        "owned",
        _("我首接的"),
        "user-check",
        lambda user, now: OPEN_ROWS & Q(owner=user) & ~Q(assignee=user),
        _("您首接、由别人办理的投诉会出现在这里：对客户仍由您负责到底。"),
    ),
    StandingView(
        "waiting",
        _("待分配"),
        "git-pull-request-arrow",
        lambda user, now: Q(status__in=(Status.REG, Status.TRI)),
        _("还没有人处理的投诉会出现在这里。现在都有人在办。"),
    ),
    StandingView(
        "soon",
        _("即将超时"),
        "timer",
        lambda user, now: OPEN_ROWS & Q(next_due_at__gte=now, next_due_at__lt=now + SOON),
        _("4 小时内到期的投诉会出现在这里。"),
        hot=True,
    ),
    StandingView(
        "late",
        _("已超时"),
        "alarm-clock-off",
        lambda user, now: OPEN_ROWS & Q(next_due_at__lt=now),
        _("没有超时的投诉。"),
        hot=True,
    ),
    StandingView(
        "s1",
        _("S1 紧急"),
        "siren",
        lambda user, now: OPEN_ROWS & Q(severity=1),
        _("没有未结的 S1 投诉。"),
        hot=True,
    ),
    StandingView(
        "visit",
        _("待回访"),
        "phone-call",
        lambda user, now: Q(status=Status.FUV),
        _("已反馈、等着回访的投诉会出现在这里。"),
    ),
    StandingView(
        "open",
        _("全部未结"),
        "list",
        lambda user, now: OPEN_ROWS,
        _("没有未结的投诉。"),
    ),
    StandingView(
        "all",
        _("全部投诉"),
        "archive",
        lambda user, now: Q(),
        _("登记第一件投诉后，它会出现在这里。"),
        sort="new",
    ),
)
BY_KEY = {view.key: view for view in VIEWS}
