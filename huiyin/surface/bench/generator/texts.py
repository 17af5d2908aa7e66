"""Texts composed from what the product knows: seeds of the categories, words of the lexicons.

Nothing is taken from real complaints. A few thousand texts serve any number of complaints, so
that each is read by triage once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from huiyin.journey.complaint.words import Channel
from huiyin.journey.triage import knowledge
from huiyin.journey.triage.models import EmotionWord, RiskPhrase
from huiyin.journey.triage.words import Emotion
from huiyin.surface.bench.generator.chance import weighted

# Each stands in one text of a pool: searched for as "rare words", 25 hits in 100,000.
RARE = ("琼海", "漠河", "腾冲", "敦煌", "绥芬", "凭祥", "伊宁", "丽江")

OPENINGS = (
    "{when}在{place}门店买的{goods}，",
    "{when}在你们网店下单的{goods}，",
    "我家的{goods}是{when}买的，",
    "{when}收到{goods}之后，",
    "帮父母买的{goods}，{when}到货，",
    "{when}预约了{goods}的安装，",
    "本人{when}购买{goods}一台，",
)
TROUBLES = (
    "{first}，{second}。",
    "{first}，打了三次电话都说会处理，结果还是{second}。",
    "刚用了两天就发现{first}，而且{second}。",
    "先是{first}，后来又{second}，一直没有人给说法。",
    "{first}。找客服，客服说要等；又等了一周，{second}。",
)
CONTACTS = (
    "客服说会有专员联系我，到现在没有回音。",
    "在线客服一直让我等，电话也打不进去。",
    "门店让我找网店，网店让我找门店。",
    "承诺 24 小时内回复，已经过去五天。",
    "之前说好的处理办法又变了。",
    "",
)
FEELINGS = ("我真的很{word}。", "这样的服务让人{word}。", "全家人都{word}。", "说实话有些{word}。")
WISHES = (
    ("请尽快退款。", "全额退款"),
    ("请给我换一台新的。", "换货"),
    ("要求退款并承担运费。", "退款并承担运费"),
    ("请安排上门维修。", "上门维修"),
    ("希望给一个书面说明和道歉。", "书面说明和道歉"),
    ("请按承诺补偿我的损失。", "按承诺补偿损失"),
    ("请核实情况后给我回电话。", "核实后回电"),
    ("希望按规定开具发票。", "补开发票"),
)
WHEN = ("上个月", "上周", "三天前", "国庆期间", "双十一", "前天", "两周前", "年初", "昨天")
# fmt: off
PLACES = (
    "北京", "上海", "广州", "深圳", "成都", "杭州", "武汉", "西安", "南京", "重庆",
    "天津", "苏州", "长沙", "郑州", "青岛", "沈阳", "大连", "厦门", "福州", "合肥",
    "昆明", "贵阳", "南宁", "太原",
)
# fmt: on
# fmt: off
GOODS = (
    "电饭煲", "冰箱", "洗衣机", "空调", "热水器", "扫地机器人", "净水器", "油烟机",
    "微波炉", "电视", "笔记本电脑", "手机", "耳机", "空气净化器", "电动牙刷", "智能门锁",
    "投影仪", "豆浆机", "电暖器", "洗碗机", "吹风机", "路由器", "按摩椅", "燃气灶",
)
# fmt: on
CHANNELS = (
    (Channel.PHONE, 44),
    (Channel.PORTAL, 20),
    (Channel.CHAT, 14),
    (Channel.EMAIL, 8),
    (Channel.SOCIAL, 4),
    (Channel.WALKIN, 4),
    (Channel.API, 3),
    (Channel.REGULATOR, 2),
    (Channel.LETTER, 1),
)
PLAIN = re.compile(r"[\u4e00-\u9fff]{2,10}")


@dataclass(frozen=True)
class Told:
    """One story that many complaints share word for word."""

    text: str
    wanted: str
    channel: str


def pool(count: int, chance: Random) -> list[Told]:
    """`count` different stories; the first of them hold the rare words."""
    rows = knowledge.current().rows.values()
    seeds = [plain for row in rows if row.parent and (plain := _plain(w for w, _ in row.seeds))]
    risks = _plain(RiskPhrase.objects.filter(enabled=True).values_list("pattern", flat=True))
    felt = EmotionWord.objects.filter(enabled=True).exclude(emotion=Emotion.CALM)
    feelings = _plain(felt.values_list("word", flat=True))
    told: dict[str, Told] = {}
    while len(told) < count:
        place = RARE[len(told)] if len(told) < len(RARE) else chance.choice(PLACES)
        text, wanted = _composed(chance, seeds, risks, feelings, place)
        told.setdefault(text, Told(text, wanted, str(weighted(chance, CHANNELS))))
    return list(told.values())


def _plain(patterns: Iterable[str]) -> list[str]:
    """Those that are words as they stand, without gaps or alternatives."""
    return [p for p in patterns if PLAIN.fullmatch(p)]


def _composed(
    chance: Random, seeds: list[list[str]], risks: list[str], feelings: list[str], place: str
) -> tuple[str, str]:
    words = chance.choice(seeds)
    first, second = chance.choice(words), chance.choice(words)
    if second == first:
        second = chance.choice(chance.choice(seeds))
    opening = OPENINGS[0] if place in RARE else chance.choice(OPENINGS)
    sentence, wanted = chance.choice(WISHES)
    parts = [
        opening.format(when=chance.choice(WHEN), place=place, goods=chance.choice(GOODS)),
        chance.choice(TROUBLES).format(first=first, second=second),
        chance.choice(CONTACTS),
        f"再这样下去，{chance.choice(risks)}。" if risks and chance.random() < 0.08 else "",
        chance.choice(FEELINGS).format(word=chance.choice(feelings))
        if feelings and chance.random() < 0.45
        else "",
        sentence,
    ]
    return "".join(parts), wanted
