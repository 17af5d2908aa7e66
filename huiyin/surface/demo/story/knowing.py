"""Knowledge in use: clauses quoted and judged, a revision in review, one that ends soon, gaps."""

from __future__ import annotations

from datetime import datetime, timedelta

from huiyin.ground import moment
from huiyin.ground.knowledge import actions as knowledge
from huiyin.ground.knowledge.actions import Text
from huiyin.ground.knowledge.models import Article, Version
from huiyin.ground.knowledge.words import Audience, Kind, Place
from huiyin.ground.people.models import User
from huiyin.journey.complaint.lifecycle import WORKING
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status
from huiyin.journey.guidance import actions as guidance
from huiyin.journey.guidance.words import Into, Verdict

QUOTED = 16  # complaints
TRADE_IN = (
    "空调、冰箱、洗衣机以旧换新：上门时当面验机估价，与页面估价相差 10 % 以内按页面估价；"
    "超过的说明原因，您可以不换，旧机原样留下，不收上门费。"
)
MISSED = (("li", "以旧换新补差价"), ("cao_y", "国补"), ("li", "国补资格"), ("gao_s", "电动车上牌"))


def know(people: dict[str, User], now: datetime) -> None:
    """After everything else was lived through: it changes no complaint's story."""
    editor, second = people["bai"], people["gao"]
    Article.objects.filter(owner=None).update(owner=editor)
    _quote(now)
    _write(editor, second, now)
    for name, words in MISSED:
        if name in people:
            with moment.at(now - timedelta(hours=len(words) * 3)):
                knowledge.missed(words, place=Place.LIST, user=people[name])
    knowledge.missed("发票丢了怎么办", place=Place.HELP)


def _quote(now: datetime) -> None:
    handled = Complaint.objects.filter(status__in=(*WORKING, Status.EXE, Status.CLO))
    rows = handled.exclude(assignee=None).select_related("assignee").order_by("-pk")
    for at, complaint in enumerate(rows[:QUOTED]):
        reader = complaint.assignee
        if reader is None or reader.is_system:
            continue
        with moment.at(min(now, complaint.received_at + timedelta(hours=3))):
            found = guidance.suggestions(complaint, reader, limit=2)
            for one, into in zip(found, (Into.REPLY, Into.READ), strict=False):
                if one.audience == Audience.RESTRICTED:
                    continue
                made = guidance.quote(complaint, by=reader, version=one.version_id, into=into)
                if at % 3 != 2:
                    said = Verdict.NOT_HELPED if at % 8 == 7 else Verdict.HELPED
                    guidance.judge(made, by=reader, verdict=said)


def _write(editor: User, second: User, now: datetime) -> None:
    """A revision in review, a new clause that ends, a draft just begun."""
    review_on = moment.today() + timedelta(days=180)
    revised = Article.objects.get(code="PD-06")
    with moment.at(now - timedelta(days=2)):
        draft = knowledge.revise(revised, by=editor)
        text = Text.of(draft).values()
        text["body"] = draft.body.replace("15 天内本店同款降价", "30 天内本店同款降价")
        text |= {"edition": "2026-12", "change": "保价由 15 天改为 30 天，同业多为 30 天"}
        draft = knowledge.save(draft, by=editor, text=Text(**text), revision=draft.revision)
        knowledge.submit(draft, by=editor)
    with moment.at(now - timedelta(days=20)):
        clause = knowledge.write(
            by=editor,
            kind=Kind.POLICY,
            code="AS-11",
            review_on=review_on,
            text=Text(
                title="年末以旧换新活动的差价",
                title_en="Trade-in of the year's end: the difference",
                body=TRADE_IN,
                source="售后条款",
                edition="2026-11",
                audience=Audience.CUSTOMER,
                categories=("PO.03", "AS.01"),
                keywords=("以旧换新", "旧机", "估价"),
                valid_to=moment.today() + timedelta(days=21),
            ),
        )
        knowledge.submit(clause, by=editor)
        knowledge.approve(Version.objects.get(pk=clause.pk), by=second)
    knowledge.write(
        by=editor,
        kind=Kind.ARTICLE,
        review_on=review_on,
        text=Text(
            title="国家补贴怎样领", body="先核对型号是否在目录内……（待补）", keywords=("国补",)
        ),
    )
