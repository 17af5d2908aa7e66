"""Mastodon, and what speaks its API: mentions and hashtags are asked for, answers are posted.

https://docs.joinmastodon.org/methods/notifications/
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from django.utils.translation import gettext_lazy

from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.hooks.actions import keep_more
from huiyin.journey.channels.hooks.connector import Field, Request, Unsigned, Verified, option
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.social import calling
from huiyin.journey.channels.social.actions.files import LARGEST
from huiyin.journey.channels.social.actions.hearing import Said, hear
from huiyin.journey.channels.social.actions.posts import Posted, take_post
from huiyin.journey.channels.social.limits import Limits
from huiyin.journey.channels.social.models import Account, Post
from huiyin.journey.channels.social.outgoing import Outgoing
from huiyin.journey.channels.social.rules.exports import words_of
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.actions import Undelivered
from huiyin.journey.conversation.rules import Takes

LABEL = gettext_lazy("Mastodon 提及")
CHANNEL = Channel.SOCIAL
OUTWARD = True
MOST = MOST_PUBLIC = 468  # of 500; the name of who is answered takes up to 30, and two signs
# What an instance takes as it is set up, or less.
TAKES = (Takes("image", gettext_lazy("图片"), ("jpg", "jpeg", "png", "gif", "webp"), 10 << 20),)
MOST_FILES = 4
DONE, WORKING = 200, 202
LOOKS = 5  # at a picture that the instance is still working at, a second apart
PAGE = 40
MOST_PAGES = 25
PRIVATE = ("direct", "private")
NOTHING = "0"  # there was none so far: the next one is the first
BACK_TO = "<"  # in a position: the newest one, and how far back we are, the first time
FIELDS = (
    Field(
        "base_url",
        gettext_lazy("实例地址"),
        gettext_lazy("例如 https://mastodon.social"),
        kind="url",
    ),
    Field("access_token", gettext_lazy("访问令牌"), secret=True),
    Field(
        "tag",
        gettext_lazy("话题"),
        gettext_lazy("不写 #；留空则取提及我们的帖子"),
        required=False,
    ),
    Field(
        "window_hours",
        gettext_lazy("多少小时内算同一次会话"),
        required=False,
        kind="number",
        default="72",
    ),
)


def told(hook: Hook, address: str) -> str:
    return _(
        "由我们每分钟去取一次，对方不用填地址；"
        "令牌需要 read:notifications、write:statuses 和 write:media"
    )


def verify(hook: Hook, request: Request, now: datetime) -> Verified:
    raise Unsigned  # nothing comes in by itself


# --- inwards -----------------------------------------------------------------------------------


def poll(hook: Hook) -> int:
    """Everything since the last time, the oldest page first, each kept together with how far we
    are: when the other side fails in the middle, the next time goes on from there, and however much
    there is, nothing is left out. The first time, pages back into the past. Kept twice is once."""
    newest, _sign, oldest = hook.position.partition(BACK_TO)
    back, kept = bool(oldest) or not newest, 0
    for page in range(MOST_PAGES):
        try:
            rows = _page(hook, *(("max_id", oldest) if back else ("min_id", newest)))
        except Undelivered:
            if not page:
                raise
            break
        if not rows:
            back = False
            break
        keep_more(hook, [row for one in rows if (row := _kept(one))])
        kept += len(rows)
        oldest = str(rows[0]["id"])
        newest = max(newest, str(rows[-1]["id"]), key=_order)
    else:
        back = False  # so far back, and no further
    position = (newest or NOTHING) + (BACK_TO + oldest if back else "")
    Hook.objects.filter(pk=hook.pk).update(position=position[:200])
    return kept


def _page(hook: Hook, way: str, bound: str) -> list[dict[str, Any]]:
    """What comes right before or after an id, the oldest first."""
    base, tag = option(hook, "base_url").rstrip("/"), option(hook, "tag").lstrip("#")
    query = [("limit", str(PAGE)), *([(way, bound)] if bound else [])]
    if tag:
        url = f"{base}/api/v1/timelines/tag/{quote(tag, safe='')}?{urlencode(query)}"
    else:
        url = f"{base}/api/v1/notifications?{urlencode([*query, ('types[]', 'mention')])}"
    rows = _list(calling.call(hook, "GET", url, headers=_bearer(hook)))
    named = [one for one in rows if isinstance(one, dict) and one.get("id")]
    return sorted(named, key=lambda one: _order(str(one["id"])))


def _list(reply: Any) -> list[Any]:
    rows = calling.data_of(reply)
    if not isinstance(rows, list):
        raise Undelivered(_("对方的答复读不出来"))
    return rows


def _order(name: str) -> tuple[int, str]:
    """Ids are numbers written as text: longer is later."""
    return len(name), name


def _kept(one: dict[str, Any]) -> tuple[str, bytes, dict[str, Any]] | None:
    status = one.get("status", one if "content" in one else None)
    if not isinstance(status, dict) or not status.get("id"):
        return None
    return f"post:{status['id']}", json.dumps(status, ensure_ascii=False).encode(), {}


def take(arrival: Arrival) -> str:
    status = arrival.data
    account = status.get("account") if isinstance(status.get("account"), dict) else {}
    author = str(account.get("acct", ""))[:120]
    if not author:
        raise Invalid(_("缺少作者"))
    name = str(account.get("display_name") or author)[:80]
    files = _files(status)
    text = words_of(status) or (_("[图片]") if files else _("[没有文字]"))
    at = _moment(status.get("created_at"))
    if status.get("visibility") in PRIVATE:
        facts = {"status": str(status["id"]), "acct": author}
        heard = hear(
            arrival.hook,
            Said(
                str(status["id"]),
                author=author,
                name=name,
                text=text,
                at=at,
                facts=facts,
                files=files,
            ),
        )
        arrival.complaint = heard.complaint
        return heard.outcome
    reach = account.get("followers_count")
    posted = Posted(
        platform=_platform(arrival.hook),
        outer_id=str(status["id"]),
        author_id=author,
        author=name,
        text=text,
        url=str(status.get("url") or ""),
        at=at,
        reach=reach if type(reach) is int and 0 <= reach < 2**31 else None,
        files=files,
    )
    post, new = take_post(posted, hook=arrival.hook)
    arrival.complaint = post.complaint
    return _("公开帖子") if new else _("先前已收到")


def _files(status: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """Pictures, films and sound beside the words: on the instance, or where they were first."""
    given = status.get("media_attachments")
    found = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    places = [str(one.get("url") or one.get("remote_url") or "") for one in found]
    return tuple({"url": place, "name": _name_of(place)} for place in places if place)


def _name_of(place: str) -> str:
    return unquote(urlsplit(place).path.rpartition("/")[2])[-80:] or "file"


def _platform(hook: Hook) -> str:
    """Ids mean something on their own instance only."""
    return option(hook, "base_url").partition("://")[2].strip("/")[:40]


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None


# --- outwards ----------------------------------------------------------------------------------


def limits(hook: Hook, account: Account, now: datetime) -> Limits:
    together = MOST_FILES * TAKES[0].most
    return Limits(MOST, takes=TAKES, most_files=MOST_FILES, most_bytes=together)


def send(hook: Hook, account: Account, text: str, key: str) -> str:
    return send_with(hook, account, text, [], key)


def send_with(hook: Hook, account: Account, text: str, files: list[Outgoing], key: str) -> str:
    """Words and pictures are one status: all of it is there, once, or nothing."""
    to, media = str(account.facts.get("status", "")), [_given(hook, one) for one in files]
    return _say(hook, account.outer_id, text, key, to=to, how="direct", media=media)


def _given(hook: Hook, file: Outgoing) -> str:
    """A picture as the instance calls it; nobody sees it before the status."""
    typed, body = calling.multipart("file", file.name, file.media_type, file.data)
    headers = {**_bearer(hook), "Content-Type": typed}
    url = option(hook, "base_url").rstrip("/") + "/api/v2/media"
    reply = calling.give(hook, url, headers, body, calling.NOT_TAKEN)
    media = str(calling.object_of(reply).get("id") or "")
    if not media:
        raise Undelivered(_("对方的答复读不出来"))
    if reply.status == WORKING:
        _ready(hook, media)
    return media


def _ready(hook: Hook, media: str) -> None:
    base = option(hook, "base_url").rstrip("/")
    for _look in range(LOOKS):
        url = f"{base}/api/v1/media/{quote(media, safe='')}"
        if calling.call(hook, "GET", url, headers=_bearer(hook)).status == DONE:
            return
        time.sleep(1)
    raise Undelivered(_("对方还在处理图片，稍后再发"))


def send_publicly(hook: Hook, post: Post, text: str, key: str) -> str:
    return _say(hook, post.author_id, text, key, to=post.outer_id, how="public")


def _say(
    hook: Hook, acct: str, text: str, key: str, *, to: str, how: str, media: Sequence[str] = ()
) -> str:
    told: dict[str, Any] = {"status": f"@{acct} {text}", "visibility": how}
    if media:
        told["media_ids"] = list(media)
    if to:
        told["in_reply_to_id"] = to
    body = json.dumps(told, ensure_ascii=False).encode()
    url = option(hook, "base_url").rstrip("/") + "/api/v1/statuses"
    headers = {**_bearer(hook), "Idempotency-Key": key}
    reply = calling.call(hook, "POST", url, headers=headers, body=body)
    return str(calling.object_of(reply).get("id") or key)[:100]


def _bearer(hook: Hook) -> dict[str, str]:
    return {"Authorization": "Bearer " + hook.secrets.get("access_token", "")}


def fetch(hook: Hook, source: dict[str, Any]) -> tuple[str, bytes]:
    """Files lie open, often at another host: the token stays here."""
    reply = calling.call(hook, "GET", str(source["url"]), most=LARGEST)
    return str(source["name"]), reply.body


def probe(hook: Hook) -> str:
    url = option(hook, "base_url").rstrip("/") + "/api/v1/accounts/verify_credentials"
    try:
        found = calling.object_of(calling.call(hook, "GET", url, headers=_bearer(hook)))
    except Undelivered as missed:
        raise Refused(str(missed)) from missed
    return _("已登录：%(name)s") % {"name": str(found.get("acct", ""))[:80]}
