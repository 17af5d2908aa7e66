"""Keeping customers informed in the rhythm of their policy; asking for time and for a pause.

What is asked for are complaints of their own, so that no other story is disturbed.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.worktime.models import calendar
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.clocks.models import Clock, Suspension
from huiyin.journey.clocks.words import ClockKind, RequestState, SuspendReason
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, Status
from huiyin.journey.intake.actions import Contact, register
from huiyin.journey.routing import actions as routing
from huiyin.surface.demo.story.promised import said
from huiyin.surface.demo.story.story import Story, waking
from huiyin.surface.demo.theatre import Acts, Theatre

PROGRESS = (
    "您好，您的投诉正在核实，今天已经联系了仓库和厂家，有结果会第一时间告诉您。",
    "您好，向您同步一下进展：资料已经齐了，正在等对方书面回复。",
    "您好，您的事情我还在跟进，预计明天能给您明确的答复。",
)
FORGETS = 0.12  # of those who are in time elsewhere, so many forget it once

FRIDGE = "冰箱买来一周冷藏室就不制冷，上门看过说要等压缩机配件，东西都坏了，要求尽快修好或者换新。"
TREADMILL = "跑步机异响，客服让我录视频，我这周出差在外地录不了，希望等我回来再处理，不要关掉。"
BLENDER = "料理机转速越来越慢，打不碎冰块，送去检测说要好几天，想知道什么时候有结果，能不能先退款。"
SOFA = "沙发到货颜色和订的不一样，厂家说要查染料批次，我要求按订单颜色换货。"


def keeps_informed(it: Story) -> Acts:
    """Tells the customer how it stands whenever it is nearly time, beside the story itself."""
    dice = random.Random(f"{it.scene.code} {it.received_at}")  # noqa: S311 — a play
    while True:
        update = _update(it.complaint.pk)
        if update is None:
            return
        wanted = update.due_at - (update.due_at - update.started_at) * 0.2
        yield waking(max(wanted, moment.now() + timedelta(minutes=3)))
        again, found = _update(it.complaint.pk), _fresh(it.complaint.pk)
        if again is None or found.status in (Status.NEW, Status.SUS) or not found.is_open:
            return
        if again.pk != update.pk:
            continue
        if it.pace > 1 or dice.random() < FORGETS:
            return
        by = found.assignee or it.people["gao"]
        said(it.theatre, found, by=by, text=dice.choice(PROGRESS), channel=Channel.PHONE)
        it.theatre.clocks_of(found.pk)


def _update(complaint: int) -> Clock | None:
    mine = Clock.objects.own().running().filter(complaint=complaint, kind=ClockKind.UPDATE)
    return mine.first()


def _fresh(pk: int) -> Complaint:
    return Complaint.objects.select_related("customer", "team", "assignee").get(pk=pk)


def pausing(people: dict[str, User], theatre: Theatre) -> list[tuple[datetime, Acts]]:
    """When each begins, and how it goes."""
    now = theatre.ends
    return [
        (waking(now - timedelta(days=2, hours=5)), _suspended(people, theatre)),
        (waking(now - timedelta(hours=26)), _suspension_waits(people, theatre)),
        (waking(now - timedelta(hours=30)), _time_waits(people, theatre)),
        (waking(now - timedelta(days=2, hours=2)), _time_refused(people, theatre)),
    ]


def _taken(theatre: Theatre, people: dict[str, User], who: tuple[str, str], text: str) -> Complaint:
    """Registered by telephone, signed for by 李明, who has answered once."""
    contact = Contact(name=who[0], phone=who[1])
    made = register(
        by=people["cao_y"],
        contact=contact,
        channel=Channel.PHONE,
        text=text,
        category="PD.01.07",
        severity=3,
    )
    li, found = people["li"], _fresh(made.pk)
    if found.assignee != li:
        routing.dispatch(found, by=people["zhou"], team=li.teams.get(), to=li)
    found = _fresh(made.pk)
    if found.status == Status.DIS:
        routing.accept(found, by=li)
    text = "您好，我是处理您投诉的李明，情况已经了解，我马上去核实。"
    said(theatre, _fresh(made.pk), by=li, text=text, channel=Channel.PHONE)
    theatre.clocks_of(made.pk)
    return _fresh(made.pk)


def _asked(complaint: Complaint, by: User, code: str, note: str, days: int) -> Suspension:
    works = calendar("office")
    day = works.workday_after(works.day_of(moment.now()), days)
    return clocks.ask_suspension(
        _fresh(complaint.pk), by=by, reason_code=code, note=note, wake_on=day
    )


def _suspended(people: dict[str, User], theatre: Theatre) -> Acts:
    """Until the part is there; the supervisor agrees."""
    made = _taken(theatre, people, ("温晓东", "13800004301"), FRIDGE)
    yield moment.now() + timedelta(hours=2)
    note = "厂家函告压缩机下周初到货，已附回函；客户同意等"
    _asked(made, people["li"], SuspendReason.SUPPLY, note, 5)
    yield moment.now() + timedelta(minutes=40)
    asked = Suspension.objects.get(complaint=made, state=RequestState.ASKED)
    clocks.decide_suspension(asked, by=people["chen"], approve=True, channel=Channel.PHONE)
    theatre.clocks_of(made.pk)


def _suspension_waits(people: dict[str, User], theatre: Theatre) -> Acts:
    """Nobody has decided yet."""
    made = _taken(theatre, people, ("顾一鸣", "13800004302"), TREADMILL)
    yield moment.now() + timedelta(hours=2)
    note = "客户出差，电话约定回来后补录视频再处理"
    _asked(made, people["li"], SuspendReason.AGREED_DATE, note, 4)


def _time_waits(people: dict[str, User], theatre: Theatre) -> Acts:
    """The lead has a request for a day more in the inbox."""
    made = _taken(theatre, people, ("邵敏", "13800004303"), BLENDER)
    yield moment.now() + timedelta(hours=3)
    _more(made, people["li"], "第三方检测要到后天出报告，需要报告才能定责")


def _time_refused(people: dict[str, User], theatre: Theatre) -> Acts:
    """The lead says no, and why."""
    made = _taken(theatre, people, ("姚可", "13800004304"), SOFA)
    yield moment.now() + timedelta(hours=3)
    _more(made, people["li"], "厂家还在查染料批次，没有给出时间")
    yield moment.now() + timedelta(hours=1)
    request = made.extension_requests.get(state=RequestState.ASKED)
    words = "批次问题不影响换货，先按订单颜色换，今天就能给客户方案"
    clocks.decide_extension(request, by=people["han"], approve=False, words=words)
    theatre.clocks_of(made.pk)


def _more(complaint: Complaint, by: User, reason: str) -> None:
    clocks.ask_extension(
        _fresh(complaint.pk), by=by, kind=ClockKind.RESOLUTION, amount=Decimal(1), reason=reason
    )
