"""Time that is not ours: pauses, what ends them, and the explanation that never disagrees."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from huiyin.journey.clocks.actions import explained
from huiyin.journey.clocks.models import Clock
from huiyin.journey.clocks.why import why
from huiyin.journey.conversation.actions import customer_wrote
from huiyin.journey.routing import actions as routing
from huiyin.journey.triage.actions import confirm
from tests.conftest import at
from tests.roads import fresh, propose

pytestmark = pytest.mark.django_db
MORNING = "2026-11-25 10:00"


@pytest.fixture
def working(taken_in, quality_agent, clock):
    complaint = fresh(taken_in(MORNING))
    with clock("2026-11-25 10:10"):
        routing.accept(complaint, by=quality_agent)
    return complaint


def resolution(complaint) -> Clock:
    return complaint.clocks.get(kind="resolution")


def wait(complaint, by, whom="customer"):
    routing.wait(complaint, by=by, whom=whom, reason="请客户补发票照片，预计一天")


def test_waiting_for_the_customer_stops_the_clock_and_his_answer_starts_it(
    working, quality_agent, li, clock
):
    with clock("2026-11-26 09:00"):
        wait(working, quality_agent)
    paused = resolution(working)
    assert paused.paused_at == at("2026-11-26 09:00")
    assert paused.due_at == at("2026-12-01 00:00")  # nothing has moved yet
    assert fresh(working).next_due_kind == "first_response"
    with clock("2026-11-27 16:00"):
        customer_wrote(fresh(working), by=li, text="照片发给你们了", channel="phone")
    gone_on = resolution(working)
    # Nothing had counted before the 26th; the 27th does not count: three working days after it.
    assert gone_on.due_at == at("2026-12-03 00:00")
    pause = gone_on.pauses.get()
    assert (pause.whom, pause.by, pause.ended_at) == (
        "customer",
        quality_agent,
        at("2026-11-27 16:00"),
    )
    assert pause.reason == "请客户补发票照片，预计一天"
    assert pause.evidence == working.events.get(what="waited")


@pytest.mark.parametrize(("whom", "pauses"), [("testing", True), ("third", False)])
def test_a_test_stops_the_clock_and_another_department_does_not(
    working, quality_agent, clock, whom, pauses
):
    with clock("2026-11-26 09:00"):
        wait(working, quality_agent, whom)
    assert (resolution(working).paused_at is not None) is pauses


def test_a_critical_one_stands_still_for_nobody(taken_in, chen, clock):
    complaint = fresh(taken_in(MORNING, severity=1))
    with clock("2026-11-25 10:10"):
        routing.accept(complaint, by=chen)
        wait(complaint, chen)
    assert resolution(complaint).paused_at is None


@pytest.mark.parametrize("act", ["propose", "hand over"])
def test_whatever_ends_the_wait_banks_the_time(working, quality_agent, clock, act, manager):
    from huiyin.ground.people.words import Role
    from tests.conftest import person

    with clock("2026-11-26 09:00"):
        wait(working, quality_agent)
    complaint = fresh(working)
    with clock("2026-11-26 15:00"):
        if act == "propose":
            propose(complaint, quality_agent)
        else:
            mate = person("mate", "同组", Role.AGENT, teams=[complaint.team])
            routing.hand_over(complaint, by=quality_agent, to=mate, note="客户在等发票")
    clock_ = resolution(complaint)
    assert clock_.paused_at is None
    assert clock_.due_at == at("2026-12-02 00:00")


def test_raised_to_critical_while_waiting_the_clock_runs_again(
    working, quality_agent, zhou, chen, clock
):
    with clock("2026-11-25 11:00"):
        wait(working, quality_agent)
    with clock("2026-11-25 12:00"):
        confirm(fresh(working), by=zhou, category="PD.01.07", severity=1)
    raised = resolution(working)
    assert raised.paused_at is None
    assert raised.policy == "SLA-CRIT"
    assert raised.due_at == at("2026-11-26 11:00")  # 24 hours, and the banked one


def test_what_was_late_before_the_wait_stays_late(working, quality_agent, clock):
    with clock("2026-12-01 10:00"):
        wait(working, quality_agent)
    with clock("2026-12-02 10:00"):
        routing.resume(fresh(working), by=quality_agent)
    assert resolution(working).due_at == at("2026-12-01 00:00")


ROADS = [
    ["wait", "resume"],
    ["wait", "raise", "resume"],
    ["raise", "wait", "resume", "lower"],
    ["wait", "resume", "wait", "resume", "extend"],
    ["extend", "wait", "lower", "resume", "extend again"],
    ["wait", "close early"],
    ["wait"],
    ["lower", "raise", "lower"],
]


@pytest.mark.parametrize("road", ROADS, ids="-".join)
def test_explained_is_always_due(working, quality_agent, zhou, manager, clock, road):
    from huiyin.journey.clocks.actions import extend
    from huiyin.journey.closure.actions import cancel

    for number, act in enumerate(road):
        complaint = fresh(working)
        with clock(f"2026-11-26 {9 + number:02}:20"):
            if act == "wait":
                wait(complaint, quality_agent)
            elif act == "resume":
                routing.resume(complaint, by=quality_agent)
            elif act in ("raise", "lower"):
                severity = 2 if act == "raise" else 4
                reason = "已核实，情况有变化"
                confirm(complaint, by=zhou, category="PD.01.07", severity=severity, reason=reason)
            elif act.startswith("extend"):
                extend(
                    complaint,
                    by=manager,
                    kind="resolution",
                    amount=Decimal(1),
                    reason="等厂家回件",
                    channel="phone",
                )
            else:
                cancel(complaint, by=manager, reason="重复登记，作废")
            for one in complaint.clocks.all():
                assert explained(one).at == one.due_at, (act, one)
                assert why(one)


def test_the_reasons_are_sentences_that_end_in_the_same_minute(working, quality_agent, clock):
    with clock("2026-11-27 09:00"):
        wait(working, quality_agent)
    with clock("2026-11-30 09:00"):
        routing.resume(fresh(working), by=quality_agent)
    lines = why(resolution(working))
    assert lines[0] == "按时限政策 SLA-STD（第 1 版）：3 工作日"
    assert "从 2026-11-25 10:00 起算" in lines
    assert "11-25 周三 当天不计" in lines
    assert "11-26 周四 计 1 天" in lines
    assert "2026-11-27 09:00 至 2026-11-30 09:00 停表，不计时" in lines
    assert "12-01 周二 至 12-02 周三 计 2 天" in lines
    assert "到 2026-12-02 24:00 为止" in lines
    assert lines[-1] == "最初的期限是 2026-11-30 24:00"


def test_the_api_tells_pauses_and_reasons(working, quality_agent, clock, api, sun):
    with clock("2026-11-26 09:00"):
        wait(working, quality_agent)
    answer = api(quality_agent).get(f"/api/v1/complaints/{working.number}/clocks")
    found = {one["kind"]: one for one in answer.json()}
    assert found["resolution"]["pauses"][0]["whom"] == "customer"
    assert found["resolution"]["pauses"][0]["by"] == "he"
    assert found["resolution"]["why"][-1].endswith("停表，恢复后期限相应后移")
    assert datetime.fromisoformat(found["resolution"]["due_at"]) == at("2026-12-01 00:00")
    assert api(sun).get(f"/api/v1/complaints/{working.number}/clocks").status_code == 404


def test_the_panel_shows_the_reasons(working, quality_agent, signed_in):
    page = signed_in(quality_agent).get(f"/complaints/{working.number}/")
    assert page.status_code == 200
    assert "按时限政策 SLA-STD" in page.content.decode()
