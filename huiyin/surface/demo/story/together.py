"""Complaints that belong together: a mass incident, a merge, a split, links, and what was taken
back. Complaints of their own, so that no other story is disturbed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, Status
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.grouping import actions as grouping
from huiyin.journey.grouping.actions import About, Item
from huiyin.journey.grouping.models import Bond
from huiyin.journey.intake.actions import Circumstances, Contact, register
from huiyin.journey.routing import actions as routing
from huiyin.surface.demo.story.promised import said
from huiyin.surface.demo.story.story import waking
from huiyin.surface.demo.theatre import Acts, Theatre

# Who is told of the delay: name, phone, mail, what he says.
DELAYED = (
    ("贺秀琴", "13800004501", "he.xq@example.com", "洗碗机五天没动，物流一直停在嘉兴分拨中心"),
    ("邹立群", "13800004502", "", "等着装修用的浴霸卡在嘉兴分拨中心，安装师傅白跑一趟"),
    ("石玉兰", "13800004503", "shi.yl@example.com", "冰箱说好周二到，查物流还在嘉兴，一直没有更新"),
    ("康永年", "13800004504", "", "给老人买的制氧机在嘉兴停了四天，非常着急"),
    ("汤佳怡", "13800004505", "tang.jy@example.com", "扫地机器人显示嘉兴中转，客服说查不到车次"),
)
NOTICE = (
    "{name}您好，您的投诉 {number} 已查明：快递在嘉兴分拨中心积压。我们已加派车辆，"
    "预计后天前送到；需要改期或退款请直接回复，我们马上办理。"
)
SAME_BATCH = (
    ("阮文静", "13800004506", "新买的空气炸锅插上就跳闸，换了插座也一样，要求退货"),
    ("聂海峰", "13800004507", "炸锅一开整个屋子断电，和网上别人说的同一批次，要求退款"),
    ("詹晓芸", "13800004508", "空气炸锅开机就跳闸两次，吓得不敢再用，希望换一台"),
)
HEARD = "您好，您说的情况我记下了，由我负责，今天之内给您回话。"
MIXED = (
    "在你们门店买的按摩椅用了两周就不转了，要求退款。另外我要举报店员虚假宣传，"
    "说有医疗器械证，其实没有，请你们查处。"
)


def together(people: dict[str, User], theatre: Theatre) -> list[tuple[datetime, Acts]]:
    """When each begins, and how it goes."""
    now = theatre.ends
    return [
        (waking(now - timedelta(days=3, hours=6)), _delay(people, theatre)),
        (waking(now - timedelta(days=2, hours=4)), _one_batch(people, theatre)),
        (waking(now - timedelta(days=1, hours=8)), _two_matters(people, theatre)),
    ]


def _taken(theatre: Theatre, by: User, contact: Contact, text: str, **said: Any) -> Complaint:
    said.setdefault("channel", Channel.EMAIL if contact.email else Channel.PHONE)
    made = register(by=by, contact=contact, text=text, **said)
    theatre.clocks_of(made.pk)
    return made


def _fresh(complaint: Complaint) -> Complaint:
    related = Complaint.objects.select_related("customer", "team", "assignee")
    return related.get(pk=complaint.pk)


def _signed(complaint: Complaint, theatre: Theatre) -> None:
    """Whoever it was given to signs for it, and says so to the customer."""
    now = _fresh(complaint)
    if now.status == Status.DIS and now.assignee is not None:
        routing.accept(now, by=now.assignee)
        said(theatre, now, by=now.assignee, text=HEARD, channel=Channel.PHONE)
    theatre.clocks_of(now.pk)


def _delay(people: dict[str, User], theatre: Theatre) -> Acts:
    """Parcels that all lie in one place: an incident with members, progress and a notice."""
    owner, members = people["xue_b"], []
    for name, phone, mail, text in DELAYED:
        contact = Contact(name=name, phone=phone, email=mail)
        text += "，要求尽快送到并说明原因。"
        answers = {"waybill_no": f"SD2026{phone[-6:]}"}
        made = _taken(
            theatre, people["zhou"], contact, text, category="DL.01.02", severity=3, fields=answers
        )
        members.append(made)
        yield moment.now() + timedelta(minutes=9)
        _signed(made, theatre)
    about = About("嘉兴分拨中心积压", "DL.01", "顺达快递嘉兴分拨中心", "华东")
    incident = grouping.open_incident(about, by=owner)
    grouping.join_many(incident, [_fresh(one) for one in members], by=people["du"])
    yield moment.now() + timedelta(minutes=50)
    text = "已派车两台到嘉兴接货，每天上午、下午各发一班。"
    grouping.enter(incident, by=owner, kind="note", text=f"与承运商负责人通话：{text}")
    grouping.enter(incident, by=owner, kind="progress", text=text)
    yield moment.now() + timedelta(minutes=25)
    grouping.tell_all(incident, by=owner, text=NOTICE, key=UUID(int=2026))
    grouping.send_copies()
    yield waking(moment.now() + timedelta(hours=18))
    member = grouping.membership_of(members[-1])
    if member is not None:
        grouping.leave(member, by=owner, reason="查车次在杭州，不是嘉兴这一批")
        grouping.put_back(member, by=owner)
        last = grouping.membership_of(members[-2])
        assert last is not None
        grouping.leave(last, by=owner, reason="制氧机走的是另一家承运商，单独加急")
    text = "分拣线两台设备故障，三天积压约 400 件；责任在承运商，已要求书面说明和整改。"
    grouping.enter(incident, by=owner, kind="finding", text=text)
    for one in members:
        theatre.clocks_of(one.pk)


def _one_batch(people: dict[str, User], theatre: Theatre) -> Acts:
    """Three who bought the same batch: two are merged under the first, one is taken back."""
    gao, made = people["gao"], []
    for name, phone, text in SAME_BATCH:
        one = _taken(
            theatre, people["cao_y"], Contact(name=name, phone=phone), text + "。",
            category="PD.01.07", severity=2,
        )  # fmt: skip
        made.append(one)
        yield moment.now() + timedelta(minutes=7)
        _signed(one, theatre)
    master, second, third = made
    first = grouping.link(
        _fresh(second), to=_fresh(third), by=gao, nature="duplicate", reason="说的是同一件事"
    )
    grouping.unlink(first, by=gao, reason="是两位客户，不算重复")
    grouping.link(_fresh(second), to=_fresh(third), by=gao, nature="related", reason="同一批次")
    why = "同一批次的空气炸锅，品控一次查明"
    grouping.merge(_fresh(second), into=_fresh(master), by=gao, reason=why)
    taken_back = grouping.merge(_fresh(third), into=_fresh(master), by=gao, reason=why)
    yield moment.now() + timedelta(minutes=90)
    bond = Bond.objects.select_related(
        "complaint__team", "complaint__assignee", "other__team", "other__assignee"
    ).get(pk=taken_back.pk)
    grouping.unmerge(bond, by=gao, reason="型号核对后不是同一批次")
    handler = _fresh(master).assignee or gao
    yield moment.now() + timedelta(minutes=45)
    text = "{name}您好，{number} 已送品控检测，请先不要再通电，结果会在进展里写明。"
    grouping.reply_to_all(_fresh(master), by=handler, text=text)
    yield moment.now() + timedelta(minutes=150)
    text = "检测要几天？这台炸锅我还要留着吗？"
    conversation.customer_wrote(_fresh(second), by=people["cao_y"], text=text, channel="phone")
    for one in made:
        theatre.clocks_of(one.pk)


def _two_matters(people: dict[str, User], theatre: Theatre) -> Acts:
    """A complaint and a report in one text: split, taken back, and split better."""
    gao = people["gao"]
    contact = Contact(name="尤桂珍", phone="13800004509", email="you.gz@example.com")
    around = Circumstances(concerning="城东店")
    whole = _taken(
        theatre, people["pan_j"], contact, MIXED, category="PD.01.07", severity=3,
        wanted="退款并查处", around=around,
    )  # fmt: skip
    yield moment.now() + timedelta(minutes=11)
    _signed(whole, theatre)
    chair = Item(MIXED.split("另外")[0], wanted="退款", category="PD.01.07", severity=3)
    report = Item("举报店员虚假宣传：说有医疗器械证，其实没有。", wanted="查处")
    why = "投诉和举报混在一起，要分开办理"
    for item in grouping.split(_fresh(whole), items=[chair, chair], by=gao, reason=why):
        theatre.clocks_of(item.pk)
    yield moment.now() + timedelta(minutes=8)
    grouping.unsplit(_fresh(whole), by=gao, reason="两件写成一样了，重新拆")
    for item in grouping.split(_fresh(whole), items=[chair, report], by=gao, reason=why):
        theatre.clocks_of(item.pk)
    theatre.clocks_of(whole.pk)
    yield moment.now() + timedelta(minutes=30)
