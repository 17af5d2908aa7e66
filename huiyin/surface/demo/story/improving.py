"""What is improved because of complaints: one in each state, and two bulletins. Complaints of their
own, so that no other story is disturbed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground import moment
from huiyin.ground.people.models import Department, Team, User
from huiyin.journey.closure import actions as closure
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, Status
from huiyin.journey.improvement import actions as improvement
from huiyin.journey.improvement.models import Bulletin, Improvement, Kind
from huiyin.journey.intake.actions import Contact, register
from huiyin.surface.demo.story.story import waking
from huiyin.surface.demo.theatre import Acts, Theatre

POT = "商品页写电饭煲容量 5 升，收到量了只有 4 升，客服说以实物为准，要求页面改过来。"
CALL = "打了两次电话，坐席都说保修从发票日算，第三个人又说从签收日算，到底按哪个？"
GLASS = "同一批玻璃锅盖好几位邻居都说有裂纹，我这个也有一道，批次号 GB2609，要求检测和更换。"
COUPON = "优惠券领了不显示，下单时系统说已过期，客服让我等，活动都结束了。"


def improving(people: dict[str, User], theatre: Theatre) -> list[tuple[datetime, Acts]]:
    """When each begins, and how it goes."""
    now = theatre.ends
    return [
        (waking(now - timedelta(days=57, hours=4)), _helped(people, theatre)),
        (waking(now - timedelta(days=52, hours=3)), _did_not_help(people, theatre)),
        (waking(now - timedelta(days=45, hours=2)), _to_judge(people, theatre)),
        (waking(now - timedelta(days=9, hours=4)), _page(people, theatre)),
        (waking(now - timedelta(days=4, hours=5)), _supplier(people, theatre)),
        (waking(now - timedelta(days=3, hours=6)), _training(people, theatre)),
        (waking(now - timedelta(days=2, hours=3)), _not_needed(people, theatre)),
    ]


def _taken(theatre: Theatre, by: User, name: str, phone: str, text: str, code: str) -> Complaint:
    contact = Contact(name=name, phone=phone)
    made = register(by=by, contact=contact, channel=Channel.PHONE, text=text, category=code)
    theatre.clocks_of(made.pk)
    return made


def _short_kind() -> str:
    """What agents say shows within a month whether it helped."""
    Kind.objects.get_or_create(
        code="script",
        defaults={
            "name_zh": "统一答复口径",
            "name_en": "One answer for all",
            "department_code": "callcentre",
            "amount": 2,
            "unit": "work_days",
            "steps_zh": "写明旧说法错在哪里\n起草新口径并送审\n通知坐席",
            "steps_en": "Say what was wrong\nDraft the new answer\nTell the agents",
            "effect_days": 30,
            "target_percent": 40,
            "source": "演示",
            "position": 35,
        },
    )
    return "script"


def _one(it: Improvement) -> Improvement:
    return Improvement.objects.with_all().get(pk=it.pk)


def _begun(
    complaint: Complaint, by: User, theatre: Theatre, kind: str, title: str, text: str, to: str
) -> Improvement:
    department = Department.objects.get(code=to)
    plan = improvement.Plan(kind=kind, title=title, text=text, department=department)
    it = improvement.begin([complaint], by=by, plan=plan)
    theatre.clocks_of(complaint.pk)
    return it


def _settled(complaint: Complaint, by: User, theatre: Theatre) -> None:
    """The customer has what he wanted; what is to be improved goes on."""
    now = Complaint.objects.get(pk=complaint.pk)
    if now.may_become(Status.WDR) and "safety" not in now.risks:
        closure.withdraw(now, by=by, reason="客户来电：已经说清楚，希望改好，不用再回复")
    theatre.clocks_of(now.pk)


def _done(it: Improvement, by: User, text: str, proof: str) -> None:
    for step in it.steps.filter(done_at=None):
        step.improvement = _one(it)
        improvement.tick(step, by=by, done=True)
    paper = SimpleUploadedFile("整改前后对照.txt", proof.encode(), "text/plain")
    improvement.report(_one(it), by=by, text=text, files=[paper])


def _verified(it: Improvement, by: User, note: str) -> None:
    report = it.reports.get(verdict="waiting")
    report.improvement = _one(it)
    improvement.verify(report, by=by, passed=True, note=note)


def _watched(people: dict[str, User], theatre: Theatre, name: str, phone: str, title: str) -> Acts:
    """Opened, done, verified by quality; then thirty days pass and it is counted."""
    made = _taken(theatre, people["zhou"], name, phone, CALL, "SV.01.06")
    yield moment.now() + timedelta(hours=2)
    text = "坐席说法不一致，保修起算以签收日为准，需要统一口径并通知到人"
    it = _begun(made, people["han"], theatre, _short_kind(), title, text, "callcentre")
    yield moment.now() + timedelta(hours=1)
    _settled(made, people["zhou"], theatre)
    yield waking(moment.now() + timedelta(hours=20))
    head = people["bo_l"]
    _done(_one(it), head, "新口径已发布，晨会宣讲并抽问五人", "旧：发票日\n新：签收日\n")
    yield moment.now() + timedelta(hours=3)
    _verified(_one(it), people["tao"], "抽听十通录音，口径一致")
    yield moment.now() + timedelta(days=30, hours=1)
    improvement.count_effects()


def _last(title: str) -> Improvement:
    return Improvement.objects.with_all().filter(title=title).latest("pk")


def _helped(people: dict[str, User], theatre: Theatre) -> Acts:
    title = "统一保修起算日的答复"
    yield from _watched(people, theatre, "邵立新", "13800004701", title)
    yield waking(moment.now() + timedelta(hours=6))
    if _last(title).stage == "judging":
        words = "抽查坐席答复一致，未再出现同样的来电"
        improvement.judge(_last(title), by=people["du"], effective=True, words=words)


def _did_not_help(people: dict[str, User], theatre: Theatre) -> Acts:
    """The numbers did not fall: opened again, and late by now."""
    title = "统一退货运费由谁承担的答复"
    yield from _watched(people, theatre, "阮青", "13800004702", title)
    yield waking(moment.now() + timedelta(hours=8))
    if _last(title).stage == "judging":
        words = "夜班坐席没有参加宣讲，同样的来电没有减少"
        again = improvement.judge(_last(title), by=people["du"], effective=False, words=words)
        if again is not None:
            theatre.clocks_of(again.lead_id)


def _to_judge(people: dict[str, User], theatre: Theatre) -> Acts:
    yield from _watched(people, theatre, "池方", "13800004703", "统一价保申请时限的答复")


def _page(people: dict[str, User], theatre: Theatre) -> Acts:
    """A page corrected within a working day; its effect is watched, and a bulletin tells of it."""
    made = _taken(theatre, people["zhou"], "岑秋云", "13800004704", POT, "PD.02.01")
    yield moment.now() + timedelta(hours=1)
    text = "商品页容量写 5 升，实物 4 升；按实物更正，并核对同系列其他型号"
    it = _begun(made, people["chen"], theatre, "page", "更正 4 升电饭煲的容量描述", text, "goods")
    yield moment.now() + timedelta(hours=1)
    _settled(made, people["zhou"], theatre)
    yield moment.now() + timedelta(hours=3)
    _done(_one(it), people["tong_y"], "已更正并核对同系列三个型号", "改前：5 升\n改后：4 升\n")
    yield moment.now() + timedelta(hours=2)
    _verified(_one(it), people["tao"], "页面、直播间、小程序均已核对")
    bulletin = improvement.publish(
        by=people["chen"],
        title="4 升电饭煲页面已更正，请按新描述答复",
        text="商品页此前误写 5 升，现已更正为 4 升。更正前下单的客户可无理由退货，运费由我们承担。",
        due_at=moment.now() + timedelta(days=2),
        teams=[Team.objects.get(code="aftersales")],
        improvement=_one(it),
    )
    yield waking(moment.now() + timedelta(hours=18))
    _read(bulletin, but=("li", "wu_x"))


def _supplier(people: dict[str, User], theatre: Theatre) -> Acts:
    """Traced to the supplier; sent back once, now it waits for somebody else's word."""
    made = _taken(theatre, people["zhou"], "柯明辉", "13800004705", GLASS, "PD.01.07")
    yield moment.now() + timedelta(hours=1)
    text = "玻璃锅盖批次 GB2609 出现裂纹，追溯供应商的均质处理记录，决定是否下架"
    it = _begun(made, people["gao"], theatre, "supply", "追溯玻璃锅盖批次 GB2609", text, "qc")
    yield moment.now() + timedelta(hours=1)
    _settled(made, people["zhou"], theatre)
    yield waking(moment.now() + timedelta(hours=23))
    _done(_one(it), people["shen"], "已封存同批次，供应商正在补材料", "封存 46 件\n")
    yield moment.now() + timedelta(hours=3)
    report = it.reports.get(verdict="waiting")
    report.improvement = _one(it)
    note = "还没有供应商的原因分析和纠正措施，请补齐再报"
    improvement.verify(report, by=people["du"], passed=False, note=note)
    theatre.clocks_of(made.pk)
    yield waking(moment.now() + timedelta(hours=28))
    text = "供应商确认漏做均质处理，已停供；采购标准增加均质报告；同批次全部下架"
    _done(_one(it), people["shen"], text, "原因：均质炉停用两天\n措施：停供、改标准、下架\n")


def _training(people: dict[str, User], theatre: Theatre) -> Acts:
    """Half of the way; and a bulletin to departments that is overdue for some."""
    made = _taken(theatre, people["zhou"], "乔安", "13800004706", COUPON, "PO.03.01")
    yield moment.now() + timedelta(hours=1)
    text = "坐席没有按流程登记系统缺陷，让客户自己等；培训缺陷登记和临时补偿的做法"
    it = _begun(
        made, people["han"], theatre, "training", "培训系统缺陷的登记与安抚", text, "callcentre"
    )
    yield moment.now() + timedelta(hours=1)
    _settled(made, people["zhou"], theatre)
    yield waking(moment.now() + timedelta(hours=5))
    step = it.steps.first()
    if step is not None:
        step.improvement = _one(it)
        improvement.tick(step, by=people["bo_l"], done=True)
    bulletin = improvement.publish(
        by=people["du"],
        title="玻璃锅盖批次 GB2609 停售，请各部门核对库存",
        text="批次 GB2609 存在裂纹风险，已停售。请核对库存、退货和样品，当日封存并回报数量。",
        due_at=moment.now() + timedelta(days=1),
        departments=list(
            Department.objects.filter(code__in=("qc", "goods", "warehouse", "stores"))
        ),
    )
    yield waking(moment.now() + timedelta(hours=5))
    _read(bulletin, but=("shen", "qi_m", "ge_y"))
    yield moment.now() + timedelta(days=1)
    improvement.remind_readers()


def _not_needed(people: dict[str, User], theatre: Theatre) -> Acts:
    """Opened, and on a second look nothing is to be done."""
    made = _taken(theatre, people["zhou"], "宗瑞", "13800004707", POT, "PD.02.01")
    yield moment.now() + timedelta(hours=1)
    text = "客户说容量不符，请核对页面"
    it = _begun(made, people["chen"], theatre, "page", "核对电饭煲容量描述", text, "goods")
    yield moment.now() + timedelta(hours=3)
    words = "页面一周前已经更正，客户看的是旧截图"
    improvement.dismiss(_one(it), by=people["chen"], words=words)
    _settled(made, people["zhou"], theatre)


def _read(bulletin: Bulletin, *, but: tuple[str, ...]) -> None:
    """All but some, who find it above their pages."""
    for one in bulletin.readings.select_related("user").exclude(user__username__in=but):
        improvement.confirm_reading(bulletin, by=one.user)
