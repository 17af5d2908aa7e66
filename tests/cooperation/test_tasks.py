"""The life of a task: who may what, in which state, what follows, and two at once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from huiyin.ground import moment
from huiyin.ground.people.models import Department, User
from huiyin.ground.people.words import Presence, Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.complaint.models import Complaint, ComplaintAccess
from huiyin.journey.complaint.words import Sight
from huiyin.journey.cooperation import actions as cooperation
from huiyin.journey.cooperation.lifecycle import LIFE, MOVES, OPEN
from huiyin.journey.cooperation.models import Answer, Leg, Remark, Task
from huiyin.journey.cooperation.words import State
from tests.conftest import at, person, team
from tests.cooperation.conftest import QUESTION
from tests.roads import fresh, story
from tests.together import at_once

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
MONDAY = "2026-11-23 10:00"


def report(name="检验记录.pdf", data=PDF):
    return SimpleUploadedFile(name, data, "application/pdf")


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


# --- signing and answering ---------------------------------------------------------------------


@pytest.mark.django_db
def test_the_road_of_a_task(ask, jiang, li, clock, again):
    with clock(MONDAY):
        task = ask()
    with clock("2026-11-23 11:00"):
        cooperation.sign(again(task), by=jiang)
    signed = again(task)
    assert (signed.state, signed.handler) == ("signed", jiang)
    assert (signed.current.sign_late, signed.current.signed_by) == (False, "江涛")
    assert signed.current.sign_clock.stopped_at == at("2026-11-23 11:00")
    with clock("2026-11-24 09:00"):
        made = cooperation.answer(
            signed, by=jiang, text="查到批次 A7，留样合格。", uploads=[report()]
        )
    answered = again(task)
    assert (answered.state, answered.current.answer_late) == ("answered", False)
    assert not answered.complaint.clocks.exclude(subject="").filter(stopped_at=None).exists()
    file = made.files.get()
    assert (file.internal, file.source, len(file.sha256), file.by) == (
        True,
        "department",
        64,
        jiang,
    )
    cooperation.accept(answered, by=li, note="清楚")
    done = again(task)
    assert (done.state, done.current.ended) == ("done", "done")
    assert made.text == Answer.objects.get(verdict="accepted", judged_by=li).text
    told = [what for what in story(task.complaint) if what.startswith("task")]
    assert told == ["task_sent", "task_signed", "task_answered", "task_done"]


@pytest.mark.django_db
def test_who_answers_without_signing_has_signed(ask, jiang, again):
    task = ask()
    cooperation.answer(task, by=jiang, text="当场查到：批次 A7。")
    assert again(task).handler == jiang
    assert again(task).current.signed_at is not None


@pytest.mark.django_db
def test_a_task_of_a_colleague_is_worked_on_by_him_his_deputy_and_the_head(
    ask, jiang, ge, shen, ning, li, again
):
    task = ask(handler=jiang)
    for stranger in (ge, ning, li):
        with pytest.raises(NotPermitted, match="不在您的部门"):
            cooperation.sign(again(task), by=stranger)
    User.objects.filter(pk=jiang.pk).update(presence=Presence.AWAY, deputy=ge)
    deputy = User.objects.get(pk=ge.pk)
    cooperation.sign(again(task), by=deputy)
    assert again(task).handler == jiang
    cooperation.answer(again(task), by=shen, text="由我答复：合格。")
    assert again(task).state == "answered"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_at_once_one_has_it(ask, jiang, ge, again):
    task = ask()
    results = at_once(
        lambda: cooperation.sign(again(task), by=jiang),
        lambda: cooperation.sign(again(task), by=ge),
    )
    # Too late he finds it moved, or sees already that it is his colleague's.
    assert [type(one) for one in results].count(type(None)) == 1
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert again(task).complaint.events.filter(what="task_signed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_answering_and_cancelling_at_once_does_one_of_both(ask, jiang, li, again):
    task = ask()
    cooperation.sign(again(task), by=jiang)
    results = at_once(
        lambda: cooperation.answer(again(task), by=jiang, text="查到批次 A7。"),
        lambda: cooperation.cancel(again(task), by=li, reason="客户撤回"),
    )
    state = again(task).state
    refused = [one for one in results if isinstance(one, Refused)]
    if state == "answered":
        assert len(refused) == 1
    else:  # cancelling an answered task is allowed: the order decides
        assert state == "cancelled"


@pytest.mark.django_db
def test_a_hostile_file_stops_the_answer_as_a_whole(ask, jiang, again):
    task = ask()
    with pytest.raises(Invalid, match="类型不支持"):
        cooperation.answer(task, by=jiang, text="见附件，已查清。", uploads=[report("病毒.exe")])
    with pytest.raises(Invalid, match="内容与扩展名不符"):
        cooperation.answer(
            again(task), by=jiang, text="见附件，已查清。", uploads=[report("a.pdf", b"MZ\x90")]
        )
    assert not Answer.objects.exists()
    assert again(task).state == "sent"


@pytest.mark.django_db
def test_an_answer_is_sent_back_twice_at_most_with_a_new_limit(ask, jiang, li, chen, clock, again):
    with clock(MONDAY):
        task = ask()
        cooperation.answer(task, by=jiang, text="合格。没有问题")
    with pytest.raises(NotPermitted):
        cooperation.redo(again(task), by=jiang, reason="不要")
    with clock("2026-11-24 10:00"):
        cooperation.redo(again(task), by=li, reason="没有附检验记录")
    back = again(task)
    assert (back.state, back.redone, back.current.redone) == ("signed", 1, 1)
    assert back.clock.due_at == at("2026-11-27 00:00")
    cooperation.answer(back, by=jiang, text="补上检验记录。")
    cooperation.redo(again(task), by=chen, reason="记录看不清楚")
    cooperation.answer(again(task), by=jiang, text="换清楚的来。")
    with pytest.raises(Refused, match="已经退回重办两次"):
        cooperation.redo(again(task), by=li, reason="还是不行呀")
    verdicts = list(Answer.objects.values_list("verdict", flat=True))
    assert verdicts == ["redo", "redo", ""]


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
