"""Whether a widget would work just now: each of its sites is answered, and lines would be told."""

from __future__ import annotations

import json
import secrets
from contextlib import closing

import psycopg
from django.conf import settings
from django.urls import reverse
from psycopg import sql

from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.web import inside
from huiyin.journey.channels.chat.models import Site
from huiyin.journey.channels.permissions import can_try_channels

HEARD_WITHIN = 3.0  # seconds; usually some milliseconds
MOST_ORIGINS = 50


def try_site(site: Site, *, by: User) -> str:
    """What the widget asks first, as each page that may show it; then one notice to ourselves.

    No chat is begun, and nobody at the desk hears of it.
    """
    can_try_channels.require(by, None)
    if not site.enabled:
        raise Refused(_("已停用，启用后才能测试"))
    if not site.origins:
        raise Refused(_("还没有允许的网站，访客的网页用不了这个窗口；请先在设置里填写"))
    for origin in site.origins[:MOST_ORIGINS]:
        _ask_as(site, origin)
    if not _heard():
        raise Refused(_("数据库没有及时转告新消息，会话里的话会晚几秒才显示"))
    return _("%(count)s 个网站都取到了窗口设置，新消息的通知收发正常") % {
        "count": len(site.origins)
    }


def _ask_as(site: Site, origin: str) -> None:
    """As a page of this origin: its settings, and leave for that very page to read them."""
    answer = inside.ask(reverse("chat:settings", args=(site.code,)), origin=origin)
    given = answer.headers.get("Access-Control-Allow-Origin", "")
    if answer.status_code != 200 or given != origin or not _is_whole(inside.body_of(answer)):
        raise Refused(
            _("网页 %(origin)s 取不到窗口设置（%(status)s）")
            % {"origin": origin, "status": answer.status_code}
        )


def _is_whole(body: bytes) -> bool:
    try:
        return "greeting" in json.loads(body)
    except ValueError:
        return False


def _heard() -> bool:
    """Over a channel of its own, so that no stream takes it for a chat."""
    channel = f"huiyin_test_{secrets.token_hex(6)}"
    try:
        with (
            closing(_connected()) as ear,
            closing(_connected()) as mouth,
        ):
            ear.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            mouth.execute("SELECT pg_notify(%s, '1')", [channel])
            return any(True for _notice in ear.notifies(timeout=HEARD_WITHIN, stop_after=1))
    except psycopg.Error:
        return False


def _connected() -> psycopg.Connection:
    return psycopg.connect(settings.DATABASE_DSN, autocommit=True, connect_timeout=3)
