"""Which stories are told, by whom, when, and how each of them goes. The same in every run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from huiyin.ground.customers.actions import Contact
from huiyin.ground.people.models import User
from huiyin.journey.complaint.words import Channel, Status
from huiyin.surface.demo.scenes import Scene, read_scenes
from huiyin.surface.demo.story import HOME, Story

SEED = 20
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = [
    "秀兰",
    "建国",
    "丽华",
    "志强",
    "桂英",
    "海燕",
    "文博",
    "晓东",
    "玉梅",
    "立新",
    "春生",
    "雅琴",
    "国栋",
    "婷婷",
    "浩然",
    "子涵",
    "佳怡",
    "俊杰",
    "美玲",
    "德胜",
    "淑珍",
    "思远",
    "雨桐",
    "金凤",
    "永康",
    "小红",
    "一鸣",
    "慧敏",
    "长青",
    "欣悦",
    "宝山",
    "洁",
    "磊",
    "芳",
    "涛",
    "静",
    "鹏",
    "娜",
    "军",
    "霞",
]
HOURS = (9, 9, 10, 10, 10, 11, 11, 13, 14, 14, 15, 15, 16, 17, 18, 19, 19, 20, 20)
MOST_DAYS = 59


def stories(people: dict[str, User], now: datetime) -> Iterator[Story]:
    rng = random.Random(SEED)  # noqa: S311 — a story, no secret
    scenes = _told_often(rng)
    callers = _customers(rng)
    for number, (days, extra) in enumerate(_calendar(rng)):
        scene = scenes[number % len(scenes)]
        own = random.Random(SEED * 1000 + number)  # noqa: S311
        channel = scene.channels[own.randrange(len(scene.channels))]
        yield Story(
            scene=scene,
            people=people,
            contact=callers[(number * 7) % len(callers)] if number % 9 else callers[number % 5],
            channel=channel,
            received_at=_moment(now, days, own, at_night=channel == Channel.PORTAL),
            ends=now,
            rng=own,
            **{"pace": 0.25 + own.random() * 0.6, **extra},
        )


def _told_often(rng: random.Random) -> list[Scene]:
    """Every scene once, then again as others tell it."""
    written = read_scenes()
    told: list[Scene] = []
    for take in range(max(scene.takes for scene in written)):
        turn = [scene.again(take) for scene in written if take < scene.takes]
        rng.shuffle(turn)
        told += turn
    return told


def _customers(rng: random.Random) -> list[Contact]:
    found = []
    for number in range(210):
        name = rng.choice(SURNAMES) + rng.choice(GIVEN)
        phone = f"{rng.choice(('138', '139', '186'))}0000{1000 + number * 37:04d}"
        email = f"customer{number:03d}@example.com" if number % 3 == 0 else ""
        found.append(Contact(name=name, phone=phone, email=email))
    return found


def _moment(now: datetime, days: float, rng: random.Random, *, at_night: bool) -> datetime:
    """A moment so many days ago: in the daytime, unless it is quite near or the portal's."""
    wanted = now - timedelta(days=days)
    if days < 1.5:
        return wanted
    local = wanted.astimezone(HOME)
    hour = rng.randrange(24) if at_night and rng.random() < 0.3 else rng.choice(HOURS)
    return local.replace(hour=hour, minute=rng.randrange(60), second=rng.randrange(60))


# Where today's open ones stand: status, how many, received from … to days ago.
STANDING = (
    (Status.TRI, 5, 0.02, 0.3),
    (Status.DIS, 6, 0.01, 0.15),
    (Status.HND, 10, 0.3, 2.5),
    (Status.WCU, 5, 0.5, 3.0),
    (Status.W3P, 4, 0.8, 3.0),
    (Status.PAP, 5, 0.4, 2.0),
    (Status.EXE, 5, 0.8, 3.0),
    (Status.RES, 5, 0.8, 2.5),
    (Status.FUV, 7, 1.0, 4.0),
    (Status.RWK, 3, 1.5, 5.0),
)
TWISTS = (
    "photo", "", "ask", "report", "", "urge", "third", "judge_yes", "hand_over", "", "unhappy",
    "decline", "missed_call", "", "return", "deny", "fair", "escalate", "li", "", "unsure",
    "supervise", "reopen", "withdraw", "judge_no", "unsure",
)  # fmt: skip


def _calendar(rng: random.Random) -> list[tuple[float, dict[str, object]]]:
    """(days ago, how it goes) of every story."""
    found: list[tuple[float, dict[str, object]]] = []
    for number in range(30):
        days = rng.uniform(3, MOST_DAYS)
        twists = frozenset({TWISTS[number % len(TWISTS)], TWISTS[(number * 5 + 1) % len(TWISTS)]})
        found.append((days, {"twists": twists}))
    for status, many, nearest, farthest in STANDING:
        for _turn in range(many // 3 + 1):
            found.append((rng.uniform(nearest, farthest), {"until": status}))
    return found
