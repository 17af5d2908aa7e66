"""How outside systems are, as rows of the page of channels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.ground.people.models import User
from huiyin.journey.channels.health import Fault, Figure, Health
from huiyin.journey.channels.hooks import actions
from huiyin.journey.channels.hooks.connector import connector_of, label_of
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.hooks.permissions import can_manage_hooks, can_see_arrivals
from huiyin.journey.channels.hooks.words import ArrivalState

ICONS = {
    "social": "message-circle",
    "sms": "message-square-text",
    "phone": "phone",
    "chat": "messages-square",
}
MANY = 100  # that wait: more than a busy minute


def rows(user: User) -> list[Health]:
    """Of those whose channel has no rows of its own."""
    found = waiting()
    return [
        _row(one, found.get(one.pk, Waiting()), user)
        for one in Hook.objects.all()
        if not getattr(connector_of(one.connector), "OWN_HEALTH", False)
    ]


@dataclass(frozen=True)
class Waiting:
    """What came from one system and is not taken yet; when the last that failed had come."""

    kept: int = 0
    failed: int = 0
    failed_at: datetime | None = None


def waiting() -> dict[int, Waiting]:
    # Said as two, so that each half is found by the index that is made for it.
    kept, failed = Q(state=ArrivalState.KEPT), Q(state=ArrivalState.FAILED)
    counted = Arrival.objects.filter(kept | failed).order_by().values("hook")
    counted = counted.annotate(
        kept=Count("pk", filter=kept),
        failed=Count("pk", filter=failed),
        failed_at=Max("received_at", filter=failed),
    )
    return {one["hook"]: Waiting(one["kept"], one["failed"], one["failed_at"]) for one in counted}


def figures(hook: Hook, found: Waiting, user: User) -> tuple[Figure, Figure]:
    """What waits and what failed, each with its rows."""
    list_ = f"{reverse('hooks:arrivals')}?hook={hook.pk}" if can_see_arrivals(user, None) else ""
    return (
        Figure(
            _("待处理"),
            found.kept,
            f"{list_}&state=kept" if list_ else "",
            is_bad=found.kept > MANY,
        ),
        Figure(
            _("处理失败"),
            found.failed,
            f"{list_}&state=failed" if list_ else "",
            is_bad=found.failed > 0,
        ),
    )


def faults(hook: Hook, found: Waiting) -> tuple[Fault, ...]:
    """The last of each way, with its moment."""
    told = (
        (_("收"), hook.came_error if found.failed else "", found.failed_at),
        (_("发"), hook.left_error, hook.left_failed_at),
    )
    return tuple(
        Fault(_("%(what)s：%(why)s") % {"what": way, "why": words}, at)
        for way, words, at in told
        if words
    )


def _row(hook: Hook, found: Waiting, user: User) -> Health:
    connector = connector_of(hook.connector)
    state, words = _state(hook, found.kept, found.failed)
    return Health(
        key=f"hook-{hook.pk}",
        name=hook.name,
        kind=label_of(hook.connector),
        icon=ICONS.get(str(getattr(connector, "CHANNEL", "")), "webhook"),
        state=state,
        words=words,
        comes=_("最近收到"),
        came_at=hook.came_ok_at,
        leaves=_("最近发出"),
        left_at=hook.left_ok_at,
        figures=figures(hook, found, user),
        faults=faults(hook, found),
        attempt=partial(actions.try_out, hook, by=user),
        leads_to=f"/console/hooks/{hook.pk}/" if can_manage_hooks(user, None) else "",
    )


def _state(hook: Hook, kept: int, failed: int) -> tuple[str, str]:
    if not hook.enabled:
        return "off", _("已停用")
    if connector_of(hook.connector) is None:
        return "bad", _("没有安装这种接入")
    if failed or hook.left_error:
        return "bad", _("有故障")
    if kept > MANY:
        return "warn", _("积压较多")
    if hook.came_ok_at is None and hook.left_ok_at is None:
        return "warn", _("还没有收发过")
    return "good", _("正常")
