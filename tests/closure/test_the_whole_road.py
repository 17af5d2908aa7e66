"""One complaint walks the whole road over /api/v1, each step by the token of who takes it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.journey.closure import actions as closure
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Letter
from huiyin.surface.notices.actions import tell_approvers, thank_customer
from huiyin.surface.notices.models import Notice
from tests.conftest import at, person
from tests.roads import fresh

pytestmark = pytest.mark.django_db

STORY = "上周买的电饭煲第一天就不加热，打了三次客服都说等通知，我很生气，要求退款。"


VISITED_TWICE = ["callback_tried", "visited", "callback_done", "visited"]


class Walk:
    """Calls the API as one person after the other, and looks where the complaint stands."""

    def __init__(self, api):
        self.api, self.number, self.clients = api, "", {}

    def __call__(self, user, place="", body=None, expect=200):
        client = self.clients.setdefault(user.pk, self.api(user))
        url = f"/api/v1/complaints{f'/{self.number}' if self.number else ''}{place}"
        if body is None:
            answer = client.get(url)
        else:
            answer = client.post(url, body, content_type="application/json")
        assert answer.status_code == expect, (url, answer.status_code, answer.content.decode())
        return answer.json()

    def stands(self, user, *, status, public, clocks, story):
        """Status, the public word, the clocks that run, and the last lines of the story."""
        seen = self(user)
        running = {c.kind for c in Complaint.objects.get(number=self.number).clocks.running()}
        assert (seen["status"], seen["public_state"]) == (status, public)
        assert running == set(clocks)
        assert [line["what"] for line in seen["story"]][-len(story) :] == story
        assert (seen["due_at"] is None) == (not clocks)


def test_the_whole_road(api, li, chen, zhou, sun, after_sales, desk):
    he = person("he", "何回访", Role.VISITOR)
    walk = Walk(api)
    day = at("2026-11-23 10:00")

    # 受理: the number, the code, the time limits; the customer hears of it
    with moment.at(day):
        contact = {"name": "王芳", "phone": "13800138000", "email": "wf@example.com"}
        body = {"channel": "phone", "contact": contact, "text": STORY, "wanted": "退款"}
        body["order_no"] = "D20261120001"  # where goods are concerned closing asks for it
        made = walk(zhou, body=body, expect=201)
        assert made["tracking_code"]
        walk.number = made["number"]
        complaint = Complaint.objects.get(number=walk.number)
        thank_customer(complaint.events.get(what="received"))
        assert walk.number in Letter.objects.get(purpose="received").subject
        walk(sun, expect=404)

    # 分级: confirmed or corrected by a person
    with moment.at(day + timedelta(minutes=10)):
        walk(zhou, "/triage", {"category": "PD.01.01", "severity": 3, "reason": "质量问题"}, 201)
        seen = walk(zhou)
        assert (seen["category_confirmed"], seen["severity"]) == (True, 3)
        assert seen["public_state"] == "waiting"

    # 派单 and 签收
    with moment.at(day + timedelta(minutes=20)):
        walk(zhou, "/assignment", {"team": "aftersales", "to": "li", "note": "请尽快"})
        walk.stands(
            li,
            status="DIS",
            public="waiting",
            clocks=["sign_in", "first_response", "resolution"],
            story=["dispatched"],
        )
        walk(sun, "/acceptance", {}, expect=404)
        walk(li, "/acceptance", {})
        walk.stands(
            li,
            status="HND",
            public="working",
            clocks=["first_response", "resolution"],
            story=["accepted"],
        )

    # 核实, and a first word to the customer
    with moment.at(day + timedelta(hours=1)):
        walk(li, "/messages", {"kind": "outbound", "text": "正在为您核实", "channel": "phone"}, 201)
        found = {"facts": "加热盘接触不良", "cause": "CAU.1", "liability": "RSP.1"}
        walk(li, "/findings", found, 201)
        walk.stands(
            li,
            status="HND",
            public="working",
            clocks=["resolution", "update"],
            story=["replied", "found"],
        )

    # 方案 above the handler's limit: somebody else approves it
    with moment.at(day + timedelta(hours=2)):
        offer = walk(
            li,
            "/offers",
            {
                "remedy": "RMD.01",
                "basis": "消费者权益保护法第二十四条",
                "due_on": "2026-11-26",
                "amount_fen": 29_900,
            },
            201,
        )
        assert (offer["state"], offer["waits_for"][0]) == ("waiting", "lead")
        walk.stands(
            li, status="PAP", public="working", clocks=["resolution", "update"], story=["proposed"]
        )
        tell_approvers(fresh(complaint).events.get(what="proposed"))
        assert Notice.objects.filter(user=chen).exists()
        one = f"/offers/{offer['id']}"
        walk(li, f"{one}/approval", {"approve": True}, expect=403)
        walk(li, f"{one}/execution", {"proof": "流水号"}, expect=409)
        walk(chen, f"{one}/approval", {"approve": True, "note": "同意"})
        walk.stands(
            li, status="EXE", public="working", clocks=["resolution", "update"], story=["approved"]
        )

    # 告知, 同意, 执行
    with moment.at(day + timedelta(hours=3)):
        walk(li, f"{one}/telling", {})
        assert walk(li, f"{one}/answer", {"agreed": True, "note": "好"})["state"] == "agreed"
        walk(li, f"{one}/execution", {"proof": "退款流水 20261123"})
        walk(li, f"{one}/execution", {"proof": "再付一次"}, expect=409)
        walk.stands(
            li,
            status="RES",
            public="working",
            clocks=["feedback"],
            story=["replied", "agreed", "promised", "executed", "promise_kept"],
        )

    # 反馈, then a call-back, since the customer was angry
    with moment.at(day + timedelta(hours=4)):
        walk(li, "/closure", closing(), expect=409)
        walk(li, "/feedback", {"measures": "退货退款", "result": "已原路退回"}, 201)
        walk.stands(
            li,
            status="FUV",
            public="working",
            clocks=["visit"],
            story=["fed_back", "callback_asked"],
        )
        walk(li, "/visits", {"result": "satisfied"}, expect=403)
        walk(sun, "/visits", {"result": "satisfied"}, expect=404)
    with moment.at(day + timedelta(days=1)):
        walk(he, "/visits", {"result": "not_reached"}, 201)
        walk(he, "/closure", closing(), expect=409)
        walk(he, "/visits", {"result": "satisfied", "words": "钱收到了"}, 201)
        walk.stands(he, status="FUV", public="working", clocks=[], story=VISITED_TWICE)

    # 结案 asks for everything
    with moment.at(day + timedelta(days=1, hours=1)):
        walk(li, "/closure", closing(cause="没有"), expect=422)
        assert walk(li, "/closure", closing(), 201)["by"] == "li"
        walk.stands(li, status="CLO", public="solved", clocks=[], story=["closed"])

    # 归档 after thirty days, and no way back
    with moment.at(day + timedelta(days=31)):
        assert closure.archive_due() == 0
    with moment.at(day + timedelta(days=32)):
        assert closure.archive_due() == 1
        walk.stands(li, status="ARC", public="solved", clocks=[], story=["archived"])
        refused = walk(chen, "/reopening", {"reason": "又坏了"}, expect=409)
        assert "请新登记一条" in refused["detail"]
        walk(li, "/messages", {"kind": "note", "text": "补记"}, expect=409)

    told = [line["what"] for line in walk(li)["story"]]
    assert told[0] == "received"
    assert [t for t in told if t in {"rejected", "denied", "reworked", "clock_missed"}] == []


def closing(**changed):
    return {
        "outcome": "upheld",
        "cause": "CAU.1",
        "liability": "RSP.1",
        "remedy": "RMD.01",
        "satisfaction": "satisfied",
        "improvement": True,
        **changed,
    }
