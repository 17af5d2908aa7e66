"""The whole life as one table: for each act where it moves from which status, and who may.

The rows are checked against lifecycle.LIFE: no act moves outside its own lines of that table, every
line has an act (or waits for its issue, below), and in every other status an act is refused with a
sentence and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import NotPermitted, Refused
from huiyin.journey.closure import actions as closure
from huiyin.journey.closure.models import Feedback, Visit
from huiyin.journey.complaint.lifecycle import LIFE, OPEN, Move
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Message
from huiyin.journey.investigation.actions import find
from huiyin.journey.investigation.models import Finding
from huiyin.journey.investigation.rules import FINDABLE
from huiyin.journey.resolution import actions as resolution
from huiyin.journey.resolution.models import Offer, Remedy
from huiyin.journey.routing import actions as routing
from huiyin.journey.routing.models import Assignment
from huiyin.journey.triage import actions as triage
from tests.conftest import person
from tests.roads import ENDED, FOUND, close, fresh, propose, story

pytestmark = pytest.mark.django_db

# Lines of the life cycle whose acts come with their own issues.
LATER = {"登记", "挂起", "解挂", "合并", "撤销合并", "随主件结案", "转出"}
LINES: dict[str, Move] = {move.action.split()[0]: move for move in LIFE}

NOT_SEALED = tuple(s for s in Status if s != Status.ARC)


@dataclass(frozen=True)
class Act:
    """`lines` of LIFE it may move along; `stays`: where it works and moves nothing; `who` may."""

    do: Callable[[Complaint, User], object]
    lines: tuple[str, ...]
    at: Status
    who: str
    stays: tuple[Status, ...] = ()
    offer: str = ""  # the state of the open offer it needs
    then: str = ""  # the line it may walk on along in the same act


def offer_of(complaint: Complaint) -> Offer:
    return complaint.offers.select_related("remedy").get()


def team_of(complaint: Complaint) -> Team:
    assert complaint.team is not None
    return complaint.team


def colleague(complaint: Complaint) -> User:
    return User.objects.get(username="mate")


BOSSES = "lead supervisor manager"
HANDLER = f"handler {BOSSES}"
WHY = "检测报告显示合格，故障由外部电压造成，不属于质量问题"
WRITERS = f"handler mate triager {BOSSES} visitor other other-lead"

ACTS: dict[str, Act] = {
    "分级": Act(
        lambda c, by: triage.confirm(
            c, by=by, category="PD.01.01", severity=c.severity or 3, reason="核对后确认分级"
        ),
        ("分级", "退回"),  # a corrected category takes an unsigned one back to be routed anew
        Status.REG,
        f"handler triager other other-lead {BOSSES}",
        stays=tuple(s for s in OPEN if s not in (Status.NEW, Status.REG)),
    ),
    "不予受理": Act(
        lambda c, by: triage.reject(c, by=by, reason="not_ours", remedies="可拨打 12315 反映情况"),
        ("不予受理",),
        Status.TRI,
        "triager supervisor other",
    ),
    "派单": Act(
        lambda c, by: routing.dispatch(c, by=by, team=team_of(c), to=colleague(c), note="请尽快"),
        ("派单", "转派"),
        Status.TRI,
        f"triager {BOSSES}",
        stays=(Status.DIS,),
    ),
    "签收": Act(lambda c, by: routing.accept(c, by=by), ("签收",), Status.DIS, HANDLER),
    "退回": Act(
        lambda c, by: routing.give_back(c, by=by, reason="不是本组业务"),
        ("退回",),
        Status.DIS,
        HANDLER,
    ),
    "转派": Act(
        lambda c, by: routing.hand_over(c, by=by, to=colleague(c), note="休假，请接手"),
        ("转派", "派单"),
        Status.HND,
        HANDLER,
    ),
    "等待": Act(
        lambda c, by: routing.wait(c, by=by, whom="customer", reason="等客户寄回"),
        ("等待",),
        Status.HND,
        HANDLER,
    ),
    "恢复": Act(lambda c, by: routing.resume(c, by=by), ("恢复",), Status.WCU, HANDLER),
    "方案": Act(
        lambda c, by: propose(c, by, fen=0, remedy="RMD.08"), ("方案",), Status.HND, HANDLER
    ),
    "方案超权限": Act(lambda c, by: propose(c, by, 2_000_000), ("方案",), Status.HND, HANDLER),
    "批准": Act(
        lambda c, by: resolution.decide(offer_of(c), by=by, approve=True),
        ("审批",),
        Status.PAP,
        f"{BOSSES} other-lead",  # who is of another team does not see it (404)
        offer="waiting",
    ),
    "驳回": Act(
        lambda c, by: resolution.decide(offer_of(c), by=by, approve=False, note="请附发票"),
        ("审批",),
        Status.PAP,
        f"{BOSSES} handler finance legal other-lead",  # 处理人: takes his own offer back
        offer="waiting",
    ),
    "客户同意": Act(
        lambda c, by: resolution.agree(offer_of(c), by=by),
        (),
        Status.EXE,
        HANDLER,
        stays=(Status.EXE,),
        offer="offered",
    ),
    "客户不同意": Act(
        lambda c, by: resolution.decline(offer_of(c), by=by),
        ("客户不同意",),
        Status.EXE,
        HANDLER,
        offer="offered",
    ),
    "执行完成": Act(
        lambda c, by: resolution.execute(offer_of(c), by=by, proof="流水号 1"),
        ("执行完成",),
        Status.EXE,
        f"{HANDLER} finance",
        offer="agreed",
    ),
    "不予支持": Act(
        lambda c, by: closure.refuse_claim(c, by=by, reason=WHY, channel="phone"),
        ("不予支持",),
        Status.HND,
        HANDLER,
        then="反馈",  # the letter is the feedback; where a call-back is due it waits for that
    ),
    "反馈": Act(
        lambda c, by: closure.feed_back(c, by=by, measures="换新", result="已送达"),
        ("反馈",),
        Status.RES,
        HANDLER,
    ),
    "回访满意": Act(
        lambda c, by: closure.visit(c, by=by, result="satisfied"),
        (),
        Status.FUV,
        f"visitor {BOSSES} other-lead",
        stays=(Status.FUV,),
    ),
    "回访不满意": Act(
        lambda c, by: closure.visit(c, by=by, result="unsatisfied", words="还是不行"),
        ("重办",),
        Status.FUV,
        f"visitor {BOSSES} other-lead",
    ),
    "重办": Act(
        lambda c, by: closure.rework(c, by=by, reason="凭证不全"),
        ("重办",),
        Status.RES,
        "supervisor manager",
    ),
    "接办重办": Act(lambda c, by: closure.take_up(c, by=by), ("接办重办",), Status.RWK, HANDLER),
    "结案": Act(
        lambda c, by: close(c, by),
        ("结案",),
        Status.FUV,
        f"{HANDLER} visitor",
    ),
    "重开": Act(
        lambda c, by: closure.reopen(c, by=by, reason="又坏了"),
        ("重开",),
        Status.CLO,
        "supervisor manager",
    ),
    "客户说没解决": Act(
        lambda c, by: closure.judge(c, solved=False), ("重办", "重开"), Status.CLO, "*"
    ),
    "归档": Act(lambda c, by: _archive(c), ("归档",), Status.CLO, "*"),
    "撤回": Act(
        lambda c, by: closure.withdraw(c, by=by, reason="客户说算了"),
        ("撤回",),
        Status.HND,
        HANDLER,
    ),
    "作废": Act(
        lambda c, by: closure.cancel(c, by=by, reason="重复登记"), ("作废",), Status.HND, "manager"
    ),
    # Acts that move nothing. 客户来信 ends the waiting for the customer.
    "核实": Act(
        lambda c, by: find(c, by=by, **FOUND), (), Status.HND, HANDLER, stays=tuple(FINDABLE)
    ),
    "回复": Act(
        lambda c, by: conversation.reply(c, by=by, text="正在核实", channel="phone"),
        (),
        Status.HND,
        WRITERS,
        stays=NOT_SEALED,
    ),
    "备注": Act(
        lambda c, by: conversation.note(c, by=by, text="内部备注"),
        (),
        Status.HND,
        f"{WRITERS} legal",
        stays=NOT_SEALED,
    ),
    "客户来信": Act(
        lambda c, by: conversation.customer_wrote(c, by=by, text="补充一下", channel="phone"),
        ("恢复",),
        Status.HND,
        f"handler mate triager {BOSSES} other other-lead",
        stays=NOT_SEALED,
    ),
    "催办": Act(
        lambda c, by: routing.urge(c, by=by, words="请快一点"),
        (),
        Status.HND,
        WRITERS,
        stays=(*OPEN, Status.MRG),
    ),
    "升级": Act(
        lambda c, by: routing.escalate(c, by=by, reason="客户要求主管"),
        (),
        Status.HND,
        WRITERS,
        stays=(*OPEN, Status.MRG),
    ),
}


def _archive(complaint: Complaint) -> None:
    with moment.at(moment.now() + timedelta(days=40)):
        closure.archive_due()
    if not complaint.events.filter(what="archived").exists():
        raise Refused("归档的是别的投诉")


@pytest.fixture
def cast(after_sales, logistics, li):
    """One person of each relation; none of them has another role."""
    own = [after_sales]
    return {
        "handler": li,
        "mate": person("mate", "同组坐席", Role.AGENT, teams=own),
        "other": person("spec", "别组专员", Role.SPECIALIST, teams=[logistics]),
        "other-lead": person("olead", "别组组长", Role.LEAD, teams=[logistics]),
        "triager": person("tri", "分级员", Role.TRIAGER),
        "lead": person("lead", "组长", Role.LEAD, teams=own),
        "supervisor": person("sup", "主管", Role.SUPERVISOR, teams=own),
        "manager": person("mgr", "经理", Role.MANAGER),
        "visitor": person("vis", "回访员", Role.VISITOR),
        "finance": person("fin", "财务", Role.FINANCE),
        "legal": person("leg", "法务", Role.LEGAL),
        "auditor": person("aud", "审计", Role.AUDITOR),
        "sysadmin": person("adm", "系统管理员", Role.SYSADMIN),
    }


@pytest.fixture
def everything(after_sales, cast):
    """Somebody with every role who works on nothing himself: only the status refuses him."""
    return person("omni", "全能", *Role.values, teams=[after_sales])


@pytest.fixture
def stand(make_complaint, after_sales, li):
    """A complaint of 小李 in any status, with all records that an act may ask for."""

    def at(status: Status, offer: str = "") -> Complaint:
        now = moment.now()
        complaint = make_complaint(
            status=status,
            team=after_sales,
            assignee=li,
            severity=3,
            category="PD.01.01",
            order_no="D20261120001",  # closing asks for it where goods are concerned
            emotion="angry",
            resolved_at=now if status in ("RES", "FUV", "CLO", "ARC") else None,
            closed_at=now if status in ("CLO", "ARC") else None,
        )
        given = {"team": after_sales, "assignee": li, "how": "dispatch", "by": li, "at": now}
        accepted = None if status in ("NEW", "REG", "TRI", "DIS") else now
        Assignment.objects.create(complaint=complaint, accepted_at=accepted, **given)
        Finding.objects.create(complaint=complaint, by=li, at=now, **FOUND)
        if status == Status.FUV:
            words = {"channel": "phone", "text": "已送达", "by": li, "at": now}
            message = Message.objects.create(complaint=complaint, kind="outbound", **words)
            Feedback.objects.create(
                complaint=complaint,
                measures="换新",
                result="已送达",
                message=message,
                by=li,
                at=now,
            )
        if offer:
            Offer.objects.create(
                complaint=complaint,
                remedy=Remedy.objects.get(code="RMD.04"),
                basis="售后条款",
                wording="退您一部分货款",
                amount_fen=60_000,
                value_fen=60_000,
                due_on=moment.today(),
                state=offer,
                by=li,
                at=now,
            )
        return fresh(complaint)

    return at


def pairs(line: str) -> set[tuple[Status, Status]]:
    return {(source, target) for source in LINES[line].sources for target in LINES[line].targets}


class Undo(Exception):
    """Everything inside was only tried."""


def tried(act: Act, complaint: Complaint, by: User) -> tuple[str, list[str]]:
    """The status after the act, and what was added to the story; raises what the act raises."""
    before = len(story(complaint))
    outcome: tuple[str, list[str]] = ("", [])
    try:
        with transaction.atomic():
            act.do(complaint, by)
            outcome = fresh(complaint).status, story(complaint)[before:]
            raise Undo
    except Undo:
        return outcome


def called_back(name: str, complaint: Complaint, by: User) -> None:
    """Closing asks for a call-back; the acts of visiting ask that there was none."""
    if name == "结案" and complaint.status == Status.FUV:
        now = moment.now()
        Visit.objects.create(complaint=complaint, result="satisfied", by=by, at=now)


@pytest.mark.parametrize("name", ACTS)
def test_an_act_moves_along_its_own_lines_and_is_refused_elsewhere(name, stand, cast, everything):
    act = ACTS[name]
    moved = {pair for line in act.lines for pair in pairs(line)}
    sources = {source for source, _target in moved}
    if act.then:
        moved |= {(a, c) for a, b in moved for onward, c in pairs(act.then) if b == onward}
    worked = set()
    for status in Status:
        complaint = stand(status, act.offer)
        called_back(name, complaint, cast["visitor"])
        before = story(complaint)
        try:
            after, told = tried(act, complaint, everything)
        except Refused as refused:
            assert str(refused.sentence), status
            assert (fresh(complaint).status, story(complaint)) == (status, before)
            continue
        worked.add(status)
        assert told, (status, "an act that works is told in the story")
        if after == status:
            assert status in act.stays, (status, "works where it should be refused")
        else:
            assert (status, after) in moved, (status, after)
    assert act.at in worked
    assert worked <= sources | set(act.stays)


def test_every_line_of_the_life_cycle_has_an_act_or_waits_for_its_issue():
    walked = {line for act in ACTS.values() for line in act.lines}
    assert set(LINES) - walked == LATER
    assert walked <= set(LINES)


@pytest.mark.parametrize("name", [name for name, act in ACTS.items() if act.who != "*"])
def test_who_may(name, stand, cast):
    act = ACTS[name]
    may = set()
    for who, user in cast.items():
        try:
            with transaction.atomic():  # each in a world of his own: sums add up over complaints
                complaint = stand(act.at, act.offer)
                called_back(name, complaint, cast["visitor"])
                act.do(complaint, User.objects.get(pk=user.pk))
                may.add(who)
                raise Undo
        except Undo:
            continue
        except NotPermitted as refused:
            assert str(refused.sentence)
    assert may == set(act.who.split())


@pytest.mark.parametrize("name", ACTS)
def test_the_archive_is_only_read(name, stand, everything):
    act = ACTS[name]
    complaint = stand(Status.ARC, act.offer)
    with pytest.raises(Refused) as refused:
        tried(act, complaint, everything)
    assert str(refused.value.sentence)
    assert story(complaint) == []


# They write nothing of the complaint: a text is read, the file is printed, one's own scrap dropped.
NO_CHANGE = {
    ("/promises/detect", 200),
    ("/dossier", 200),
    ("/printings", 202),
    ("/options/draft", 204),
}
# Who may look, who the customer is, and what he wishes of us at all, are no change of the record.
OF_NO_RECORD = ("/restriction", "/customer", "/survey-opt-out")


def test_no_program_changes_the_archive_through_any_operation(stand, everything, api):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from huiyin.api import api as huiyin_api

    bodies = {
        "text": "补记", "kind": "note", "reason": "客户说算了", "note": "客户说算了", "words": "快",
        "agreed": True, "approve": True, "proof": "流水号", "measures": "换", "result": "satisfied",
        "remedy": "RMD.08", "basis": "条款", "due_on": str(moment.today()), "team": "aftersales",
        "category": "PD.01.01", "severity": 3, "whom": "customer", "to": "li",
        "remedies": "其他途径",
        **FOUND, **ENDED,
    }  # fmt: skip
    complaint = stand(Status.ARC, "offered")
    client = api(everything)
    tried_operations, went_through = 0, set()
    for path, methods in huiyin_api.get_openapi_schema()["paths"].items():
        if "{number}" not in path or any(part in path for part in OF_NO_RECORD):
            continue
        url = path.replace("{number}", complaint.number)
        url = url.replace("{offer_id}", str(complaint.offers.get().pk))
        for method in set(methods) - {"get"}:
            if "evidence" in url:
                files = {"file": SimpleUploadedFile("a.txt", "证据".encode())}
                answer = client.post(url, files)
            else:
                answer = client.generic(
                    method.upper(), url, as_json(bodies), content_type="application/json"
                )
            tried_operations += 1
            where = path.partition("{number}")[2]
            # Drawn at once, or by the worker while the font is still to be made.
            status = (
                200 if where == "/dossier" and answer.status_code == 202 else answer.status_code
            )
            if status not in (403, 404, 409, 422):
                went_through.add((where, status))
    assert tried_operations > 20
    assert went_through == NO_CHANGE
    assert story(complaint) == []
    assert fresh(complaint).status == Status.ARC


def as_json(body: dict[str, object]) -> str:
    import json

    return json.dumps(body, ensure_ascii=False)
