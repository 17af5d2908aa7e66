"""Who watches: supervisions of every level, people who stand aside, findings in depth, evidence
with its record. Complaints of their own, so that no other story is disturbed."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground import moment
from huiyin.ground.people.models import Department, User
from huiyin.journey.complaint.actions import bar, unbar
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, Status
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.actions import Description
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.intake.actions import Contact, register
from huiyin.journey.investigation.actions import Support, find
from huiyin.journey.routing import actions as routing
from huiyin.journey.supervision import actions as supervision
from huiyin.journey.supervision.models import Supervision
from huiyin.journey.supervision.words import Level
from huiyin.surface.demo import files
from huiyin.surface.demo.story.promised import said
from huiyin.surface.demo.story.story import waking
from huiyin.surface.demo.theatre import Acts, Theatre

OVEN = (
    "嵌入式烤箱用到第三天门玻璃自己炸了，玻璃渣溅了一地，差点伤到孩子。打了三次客服，"
    "每次都说会回电，没有一次回。要求换货，并说明原因。"
)
RUDE = (
    "昨天下午打客服电话，工号 2107 的客服态度极差，说“爱退不退”，还挂我电话。"
    "要求道歉，并告诉我处理结果。"
)
LATE = "送来的洗衣机少了一根进水管，催了一周没人补，商场说找厂家，厂家说找商场，到底谁管？"
KNOWN = "门店收银把两件商品扫了两遍，多收 86 元，要求退还差额。"
WAYBILL = {"waybill_no": "SD2026300003"}


def watch(people: dict[str, User], theatre: Theatre) -> list[tuple[datetime, Acts]]:
    """When each begins, and how it goes."""
    now = theatre.ends
    return [
        (waking(now - timedelta(days=4, hours=3)), _posted(people, theatre)),
        (waking(now - timedelta(days=1, hours=5)), _accused(people, theatre)),
        (waking(now - timedelta(days=3, hours=2)), _sent_back(people, theatre)),
        (waking(now - timedelta(days=2, hours=6)), _related(people, theatre)),
    ]


def _taken(theatre: Theatre, by: User, name: str, phone: str, text: str, **said: Any) -> Complaint:
    contact = Contact(name=name, phone=phone)
    made = register(by=by, contact=contact, channel=Channel.PHONE, text=text, **said)
    theatre.clocks_of(made.pk)
    return made


def _fresh(complaint: Complaint) -> Complaint:
    related = Complaint.objects.select_related("customer", "team", "assignee")
    return related.get(pk=complaint.pk)


def _signed(complaint: Complaint, theatre: Theatre, to: User) -> Complaint:
    """In the hands of this person, who signs for it."""
    now, team = _fresh(complaint), to.teams.first()
    if team is not None and now.assignee != to and now.status in (Status.TRI, Status.DIS):
        routing.dispatch(now, by=User.objects.get(username="gao"), team=team, to=to)
    if now.status == Status.DIS and now.assignee is not None:
        routing.accept(now, by=now.assignee)
    theatre.clocks_of(now.pk)
    return now


def _one(watch: Supervision) -> Supervision:
    return Supervision.objects.with_all().get(pk=watch.pk)


def _kept(complaint: Complaint, by: User, upload: Any, **said: Any) -> Evidence:
    described = Description(**said)
    return conversation.add_evidence(
        complaint, by=by, upload=upload, internal=True, described=described
    )


def _posted(people: dict[str, User], theatre: Theatre) -> Acts:
    """Ordinary, raised to posted, measures accepted, lifted; and findings that were corrected."""
    du, li = people["du"], people["li"]
    made = _taken(
        theatre, people["zhou"], "蒋文琴", "13800004601", OVEN, category="PD.01.07", severity=2
    )
    yield moment.now() + timedelta(minutes=25)
    made = _signed(made, theatre, li)
    words = "您好，烤箱的情况我来跟进，今天先安排取回检测。"
    said(theatre, made, by=li, text=words, channel="phone")
    yield waking(moment.now() + timedelta(hours=20))
    made = _fresh(made)
    head = Department.objects.get(code="qc")
    reason = "客户三次来电没有回音，涉及玻璃炸裂，请今天给出说法"
    by_rule = Supervision.objects.filter(complaint=made, department=None, lifted_at=None).first()
    own = by_rule or supervision.begin(made, by=du, level=Level.ORDINARY, reason=reason)
    theirs = supervision.begin(
        _fresh(made),
        by=people["gao"],
        level=Level.ORDINARY,
        reason="请查清同批次玻璃门有没有同样问题，并报送处置措施",
        department=head,
    )
    theatre.clocks_of(made.pk)
    yield waking(moment.now() + timedelta(hours=6))
    photo = _kept(
        _fresh(made),
        li,
        files.photo("PD.01.07", made.pk),
        about="炸裂的门玻璃，边缘无撞击痕",
        source="customer",
    )
    call = _kept(
        _fresh(made),
        li,
        SimpleUploadedFile("通话记录.txt", "03:12 客户：没有碰过门\n".encode(), "text/plain"),
        kind="recording",
        about="第二次来电的通话摘要",
        place="03:12–04:05",
        privacy="personal",
        happened_at=moment.now() - timedelta(days=1),
    )
    find(
        _fresh(made),
        by=li,
        facts="门玻璃自行炸裂，现场没有外力痕迹。客户三次来电均未回电。",
        cause="CAU.1",
        shares=[("RSP.1", 100)],
        whys=["玻璃炸裂", "钢化玻璃有杂质"],
        proofs=[Support(str(photo.uuid), "边缘没有撞击痕迹")],
    )
    text = "今日已电话致歉并约定明早取件；换新机，周五前送到；由李明负责，组长韩梅每天核对一次"
    supervision.file_measures(_one(own), by=li, text=text)
    yield waking(moment.now() + timedelta(hours=15))
    report = _kept(
        _fresh(made),
        li,
        SimpleUploadedFile("检测报告.txt", "第 3 页：硫化镍杂质\n".encode(), "text/plain"),
        kind="lab_report",
        source="third",
        about="第三方检测：钢化玻璃硫化镍杂质超标",
        place="第 3 页",
    )
    find(
        _fresh(made),
        by=li,
        facts="门玻璃自行炸裂，检测为硫化镍杂质超标。客户三次来电均未回电。",
        cause="CAU.1",
        shares=[("RSP.5.1", 70), ("RSP.1", 30)],
        whys=["门玻璃自行炸裂", "钢化玻璃有杂质", "供应商没有做均质处理", "采购标准没有写这一项"],
        recommendation="同批次停售并抽检；采购标准增加均质处理；回电承诺写入交接单",
        proofs=[
            Support(str(photo.uuid), "边缘没有撞击痕迹"),
            Support(str(report.uuid), "硫化镍杂质超标", "第 3 页"),
            Support(str(call.uuid), "客户三次来电未得到回电", "03:12–04:05"),
        ],
    )
    conversation.hold(report, by=people["gao"], reason="供应商索赔，案号 2026-商-118")
    measure = _one(own).measures.get()
    supervision.review(measure, by=du, accept=True, note="措施具体，按期核对")
    supervision.raise_level(
        _one(theirs), by=du, level=Level.POSTED, reason="涉及安全，批次范围还没有说清"
    )
    theatre.clocks_of(made.pk)
    yield waking(moment.now() + timedelta(hours=20))
    supervision.lift(_one(own), by=du, words="已回访客户，新机送到，客户满意")
    text = "已封存同批次 46 台，逐台抽检；周五前给出批次结论；责任人沈卓"
    supervision.file_measures(_one(theirs), by=people["shen"], text=text)
    theatre.clocks_of(made.pk)


def _accused(people: dict[str, User], theatre: Theatre) -> Acts:
    """The accused is barred, and so is a supervisor who knows him; the officer watches."""
    made = _taken(
        theatre, people["zhou"], "龚丽华", "13800004602", RUDE, category="SV.01.07", severity=2
    )
    yield moment.now() + timedelta(minutes=30)
    made = _fresh(made)
    accused = people["feng_l"]
    bar(made, by=people["gao"], person=accused, reason="是被投诉的当事人（工号 2107）")
    made = _signed(made, theatre, people["luo"])
    yield moment.now() + timedelta(minutes=50)
    _kept(
        _fresh(made),
        people["luo"],
        SimpleUploadedFile("录音摘要.txt", "01:20 “爱退不退”\n".encode(), "text/plain"),
        kind="recording",
        about="被投诉通话的录音摘要",
        place="01:20–01:44",
        privacy="sensitive",
    )
    reason = "服务态度投诉，请三日内核实并向客户道歉"
    supervision.begin(_fresh(made), by=people["du"], level=Level.SUMMONS, reason=reason)
    theatre.clocks_of(made.pk)


def _sent_back(people: dict[str, User], theatre: Theatre) -> Acts:
    """Measures that say too little come back and are filed again: they wait for the officer."""
    du, li = people["du"], people["li"]
    made = _taken(
        theatre,
        people["zhou"],
        "柏秀珍",
        "13800004603",
        LATE,
        category="DL.01.02",
        severity=3,
        fields=WAYBILL,
    )
    yield moment.now() + timedelta(minutes=20)
    made = _signed(made, theatre, li)
    yield waking(moment.now() + timedelta(hours=22))
    own = supervision.begin(
        _fresh(made),
        by=people["chen"],
        level=Level.ORDINARY,
        reason="商场与厂家互相推诿，请明确谁负责",
    )
    theatre.clocks_of(made.pk)
    yield waking(moment.now() + timedelta(hours=4))
    measure = supervision.file_measures(_one(own), by=li, text="已在跟进，会尽快给客户答复的")
    yield waking(moment.now() + timedelta(hours=2))
    measure.supervision = _one(own)
    note = "没有写谁负责、什么时候补发，请重报"
    supervision.review(
        measure, by=du, accept=False, note=note, amount=Decimal(6), unit="work_hours"
    )
    theatre.clocks_of(made.pk)
    yield waking(moment.now() + timedelta(hours=3))
    text = "进水管由我方先行补发，明日送达；之后向厂家结算；责任人李明，陈静复核"
    supervision.file_measures(_one(own), by=li, text=text)
    theatre.clocks_of(made.pk)


def _related(people: dict[str, User], theatre: Theatre) -> Acts:
    """A handler stands aside, and comes back when it was a mistake."""
    made = _taken(
        theatre, people["zhou"], "毕建业", "13800004604", KNOWN, category="SV.04.01", severity=4
    )
    yield moment.now() + timedelta(minutes=15)
    made = _signed(made, theatre, people["li"])
    holder = made.assignee
    yield moment.now() + timedelta(minutes=40)
    made = _fresh(made)
    if holder is None or made.assignee != holder:
        return
    bar(made, by=holder, person=holder, reason="客户是我邻居，请换人办理")
    yield waking(moment.now() + timedelta(hours=20))
    unbar(_fresh(made), by=people["gao"], person=holder, reason="核实为同名，不是邻居")
    theatre.clocks_of(made.pk)
