"""How outside systems are, as rows of the page of channels."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.ground.people.models import User
from huiyin.journey.channels.health import Figure, Health
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
    open_ = Arrival.objects.filter(state__in=(ArrivalState.KEPT, ArrivalState.FAILED))
    counted = open_.values("hook").annotate(
        kept=Count("pk", filter=Q(state=ArrivalState.KEPT)),
        failed=Count("pk", filter=Q(state=ArrivalState.FAILED)),
    )
    waiting = {one["hook"]: (one["kept"], one["failed"]) for one in counted}
    return [_row(one, *waiting.get(one.pk, (0, 0)), user) for one in Hook.objects.all()]


def _row(hook: Hook, kept: int, failed: int, user: User) -> Health:
    connector = connector_of(hook.connector)
    state, words = _state(hook, kept, failed)
    faults = [
        f"{way}：{fault}"
        for way, fault in (
            (_("收"), hook.came_error if failed else ""),
            (_("发"), hook.left_error),
        )
        if fault
    ]
    list_ = f"{reverse('hooks:arrivals')}?hook={hook.pk}" if can_see_arrivals(user, None) else ""
    return Health(
        name=hook.name,
        kind=label_of(hook.connector),
        icon=ICONS.get(str(getattr(connector, "CHANNEL", "")), "webhook"),
        state=state,
        words=words,
        came_at=hook.came_ok_at,
        left_at=hook.left_ok_at,
        figures=(
            Figure(_("待处理"), kept, f"{list_}&state=kept" if list_ else "", is_bad=kept > MANY),
            Figure(
                _("处理失败"), failed, f"{list_}&state=failed" if list_ else "", is_bad=failed > 0
            ),
        ),
        faults=tuple(faults),
        test=reverse("hooks:test", args=(hook.pk,)),
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
