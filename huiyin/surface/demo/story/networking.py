"""What comes in by social media and text message: a conversation at the official account, two posts
of which one is a crisis, a thread of texts. Nothing leaves the house."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground import moment
from huiyin.ground.customers.rules import normalise_phone
from huiyin.ground.people.models import User
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.sms.actions import Incoming
from huiyin.journey.channels.sms.actions import hear as hear_text
from huiyin.journey.channels.sms.models import Text
from huiyin.journey.channels.sms.words import Direction
from huiyin.journey.channels.social.actions import (
    Posted,
    Said,
    answer_publicly,
    hear,
    move_private,
    take_post,
)
from huiyin.journey.channels.social.models import Account
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Letter, Part
from huiyin.journey.conversation.words import LetterState, PartState, Reach
from huiyin.surface.demo.files import png
from huiyin.surface.demo.theatre import Acts, Theatre

NUMBER = "13900005566"


def networking(people: dict[str, User], theatre: Theatre) -> list[tuple[datetime, Acts]]:
    """In the last day, so that the window of the official account is open still."""
    account = Hook(
        code="cloud-wechat",
        name="云朵公众号",
        connector="wechat",
        options={"app_id": "wx0demo", "mode": "safe", "base_url": "https://wechat.demo.example"},
    )
    account.keep_secrets(**dict.fromkeys(("app_secret", "token"), "demo"), aes_key="A" * 43)
    account.save()
    gate = Hook.objects.create(
        code="cloud-sms", name="短信网关", connector="sms_files", options={"sign": "云朵客服"}
    )
    begins = theatre.ends - timedelta(hours=26)
    return [
        (begins, _chatting(account, people, theatre)),
        (begins + timedelta(hours=1), _texting(gate, people, theatre)),
        (begins + timedelta(hours=2), _posting(people, theatre)),
    ]


def _chatting(account: Hook, people: dict[str, User], theatre: Theatre) -> Acts:
    first = "你好，上周在你们店买的空气炸锅，炸篮涂层起皮掉渣，还敢吃吗？"
    heard = hear(account, Said("demo-1", author="oDemoFollower", name="沐沐", text=first))
    complaint = _came(heard.complaint, account, theatre)
    yield moment.now() + timedelta(minutes=6)
    words = "您好，涂层脱落请先停用，方便发一张炸篮内侧的照片吗？"
    _sent(complaint, people["li"], words, "social", Reach.READ)
    yield moment.now() + timedelta(minutes=9)
    more = "停用了。照片晚点发，另外发票在箱子里找不到了，能不能直接退？"
    hear(account, Said("demo-2", author="oDemoFollower", name="沐沐", text=more))
    yield moment.now() + timedelta(minutes=7)
    words = "没有发票也能办。请对照这张图看看炸篮底部的批号，回复给我们就可以。"
    picture = SimpleUploadedFile("批号位置.png", png(61), "image/png")
    _sent(complaint, people["li"], words, "social", Reach.READ, picture)


def _texting(gate: Hook, people: dict[str, User], theatre: Theatre) -> Acts:
    first = "送货的把洗衣机放楼下就走了，说好的上楼安装呢"
    complaint = _came(hear_text(gate, Incoming("demo-1", NUMBER, first)).complaint, gate, theatre)
    yield moment.now() + timedelta(minutes=25)
    words = "您好，很抱歉。请问今天下午几点家里有人？"
    letter = _sent(complaint, people["li"], words, "sms", Reach.DELIVERED)
    Text.objects.create(
        hook=gate,
        direction=Direction.OUT,
        number=normalise_phone(NUMBER),
        text=f"【云朵客服】{words}",
        letter=letter,
        complaint=complaint,
        message=letter.message,
        at=moment.now(),
    )
    yield moment.now() + timedelta(minutes=4)
    hear_text(gate, Incoming("demo-2", NUMBER, "四点以后"))


def _posting(people: dict[str, User], theatre: Theatre) -> Acts:
    plain = "云朵的客服电话排队二十分钟，终于接通又断了，服气。"
    calm = Posted("微博", "demo-1", "weibo-881", plain, author="晚风里的鱼", reach=320)
    _kept(calm, people, theatre)
    yield moment.now() + timedelta(minutes=30)
    hot = "云朵电热毯半夜冒烟，床单烧了个洞！已经联系记者，大家先别用了。"
    loud = Posted("小红书", "demo-2", "xhs-77", hot, author="家居测评阿may", reach=48_600)
    _kept(loud, people, theatre)
    post = take_post(loud, by=people["zhou"])[0]
    yield moment.now() + timedelta(minutes=12)
    answer_publicly(post, by=people["gao"])
    yield moment.now() + timedelta(minutes=3)
    move_private(post, by=people["gao"])


def _kept(posted: Posted, people: dict[str, User], theatre: Theatre) -> None:
    post, _new = take_post(posted, by=people["zhou"])
    theatre.clocks_of(post.complaint_id)


def _came(complaint: Complaint | None, hook: Hook, theatre: Theatre) -> Complaint:
    assert complaint is not None
    theatre.clocks_of(complaint.pk)
    Hook.objects.filter(pk=hook.pk).update(came_ok_at=moment.now())
    return complaint


def _sent(
    complaint: Complaint,
    by: User,
    text: str,
    channel: str,
    reach: str,
    picture: SimpleUploadedFile | None = None,
) -> Letter:
    """Our answer; the demonstration really sends none."""
    fresh = Complaint.objects.select_related("customer").get(pk=complaint.pk)
    message = conversation.reply(fresh, by=by, text=text, channel=channel)
    letter = Letter.objects.get(message=message)
    if picture is not None:
        file = conversation.add_evidence(fresh, by=by, upload=picture, message=message)
        sent = {"state": PartState.SENT, "sent_at": moment.now()}
        for place, evidence in enumerate((None, file)):
            Part.objects.create(letter=letter, place=place, evidence=evidence, **sent)
        conversation.handed_out(letter, [file])
        Account.objects.filter(complaint=fresh).update(answers=2)
    letter.state, letter.sent_at, letter.tries = LetterState.SENT, moment.now(), 1
    letter.reach, letter.reached_at = reach, moment.now()
    letter.save(update_fields=["state", "sent_at", "tries", "reach", "reached_at"])
    hooks = Hook.objects.filter(connector="wechat" if channel == "social" else "sms_files")
    hooks.update(left_ok_at=moment.now())
    return letter
