"""Which stories are told, by whom, when, and how each of them goes. The same in every run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from huiyin.ground.customers.actions import Contact
from huiyin.ground.people.models import User
from huiyin.journey.complaint.words import Channel, Status
from huiyin.surface.demo.scenes import Scene, read_scenes
from huiyin.surface.demo.story import HOME, Story
from huiyin.surface.demo.theatre import Theatre

SEED = 20
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = (  # one or two characters each
    "秀兰,建国,丽华,志强,桂英,海燕,文博,晓东,玉梅,立新,春生,雅琴,国栋,婷婷,浩然,子涵,佳怡,俊杰,"
    "美玲,德胜,淑珍,思远,雨桐,金凤,永康,小红,一鸣,慧敏,长青,欣悦,宝山,洁,磊,芳,涛,静,鹏,娜,军,霞"
)
FOREIGN = ("Anna Novak", "Tom Becker", "Maria Costa", "Owen Price", "Ines Laurent", "Jonas Lind")
HOURS = (9, 9, 10, 10, 10, 11, 11, 13, 14, 14, 15, 15, 16, 17, 18, 19, 19, 20, 20)
REGULARS = 5  # people who complain again and again
CUSTOMERS = 210

# Where today's open ones stand: status, how many, received from … to … days ago.
STANDING = (
    (Status.TRI, 5, 0.01, 0.08),
    (Status.DIS, 6, 0.004, 0.08),
    (Status.HND, 9, 0.3, 1.9),
    (Status.WCU, 5, 0.5, 1.9),
    (Status.W3P, 4, 0.8, 1.9),
    (Status.PAP, 5, 0.4, 1.6),
    (Status.EXE, 5, 0.8, 1.9),
    (Status.RES, 5, 0.8, 2.5),
    (Status.FUV, 8, 1.0, 4.0),
    (Status.RWK, 3, 1.5, 4.0),
)
FORGOTTEN = 6  # nobody has touched them for days: they are overdue
PAST, LATELY = 188, 24
# What goes another way than usual, taken in turn.
TURNS = (
    "", "photo", "ask", "report", "", "urge", "", "third", "judge_yes", "unsure", "hand_over", "",
    "unhappy", "extend", "decline", "missed_call", "", "return", "deny", "fair", "", "escalate",
    "li", "unsure", "supervise", "reopen", "", "judge_no", "unsure", "withdraw", "", "photo",
    "late", "cancel", "", "unsure", "report",
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A place in the calendar: received how long ago, and how it goes."""

    days: float
    pace: float = 0.6
    until: str = ""
    twists: frozenset[str] = frozenset()
    mark: str = ""  # only a scene with this mark can be played here


def stories(people: dict[str, User], theatre: Theatre) -> Iterator[Story]:
    rng = random.Random(SEED)  # noqa: S311 — a story, no secret
    scenes = _told(rng)
    for number, part in enumerate(_calendar(rng)):
        own = random.Random(SEED * 1000 + number)  # noqa: S311
        scene = _take(scenes, part)
        channel = scene.channels[own.randrange(len(scene.channels))]
        twists = part.twists | {"reject", "unsure"} if "not_ours" in scene.marks else part.twists
        yield Story(
            scene=scene,
            people=people,
            contact=_contact(number, scene, channel),
            channel=channel,
            received_at=_moment(theatre.ends, part.days, own, portal=channel == Channel.PORTAL),
            theatre=theatre,
            rng=own,
            pace=part.pace,
            until=part.until,
            twists=twists,
        )


def _told(rng: random.Random) -> list[Scene]:
    """Every scene once, then again as others tell it; the next one is at the end."""
    written = read_scenes()
    told: list[Scene] = []
    for take in range(max(scene.takes for scene in written)):
        turn = [scene.again(take) for scene in written if take < scene.takes]
        rng.shuffle(turn)
        told += turn
    return told[::-1]


def _take(scenes: list[Scene], part: Part) -> Scene:
    """The next scene that can be played here."""

    def fits(scene: Scene) -> bool:
        if part.mark:
            return part.mark in scene.marks
        return not (part.until and "not_ours" in scene.marks)

    found = next(scene for scene in reversed(scenes) if fits(scene))
    scenes.remove(found)
    return found


def _contact(number: int, scene: Scene, channel: str) -> Contact:
    """Who tells it: a regular now and then, else somebody who did not come yet, or came once."""
    who = number % REGULARS if number % 9 == 0 else (number * 7) % CUSTOMERS
    mail = f"customer{who:03d}@example.com"
    if "en" in scene.marks:
        name, mail = FOREIGN[number % len(FOREIGN)], f"guest{number:03d}@example.com"
        return Contact(name=name, email=mail)
    own = random.Random(who)  # noqa: S311
    name = own.choice(SURNAMES) + own.choice(GIVEN.split(","))
    phone = f"{own.choice(('138', '139', '186'))}0000{1000 + who * 37:04d}"
    written = channel == Channel.EMAIL or who % 3 == 0
    return Contact(name=name, phone=phone, email=mail if written else "")


def _moment(now: datetime, days: float, rng: random.Random, *, portal: bool) -> datetime:
    """A moment so many days ago: in the daytime, unless it is quite near or the portal's."""
    wanted = now - timedelta(days=days)
    if days < 1.5:
        return wanted
    hour = rng.randrange(24) if portal and rng.random() < 0.3 else rng.choice(HOURS)
    return wanted.astimezone(HOME).replace(
        hour=hour, minute=rng.randrange(60), second=rng.randrange(60)
    )


def _calendar(rng: random.Random) -> Iterator[Part]:
    yield Part(0.06, until=Status.HND, mark="S1")
    yield Part(0.3, until=Status.HND, mark="S1")
    yield Part(0.7, until=Status.EXE, mark="S1")
    yield Part(1.2, until=Status.PAP, mark="S2")
    yield Part(1.1, until=Status.HND, mark="sensitive")
    yield Part(21, twists=frozenset({"report"}), mark="S1")
    for turn in range(PAST):
        yield _past(rng, turn)
    for turn in range(LATELY):
        yield replace(_past(rng, turn * 3 + 1), days=rng.uniform(0.1, 5.0))
    for status, many, nearest, farthest in STANDING:
        for _turn in range(many):
            yield Part(rng.uniform(nearest, farthest), until=status)
    for turn in range(FORGOTTEN):
        silent = frozenset({"silent"} if turn % 2 else {"photo"})
        yield Part(rng.uniform(9, 16), until=Status.HND, twists=silent)


def _past(rng: random.Random, turn: int) -> Part:
    """One that had its time: mostly in time, now and then late."""
    twists = {TURNS[turn % len(TURNS)]}
    if rng.random() < 0.35:
        twists.add(rng.choice(("photo", "report", "fair", "missed_call", "urge", "judge_yes")))
    pace = rng.uniform(1.7, 2.6) if "late" in twists else rng.uniform(0.25, 0.9)
    # More of them in the last weeks: a young product grows.
    return Part(5 + 54 * rng.random() ** 1.15, pace=pace, twists=frozenset(twists - {""}))
