"""WeCom customer service (微信客服): the callback only says that there is news; it is asked for by
cursor, kept whole, and taken one by one.

https://developer.work.weixin.qq.com/document/path/94670
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.utils.translation import gettext_lazy

from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import as_sentence
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.hooks.actions import keep_more
from huiyin.journey.channels.hooks.connector import Field, Request, Unsigned, Verified, option
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.social import calling
from huiyin.journey.channels.social.actions.files import LARGEST
from huiyin.journey.channels.social.actions.hearing import Said, hear
from huiyin.journey.channels.social.connectors.wechat import (
    _is_now,
    key_faults,
    named,
    stays_closed,
)
from huiyin.journey.channels.social.limits import Limits, of_window
from huiyin.journey.channels.social.models import Account, Word
from huiyin.journey.channels.social.outgoing import Outgoing
from huiyin.journey.channels.social.rules import wechat
from huiyin.journey.channels.social.sending import outer_id
from huiyin.journey.channels.social.tencent import Api
from huiyin.journey.complaint.words import Channel, Status
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.actions import Undelivered
from huiyin.journey.conversation.rules import Measure, Takes
from huiyin.journey.conversation.words import Reach

LABEL = gettext_lazy("微信客服（企业微信）")
CHANNEL = Channel.SOCIAL
MOST = 600
MOST_BYTES = 2048
MEASURE = Measure("utf8", MOST_BYTES)
# Of at least six bytes each.
TAKES = (
    Takes("image", gettext_lazy("图片"), ("jpg", "jpeg", "png"), 10 << 20, 6),
    Takes("file", gettext_lazy("文件"), (), 20 << 20, 6),
)
PAGE = 1000
MOST_PAGES = 10  # in one transaction; what is left is asked for right after it
CUSTOMER = 3  # `origin` of what the customer said
MOST_ITEMS = 100  # of forwarded messages
LONGEST = 19_000  # characters; a message of ours takes 20,000
# What parts of a message say something, whatever its kind.
WORDS = (
    *("title", "content", "name", "address", "nickname", "desc", "url"),
    *("order_id", "product_titles", "product_id", "price_wording", "state", "shop_nickname"),
    *("sales_price", "userid"),
)
LOCK = 20_423  # of the advisory locks: one worker asks for the news of an account
FIELDS = (
    Field("corp_id", gettext_lazy("企业 ID（CorpID）")),
    Field("secret", gettext_lazy("微信客服 Secret"), secret=True),
    Field("token", gettext_lazy("令牌（Token）"), secret=True),
    Field("aes_key", gettext_lazy("EncodingAESKey"), secret=True),
    Field("open_kfid", gettext_lazy("客服账号（open_kfid）")),
    Field(
        "base_url",
        gettext_lazy("接口地址"),
        required=False,
        kind="url",
        default="https://qyapi.weixin.qq.com",
    ),
)
ERRORS = {
    -1: gettext_lazy("对方系统繁忙"),
    40001: gettext_lazy("Secret 不对"),
    40013: gettext_lazy("企业 ID 不对"),
    45009: gettext_lazy("接口调用太频繁"),
    48002: gettext_lazy("没有调用这个接口的权限，请在企业微信后台授权"),
    60020: gettext_lazy("本机的公网 IP 不在企业可信 IP 里"),
    95000: gettext_lazy("没有这个客服账号，请检查 open_kfid"),
    95001: gettext_lazy("客户说话后最多回复 5 条，已经发满"),
    95002: gettext_lazy("客户最后一次说话已超过 48 小时，不再允许回复"),
    95007: gettext_lazy("这次通知的凭据已过期"),
    95013: gettext_lazy("这次会话已经结束，等客户再说话"),
    95018: gettext_lazy("会话状态不允许发消息，请先在企业微信里接入会话"),
}
FINAL = frozenset({95000, 95001, 95002, 95013, 95018})


def faults(values: Mapping[str, str]) -> dict[str, str]:
    return key_faults(values["aes_key"]) if values["aes_key"] else {}


def told(hook: Hook, address: str) -> str:
    return _("在企业微信后台“微信客服 › API › 回调配置”里填这个地址、令牌和 EncodingAESKey")


# --- inwards -----------------------------------------------------------------------------------


def verify(hook: Hook, request: Request, now: datetime) -> Verified:
    query = request.query
    stamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not _is_now(stamp, now):
        raise Unsigned
    facts = {name: query.get(name, "") for name in ("timestamp", "nonce", "msg_signature")}
    try:
        if request.method == "GET":
            return Verified(key="", answer=_opened(hook, query.get("echostr", ""), facts))
        found = wechat.fields(_opened(hook, wechat.sealed_in(request.body), facts))
    except wechat.Unreadable as error:
        raise Unsigned from error
    key = f"news:{found.get('CreateTime', '')}:{nonce}:{facts['msg_signature']}"
    return Verified(key=key, answer=b"success", facts=facts, resealed=True)


def _opened(hook: Hook, sealed: str, facts: dict[str, Any]) -> bytes:
    kept = hook.secrets
    parts = (
        kept.get("token", ""),
        *(str(facts.get(n, "")) for n in ("timestamp", "nonce")),
        sealed,
    )
    given = str(facts.get("msg_signature", ""))
    if not kept.get("token") or not wechat.is_signed(given, *parts):
        raise wechat.Unreadable("signature")
    return wechat.opened(sealed, kept.get("aes_key", ""), option(hook, "corp_id"))


def unsealed(arrival: Arrival) -> bytes | None:
    """What stands in a sealed notice; the messages themselves are fetched, and come plainly."""
    body = bytes(arrival.raw)
    if not arrival.key.startswith("news:") or not wechat.is_sealed(body):
        return None
    try:
        return _opened(arrival.hook, wechat.sealed_in(body), arrival.facts)
    except wechat.Unreadable as error:
        raise Refused(stays_closed()) from error


def take(arrival: Arrival) -> str:
    if arrival.key.startswith("msg:"):
        return _taken(arrival)
    if arrival.key.startswith("more:"):
        return _sync(arrival.hook, "")
    try:
        sealed = wechat.sealed_in(bytes(arrival.raw))
        found = wechat.fields(_opened(arrival.hook, sealed, arrival.facts))
    except wechat.Unreadable as error:
        raise Invalid(_("用现在的密钥打不开这一条，请检查 EncodingAESKey 后重新处理")) from error
    if found.get("Event") != "kf_msg_or_event":
        return _("事件：%(event)s") % {"event": found.get("Event", "")[:40]}
    if found.get("OpenKfId", "") not in ("", option(arrival.hook, "open_kfid")):
        return _("别的客服账号")
    return _sync(arrival.hook, found.get("Token", ""))


def _sync(hook: Hook, token: str) -> str:
    """Page by page from the cursor; the pages and the cursor are kept together or not at all, so a
    death between the two costs nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, hook.pk])
    position = Hook.objects.values_list("position", flat=True).get(pk=hook.pk)
    kept, more = 0, True
    for _page in range(MOST_PAGES):
        try:
            found = _ask(hook, position, token)
        except Undelivered as missed:
            if kept:  # what we have is kept; the rest is asked for later
                break
            raise RuntimeError(str(missed)) from missed
        news = [one for one in found.get("msg_list") or () if isinstance(one, dict)]
        keep_more(hook, [_kept(one) for one in news if one.get("msgid")])
        kept += len(news)
        forward = str(found.get("next_cursor") or "")
        more = bool(found.get("has_more")) and forward not in ("", position)
        position = forward or position
        if not more:
            break
    Hook.objects.filter(pk=hook.pk).update(position=position[:200])
    if more:
        keep_more(hook, [(f"more:{position}", b"{}", {})])
    return _("取回 %(n)s 条") % {"n": kept}


def _ask(hook: Hook, position: str, token: str) -> dict[str, Any]:
    told = {"cursor": position, "limit": PAGE, "open_kfid": option(hook, "open_kfid")}
    try:
        return api(hook).post("/cgi-bin/kf/sync_msg", {**told, "token": token} if token else told)
    except Undelivered:
        if not token:
            raise
        return api(hook).post(
            "/cgi-bin/kf/sync_msg", told
        )  # the token of the news is ten minutes old


def _kept(one: dict[str, Any]) -> tuple[str, bytes, dict[str, Any]]:
    return f"msg:{one['msgid']}", json.dumps(one, ensure_ascii=False).encode(), {}


def _taken(arrival: Arrival) -> str:
    told = arrival.data
    kind = str(told.get("msgtype", ""))
    if kind == "event":
        return _event(arrival.hook, told.get("event") or {})
    if told.get("origin") != CUSTOMER or not told.get("external_userid"):
        return _("不是客户说的")
    given = told.get(kind)
    part: dict[str, Any] = given if isinstance(given, dict) else {}
    media = str(part.get("media_id", ""))
    said = Said(
        outer_id=str(told.get("msgid", "")),
        author=str(told["external_userid"]),
        text=_words(kind, part).strip() or _("[不能显示的消息，请到企业微信里查看]"),
        at=_moment(told.get("send_time")),
        files=({"media_id": media, "kind": kind},) if media else (),
    )
    heard = hear(arrival.hook, said)
    arrival.complaint = heard.complaint
    return heard.outcome


def _words(kind: str, part: dict[str, Any]) -> str:
    """What he sent, in words: whatever kind it is, nothing that he says is left out."""
    names = {
        "text": "",
        "image": _("[图片]"),
        "voice": _("[语音]"),
        "video": _("[视频]"),
        "file": _("[文件]"),
        "location": _("[位置]"),
        "link": _("[链接]"),
        "miniprogram": _("[小程序]"),
        "channels": _("[视频号]"),
        "channels_shop_product": _("[商品]"),
        "channels_shop_order": _("[订单]"),
        "merged_msg": _("[聊天记录]"),
        "business_card": _("[名片]"),
        "note": _("[笔记]"),
        "meeting": _("[会议]"),
        "schedule": _("[日程]"),
    }
    lines = [_shown(part, name) for name in WORDS]
    if kind == "merged_msg":
        items = part.get("item")
        lines += [_item(one) for one in (items if isinstance(items, list) else [])[:MOST_ITEMS]]
    text = "\n".join(one for one in (str(names.get(kind, "")), *lines) if one)
    return text if len(text) <= LONGEST else text[:LONGEST] + _("…（太长，其余请到企业微信里查看）")


def _shown(part: dict[str, Any], name: str) -> str:
    value = part.get(name)
    return (
        str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    )


def _item(one: Any) -> str:
    """A line of forwarded messages: who, and what; each holds its own message as JSON."""
    if not isinstance(one, dict):
        return ""
    kind = _shown(one, "msgtype")
    try:
        content = json.loads(_shown(one, "msg_content") or "{}")
    except (ValueError, RecursionError):
        content = {}
    part = content.get(kind) if isinstance(content, dict) else None
    inner = part if isinstance(part, dict) and kind != "merged_msg" else {}
    said = " ".join(_words(kind, inner).split("\n")) or "…"
    name = _shown(one, "sender_name")
    return f"{name}：{said}" if name else said


def _event(hook: Hook, event: dict[str, Any]) -> str:
    name = str(event.get("event_type", ""))
    if name == "msg_send_fail":
        outer = outer_id(hook.pk, str(event.get("fail_msgid", "")))
        why = FAILS.get(event.get("fail_type") or 0, gettext_lazy("对方没有收到"))
        if not conversation.missed_part(CHANNEL, outer, as_sentence(why)):
            conversation.reached(CHANNEL, outer, Reach.MISSED, as_sentence(why))
        return _("发送失败")
    if name == "user_recall_msg":
        return _recalled(hook, str(event.get("recall_msgid", "")))
    return _("事件：%(event)s") % {"event": name[:40]}


def _recalled(hook: Hook, msgid: str) -> str:
    """He took a message back: it stays in the story, with a note that he did."""
    words = Word.objects.select_related("complaint", "message", "account")
    word = words.filter(hook=hook, outer_id=msgid[:160]).first() if msgid else None
    if word is None or word.complaint is None or word.complaint.status == Status.ARC:
        return _("客户撤回了一条消息")
    said = word.message.text[:60] if word.message is not None else ""
    text = _("客户在微信里撤回了这条消息：“%(said)s”") % {"said": said}
    conversation.note(word.complaint, by=User.objects.system(), text=text)
    return _("客户撤回了一条消息")


FAILS = {
    2: gettext_lazy("客户最后一次说话已超过 48 小时，不再允许回复"),
    4: gettext_lazy("这次会话已经结束，等客户再说话"),
    5: gettext_lazy("客户说话后最多回复 5 条，已经发满"),
    6: gettext_lazy("客户拒收"),
    10: gettext_lazy("客户拒收"),
}


def _moment(stamp: Any) -> datetime | None:
    return datetime.fromtimestamp(stamp, UTC) if type(stamp) is int and 0 < stamp < 10**11 else None


# --- outwards ----------------------------------------------------------------------------------


def api(hook: Hook) -> Api:
    return Api(hook, ERRORS, FINAL, _token)


def _token(hook: Hook, fresh: bool) -> tuple[str, int]:
    query = {"corpid": option(hook, "corp_id"), "corpsecret": hook.secrets.get("secret", "")}
    url = option(hook, "base_url").rstrip("/") + "/cgi-bin/gettoken?" + urlencode(query)
    found = calling.object_of(calling.call(hook, "GET", url))
    api(hook).check(found)
    return str(found.get("access_token", "")), int(found.get("expires_in") or 0)


def limits(hook: Hook, account: Account, now: datetime) -> Limits:
    return of_window(account, now, most=MOST, measure=MEASURE, answers=5, takes=TAKES)


def send(hook: Hook, account: Account, text: str, key: str) -> str:
    """Under an id of ours: the same one again is no second message."""
    if not MEASURE.fits(text):
        raise Undelivered(_("内容超过微信客服允许的 2048 字节，请分成几条"), final=True)
    return _told(hook, account, {"msgtype": "text", "text": {"content": text}}, key)


def upload(hook: Hook, file: Outgoing) -> str:
    """Under its name, as he will see it."""
    return api(hook).upload(file)


def send_file(hook: Hook, account: Account, kind: str, media: str, key: str) -> str:
    return _told(hook, account, {"msgtype": kind, kind: {"media_id": media}}, key)


def _told(hook: Hook, account: Account, what: dict[str, Any], key: str) -> str:
    told = {
        "touser": account.outer_id,
        "open_kfid": option(hook, "open_kfid"),
        "msgid": key[:32],
        **what,
    }
    found = api(hook).post("/cgi-bin/kf/send_msg", told)
    return str(found.get("msgid") or key[:32])


def names(hook: Hook, people: Sequence[str]) -> dict[str, str]:
    """What they call themselves in WeChat, of those who wrote within 48 hours; at most 100."""
    told = {"external_userid_list": list(people), "need_enter_session_context": 0}
    found = api(hook).post("/cgi-bin/kf/customer/batchget", told).get("customer_list")
    rows = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return {_shown(one, "external_userid"): _shown(one, "nickname") for one in rows}


def fetch(hook: Hook, source: dict[str, Any]) -> tuple[str, bytes]:
    reply = api(hook).get("/cgi-bin/media/get", {"media_id": source["media_id"]}, most=LARGEST)
    return named(str(source.get("kind", "")), reply.media_type), reply.body


def probe(hook: Hook) -> str:
    try:
        api(hook).token(fresh=True)
    except Undelivered as missed:
        raise Refused(str(missed)) from missed
    return _("取到了访问令牌，接口可用")
