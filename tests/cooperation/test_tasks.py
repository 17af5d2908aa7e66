"""The life of a task: more time, lateness, its end, who sees it, and what stays."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from huiyin.ground import moment
from huiyin.ground.people.models import Department, User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.complaint.models import Complaint, ComplaintAccess
from huiyin.journey.complaint.words import Sight
from huiyin.journey.cooperation import actions as cooperation
from huiyin.journey.cooperation.lifecycle import LIFE, MOVES, OPEN
from huiyin.journey.cooperation.models import Answer, Leg, Remark, Task
from huiyin.journey.cooperation.words import State
from tests.conftest import at, person, team
from tests.cooperation.papers import MONDAY
from tests.roads import fresh

# --- more time, cancelling, lateness ---


@pytest.mark.django_db
def test_more_time_is_asked_and_granted_before_expiry(ask, jiang, li, clock, again):
    with clock(MONDAY):
        task = ask()
        cooperation.sign(again(task), by=jiang)
        for wrong in (Decimal(3), Decimal("0.5"), None):
            with pytest.raises(Invalid):
                cooperation.ask_more_time(again(task), by=jiang, amount=wrong, reason="送检要时间")
        asked = cooperation.ask_more_time(
            again(task), by=jiang, amount=Decimal(2), reason="送检要时间"
        )
        with pytest.raises(Refused, match="已经有一份延期申请"):
            cooperation.ask_more_time(again(task), by=jiang, amount=Decimal(1), reason="还要时间")
        assert list(cooperation.more_time_for(li)) == [asked]
        with pytest.raises(NotPermitted):
            cooperation.decide_more_time(asked, by=jiang, granted=True)
        cooperation.decide_more_time(asked, by=li, granted=True)
        assert again(task).clock.due_at == at("2026-11-28 00:00")
        with pytest.raises(Refused, match="已经有了决定"):
            cooperation.decide_more_time(asked, by=li, granted=False, note="不行不行")
        with pytest.raises(Refused, match="已不能再延长"):
            cooperation.ask_more_time(again(task), by=jiang, amount=Decimal(1), reason="还要时间")


@pytest.mark.django_db
def test_a_refusal_of_more_time_says_why_and_after_expiry_nobody_asks(ask, jiang, li, clock, again):
    with clock(MONDAY):
        task = ask()
        asked = cooperation.ask_more_time(
            again(task), by=jiang, amount=Decimal(1), reason="送检要时间"
        )
        with pytest.raises(Invalid, match="不同意时请写明原因"):
            cooperation.decide_more_time(asked, by=li, granted=False)
        cooperation.decide_more_time(asked, by=li, granted=False, note="客户等不了")
    with clock("2026-11-26 08:00"), pytest.raises(Refused, match="答复时限已到"):
        cooperation.ask_more_time(again(task), by=jiang, amount=Decimal(1), reason="送检要时间")
    with clock("2026-11-26 08:00"):
        late = ask()
        asked = cooperation.ask_more_time(
            again(late), by=jiang, amount=Decimal(1), reason="送检要时间"
        )
    with clock("2026-12-02 08:00"), pytest.raises(Refused, match="已经到期"):
        cooperation.decide_more_time(asked, by=li, granted=True)
    asked.refresh_from_db()
    assert asked.granted is None


@pytest.mark.django_db
def test_what_is_late_is_told_once_and_counts_for_the_department(ask, jiang, qc, clock, again):
    with clock(MONDAY):
        task = ask()
    with clock("2026-11-26 08:00"):
        clocks.sweep()
        clocks.sweep()
        assert list(Task.objects.late(moment.now())) == [task]
        assert again(task).is_late(moment.now())
        assert task.complaint.events.filter(what="task_late").count() == 2  # signing, answering
        cooperation.answer(again(task), by=jiang, text="对不起晚了：批次 A7。")
        assert not Task.objects.late(moment.now()).exists()
    leg = again(task).current
    assert (leg.sign_late, leg.answer_late) == (True, True)
    [row] = Leg.objects.numbers(at("2026-11-01 00:00"), at("2026-12-01 00:00"))
    assert (row["answered_of"], row["answered_in_time"]) == (1, 0)
    assert (row["signed_of"], row["signed_in_time"]) == (1, 0)


@pytest.mark.django_db
def test_late_without_a_sweep_is_late_all_the_same(ask, jiang, clock, again):
    with clock(MONDAY):
        task = ask()
    with clock("2026-11-26 08:00"):
        cooperation.answer(again(task), by=jiang, text="对不起晚了：批次 A7。")
    leg = again(task).current
    assert (leg.sign_late, leg.answer_late) == (True, True)


@pytest.mark.django_db
def test_a_cancelled_task_owes_nothing_and_says_why(ask, jiang, li, again):
    task = ask()
    with pytest.raises(Invalid, match="请写明撤销原因"):
        cooperation.cancel(again(task), by=li, reason="")
    with pytest.raises(NotPermitted):
        cooperation.cancel(again(task), by=jiang, reason="不想办了")
    cooperation.cancel(again(task), by=li, reason="客户已解决")
    assert (again(task).state, again(task).clock) == ("cancelled", None)
    assert again(task).end_reason == "客户已解决"
    with pytest.raises(Refused, match="已撤销"):
        cooperation.sign(again(task), by=jiang)


@pytest.mark.django_db
def test_the_end_of_a_complaint_that_is_no_closing_ends_its_tasks(ask, li, jiang, again):
    from huiyin.journey.closure import actions as closure

    task = ask()
    cooperation.dispute(again(task), by=jiang, reason="不归我们管")
    closure.withdraw(fresh(task.complaint), by=li, reason="客户来电说不投诉了")
    assert again(task).state == "cancelled"
    assert task.disputes.get().decided_at is not None
    assert not task.complaint.clocks.filter(stopped_at=None).exists()


# --- who sees it, and what stays ---


@pytest.mark.django_db
def test_a_department_sees_its_tasks_and_never_the_complaint(
    ask, jiang, ge, shen, ning, li, sun, admin, warehouse, complaint
):
    given, open_ = ask(handler=jiang), ask()
    other = ask(department=warehouse)

    def seen(user):
        return set(Task.objects.visible_to(user))

    assert seen(jiang) == {given, open_}
    assert seen(ge) == {open_}
    assert seen(shen) == {given, open_}
    assert seen(ning) == {other}
    assert seen(li) == {given, open_, other}
    for nobody in (sun, admin):
        assert seen(nobody) == set()
    for user in (jiang, ge, shen, ning):
        assert not Complaint.objects.visible_to(user).exists()
    User.objects.filter(pk=jiang.pk).update(is_active=False)
    assert not Task.objects.visible_to(User.objects.get(pk=jiang.pk)).exists()


@pytest.mark.django_db
def test_the_head_of_a_region_sees_the_tasks_of_its_stores_and_not_the_other_way_round(ask, qc):
    region = Department.objects.create(code="stores", name="门店运营部")
    store = Department.objects.create(code="east", name="城东店", kind="store", parent=region)
    head = person("qi", "齐明", Role.DEPT_HEAD, department=region)
    manager_of_store = person("mei", "梅青", Role.DEPT_HEAD, department=store)
    task, above = ask(department=store), ask(department=region)
    assert set(Task.objects.visible_to(head)) == {task, above}
    assert set(Task.objects.visible_to(manager_of_store)) == {task}


@pytest.mark.django_db
def test_who_moved_to_another_department_or_is_barred_sees_nothing_more(
    ask, jiang, shen, warehouse, complaint, li
):
    task = ask(handler=jiang)
    for user in (jiang, shen):
        ComplaintAccess.objects.create(
            complaint=complaint, user=user, sight=Sight.BARRED, by=li, at=moment.now()
        )
        assert not Task.objects.visible_to(user).exists()
    ComplaintAccess.objects.all().delete()
    User.objects.filter(pk=jiang.pk).update(department=warehouse)
    assert not Task.objects.visible_to(User.objects.get(pk=jiang.pk)).exists()
    assert Task.objects.visible_to(shen).get() == task


@pytest.mark.django_db
def test_talk_stays_in_the_task_and_as_it_was_said(ask, jiang, li, ning, sun, complaint, again):
    task = ask()
    cooperation.remark(task, by=li, text="客户明天上午要答复")
    cooperation.remark(task, by=jiang, text="批次单在路上")
    assert list(task.remarks.values_list("ours", "name")) == [(True, "李明"), (False, "江涛")]
    for stranger in (ning, sun):
        with pytest.raises(NotPermitted, match="只有参与这项任务的人"):
            cooperation.remark(task, by=stranger, text="我也说一句")
    assert not complaint.messages.exists()
    assert "批次单在路上" not in str(list(complaint.events.values_list("facts", flat=True)))
    for change in ({"text": "改了"}, {"name": "别人"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Remark.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Remark.objects.all().delete()
    made = cooperation.answer(again(task), by=jiang, text="查到批次 A7。")
    with pytest.raises(DatabaseError), transaction.atomic():
        Answer.objects.filter(pk=made.pk).update(text="没查到")
    with pytest.raises(DatabaseError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(question="另一个问题")
    cooperation.cancel(again(task), by=li, reason="客户已解决")
    with pytest.raises(Refused, match="已经结束"):
        cooperation.remark(again(task), by=jiang, text="还有话说")


def test_the_table_of_moves_leads_everywhere_and_out():
    reached = {target for move in LIFE for target in move.targets}
    assert reached | {State.SENT} == set(State)
    assert set(OPEN) == {state for state in State if MOVES[state]}


@pytest.mark.django_db
def test_a_deputy_of_a_team_and_another_team_decide_nothing(ask, jiang, again, complaint):
    task = ask()
    cooperation.answer(task, by=jiang, text="查到批次 A7。")
    other = person("lu", "陆敏", Role.SUPERVISOR, teams=[team("quality", "品质组")])
    with pytest.raises(NotPermitted, match="只有下发人、处理人"):
        cooperation.accept(again(task), by=other)


@pytest.mark.django_db
def test_the_limits_are_those_of_each_department(ask, warehouse, clock):
    Department.objects.filter(pk=warehouse.pk).update(
        calendar_code="always", sign_in_hours=1, answer_amount=24, answer_unit="hours"
    )
    with clock("2026-11-22 23:00"):  # Sunday night
        task = ask(department=Department.objects.get(pk=warehouse.pk))
    assert task.current.sign_clock.due_at - task.at == timedelta(hours=1)
    assert task.current.clock.due_at - task.at == timedelta(hours=24)
