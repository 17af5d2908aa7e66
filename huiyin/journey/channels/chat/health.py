"""How chat is: each site as a row of the page of channels."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.channels.chat import lists
from huiyin.journey.channels.chat.actions.testing import try_site
from huiyin.journey.channels.chat.models import Chat, Seat, Site
from huiyin.journey.channels.chat.permissions import can_manage_sites, can_sit
from huiyin.journey.channels.chat.words import ChatState
from huiyin.journey.channels.health import Figure, Health


def rows(user: User) -> list[Health]:
    """Four questions, however many sites there are."""
    now = moment.now()
    live = _live()
    unsummed = _unsummed(now)
    today = _today(now)
    ready = Seat.objects.filter(ready=True).count()
    latest = Chat.objects.filter(site=OuterRef("pk")).order_by("-pk")
    sites = (
        Site.objects.select_related("team")
        .annotate(
            came=Subquery(latest.values("visitor_line_at")[:1]),
            left=Subquery(latest.exclude(answered_at=None).values("answered_at")[:1]),
        )
        .order_by("code")
    )
    none: dict[str, object] = {}
    return [
        _site(
            one,
            {**live.get(one.pk, none), **today.get(one.pk, none), **unsummed.get(one.pk, none)},
            ready,
            user,
        )
        for one in sites
    ]


def _live() -> dict[int, dict[str, object]]:
    counted = Chat.objects.live().order_by().values("site")
    waits = Q(state=ChatState.WAITING)
    counted = counted.annotate(
        waiting=Count("pk", filter=waits),
        open=Count("pk", filter=~waits),
        longest=Min("waits_since", filter=waits),
    )
    return {one["site"]: dict(one) for one in counted}


def _today(now: datetime) -> dict[int, dict[str, object]]:
    since = Chat.objects.filter(asked_at__gte=lists.today(now)).order_by().values("site")
    counted = since.annotate(
        missed=Count("pk", filter=lists.missed(now)),
    )
    return {one["site"]: dict(one) for one in counted}


def _unsummed(now: datetime) -> dict[int, dict[str, object]]:
    counted = Chat.objects.unsummed().order_by().values("site")
    long_ago = Q(pk__in=Chat.objects.unsummed_for_long(now).order_by().values("pk"))
    counted = counted.annotate(
        unsummed=Count("pk"),
        overdue=Count("pk", filter=long_ago),
    )
    return {one["site"]: dict(one) for one in counted}


def _site(site: Site, live: dict[str, object], ready: int, user: User) -> Health:
    """`live`: what was counted of it."""
    now = moment.now()
    names = ("waiting", "open", "missed", "unsummed", "overdue")
    waiting, open_, missed, unsummed, overdue = (int(live.get(name, 0)) for name in names)  # type: ignore[call-overload]
    longest = live.get("longest")
    waited = int((now - longest).total_seconds()) if isinstance(longest, datetime) else 0
    state, words = "good", _("正常")
    if not site.enabled:
        state, words = "off", _("已停用")
    elif not site.origins:
        state, words = "warn", _("还没有允许的网站")
    elif waiting and not ready:
        state, words = "bad", _("有人排队，没有人在接待")
    elif waited > site.first_reply_seconds:
        state, words = "bad", _("最久的已等 %(minutes)s 分钟") % {"minutes": waited // 60 or 1}
    elif missed:
        state, words = "warn", _("今天有首答超时")
    elif overdue:
        state, words = "warn", _("有会话很久没有小结")
    return Health(
        key=f"site-{site.pk}",
        name=site.name,
        kind=_("在线聊天"),
        icon="messages-square",
        state=state,
        words=words,
        comes=_("最近收到"),
        came_at=site.came,  # type: ignore[attr-defined]
        leaves=_("最近应答"),
        left_at=site.left,  # type: ignore[attr-defined]
        figures=(
            Figure(_("排队中"), waiting, _rows(user, site, state="waiting"), is_bad=waiting > 0),
            Figure(_("会话中"), open_, _rows(user, site, state="open")),
            Figure(
                _("今天首答超时"),
                missed,
                _rows(user, site, state="missed", since=lists.today(now).date().isoformat()),
                is_bad=missed > 0,
            ),
            Figure(
                _("待小结"),
                unsummed,
                _rows(user, site, state="unsummed"),
                is_bad=overdue > 0,
            ),
        ),
        attempt=partial(try_site, site, by=user),
        leads_to=f"/console/chat-sites/{site.pk}/" if can_manage_sites(user, None) else "",
    )


def _rows(user: User, site: Site, **asked: str) -> str:
    """The rows that a figure was counted from; none for whoever may not look at chats."""
    if not can_sit(user, None):
        return ""
    return f"{reverse('chats:all')}?{urlencode({'site': str(site.pk), **asked})}"
