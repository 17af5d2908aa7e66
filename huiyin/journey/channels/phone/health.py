"""How the telephone is: each connection as a row of the page of channels."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.channels.health import Figure, Health
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.hooks.words import ArrivalState
from huiyin.journey.channels.phone.models import Call
from huiyin.journey.channels.phone.permissions import can_see_calls
from huiyin.journey.channels.phone.words import Fetch

MOST = 1000  # counted as far as a person cares
KIND = "cti"


def rows(user: User) -> list[Health]:
    return [_row(hook, user) for hook in Hook.objects.filter(connector=KIND).order_by("code")]


def _row(hook: Hook, user: User) -> Health:
    """Figures of calls are those that this reader finds behind them."""
    now = moment.now()
    calls = Call.objects.visible_to(user).filter(hook=hook)
    today = moment.today()
    counted = calls.filter(began_at__gt=now - timedelta(days=1), began_at__date=today)
    unlinked = calls.unlinked()[:MOST].count()
    waiting = calls.to_recall()[:MOST].count()
    failed = Arrival.objects.filter(hook=hook, state=ArrivalState.FAILED)[:MOST].count()
    lost = calls.filter(recordings__state=Fetch.FAILED).distinct()[:MOST].count()
    state, words = "good", _("正常")
    if not hook.enabled:
        state, words = "off", _("已停用")
    elif failed:
        state, words = "bad", _("有事件没有处理成")
    elif hook.came_ok_at is None:
        state, words = "warn", _("还没有收到过事件")
    elif lost:
        state, words = "warn", _("有录音没有取回")
    page = reverse("phone:calls") if can_see_calls(user, None) else ""
    return Health(
        name=hook.name,
        kind=_("电话"),
        icon="phone",
        state=state,
        words=words,
        came_at=hook.came_ok_at,
        left_at=hook.left_ok_at,
        figures=(
            Figure(
                _("今天通话"),
                counted[:MOST].count(),
                f"{page}?whose=team&day={today:%Y-%m-%d}" if page else "",
            ),
            Figure(_("待关联"), unlinked, f"{page}?whose=team&view=unlinked" if page else ""),
            Figure(_("待回拨"), waiting, f"{page}?whose=team&view=recall" if page else ""),
            Figure(_("处理失败"), failed, is_bad=failed > 0),
            Figure(
                _("录音未取回"),
                lost,
                f"{page}?whose=team&view=unfetched" if page else "",
                is_bad=lost > 0,
            ),
        ),
        faults=tuple(one for one in (hook.came_error if failed else "", hook.left_error) if one),
        test=reverse("phone:test", args=(hook.pk,)) if hook.enabled else "",
    )
