"""Who is on duty, what people can, and what happens with that: an S1 that nobody answered at first,
a hand-over taken back, another person who answers to the customer, and one S1 that calls right now.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, Status
from huiyin.journey.intake.actions import Contact, register
from huiyin.journey.routing import actions as routing
from huiyin.journey.routing.models import DutyShift, PersonSkill, Rule, Skill
from huiyin.journey.routing.words import Post
from huiyin.surface.demo.story.promised import said
from huiyin.surface.demo.story.story import waking
from huiyin.surface.demo.theatre import Acts, Theatre

# Skill, English, kind, serves; who can it, and how well.
SKILLS = (
    ("english", "英语", "English", "language", "en", {"li": 2, "luo": 3}),
    ("social", "社交媒体应对", "Social media", "channel", "social", {"luo": 3, "wu_x": 1}),
    ("repair", "维修判定", "Repair assessment", "matter", "", {"su_m": 3, "ye_f": 1}),
)
# Post, team, who works on weekdays, who on weekends.
ROSTER = (
    (Post.SUPERVISOR, "aftersales", "chen", "yuan_h"),
    (Post.SUPERVISOR, "quality", "cai_y", "yuan_h"),
    (Post.LEGAL, "", "fang", "fang"),
    (Post.SUPERVISION, "", "du", "du"),
)


def set_up(people: dict[str, User], now: datetime) -> None:
    """Skills, a rule, and the roster of this week and the next."""
    for code, name, name_en, kind, serves, able in SKILLS:
        skill = Skill.objects.create(
            code=code, name=name, name_en=name_en, kind=kind, serves=serves
        )
        for username, level in able.items():
            PersonSkill.objects.create(skill=skill, person=people[username], level=level)
    rule = Rule.objects.create(
        position=10,
        name="英文客户的服务投诉",
        condition={
            "all": [
                {"field": "customer_language", "is": "one_of", "value": ["en"]},
                {"field": "category", "is": "under", "value": ["SV"]},
            ]
        },
        team=Team.objects.get(code="aftersales"),
        source="客服手册 3.2",
    )
    rule.skills.set(Skill.objects.filter(code="english"))
    _roster(people, now)


def _roster(people: dict[str, User], now: datetime) -> None:
    teams = {team.code: team for team in Team.objects.all()}
    today = timezone.localtime(now).date()
    monday = today - timedelta(days=today.weekday())
    shifts = []
    for day in (monday + timedelta(days=n) for n in range(14)):
        opens = timezone.make_aware(datetime.combine(day, time(8, 30)))
        for post, team, weekdays, weekends in ROSTER:
            who = weekdays if day.weekday() < 5 else weekends
            shifts.append(
                DutyShift(
                    post=post,
                    team=teams.get(team),
                    person=people[who],
                    starts_at=opens,
                    ends_at=opens + timedelta(hours=12),
                )
            )
    DutyShift.objects.bulk_create(shifts)


def absent(people: dict[str, User]) -> None:
    """Somebody is away since this morning, and who stands in; another will be next week."""
    now = moment.now()
    for name, deputy, starts, days, reason in (
        ("feng_l", "wu_x", timedelta(hours=-3), 3, "病假"),
        ("zhu_l", "deng_w", timedelta(days=5), 4, "年假"),
    ):
        routing.arrange_absence(
            people[name],
            by=people[name],
            starts_at=now + starts,
            ends_at=now + starts + timedelta(days=days),
            deputy=people[deputy],
            reason=reason,
        )


def duty(people: dict[str, User], theatre: Theatre) -> list[tuple[datetime, Acts]]:
    """When each begins, and how it goes."""
    now = theatre.ends
    return [
        (waking(now - timedelta(days=2, hours=9)), _unanswered(people, theatre)),
        (waking(now - timedelta(days=1, hours=3)), _taken_back(people, theatre)),
        (waking(now - timedelta(days=3, hours=2)), _another_owner(people, theatre)),
        (now - timedelta(minutes=1), _calling(people, theatre)),
    ]


def _received(by: User, name: str, phone: str, text: str, severity: int) -> Complaint:
    contact = Contact(name=name, phone=phone)
    return register(by=by, channel=Channel.PHONE, contact=contact, text=text, severity=severity)


def _fresh(complaint: Complaint) -> Complaint:
    related = Complaint.objects.select_related("customer", "team", "assignee", "owner")
    return related.get(pk=complaint.pk)


def _unanswered(people: dict[str, User], theatre: Theatre) -> Acts:
    """Nobody answers within five minutes; the manager is called too, and takes it."""
    text = "热水器漏电，我母亲洗澡时被电到送了医院，现在还在观察，你们马上派人来处理！"
    made = _received(people["li"], "柏晓峰", "13800004401", text, 1)
    theatre.clocks_of(made.pk)
    yield moment.now() + timedelta(minutes=5)
    routing.pass_rings()
    yield moment.now() + timedelta(minutes=2)
    routing.answer(_fresh(made), by=people["gao"])
    theatre.clocks_of(made.pk)
    yield moment.now() + timedelta(minutes=12)
    words = (
        "柏先生您好，我是经理高远，已联系急救医院并安排工程师一小时内到场断电检查，全程由我负责。"
    )
    said(theatre, _fresh(made), by=people["gao"], text=words, channel=Channel.PHONE)
    theatre.clocks_of(made.pk)


def _taken_back(people: dict[str, User], theatre: Theatre) -> Acts:
    """Handed over to the wrong colleague, and taken back before he signed."""
    text = "电饭煲修了两次还是跳闸，维修点说主板要再等，我不想等了，要求换一台新的。"
    made = _received(people["li"], "殷桂芬", "13800004402", text, 3)
    theatre.clocks_of(made.pk)
    yield moment.now() + timedelta(minutes=20)
    complaint = _fresh(made)
    if complaint.status == Status.TRI:
        routing.take(complaint, by=people["wu_x"])
    else:
        routing.accept(complaint, by=complaint.assignee or people["han"])
    theatre.clocks_of(made.pk)
    yield moment.now() + timedelta(minutes=40)
    complaint = _fresh(made)
    holder = complaint.assignee or people["wu_x"]
    to = people["luo"] if holder != people["luo"] else people["wu_x"]
    routing.hand_over(complaint, by=holder, to=to, note="维修两次的都归专员，请接着谈换新")
    theatre.clocks_of(made.pk)
    yield moment.now() + timedelta(minutes=15)
    routing.pull_back(_fresh(made), by=holder, reason="客户刚来电，答应再等一天，先不换人")
    theatre.clocks_of(made.pk)


def _another_owner(people: dict[str, User], theatre: Theatre) -> Acts:
    text = "退货运费说好由你们承担，结果从退款里扣了 28 元，问了三个客服三种说法。"
    made = _received(people["wu_x"], "邵慧敏", "13800004403", text, 3)
    theatre.clocks_of(made.pk)
    yield moment.now() + timedelta(minutes=50)
    reason = "吴晓燕下周起调岗，后续由李明对客户负责"
    routing.change_owner(_fresh(made), by=people["han"], to=people["li"], reason=reason)
    theatre.clocks_of(made.pk)


def _calling(people: dict[str, User], theatre: Theatre) -> Acts:
    """It calls at this moment: whoever signs in as one of those on duty sees it on every page."""
    text = "孩子吃了你们赠送的果冻后全身起疹、喘不上气，正在去医院路上，请马上联系我！"
    made = _received(people["li"], "凌志远", "13800004404", text, 1)
    theatre.clocks_of(made.pk)
    yield moment.now() + timedelta(days=1)
