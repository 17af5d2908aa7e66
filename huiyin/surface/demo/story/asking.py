"""Who asks other departments: tasks answered, returned and sent on, disputed, late, and new ones.

Complaints of their own, so that no other story is disturbed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground import moment
from huiyin.ground.people.models import Department, User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, Status
from huiyin.journey.conversation.actions import add_evidence
from huiyin.journey.cooperation import actions as cooperation
from huiyin.journey.cooperation.models import Task, TaskTemplate
from huiyin.journey.cooperation.words import Part, Shows
from huiyin.journey.intake.actions import Contact, register
from huiyin.journey.routing import actions as routing
from huiyin.surface.demo import files
from huiyin.surface.demo.story.story import waking
from huiyin.surface.demo.theatre import Acts, Theatre

COOKER = (
    "上周买的电饭煲，煮饭时底部发烫，有一股焦糊味，插头也变黄了，不敢再用。"
    "要求退货退款，并告诉我是不是这一批都有问题。"
)
WASHER = "洗衣机送到时外箱一角压扁，机身有一道很深的划痕，送货的人说先签收再说。要求换一台新的。"
LABEL = "货架上写第二件半价，结账却按原价收了两件，收银说标签是昨天的没来得及撤。要求退差价。"
RUDE = "打电话问安装时间，接线员说“等着就行，催什么催”，说完就挂了。要求道歉并给出准确时间。"
KETTLE = "电水壶用了三天，壶底出现锈斑，烧的水有铁锈味，孩子喝了两天。要求说明材质并退款。"
SOUP = "买的速食汤打开有一根像头发的东西，照片我拍了，要求退款并说明生产批次。"


def asking(people: dict[str, User], theatre: Theatre) -> list[tuple[datetime, Acts]]:
    """When each begins, and how it goes."""
    now = theatre.ends
    return [
        (waking(now - timedelta(days=5, hours=4)), _answered(people, theatre)),
        (waking(now - timedelta(days=4, hours=2)), _returned(people, theatre)),
        (waking(now - timedelta(days=2, hours=7)), _disputed(people, theatre)),
        (waking(now - timedelta(days=3, hours=6)), _late(people, theatre)),
        (waking(now - timedelta(hours=30)), _more_time(people, theatre)),
        (waking(now - timedelta(hours=5)), _new(people, theatre)),
    ]


def _taken(
    theatre: Theatre, people: dict[str, User], who: tuple[str, str], text: str, **said: Any
) -> Complaint:
    """Registered by telephone, in the hands of 李明, who has signed for it."""
    contact = Contact(name=who[0], phone=who[1])
    made = register(by=people["cao_y"], contact=contact, channel=Channel.PHONE, text=text, **said)
    found = _fresh(made)
    li = people["li"]
    team = li.teams.get()
    if found.status in (Status.TRI, Status.DIS) and found.assignee != li:
        routing.dispatch(found, by=people["zhou"], team=team, to=li)
    found = _fresh(made)
    if found.status == Status.DIS and found.assignee is not None:
        routing.accept(found, by=found.assignee)
    theatre.clocks_of(found.pk)
    return found


def _fresh(complaint: Complaint) -> Complaint:
    related = Complaint.objects.select_related("customer", "team", "assignee")
    return related.get(pk=complaint.pk)


def _now(task: Task) -> Task:
    return Task.objects.with_all().get(pk=task.pk)


def _asked(theatre: Theatre, complaint: Complaint, by: User, code: str, **said: Any) -> Task:
    """A task from the template of this code, to its department unless told otherwise."""
    template = TaskTemplate.objects.filter(code=code).first()
    if template is not None:
        said.setdefault("question", template.question_zh)
        said.setdefault("title", template.title_zh)
        said.setdefault("part", template.part)
        said.setdefault("amount", template.amount)
        said.setdefault("unit", template.unit)
        said.setdefault("to", template.department_code)
    department = Department.objects.get(code=said.pop("to"))
    task = cooperation.send(
        _fresh(complaint), by=by, department=department, template=template, **said
    )
    theatre.clocks_of(complaint.pk)
    return task


def _answered(people: dict[str, User], theatre: Theatre) -> Acts:
    """Quality control traces the batch and its answer is taken; the maker answers by a link."""
    li, jiang = people["li"], people["jiang"]
    made = _taken(
        theatre, people, ("贺晓玲", "13800004101"), COOKER, category="PD.01.07", severity=2
    )
    photo = add_evidence(made, by=li, upload=files.photo("PD.01.07", made.pk), internal=True)
    yield moment.now() + timedelta(minutes=35)
    task = _asked(theatre, made, li, "H04-BATCH", shows=Shows.FILES, files=[photo])
    yield moment.now() + timedelta(minutes=50)
    cooperation.sign(_now(task), by=jiang)
    cooperation.remark(_now(task), by=jiang, text="插头照片能再拍一张背面的吗？")
    theatre.clocks_of(made.pk)
    yield moment.now() + timedelta(minutes=40)
    cooperation.remark(_now(task), by=li, text="客户下午发来，我收到就补给你。")
    yield waking(moment.now() + timedelta(hours=20))
    report = SimpleUploadedFile(
        "批次追溯.txt", "批次 A7：同批 1,200 台，其他反映 3 件\n".encode(), "text/plain"
    )
    cooperation.answer(
        _now(task),
        by=jiang,
        text="批次 A7，同批 1,200 台，另有 3 件类似反映。插片接触不良，属质量问题，建议退货。",
        uploads=[report],
    )
    theatre.clocks_of(made.pk)
    yield waking(moment.now() + timedelta(hours=3))
    cooperation.accept(_now(task), by=li, note="清楚，按质量问题处理")
    maker = _asked(
        theatre,
        made,
        li,
        "",
        to="anxin",
        title="说明 A7 批次插片来源",
        question="请说明 A7 批次插片的供货来源、进货检验记录，以及整改安排。",
        shows=Shows.QUESTION,
    )
    link, _address = cooperation.issue(
        _now(maker), by=li, name="安心小家电厂 · 质量经理", email="quality.anxin@example.com"
    )
    yield waking(moment.now() + timedelta(hours=22))
    system = User.objects.system()
    cooperation.answer(
        _now(maker),
        by=system,
        text="A7 批次插片由二级供应商提供，抽检记录见附件。已停用该供应商，库存全检。",
        uploads=[
            SimpleUploadedFile("抽检记录.txt", "抽检 80 件，不良 6 件\n".encode(), "text/plain")
        ],
        link=link,
    )
    theatre.clocks_of(made.pk)


def _returned(people: dict[str, User], theatre: Theatre) -> Acts:
    """Sent to the wrong department, returned with the right owner, sent on, worked on there."""
    li = people["li"]
    made = _taken(
        theatre,
        people,
        ("钟伟强", "13800004102"),
        WASHER,
        category="DL.02.01",
        severity=3,
        order_no="D261100004102",
        fields={"waybill_no": "YT100000004102", "carrier": "own"},
    )
    yield moment.now() + timedelta(minutes=45)
    task = _asked(theatre, made, li, "H04-BATCH", part=Part.CO)
    yield moment.now() + timedelta(minutes=70)
    cooperation.give_back(
        _now(task),
        by=people["jiang"],
        reason="外箱压痕和划痕是运输造成，与品质无关",
        owner=Department.objects.get(code="warehouse"),
    )
    theatre.clocks_of(made.pk)
    yield moment.now() + timedelta(minutes=25)
    warehouse = Department.objects.get(code="warehouse")
    cooperation.send_on(_now(task), by=li, department=warehouse, reason="请仓储查出库照片")
    theatre.clocks_of(made.pk)
    yield moment.now() + timedelta(minutes=30)
    cooperation.sign(_now(task), by=people["ning"])
    yield moment.now() + timedelta(hours=4)
    cooperation.answer(
        _now(task),
        by=people["ning"],
        text="出库照片外箱完好，已向承运商提出理赔，可以先给客户换新。",
    )
    theatre.clocks_of(made.pk)


def _disputed(people: dict[str, User], theatre: Theatre) -> Acts:
    """The store says it is merchandising's matter: it waits for the officer."""
    li = people["li"]
    made = _taken(
        theatre, people, ("黎美华", "13800004103"), LABEL, category="PD.04.04", severity=3
    )
    yield moment.now() + timedelta(minutes=40)
    task = _asked(
        theatre,
        made,
        li,
        "H12-STORE",
        to="store-east",
        part=Part.LEAD,
    )
    yield moment.now() + timedelta(hours=3)
    cooperation.sign(_now(task), by=people["mei"])
    cooperation.dispute(
        _now(task),
        by=people["mei"],
        reason="标签由商品运营部统一下发和撤换，门店无权修改",
        owner=Department.objects.get(code="goods"),
    )
    theatre.clocks_of(made.pk)


def _late(people: dict[str, User], theatre: Theatre) -> Acts:
    """Nobody signs: late in signing, late in answering, told to the head."""
    li = people["li"]
    made = _taken(
        theatre,
        people,
        ("程一鸣", "13800004104"),
        RUDE,
        category="SV.01.01",
        severity=3,
        fields={"staff_member": "工号 2107"},
    )
    yield moment.now() + timedelta(minutes=30)
    _asked(theatre, made, li, "H06-RECORDING")


def _more_time(people: dict[str, User], theatre: Theatre) -> Acts:
    """The laboratory takes long: more time is asked for, and waits for 李明."""
    li, jiang = people["li"], people["jiang"]
    made = _taken(
        theatre, people, ("沈佳怡", "13800004105"), KETTLE, category="PD.01.07", severity=3
    )
    yield moment.now() + timedelta(minutes=30)
    task = _asked(theatre, made, li, "H04-BATCH", amount=Decimal(3))
    yield moment.now() + timedelta(minutes=55)
    cooperation.sign(_now(task), by=jiang)
    yield moment.now() + timedelta(hours=2)
    cooperation.ask_more_time(
        _now(task),
        by=jiang,
        amount=Decimal(2),
        reason="材质要送华东质量检测中心，报告周期两个工作日",
    )
    theatre.clocks_of(made.pk)


def _new(people: dict[str, User], theatre: Theatre) -> Acts:
    """Today's tasks: to sign on the desks of quality control and of the warehouse."""
    li = people["li"]
    made = _taken(theatre, people, ("韦小军", "13800004106"), SOUP, category="PD.01.07", severity=2)
    yield moment.now() + timedelta(minutes=20)
    _asked(theatre, made, li, "H04-BATCH", contact=True)
    _asked(
        theatre,
        made,
        li,
        "",
        to="warehouse",
        title="同批库存暂停发货",
        question="请暂停同批次速食汤发货，报现有库存数量和库位。",
        amount=Decimal(8),
        unit="hours",
    )
