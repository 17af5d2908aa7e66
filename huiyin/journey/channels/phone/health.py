"""How the telephone is: each connection as a row of the page of channels."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.channels.health import Figure, Health
from huiyin.journey.channels.hooks import actions as hooks
from huiyin.journey.channels.hooks import health as arrivals
from huiyin.journey.channels.hooks.health import Waiting
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.hooks.permissions import can_manage_hooks
from huiyin.journey.channels.phone.models import Call
from huiyin.journey.channels.phone.permissions import can_see_calls
from huiyin.journey.channels.phone.words import Fetch

MOST = 1000  # counted as far as a person cares
KIND = "cti"


def rows(user: User) -> list[Health]:
    found = arrivals.waiting()
    connections = Hook.objects.filter(connector=KIND).order_by("code")
    return [_row(hook, found.get(hook.pk, Waiting()), user) for hook in connections]


def _row(hook: Hook, found: Waiting, user: User) -> Health:
    """Figures of calls are those that this reader finds behind them."""
    calls = Call.objects.visible_to(user).filter(hook=hook)
    today = moment.today()
    counted = calls.filter(began_at__gt=moment.now() - timedelta(days=1), began_at__date=today)
    lost = calls.filter(recordings__state=Fetch.FAILED).distinct()[:MOST].count()
    state, words = _state(hook, found, lost)
    page = (
        f"{reverse('phone:calls')}?whose=team&hook={hook.pk}&" if can_see_calls(user, None) else ""
    )

    def figure(label: str, count: int, asked: str, *, is_bad: bool = False) -> Figure:
        return Figure(label, count, page and page + asked, is_bad=is_bad)

    return Health(
        key=f"hook-{hook.pk}",
        name=hook.name,
        kind=_("电话"),
        icon="phone",
        state=state,
        words=words,
        comes=_("最近收到事件"),
        came_at=hook.came_ok_at,
        leaves=_("最近外呼") if hook.options.get("dial_url") else "",
        left_at=hook.left_ok_at,
        figures=(
            *arrivals.figures(hook, found, user),
            figure(_("今天通话"), counted[:MOST].count(), f"day={today:%Y-%m-%d}"),
            figure(_("待关联"), calls.unlinked()[:MOST].count(), "view=unlinked"),
            figure(_("待回拨"), calls.to_recall()[:MOST].count(), "view=recall"),
            figure(_("录音未取回"), lost, "view=unfetched", is_bad=lost > 0),
        ),
        faults=arrivals.faults(hook, found),
        attempt=partial(hooks.try_out, hook, by=user),
        leads_to=f"/console/hooks/{hook.pk}/" if can_manage_hooks(user, None) else "",
    )


def _state(hook: Hook, found: Waiting, lost: int) -> tuple[str, str]:
    if not hook.enabled:
        return "off", _("已停用")
    if found.failed:
        return "bad", _("有事件没有处理成")
    if hook.left_error:
        return "bad", _("有故障")
    if hook.came_ok_at is None:
        return "warn", _("还没有收到过事件")
    if lost:
        return "warn", _("有录音没有取回")
    return "good", _("正常")
