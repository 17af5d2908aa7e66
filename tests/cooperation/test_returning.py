"""A task is returned, forwarded, disputed: somebody who is no party rules."""

from __future__ import annotations

import pytest

from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.cooperation import actions as cooperation
from huiyin.journey.cooperation.models import Leg
from tests.conftest import at, person
from tests.cooperation.papers import MONDAY
from tests.together import at_once

# --- returning, sending on, forwarding ---


@pytest.mark.django_db
def test_a_department_returns_once_its_head_a_second_time_and_nobody_a_third(
    ask, jiang, shen, ning, li, qc, warehouse, clock, again
):
    with clock(MONDAY):
        task = ask()
        with pytest.raises(Invalid, match="请指出应由哪个部门"):
            cooperation.give_back(again(task), by=jiang, reason="不归我们")
        cooperation.give_back(again(task), by=jiang, reason="不归我们", owner=warehouse)
        returned = again(task)
        assert (returned.state, returned.clock) == ("returned", None)
        assert returned.current.owner == warehouse
        with pytest.raises(Invalid, match="刚刚退回"):
            cooperation.send_on(again(task), by=li, department=qc)
        cooperation.send_on(again(task), by=li, department=warehouse)
        assert (again(task).department, again(task).state) == (warehouse, "sent")
        cooperation.give_back(again(task), by=ning, reason="是品控的事", owner=qc)
        cooperation.send_on(again(task), by=li, department=qc)
        with pytest.raises(Refused, match="再次退回要由部门负责人决定"):
            cooperation.give_back(again(task), by=jiang, reason="真的不是", owner=warehouse)
        cooperation.give_back(again(task), by=shen, reason="真的不是", owner=warehouse)
        assert Leg.objects.filter(task=task, ended="returned").count() == 3


@pytest.mark.django_db
def test_after_a_working_day_nothing_is_returned(ask, jiang, warehouse, clock, again):
    with clock("2026-11-20 17:00"):  # Friday
        task = ask()
    with clock("2026-11-23 23:59"):  # the Monday after is the working day
        assert not cooperation.working.refusal_of_return(again(task), jiang)
    with clock("2026-11-24 00:01"), pytest.raises(Refused, match="已超过退回期限"):
        cooperation.give_back(again(task), by=jiang, reason="不归我们", owner=warehouse)


@pytest.mark.django_db
def test_only_the_head_forwards_to_another_department_and_three_hops_are_enough(
    ask, jiang, ge, shen, qc, warehouse, li, chen, clock, again
):
    with clock(MONDAY):
        task = ask(handler=jiang)
    with clock("2026-11-23 11:00"):
        with pytest.raises(NotPermitted, match="只有部门负责人可以转给别的部门"):
            cooperation.forward(again(task), by=jiang, department=warehouse, reason="是仓库的事")
        cooperation.hand(again(task), by=jiang, to=ge, reason="我休假")
        assert (again(task).handler, again(task).hops) == (ge, 1)
        assert again(task).clock.due_at == at("2026-11-23 12:00")  # handing on wins no time
        cooperation.forward(again(task), by=shen, department=warehouse, reason="是仓库的事")
    moved = again(task)
    assert (moved.department, moved.handler, moved.hops, moved.state) == (
        warehouse,
        None,
        2,
        "sent",
    )
    assert moved.clock.due_at == at("2026-11-23 14:00")  # lunch does not count
    first, second = task.legs.all()
    assert (first.ended, first.ended_at is not None, second.ended) == ("forwarded", True, "")
    head = person("rong", "荣浩", Role.DEPT_HEAD, department=warehouse)
    cooperation.forward(again(task), by=head, department=qc, reason="又是品控的事")
    with pytest.raises(Refused, match="已经转过三次"):
        cooperation.forward(again(task), by=shen, department=warehouse, reason="不对不对")
    cooperation.hand(again(task), by=shen, to=jiang)  # the first time somebody gets it is no hop
    with pytest.raises(Refused, match="已经转过三次"):
        cooperation.hand(again(task), by=jiang, to=ge)


# --- disputes ---


@pytest.mark.django_db
def test_a_dispute_is_ruled_by_somebody_who_is_no_party_and_then_nobody_returns_it(
    ask, jiang, shen, qc, warehouse, li, chen, du, clock, again
):
    with clock(MONDAY):
        task = ask()
        cooperation.sign(again(task), by=jiang)
        cooperation.dispute(again(task), by=jiang, reason="是运输摔坏的", owner=warehouse)
        assert list(cooperation.waiting_for(du)) == [task]
        assert list(cooperation.waiting_for(chen)) == [task]
        assert not cooperation.waiting_for(li).exists()
        for party in (jiang, shen, li):
            with pytest.raises(NotPermitted, match="争议由督办员或本组主管裁定"):
                cooperation.rule(again(task), by=party, department=qc, reason="就是你们")
        cooperation.rule(again(task), by=du, department=qc, reason="外观完好，属品控")
    ruled = again(task)
    assert (ruled.state, ruled.department, ruled.current.lost) == ("signed", qc, True)
    with clock("2026-11-23 15:00"):
        for act in (cooperation.give_back, cooperation.dispute):
            with pytest.raises(Refused, match="裁定"):
                act(again(task), by=shen, reason="还是不认同", owner=warehouse)
        with pytest.raises(Refused, match="裁定"):
            cooperation.forward(again(task), by=shen, department=warehouse, reason="不认同的")
    assert not cooperation.waiting_for(du).exists()


@pytest.mark.django_db
def test_a_ruling_for_the_department_gives_it_to_the_other_and_counts_nothing_against_it(
    ask, jiang, qc, warehouse, ning, chen, clock, again
):
    with clock(MONDAY):
        task = ask()
        cooperation.dispute(again(task), by=jiang, reason="是运输摔坏的", owner=warehouse)
    with clock("2026-11-27 10:00"):
        clocks.sweep()
        cooperation.rule(again(task), by=chen, department=warehouse, reason="外箱破损")
    first, second = task.legs.all()
    assert (first.ended, first.lost, second.department) == ("ruled", False, warehouse)
    [row] = [
        one
        for one in Leg.objects.numbers(at("2026-11-01 00:00"), at("2026-12-01 00:00"))
        if one["department"] == qc.pk
    ]
    assert (row["tasks"], row["signed_of"], row["answered_of"]) == (1, 0, 0)
    assert (row["disputes"], row["disputes_lost"]) == (1, 0)
    with clock("2026-11-27 11:00"), pytest.raises(Refused, match="已经裁定"):
        cooperation.give_back(again(task), by=ning, reason="不是我们", owner=qc)


@pytest.mark.django_db
def test_our_side_disputes_a_return_and_wins(ask, jiang, qc, warehouse, li, du, again):
    task = ask()
    cooperation.give_back(again(task), by=jiang, reason="不归我们", owner=warehouse)
    cooperation.dispute(again(task), by=li, reason="职责表写明归品控")
    with pytest.raises(NotPermitted):
        cooperation.rule(again(task), by=li, department=qc, reason="就归品控吧")
    cooperation.rule(again(task), by=du, department=qc, reason="按职责表归品控")
    now = again(task)
    assert (now.state, now.department, now.legs.count()) == ("sent", qc, 2)
    assert now.legs.first().lost is True


@pytest.mark.django_db(transaction=True)
def test_of_two_rulings_at_once_one_counts(ask, jiang, qc, warehouse, chen, du, again):
    task = ask()
    cooperation.dispute(again(task), by=jiang, reason="是运输摔坏的")
    results = at_once(
        lambda: cooperation.rule(again(task), by=du, department=qc, reason="归品控办"),
        lambda: cooperation.rule(again(task), by=chen, department=warehouse, reason="归仓储办"),
    )
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert task.disputes.get().decided_by is not None
    assert task.complaint.events.filter(what="task_ruled").count() == 1
