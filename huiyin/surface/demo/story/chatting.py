"""What comes in by chat: talks of the last days with their summaries and stars, one that became a
complaint, one that was only a question; at the end one who waits and two who are talked with."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.journey.channels.chat import actions
from huiyin.journey.channels.chat.models import Chat, Seat, Site, SiteField
from huiyin.journey.channels.chat.words import Ask, Outcome
from huiyin.surface.demo.theatre import Acts, Theatre

ORIGIN = "http://127.0.0.1:8000"
SHOP = "https://shop.example.com"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Mobile/15E148 MicroMessenger/8.0.48 NetType/4G Language/zh_CN"
)
COMPUTER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/120.0.0.0 Safari/537.36"
)
STAYS = timedelta(days=2)  # who waits in the demonstration does not close his page

# Who, phone, order, what is said in turn (visitor first), the end: outcome, summary, stars.
Talk = tuple[str, str, str, tuple[str, ...], str, str, int]
ENDED: tuple[Talk, ...] = (
    (
        "苏晚",
        "13900009921",
        "",
        (
            "请问电饭煲的保修期是多久？",
            "您好，整机保修一年，发热盘保修三年，凭订单号就可以。",
            "好的，谢谢",
        ),
        Outcome.NONE,
        "只问保修期，已答复整机一年、发热盘三年",
        5,
    ),
    (
        "罗小兵",
        "13900009922",
        "YD20261126088",
        (
            "洗衣机送来门上有一道划痕，快递说不归他们管",
            "很抱歉给您添堵了，能发一张照片吗？我们来核对是运输还是出厂的问题。",
            "照片稍后发，我要求换门板，不然就退货",
            "已经记下您的要求，会有同事联系您，处理进度可以在投诉查询页看到。",
        ),
        Outcome.COMPLAINT,
        "洗衣机门板划痕，要求换门板或退货；已说明会有同事联系",
        4,
    ),
    (
        "Emma",
        "13900009923",
        "",
        (
            "你们周末能送货吗？",
            "可以的，下单时选“周末送”就行。",
            "页面上没看到这个选项，再找不到我就不买了",
        ),
        Outcome.NONE,
        "问周末送货的选项在哪里，已指给她看",
        2,
    ),
)


def chatting(people: dict[str, User], theatre: Theatre) -> list[tuple[datetime, Acts]]:
    """In the last days; the live ones in the last minutes."""
    site = _site()
    ends = theatre.ends
    return [
        *(
            (ends - timedelta(hours=hours), _ended(site, people, talk, theatre))
            for hours, talk in zip((49, 25, 3), ENDED, strict=True)
        ),
        (ends - timedelta(minutes=12), _open(site, people)),
        (ends - timedelta(seconds=50), _waiting(site)),
    ]


def _site() -> Site:
    site = Site.objects.create(
        code="shop",
        name="云朵商城",
        name_en="Cloud Home",
        origins=[ORIGIN, "http://localhost:8000", SHOP],
        team=Team.objects.get(code="aftersales"),
        calendar_code="always",
        greeting_zh="您好，这里是云朵家电，请问有什么可以帮您？",
        greeting_en="Hello, this is Cloud Home. How can we help?",
        offline_zh="现在没有人在线，请留言，我们上班后回复您。",
        offline_en="Nobody is here just now. Leave a message and we will get back to you.",
        idle_minutes=1440,
        remind_minutes=0,
        return_seconds=0,
    )
    SiteField.objects.create(site=site, ask=Ask.NAME, place=1)
    SiteField.objects.create(site=site, ask=Ask.PHONE, place=2)
    SiteField.objects.create(site=site, ask=Ask.ORDER, place=3)
    return site


def _asks(site: Site, name: str, phone: str, order: str, text: str, page: str) -> Chat:
    version, _text = site.notice("zh-hans", moment.now())
    asked = actions.Asked(
        answers={"name": name, "phone": phone, "order": order},
        text=text,
        client=uuid.uuid4(),
        page_url=f"{SHOP}/{page}",
        page_title="云朵商城",
        privacy_version=version,
        origin=SHOP,
        user_agent=PHONE if page == "help" else COMPUTER,
    )
    return actions.begin(site, token=secrets.token_urlsafe(32), asked=asked).chat


def _ended(site: Site, people: dict[str, User], talk: Talk, theatre: Theatre) -> Acts:
    name, phone, order, said, outcome, summary, stars = talk
    chat = _asks(site, name, phone, order, said[0], "orders")
    yield moment.now() + timedelta(seconds=14 if stars > 2 else 95)
    actions.accept(chat, by=people["li"])
    yield from _talk(chat, people["li"], said[1:])
    made = actions.end(chat, by=people["li"], outcome=outcome, summary=summary)
    if made is not None:
        theatre.clocks_of(made.pk)
    actions.rate(chat, stars=stars)


def _talk(chat: Chat, agent: User, said: tuple[str, ...]) -> Acts:
    """By turns, beginning with us."""
    for place, text in enumerate(said):
        if place % 2:
            actions.say(chat, text=text, client=uuid.uuid4())
        else:
            actions.answer(chat, by=agent, text=text, client=uuid.uuid4())
        yield moment.now() + timedelta(seconds=25)


def _open(site: Site, people: dict[str, User]) -> Acts:
    """One of 李明 that a supervisor has whispered into; one of a colleague of his team."""
    Seat.objects.get_or_create(user=people["li"], defaults={"most": 5})
    chat = _asks(site, "何雨", "13900009924", "YD20261127015", "空调装好三天就不制冷了", "orders")
    other = _asks(site, "邱明", "13900009925", "", "退款一直没到账，说好的三天", "refund")
    yield moment.now() + timedelta(seconds=20)
    actions.accept(chat, by=people["li"])
    actions.accept(other, by=people["luo"])
    first = ("您好，很抱歉。请问室外机有没有转、面板上有没有代码？", "面板显示 E4，室外机不转")
    yield from _talk(chat, people["li"], first)
    for page, title in (("repair", "报修须知"), ("help/e4", "空调故障代码 E4")):
        actions.went(chat, url=f"{SHOP}/{page}", title=title, origin=SHOP)
    whisper = "E4 是排气温度保护，先问装机时有没有加氟，再约师傅"
    actions.whisper(chat, by=people["chen"], text=whisper, client=uuid.uuid4())
    answer = ("您好，我查一下您的退款记录，请稍等。", "好，我等着，别又说三天")
    yield from _talk(other, people["luo"], answer)
    _stays(chat, other)


def _waiting(site: Site) -> Acts:
    chat = _asks(site, "姚芳", "13900009926", "", "想问一下热水器漏电报警是怎么回事？", "help")
    grave = _asks(site, "郭强", "13900009927", "", "燃气灶漏气，孩子头晕，马上来人！", "help")
    _stays(chat, grave)
    yield moment.now()


def _stays(*chats: Chat) -> None:
    """Nobody sits behind these pages, so nothing will be heard of them."""
    here = moment.now() + STAYS
    Chat.objects.filter(pk__in=[chat.pk for chat in chats]).update(visitor_here_at=here)
