"""Any system that can sign: messages, posts and receipts as JSON; our answers to its address.

docs/connectors.md describes both directions.
"""

from __future__ import annotations

import base64
import json
import re
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks.rules import signing
from huiyin.journey.channels.hooks.connector import Field, Request, Unsigned, Verified, option
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.social import calling
from huiyin.journey.channels.social.actions.files import LARGEST
from huiyin.journey.channels.social.actions.hearing import Said, hear
from huiyin.journey.channels.social.actions.posts import Posted, take_post
from huiyin.journey.channels.social.limits import Limits
from huiyin.journey.channels.social.models import Account, Post
from huiyin.journey.channels.social.outgoing import Outgoing
from huiyin.journey.channels.social.sending import outer_id
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.actions import Undelivered
from huiyin.journey.conversation.rules import Takes
from huiyin.journey.conversation.words import Reach

LABEL = gettext_lazy("通用 JSON 接口")
CHANNEL = Channel.SOCIAL
OWN_SECRET = True
MOST = MOST_PUBLIC = 5000
FIELDS = (
    Field(
        "url",
        gettext_lazy("答复送到的地址"),
        gettext_lazy("留空表示只收不发；答复用同一密钥签名"),
        required=False,
        kind="url",
    ),
    Field(
        "files",
        gettext_lazy("答复里的附件"),
        choices=(
            ("no", gettext_lazy("对方只收文字")),
            ("yes", gettext_lazy("对方也收附件（随答复一起送，合计 10 MB 以内）")),
        ),
        default="no",
    ),
    Field(
        "window_hours",
        gettext_lazy("多少小时内算同一次会话"),
        required=False,
        kind="number",
        default="48",
    ),
)
TAKES = (Takes("file", gettext_lazy("文件"), (), 10 << 20),)
MOST_FILES, MOST_TOGETHER = 10, 10 << 20  # in one call, as text: a third more
SHA256 = re.compile(r"[0-9a-fA-F]{64}")


def verify(hook: Hook, request: Request, now: datetime) -> Verified:
    keys = hook.keys(now)
    known = signing.verified(keys, request.headers, request.body, now=now.timestamp())
    if request.method != "POST" or not known:
        raise Unsigned
    return Verified(key=known)


def take(arrival: Arrival) -> str:
    told = _told(arrival)
    kind = told.get("kind", "message")
    if kind == "message":
        heard = hear(arrival.hook, _said(told))
        arrival.complaint = heard.complaint
        return heard.outcome
    if kind == "post":
        post, new = take_post(_posted(told, arrival.hook), hook=arrival.hook)
        arrival.complaint = post.complaint
        return _("公开帖子") if new else _("先前已收到")
    if kind == "receipt":
        return _receipt(told, arrival.hook)
    raise Invalid(_("不认识的 kind，请写 message、post 或 receipt"))


def _told(arrival: Arrival) -> dict[str, Any]:
    try:
        told = arrival.data
    except (ValueError, RecursionError) as error:
        raise Invalid(_("内容不是 JSON")) from error
    if not isinstance(told, dict) or not _word(told, "id"):
        raise Invalid(_("缺少 id"))
    return told


def _said(told: dict[str, Any]) -> Said:
    author = told.get("author")
    author = author if isinstance(author, dict) else {}
    if not _word(author, "id"):
        raise Invalid(_("缺少 author.id"))
    files = told.get("files")
    found = [one for one in map(_file, files if isinstance(files, list) else ()) if one]
    text = _text(told) or (_("[文件]") if found else "")
    if not text:
        raise Invalid(_("缺少 text"))
    return Said(
        outer_id=_word(told, "id"),
        author=_word(author, "id"),
        name=_word(author, "name"),
        phone=_word(author, "phone"),
        email=_word(author, "email"),
        text=text,
        at=_moment(told.get("at")),
        thread=_word(told, "thread"),
        files=tuple(found),
        facts={"thread": _word(told, "thread")},
    )


def _posted(told: dict[str, Any], hook: Hook) -> Posted:
    said = _said(told)
    author: Any = told["author"]
    reach = author.get("followers")
    url = _word(told, "url")
    return Posted(
        platform=(_word(told, "platform") or hook.name)[:40],
        outer_id=said.outer_id,
        author_id=said.author,
        author=said.name,
        text=said.text,
        at=said.at,
        url=url if url.startswith(("https://", "http://")) else "",
        reach=reach if type(reach) is int and 0 <= reach < 2**31 else None,
        files=said.files,
    )


def _receipt(told: dict[str, Any], hook: Hook) -> str:
    states = {"delivered": Reach.DELIVERED, "read": Reach.READ, "failed": Reach.MISSED}
    reach = states.get(_word(told, "status"))
    if reach is None:
        raise Invalid(_("status 请写 delivered、read 或 failed"))
    name = outer_id(hook.pk, _word(told, "message"))
    why = _why(told) if reach == Reach.MISSED else ""
    known = conversation.reached(CHANNEL, name, reach, why)
    return _("回执") if known else _("没有这条答复")


def _why(told: dict[str, Any]) -> str:
    """Their own words, as theirs."""
    why = _word(told, "reason")
    return _("对方说：%(why)s") % {"why": why} if why else ""


def _word(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())[:500]


def _text(told: dict[str, Any]) -> str:
    value = told.get("text")
    return value.replace("\x00", "").strip() if isinstance(value, str) else ""


def _file(told: Any) -> dict[str, Any] | None:
    if not isinstance(told, dict) or not _word(told, "url"):
        return None
    known = _word(told, "sha256")
    return {
        "url": _word(told, "url"),
        "name": _word(told, "name") or "file",
        "sha256": known if SHA256.fullmatch(known) else "",
    }


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None


# --- outwards ----------------------------------------------------------------------------------


def limits(hook: Hook, account: Account, now: datetime) -> Limits:
    if not option(hook, "url"):
        return Limits(
            MOST,
            closed=_("只收不发"),
            refusal=_("这个接入没有填答复地址，请改用其他方式回复"),
        )
    if option(hook, "files") != "yes":
        sentence = _(
            "这个接入只收文字，请去掉附件或换一种方式；对方能收附件时，可请管理员在渠道接入里打开"
        )
        return Limits(MOST, no_files=sentence)
    return Limits(MOST, takes=TAKES, most_files=MOST_FILES, most_bytes=MOST_TOGETHER)


def send(hook: Hook, account: Account, text: str, key: str) -> str:
    return send_with(hook, account, text, [], key)


def send_with(hook: Hook, account: Account, text: str, files: list[Outgoing], key: str) -> str:
    """One call with all of it, so that all of it is there or nothing."""
    to = {"id": account.outer_id}
    told: dict[str, Any] = {"type": "reply", "to": to, "thread": account.thread, "text": text}
    if files:
        told["files"] = [_told_file(one) for one in files]
    return _posted_out(hook, told, key, is_heavy=bool(files))


def _told_file(file: Outgoing) -> dict[str, Any]:
    return {
        "name": file.name,
        "media_type": file.media_type,
        "size": len(file.data),
        "sha256": file.sha256,
        "data": base64.b64encode(file.data).decode(),
    }


def send_publicly(hook: Hook, post: Post, text: str, key: str) -> str:
    told = {"type": "public_reply", "post": post.outer_id, "platform": post.platform}
    return _posted_out(hook, {**told, "text": text}, key)


def _posted_out(hook: Hook, told: dict[str, Any], key: str, *, is_heavy: bool = False) -> str:
    """Signed; under the same id however often it is tried."""
    url = option(hook, "url")
    if not url:
        raise Undelivered(_("这个接入没有填答复地址"), final=True)
    now = moment.now()
    body = json.dumps({"id": key, **told}, ensure_ascii=False).encode()
    headers = signing.headers(
        hook.keys(now), webhook_id=key, timestamp=int(now.timestamp()), body=body
    )
    if is_heavy:
        reply = calling.give(hook, url, headers, body, calling.TOO_LARGE)
    else:
        reply = calling.call(hook, "POST", url, headers=headers, body=body)
    try:
        named = calling.object_of(reply).get("id")
    except Undelivered:  # it was taken; that it says nothing readable changes nothing
        named = None
    return str(named)[:100] if isinstance(named, str | int) and str(named) else key


def fetch(hook: Hook, source: dict[str, Any]) -> tuple[str, bytes]:
    reply = calling.call(hook, "GET", str(source["url"]), most=LARGEST)
    return str(source["name"]), reply.body


def probe(hook: Hook) -> str:
    if not option(hook, "url"):
        return _("只收不发：等对方送来第一条")
    try:
        _posted_out(hook, {"type": "ping"}, f"ping-{int(moment.now().timestamp())}")
    except Undelivered as missed:
        raise Refused(str(missed)) from missed
    return _("对方收到了测试")
