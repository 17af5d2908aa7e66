"""A task is sent: to whom, by whom, with which limits."""

from __future__ import annotations

from decimal import Decimal

import pytest

from huiyin.ground import moment
from huiyin.ground.people.models import Department
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.complaint.models import ComplaintAccess
from huiyin.journey.complaint.words import Sight
from huiyin.journey.cooperation import actions as cooperation
from huiyin.journey.cooperation.models import Task
from tests.conftest import at
from tests.cooperation.conftest import QUESTION
from tests.cooperation.papers import MONDAY
from tests.roads import fresh
from tests.together import at_once

# --- sending ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_task_is_sent_with_two_limits_of_the_departments_calendar(ask, qc, jiang, clock):
    with clock(MONDAY):
        task = ask()
    assert (task.state, task.title, task.part) == (
        "sent",
        "请追溯电饭煲的生产批次，附检验记录和同批投诉",
        "co",
    )
    leg = task.current
    assert (leg.sign_clock.due_at, leg.clock.due_at) == (
        at("2026-11-23 12:00"),
        at("2026-11-26 00:00"),
    )
    assert {c.subject for c in task.complaint.clocks.exclude(subject="")} == {f"task:{task.pk}"}
    assert leg.clock.label == f"品控部：{task.title}"
    event = task.complaint.events.get(what="task_sent")
    assert event.facts == {"task": task.pk, "to": "品控部", "name": task.title, "part": "co"}
    assert QUESTION not in str(event.facts)


@pytest.mark.django_db
def test_an_s1_is_signed_within_half_an_hour_of_the_wall_clock(
    make_complaint, after_sales, ask, li, qc, clock
):
    with clock("2026-11-22 03:00"):  # Sunday, at night
        urgent = make_complaint(team=after_sales, assignee=li, status="HND", severity=1)
        task = ask(complaint=urgent, amount=Decimal(4), unit="hours")
    assert task.current.sign_clock.due_at == at("2026-11-22 03:30")
    assert task.current.clock.due_at == at("2026-11-22 07:00")


@pytest.mark.django_db
def test_who_may_send(ask, chen, zhou, sun, jiang, admin, manager):
    for user in (chen, zhou, manager):
        assert ask(by=user).by == user
    for user in (sun, jiang, admin):
        with pytest.raises(NotPermitted, match="只有处理人、分级员和本组主管"):
            ask(by=user)


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["CLO", "ARC", "WDR", "REJ"])
def test_what_has_ended_asks_nobody(make_complaint, after_sales, ask, li, status):
    ended = make_complaint(team=after_sales, assignee=li, status=status)
    with pytest.raises(Refused, match="已经结束"):
        ask(complaint=ended)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"department": None}, "department"),
        ({"question": " "}, "question"),
        ({"question": "长" * 4001}, "question"),
        ({"amount": Decimal("1.5"), "unit": "work_days"}, "amount"),
        ({"amount": Decimal(0), "unit": "hours"}, "amount"),
        ({"amount": Decimal(2), "unit": "weeks"}, "amount"),
        ({"amount": Decimal(900), "unit": "days"}, "amount"),
        ({"part": "boss"}, "part"),
        ({"shows": "all"}, "shows"),
    ],
)
def test_what_cannot_be_sent_says_where_the_fault_is(ask, wrong, field):
    with pytest.raises(Invalid) as refused:
        ask(**wrong)
    assert set(refused.value.fields) == {field}
    assert not Task.objects.exists()


@pytest.mark.django_db
def test_a_retired_department_a_stranger_and_the_accused_are_not_asked(
    ask, qc, jiang, ning, complaint, li, warehouse
):
    with pytest.raises(Invalid, match="宁远 不是 品控部 的人员"):
        ask(handler=ning)
    ComplaintAccess.objects.create(
        complaint=complaint, user=jiang, sight=Sight.BARRED, by=li, at=moment.now()
    )
    with pytest.raises(Invalid, match="江涛 应当回避"):
        ask(handler=jiang)
    Department.objects.filter(pk=warehouse.pk).update(retired_at=moment.now())
    with pytest.raises(Invalid, match="请选择部门或单位"):
        ask(department=Department.objects.get(pk=warehouse.pk))


@pytest.mark.django_db
def test_one_leads(ask, warehouse):
    lead = ask(part="lead")
    with pytest.raises(Invalid, match="已经有主办部门"):
        ask(part="lead", department=warehouse)
    ask(department=warehouse)
    cooperation.cancel(lead, by=lead.by, reason="改由仓储主办")
    assert ask(part="lead", department=warehouse).part == "lead"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_a_lead_task_at_once_one_does(ask, complaint, qc, warehouse):
    results = at_once(
        lambda: ask(complaint=fresh(complaint), part="lead"),
        lambda: ask(complaint=fresh(complaint), part="lead", department=warehouse),
    )
    assert sorted(type(one).__name__ for one in results) == ["Invalid", "Task"]
    assert Task.objects.count() == 1
