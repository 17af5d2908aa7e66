"""How it is negotiated: rounds with counter-offers, a change that waits to be seen, talks that are
stuck, what three must sign, and the budgets of the month. Complaints of their own."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta
from typing import Any

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, Status
from huiyin.journey.intake.actions import Contact, register
from huiyin.journey.investigation.actions import find
from huiyin.journey.resolution import actions as resolution
from huiyin.journey.resolution.models import Budget, Offer, Remedy
from huiyin.journey.routing import actions as routing
from huiyin.surface.demo.story.story import waking
from huiyin.surface.demo.theatre import Acts, Theatre

DENT = "冰箱侧面送来就有一处凹痕，能用，但花了 4280 元买新的，不想就这么算了，要求补偿或换货。"
SOFA = "沙发脚垫少一个，等了两周没人补，现在要求退一部分钱，不想再等了。"
FAKE = "标着进口原装的滤芯，拆开是国产贴牌，页面写的是假的，要求退一赔三。"
SECOND_HAND = "买的新手机激活日期是三个月前，客服说可能是展示机，要求退货并说明。"

STEP = 500_000  # fen: budgets are round sums


def negotiating(people: dict[str, User], theatre: Theatre) -> list[tuple[datetime, Acts]]:
    """When each begins, and how it goes."""
    now = theatre.ends
    return [
        (waking(now - timedelta(days=3, hours=4)), _two_rounds(people, theatre)),
        (waking(now - timedelta(days=1, hours=6)), _changed(people, theatre)),
        (waking(now - timedelta(days=5, hours=3)), _stuck(people, theatre)),
        (waking(now - timedelta(days=1, hours=3)), _three_sign(people, theatre)),
        (now - timedelta(minutes=5), _budgets(theatre)),
    ]


def _budgets(theatre: Theatre) -> Acts:
    """Of this month, made last so that no story asks them: of one not much is left."""
    day = theatre.ends.date()
    first = day.replace(day=1)
    last = day.replace(day=monthrange(day.year, day.month)[1])
    source = "2026 年客户补偿预算，财务部核定"
    for code, left in (("aftersales", 115), ("logistics", 300), ("", 400)):
        team = Team.objects.filter(code=code).first() if code else None
        made = Budget(team=team, first_day=first, last_day=last, source=source)
        used = resolution.budget_state(made).used_fen
        made.amount_fen = max(1, used * left // 100 // STEP) * STEP
        made.save()
    yield moment.now() + timedelta(minutes=1)


def _in_hand(
    theatre: Theatre, people: dict[str, User], who: str, text: str, **said: Any
) -> Complaint:
    """Registered, dispatched and signed for by this person, with a finding."""
    name, phone, facts = said.pop("name"), said.pop("phone"), said.pop("facts")
    contact = Contact(name=name, phone=phone)
    made = register(by=people["zhou"], contact=contact, channel=Channel.PHONE, text=text, **said)
    theatre.clocks_of(made.pk)
    made, to = _fresh(made), people[who]
    team = to.teams.first()
    if team is not None and made.assignee != to and made.status in (Status.TRI, Status.DIS):
        routing.dispatch(made, by=people["gao"], team=team, to=to)
    if made.status == Status.DIS:
        routing.accept(made, by=to)
    find(made, by=to, facts=facts, cause="CAU.1", liability="RSP.1")
    theatre.clocks_of(made.pk)
    return made


def _fresh(complaint: Complaint) -> Complaint:
    related = Complaint.objects.select_related("customer", "team", "assignee")
    return related.get(pk=complaint.pk)


def _draft(code: str, basis: str, fen: int = 0, **told: Any) -> resolution.Draft:
    remedy = Remedy.objects.get(code=code)
    due = moment.today() + timedelta(days=remedy.days)
    return resolution.Draft(remedy, basis, "", due, amount_fen=fen, **told)


def _round(complaint: Complaint, by: User, *drafts: resolution.Draft) -> list[Offer]:
    return resolution.propose_round(complaint, by=by, drafts=drafts)


def _two_rounds(people: dict[str, User], theatre: Theatre) -> Acts:
    """A choice of two, the customer asks for more, the lead lets the second round through."""
    luo, han = people["luo"], people["han"]
    made = _in_hand(
        theatre,
        people,
        "luo",
        DENT,
        name="沈玉兰",
        phone="13800005101",
        category="PD.02.01",
        severity=3,
        facts="送货照片已见凹痕，运输所致，不影响使用",
    )
    yield moment.now() + timedelta(hours=2)
    refund = _draft("RMD.04", "《消费者权益保护法》第二十四条；按瑕疵程度协商减价", 20_000)
    goods = {"goods": "同款冰箱一台", "freight_by": "us"}
    exchange = _draft("RMD.02", "《消费者权益保护法》第二十四条", fields=goods)
    [first, _second] = _round(made, luo, refund, exchange)
    resolution.tell(first, by=luo, channel="phone")
    yield waking(moment.now() + timedelta(hours=20))
    made = _fresh(made)
    resolution.counter(
        made,
        by=luo,
        words="换货太折腾，退 600 元我就留着用。",
        amount_fen=60_000,
        remedy=refund.remedy,
        heard_by=Channel.PHONE,
    )
    yield moment.now() + timedelta(hours=1)
    [offer] = _round(made, luo, _draft("RMD.04", "按瑕疵程度协商减价，约一成四", 60_000))
    yield waking(moment.now() + timedelta(hours=2))
    resolution.decide(offer, by=han, approve=True, note="凹痕明显，同意")


def _changed(people: dict[str, User], theatre: Theatre) -> Acts:
    """The lead lowers the sum and approves that; the proposer has not looked yet."""
    luo, han = people["luo"], people["han"]
    made = _in_hand(
        theatre,
        people,
        "luo",
        SOFA,
        name="贺晓明",
        phone="13800005102",
        category="AS.01.03",
        severity=3,
        facts="脚垫漏发，仓库暂时无货，两周内不能补齐",
    )
    yield moment.now() + timedelta(hours=2)
    [offer] = _round(made, luo, _draft("RMD.04", "售后条款：缺件可按件减价", 80_000))
    yield waking(moment.now() + timedelta(hours=3))
    lower = _draft("RMD.04", "售后条款：缺件可按件减价", 52_000)
    reason = "脚垫单价加安装约 500 元，按 520 元给，另催仓库补货"
    resolution.change(offer, by=han, draft=lower, reason=reason)


def _stuck(people: dict[str, User], theatre: Theatre) -> Acts:
    """Refused three times: the panel proposes to escalate."""
    li = people["li"]
    made = _in_hand(
        theatre,
        people,
        "li",
        SECOND_HAND,
        name="龚立平",
        phone="13800005103",
        category="PD.01.10",
        severity=3,
        facts="激活记录早于销售日期，疑为展示机",
    )
    for note in ("只道歉不行", "要换货，不接受解释", "说了三次了，请主管来谈"):
        yield waking(moment.now() + timedelta(hours=18))
        made = _fresh(made)
        fields = {"by_whom": "handler", "form": "phone"}
        [offer] = _round(made, li, _draft("RMD.08", "服务规范：致歉并说明原因", fields=fields))
        yield moment.now() + timedelta(hours=1)
        resolution.decline(offer, by=li, note=note)


def _three_sign(people: dict[str, User], theatre: Theatre) -> Acts:
    """Three times the price, however small: the manager has signed, finance and legal have not."""
    luo, gao = people["luo"], people["gao"]
    made = _in_hand(
        theatre,
        people,
        "luo",
        FAKE,
        name="欧阳静",
        phone="13800005104",
        category="IN.01.01",
        severity=3,
        facts="商品页标注与实物产地不符，供应商已承认",
    )
    yield moment.now() + timedelta(hours=3)
    steps = [
        {"label": "商品价款", "value": "¥199.00", "source": "订单"},
        {"label": "增加赔偿：价款的三倍", "value": "¥597.00", "source": "第五十五条"},
    ]
    fraud = _draft(
        "RMD.15",
        "《消费者权益保护法》第五十五条",
        79_600,
        fields={"goods": "净水滤芯一支"},
        calculation=steps,
        order_fen=19_900,
    )
    [offer] = _round(made, luo, fraud)
    yield waking(moment.now() + timedelta(hours=1))
    resolution.decide(offer, by=gao, approve=True)
