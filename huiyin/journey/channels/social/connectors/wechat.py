"""WeChat Official Account (微信公众号): messages and events in, customer-service messages out.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.hooks.connector import Field, Request, Unsigned, Verified, option
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.social import calling
from huiyin.journey.channels.social.actions.files import LARGEST
from huiyin.journey.channels.social.actions.hearing import Said, hear, note_following
from huiyin.journey.channels.social.limits import Limits, of_window
from huiyin.journey.channels.social.models import Account
from huiyin.journey.channels.social.outgoing import Outgoing
from huiyin.journey.channels.social.rules import wechat
from huiyin.journey.channels.social.tencent import Api
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.actions import Uncertain, Undelivered, Unheard
from huiyin.journey.conversation.rules import Measure, Takes

LABEL = gettext_lazy("微信公众号")
CHANNEL = Channel.SOCIAL
MOST = 600  # characters; the platform counts 2048 bytes
MOST_BYTES = 2048
MEASURE = Measure("utf8", MOST_BYTES)
# Of what a customer-service message can be: text, image, voice, video, news… and no file.
TAKES = (Takes("image", gettext_lazy("图片"), ("jpg", "jpeg", "png", "gif"), 10 << 20),)
TOLERANCE = timedelta(minutes=5)
GREETED_FOR = timedelta(hours=1)  # whoever spoke within it gets no second automatic line
FIELDS = (
    Field("app_id", gettext_lazy("AppID")),
    Field("app_secret", gettext_lazy("AppSecret"), secret=True),
    Field("token", gettext_lazy("令牌（Token）"), secret=True),
    Field(
        "aes_key",
        gettext_lazy("消息加解密密钥（EncodingAESKey）"),
        gettext_lazy("43 个字符；安全模式必填"),
        secret=True,
        required=False,
    ),
    Field(
        "mode",
        gettext_lazy("消息加解密方式"),
        gettext_lazy("请选安全模式：明文模式的签名不含消息内容，看到一次请求的人可以抢先冒充"),
        choices=(
            ("safe", gettext_lazy("安全模式（推荐）")),
            ("plain", gettext_lazy("明文模式（不推荐）")),
        ),
        default="safe",
    ),
    Field(
        "greeting",
        gettext_lazy("自动应答"),
        gettext_lazy("客户开口时立即回的一句话；留空不回"),
        required=False,
    ),
    Field(
        "base_url",
        gettext_lazy("接口地址"),
        required=False,
        kind="url",
        default="https://api.weixin.qq.com",
    ),
)
ERRORS = {
    -1: gettext_lazy("对方系统繁忙"),
    40001: gettext_lazy("AppSecret 不对，或令牌已失效"),
    40003: gettext_lazy("没有这位关注者，可能已取消关注"),
    40013: gettext_lazy("AppID 不对"),
    40125: gettext_lazy("AppSecret 不对"),
    40164: gettext_lazy("本机的公网 IP 不在公众号的白名单里"),
    43004: gettext_lazy("这位客户没有关注公众号"),
    45002: gettext_lazy("内容超过公众号允许的长度"),
    45009: gettext_lazy("今天的接口调用次数已用完"),
    45015: gettext_lazy("客户最后一次说话已超过 48 小时，公众号不再允许回复"),
    45047: gettext_lazy("客户说话后最多回复 5 条，已经发满"),
    48001: gettext_lazy("公众号没有客服消息的权限，请在公众平台开通"),
    48004: gettext_lazy("接口被封禁，请登录公众平台查看"),
    50002: gettext_lazy("账号被限制，请登录公众平台查看"),
}
FINAL = frozenset({40003, 43004, 45002, 45015, 45047, 48001})
# The platform knows no key of ours: it is not tried again by a machine.
UNKNOWN = gettext_lazy("对方没有答复，可能已经发出：请在公众平台核对后再决定是否重发")


def told(hook: Hook, address: str) -> str:
    words = _("在公众平台“设置与开发 › 基本配置”里填这个地址和令牌，加解密方式选安全模式")
    if _is_safe(hook):
        return words
    return words + "。" + _("现在是明文模式：签名不保护内容，建议两边都改为安全模式")


def faults(values: Mapping[str, str]) -> dict[str, str]:
    """Without its key a sealed message cannot be opened: every one would be refused as unsigned."""
    key = values["aes_key"]
    if key:
        return key_faults(key)
    return {"aes_key": _("安全模式要填 EncodingAESKey")} if values["mode"] == "safe" else {}


def key_faults(key: str) -> dict[str, str]:
    try:
        wechat.key_of(key)
    except wechat.Unreadable:
        return {"aes_key": _("EncodingAESKey 是 43 个字母和数字，请从后台完整复制")}
    return {}


# --- inwards -----------------------------------------------------------------------------------


def verify(hook: Hook, request: Request, now: datetime) -> Verified:
    query, token = request.query, hook.secrets.get("token", "")
    stamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not token or not _is_now(stamp, now):
        raise Unsigned
    if not wechat.is_signed(query.get("signature", ""), token, stamp, nonce):
        raise Unsigned
    once = "" if _is_safe(hook) else f"{stamp}:{nonce}"  # plain: the body is not signed
    if request.method == "GET":  # the handshake; signed like everything else
        return Verified(key="", answer=query.get("echostr", "")[:200].encode(), once=once)
    facts = {name: query.get(name, "") for name in ("timestamp", "nonce", "msg_signature")}
    try:
        found = _opened(hook, request.body, facts)
    except wechat.Unreadable as error:
        raise Unsigned from error
    answer, media = _answer(hook, found, now, sealed=_is_safe(hook))
    return Verified(
        key=key_of(found),
        answer=answer,
        answer_type=media,
        facts=facts,
        resealed=True,
        once=once,
    )


def _is_now(stamp: str, now: datetime) -> bool:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return False
    return abs(now.timestamp() - int(stamp)) <= TOLERANCE.total_seconds()


def _is_safe(hook: Hook) -> bool:
    return option(hook, "mode") == "safe"


def _opened(hook: Hook, body: bytes, facts: dict[str, Any]) -> dict[str, str]:
    """The fields of a message; sealed ones by their own signature and for our own app only."""
    if not _is_safe(hook):
        found = wechat.fields(body)
        if "Encrypt" in found and "MsgType" not in found:
            raise wechat.Unreadable("sealed")
        return found
    return wechat.fields(_unsealed(hook, body, facts))


def _unsealed(hook: Hook, body: bytes, facts: dict[str, Any]) -> bytes:
    kept, sealed = hook.secrets, wechat.sealed_in(body)
    told = [str(facts.get(name, "")) for name in ("timestamp", "nonce", "msg_signature")]
    if not wechat.is_signed(told[2], kept.get("token", ""), *told[:2], sealed):
        raise wechat.Unreadable("signature")
    return wechat.opened(sealed, kept.get("aes_key", ""), option(hook, "app_id"))


def unsealed(arrival: Arrival) -> bytes | None:
    """What stands in a sealed message, whichever mode is set now; None of one that came plainly."""
    body = bytes(arrival.raw)
    if not arrival.facts.get("msg_signature") or not wechat.is_sealed(body):
        return None
    try:
        return _unsealed(arrival.hook, body, arrival.facts)
    except wechat.Unreadable as error:
        raise Refused(stays_closed()) from error


def stays_closed() -> str:
    return _("用现在的令牌和 EncodingAESKey 打不开这一条，它们可能已经更换")


def key_of(found: dict[str, str]) -> str:
    """The platform sends again what was not answered within five seconds: by these it is known."""
    if found.get("MsgId"):
        return f"msg:{found['MsgId']}"
    parts = [found.get(n, "") for n in ("FromUserName", "CreateTime", "Event", "EventKey")]
    return "event:" + ":".join(parts)


def _answer(hook: Hook, found: dict[str, str], now: datetime, *, sealed: bool) -> tuple[bytes, str]:
    """“success”, or the line that greets who speaks for the first time in an hour."""
    text = option(hook, "greeting")
    if not text or found.get("MsgType") == "event" or _spoke_lately(hook, found, now):
        return b"success", "text/plain; charset=utf-8"
    stamp = str(int(now.timestamp()))
    answer = wechat.written(
        {
            "ToUserName": found.get("FromUserName", ""),
            "FromUserName": found.get("ToUserName", ""),
            "CreateTime": stamp,
            "MsgType": "text",
            "Content": text,
        }
    )
    if sealed:
        answer = _sealed(hook, answer, stamp)
    return answer, "application/xml; charset=utf-8"


def _spoke_lately(hook: Hook, found: dict[str, str], now: datetime) -> bool:
    known = Account.objects.filter(hook=hook, outer_id=found.get("FromUserName", "")[:120])
    return known.filter(spoke_at__gt=now - GREETED_FOR).exists()


def _sealed(hook: Hook, answer: bytes, stamp: str) -> bytes:
    kept, nonce = hook.secrets, secrets.token_hex(8)
    box = wechat.sealed(
        answer, kept.get("aes_key", ""), option(hook, "app_id"), random=secrets.token_bytes(16)
    )
    signed = wechat.signature(kept.get("token", ""), stamp, nonce, box)
    fields = {"Encrypt": box, "MsgSignature": signed, "TimeStamp": stamp, "Nonce": nonce}
    return wechat.written(fields)


def take(arrival: Arrival) -> str:
    try:
        found = _opened(arrival.hook, bytes(arrival.raw), arrival.facts)
    except wechat.Unreadable as error:
        raise Invalid(_("用现在的密钥打不开这一条，请检查 EncodingAESKey 后重新处理")) from error
    author = found.get("FromUserName", "")
    if not author:
        raise Invalid(_("缺少发送者"))
    if found.get("MsgType") == "event":
        return _event(arrival.hook, found, author)
    heard = hear(arrival.hook, _said(found, author))
    arrival.complaint = heard.complaint
    return heard.outcome


def _event(hook: Hook, found: dict[str, str], author: str) -> str:
    event = found.get("Event", "").lower()
    if event in ("subscribe", "unsubscribe"):
        return note_following(hook, author, follows=event == "subscribe")
    return _("事件：%(event)s") % {"event": event[:40]}


def _said(found: dict[str, str], author: str) -> Said:
    kind, media = found.get("MsgType", ""), found.get("MediaId", "")
    words = {
        "text": found.get("Content", ""),
        "image": _("[图片]"),
        "voice": found.get("Recognition") or _("[语音]"),
        "video": _("[视频]"),
        "shortvideo": _("[视频]"),
        "location": _("[位置] %(label)s") % {"label": found.get("Label", "")},
        "link": f"{found.get('Title', '')}\n{found.get('Url', '')}",
    }
    text = words.get(kind, "").strip() or _("[%(kind)s]") % {"kind": kind[:20] or "?"}
    return Said(
        outer_id=key_of(found),
        author=author,
        text=text,
        at=_moment(found.get("CreateTime", "")),
        files=({"media_id": media, "kind": kind},) if media else (),
    )


def _moment(stamp: str) -> datetime | None:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return None
    return datetime.fromtimestamp(int(stamp), UTC)


# --- outwards ----------------------------------------------------------------------------------


def api(hook: Hook) -> Api:
    return Api(hook, ERRORS, FINAL, _token)


def _token(hook: Hook, fresh: bool) -> tuple[str, int]:
    """The stable one: many workers may ask for it, and the secret stands in no address."""
    body = {
        "grant_type": "client_credential",
        "appid": option(hook, "app_id"),
        "secret": hook.secrets.get("app_secret", ""),
        "force_refresh": fresh,
    }
    url = option(hook, "base_url").rstrip("/") + "/cgi-bin/stable_token"
    reply = calling.call(hook, "POST", url, body=json.dumps(body).encode())
    found = calling.object_of(reply)
    api(hook).check(found)
    return str(found.get("access_token", "")), int(found.get("expires_in") or 0)


def limits(hook: Hook, account: Account, now: datetime) -> Limits:
    return of_window(account, now, most=MOST, measure=MEASURE, answers=5, takes=TAKES)


def send(hook: Hook, account: Account, text: str, key: str) -> str:
    """The platform knows no key of ours: what may have arrived is not sent twice by a machine."""
    if not MEASURE.fits(text):
        raise Undelivered(_("内容超过公众号允许的 2048 字节，请分成几条"), final=True)
    return _told(hook, account, {"msgtype": "text", "text": {"content": text}}, key)


def upload(hook: Hook, file: Outgoing) -> str:
    return api(hook).upload(file)


def send_file(hook: Hook, account: Account, kind: str, media: str, key: str) -> str:
    return _told(hook, account, {"msgtype": kind, kind: {"media_id": media}}, key)


def _told(hook: Hook, account: Account, what: dict[str, Any], key: str) -> str:
    try:
        api(hook).post("/cgi-bin/message/custom/send", {"touser": account.outer_id, **what})
    except Unheard as error:
        raise Uncertain(UNKNOWN) from error
    return key


def fetch(hook: Hook, source: dict[str, Any]) -> tuple[str, bytes]:
    reply = api(hook).get("/cgi-bin/media/get", {"media_id": source["media_id"]}, most=LARGEST)
    return named(str(source.get("kind", "")), reply.media_type), reply.body


ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
    "video/mp4": "mp4",
    "application/pdf": "pdf",
}
BY_KIND = {"image": "jpg", "voice": "amr", "video": "mp4", "shortvideo": "mp4"}


def named(kind: str, media_type: str) -> str:
    """A name for what comes without one."""
    plain = media_type.split(";", 1)[0].strip().lower()
    ending = ENDINGS.get(plain) or BY_KIND.get(kind, "bin")
    words = {"image": _("图片"), "voice": _("语音"), "video": _("视频")}
    return f"{words.get(kind, _('文件'))}.{ending}"


def probe(hook: Hook) -> str:
    try:
        api(hook).token(fresh=True)
    except Undelivered as missed:
        raise Refused(str(missed)) from missed
    return _("取到了访问令牌，接口可用；%(when)s") % {
        "when": moment.now().astimezone().strftime("%H:%M")
    }
