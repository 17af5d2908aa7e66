"""合并: a member goes with its master and stays a complaint of its own; all of it can be undone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.clocks.models import Clock
from huiyin.journey.closure import actions as closure
from huiyin.journey.complaint.events import run_later
from huiyin.journey.complaint.models import Complaint, ComplaintAccess, Event
from huiyin.journey.complaint.words import Sight
from huiyin.journey.conversation.actions import customer_wrote, reply
from huiyin.journey.conversation.models import Letter
from huiyin.journey.grouping import actions as grouping
from huiyin.journey.grouping.models import Bond
from huiyin.journey.intake.actions import Contact, register
from huiyin.journey.routing import actions as routing
from huiyin.surface.notices.models import Notice, Reminder
from tests.conftest import person
from tests.roads import FOUND, assigned, carry_out, close, feed_back, find, fresh, story
from tests.together import at_once

pytestmark = pytest.mark.django_db

WHY = "同一批货，同样的故障"


def merged(a, b, by, reason=WHY) -> Bond:
    return grouping.merge(fresh(a), into=fresh(b), by=by, reason=reason)


def bond(pk: int) -> Bond:
    return Bond.objects.select_related("complaint", "other").get(pk=pk)


def worker() -> None:
    """What follows later, as the worker would do it."""
    for pk in Event.objects.order_by("pk").values_list("pk", flat=True):
        run_later(pk)


def spine(complaint: Complaint) -> dict:
    row = fresh(complaint).__dict__.copy()
    for name in ("_state", "last_activity_at", "search"):
        row.pop(name, None)
    return {k: v for k, v in row.items() if not k.startswith("_")}


def clocks(complaint: Complaint) -> list[tuple]:
    open_ = Clock.objects.filter(complaint=complaint, stopped_at=None).order_by("kind", "subject")
    return list(
        open_.values_list("kind", "subject", "started_at", "due_at", "warn_at", "paused_at")
    )


def had_by(complaint: Complaint) -> list[tuple]:
    return list(complaint.assignments.current().values_list("pk", "team", "assignee", "at"))


def seers(complaint: Complaint, *people) -> set[str]:
    return {
        p.username
        for p in people
        if Complaint.objects.visible_to(p).filter(pk=complaint.pk).exists()
    }


def test_the_member_goes_with_its_master_and_keeps_number_and_clocks(theirs, mine, both, li, sun):
    member, master = theirs(), mine()
    before = clocks(member)
    merged(member, master, both)
    now = fresh(member)
    assert (now.status, now.assignee, now.number) == ("MRG", li, member.number)
    assert now.team == master.team and now.public_state == "working"
    assert clocks(member) == before
    assert seers(member, li, sun) == {"li"}
    assert story(member)[-1] == story(master)[-1] == "merged"
    assert fresh(master).status == "HND"


def test_a_registered_one_keeps_its_time_limits_and_its_warnings_go_to_the_new_handler(
    mine, both, li, manager, logistics
):
    member = register(
        by=both,
        channel="phone",
        contact=Contact(name="赵雷", phone="13911112222"),
        text="快递丢件，三天没有人管",
        category="PD.01.07",
        severity=3,
    )
    routing.dispatch(member, by=manager, team=logistics, to=both, note="")
    routing.accept(fresh(member), by=both)
    due = {c.kind: c.due_at for c in Clock.objects.filter(complaint=member, stopped_at=None)}
    assert {"first_response", "resolution"} <= set(due)
    merged(member, mine(), both)
    Notice.objects.all().delete()
    with moment.at(max(due.values()) + timedelta(hours=1)):
        from huiyin.journey.clocks.actions import sweep

        sweep()
        worker()
    told = Reminder.objects.filter(complaint=member, event__what="clock_missed")
    assert "li" in {one.user.username for one in told}
    assert {c.kind for c in Clock.objects.filter(complaint=member, missed_at__isnull=False)} >= {
        "first_response",
        "resolution",
    }


def test_whoever_has_to_sign_need_not_any_more_and_has_to_again_when_it_is_undone(
    make_complaint, mine, both, after_sales, qian, clock
):
    with clock("2026-11-24 10:00"):
        member = make_complaint(team=after_sales, status="TRI", severity=3)
        routing.dispatch(member, by=both, team=after_sales, to=qian, note="")
        before = clocks(member)
        assert [kind for kind, *_ in before] == ["sign_in"]
        done = merged(member, mine(), both)
        assert clocks(member) == []
        grouping.unmerge(bond(done.pk), by=both)
        assert clocks(member) == before
        assert fresh(member).status == "DIS" and fresh(member).assignee == qian


def test_the_right_on_both_sides_is_needed(theirs, mine, lead, far_lead, both, manager):
    member, master = theirs(), mine()
    for one in (lead, far_lead):
        with pytest.raises(NotPermitted, match="都归您管"):
            merged(member, master, one)
    done = merged(member, master, both)
    # It belongs to the master's team now; whoever leads that one may take it back.
    with pytest.raises(NotPermitted, match="都归您管"):
        grouping.unmerge(bond(done.pk), by=far_lead)
    grouping.unmerge(bond(done.pk), by=lead)


def test_what_cannot_be_merged_is_told_so(theirs, mine, both, make_complaint, after_sales, li):
    a, b, c = theirs(), mine(), mine()
    with pytest.raises(Invalid, match="不能并入自己"):
        merged(a, a, both)
    with pytest.raises(Invalid, match="请写明为什么"):
        merged(a, b, both, reason="")
    ended = make_complaint(team=after_sales, status="WDR")
    for member, master in ((ended, b), (b, ended)):
        with pytest.raises(Refused, match="已经结束"):
            merged(member, master, both)
    merged(a, b, both)
    with pytest.raises(Refused, match="已经并入"):
        merged(c, a, both)  # into a member
    with pytest.raises(Refused, match="自己是主件"):
        merged(b, c, both)  # a master into another
    with pytest.raises(Refused, match="已经并入"):
        merged(a, c, both)  # twice
    promised = make_complaint(team=after_sales, assignee=li, status="EXE")
    with pytest.raises(Refused, match="承诺要先兑现"):
        merged(promised, b, both)
    unread = make_complaint(team=after_sales, status="REG")
    with pytest.raises(Refused, match="先完成分级"):
        merged(unread, b, both)
    assert Bond.objects.lasting().count() == 1


def test_s1_hides_behind_nothing_less_unless_the_manager_says_so(mine, both, manager):
    grave, light, other = mine(severity=1), mine(severity=3), mine(severity=1)
    with pytest.raises(NotPermitted, match="只有经理"):
        merged(grave, light, both)
    merged(light, grave, both)
    merged(other, grave, both)
    merged(mine(severity=1), mine(severity=2), manager)


def test_restricted_supervised_and_barred_ones_stay_apart(mine, theirs, both, manager, li):
    secret, plain = theirs(restricted=True), mine()
    for a, b in ((secret, plain), (plain, secret)):
        with pytest.raises(Refused, match="限制了查看"):
            merged(a, b, manager)
    watched = theirs(supervised="posted")
    with pytest.raises(Refused, match="督办中"):
        merged(watched, plain, manager)
    of_li = theirs()
    ComplaintAccess.objects.create(
        complaint=of_li, user=li, sight=Sight.BARRED, by=manager, at=moment.now()
    )
    with pytest.raises(Refused, match="应当回避"):
        merged(of_li, plain, manager)


def test_no_ordinary_act_takes_a_member_out(theirs, mine, both, li, manager):
    member = theirs()
    merged(member, mine(), both)
    now = fresh(member)
    team = now.team
    assert team is not None
    for act in (
        lambda: routing.wait(now, by=li, whom="customer", reason="等客户寄回"),
        lambda: routing.resume(now, by=li),
        lambda: routing.accept(now, by=li),
        lambda: routing.hand_over(now, by=li, to=manager, note="请接手"),
        lambda: routing.dispatch(now, by=manager, team=team, note=""),
        lambda: closure.cancel(now, by=manager, reason="重复"),
        lambda: closure.rework(now, by=manager, reason="重办"),
        lambda: closure.withdraw(now, by=manager, reason="不要了"),
    ):
        with pytest.raises(Refused):
            act()
        assert fresh(member).status == "MRG"


def test_members_go_along_when_the_master_changes_hands(theirs, mine, both, li, qian, after_sales):
    member, master = theirs(), mine()
    merged(member, master, both)
    routing.hand_over(fresh(master), by=li, to=qian, note="请接手")
    worker()
    assert fresh(member).assignee == qian
    assert [a[2] for a in had_by(member)] == [qian.pk]
    assert seers(member, li, qian) == {"qian"}


def test_undone_everything_is_as_it_was(theirs, mine, both, li, sun, qian, chen, far_lead, clock):
    with clock("2026-11-20 10:00"):
        member, master = theirs(), mine()
        reply(fresh(master), by=li, text="正在核实", channel="phone")
        people = (li, sun, qian, chen, far_lead, both)
        before = (spine(member), clocks(member), had_by(member), seers(member, *people))
        master_before = (spine(master), clocks(master), had_by(master), seers(master, *people))
        done = merged(member, master, both)
    with clock("2026-11-26 10:00"):
        routing.hand_over(fresh(master), by=li, to=qian, note="请接手")
        worker()
        routing.accept(fresh(master), by=qian)
        grouping.unmerge(bond(done.pk), by=both, reason="不是同一批货")
        assert (spine(member), clocks(member), had_by(member), seers(member, *people)) == before
        assert spine(master)["status"] == master_before[0]["status"]
    assert story(member)[-1] == story(master)[-1] == "unmerged"


def test_banked_pauses_come_back_with_it(mine, both, li, clock, after_sales, manager):
    def waiting():
        found = register(
            by=li,
            channel="phone",
            contact=Contact(name="王芳", phone="13800138000"),
            text="上周买的电饭煲不加热，客服一直不处理。",
            category="PD.01.07",
            severity=3,
        )
        routing.dispatch(found, by=manager, team=after_sales, to=li, note="")
        routing.accept(fresh(found), by=li)
        return found

    with clock("2026-11-20 10:00"):
        member, master = waiting(), mine()
        routing.wait(fresh(member), by=li, whom="customer", reason="等客户寄回")
    with clock("2026-11-21 10:00"):
        routing.resume(fresh(member), by=li)
        routing.wait(fresh(member), by=li, whom="customer", reason="等客户再寄一张")
    with clock("2026-11-22 10:00"):
        before = (spine(member), clocks(member))
        assert any(paused for *_, paused in before[1])
        done = merged(member, master, both)
    with clock("2026-11-24 10:00"):
        grouping.unmerge(bond(done.pk), by=both)
        assert (spine(member), clocks(member)) == before


def test_who_answered_meanwhile_is_not_waited_for_again(mine, both, li, clock):
    with clock("2026-11-20 10:00"):
        member, master = mine(), mine()
        routing.wait(fresh(member), by=li, whom="customer", reason="等客户寄回")
        done = merged(member, master, both)
    with clock("2026-11-21 10:00"):
        customer_wrote(fresh(member), by=li, text="我寄了", channel="phone")
        assert not any(paused for *_, paused in clocks(member))
        grouping.unmerge(bond(done.pk), by=both)
        assert fresh(member).status == "HND"


def test_after_seven_days_and_after_the_end_it_stays_merged(theirs, mine, both, li):
    member, master = theirs(), mine()
    done = merged(member, master, both)
    late = moment.now() + timedelta(days=7, minutes=1)
    with moment.at(late), pytest.raises(Refused, match="已超过 7 天"):
        grouping.unmerge(bond(done.pk), by=both)
    grouping.reply_to_all(fresh(master), by=li, text="处理好了")
    solve_and_close(master, li)
    with pytest.raises(Refused, match="已随主件结案"):
        grouping.unmerge(bond(done.pk), by=both)


def solve_and_close(master, li) -> None:
    find(fresh(master), by=li, **FOUND)
    carry_out(fresh(master), li, fen=2000)
    if grouping.merged_members(fresh(master)):
        grouping.reply_to_all(fresh(master), by=li, text="{name}您好，{number} 已经处理好了")
    feed_back(fresh(master), li)
    if fresh(master).status == "FUV":
        he = person("visitor", "回访员", Role.VISITOR)
        closure.visit(fresh(master), by=he, result="satisfied", words="好的")
    close(fresh(master), li)


def test_closed_with_its_master_each_with_a_record_and_a_letter_of_its_own(theirs, mine, both, li):
    member, master = theirs(), mine()
    merged(member, master, both)
    find(fresh(master), by=li, **FOUND)
    carry_out(fresh(master), li, fen=2000)
    feed_back(fresh(master), li)
    assert "还有 1 位并入的投诉人没有告知结果" in "".join(
        closure.missing_for_closing(fresh(master))
    )
    grouping.reply_to_all(fresh(master), by=li, text="已经处理好了")
    assert not any("并入" in one for one in closure.missing_for_closing(fresh(master)))
    if fresh(master).status == "FUV":
        he = person("visitor", "回访员", Role.VISITOR)
        closure.visit(fresh(master), by=he, result="satisfied", words="好的")
    close(fresh(master), li)
    now = fresh(member)
    assert now.status == "CLO" and now.closed_at is not None
    closing = now.closings.get()
    assert (closing.outcome, closing.satisfaction) == ("upheld", "unknown")
    assert clocks(member) == []
    worker()
    letters = Letter.objects.filter(complaint=member, purpose="closed")
    assert [one.recipient for one in letters] == ["zl@example.com"]
    assert master.number not in letters[0].body + letters[0].subject


def test_opened_again_a_member_goes_on_alone(theirs, mine, both, li, manager):
    member, master = theirs(), mine()
    merged(member, master, both)
    solve_and_close(master, li)
    assert fresh(member).status == "CLO"
    closure.reopen(fresh(master), by=manager, reason="又坏了")
    assert fresh(member).status == "CLO"
    closure.reopen(fresh(member), by=manager, reason="我的没有修好")
    assert (fresh(member).status, fresh(member).assignee) == ("HND", li)
    assert not Bond.objects.merges().exists()


@pytest.mark.parametrize("end", ["cancel", "withdraw"])
def test_a_master_that_ends_without_an_answer_lets_its_members_go_on(
    end, theirs, mine, both, manager, sun
):
    member, master = theirs(), mine()
    before = (spine(member), had_by(member))
    merged(member, master, both)
    getattr(closure, end)(fresh(master), by=manager, reason="客户说不用了")
    assert (spine(member), had_by(member)) == before
    assert story(member)[-1] == "unmerged"


def test_what_a_members_customer_writes_reaches_the_handler_and_is_answered_to_him_alone(
    theirs, mine, both, li
):
    member, master = theirs(), mine()
    merged(member, master, both)
    Notice.objects.all().delete()
    customer_wrote(fresh(member), by=both, text="我的灯什么时候能退？")
    worker()
    notice = Notice.objects.get(user=li, complaint=member, event__what="customer_wrote")
    assert member.number in notice.text
    reply(fresh(member), by=li, text="明天上门取件", channel="phone")
    assert not master.messages.filter(text="明天上门取件").exists()


def test_one_text_to_all_is_a_message_of_each_in_his_own_channel(theirs, mine, both, li, zhao):
    member, master = theirs(channel="email"), mine()
    merged(member, master, both)
    grouping.reply_to_all(fresh(master), by=li, text="{name}您好：{number} 已换新。{unknown}")
    mine_, his = master.messages.get(kind="outbound"), member.messages.get(kind="outbound")
    assert (mine_.channel, his.channel) == ("phone", "email")
    assert his.text == f"赵雷您好：{member.number} 已换新。{{unknown}}"
    assert "赵雷" not in mine_.text and member.number not in mine_.text
    assert Letter.objects.get(message=his).recipient == "zl@example.com"
    with pytest.raises(Refused, match="没有并入的投诉"):
        grouping.reply_to_all(mine(), by=li, text="大家好")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_merge_it_at_once_one_does(mine, both, chen):
    member, one, other = mine(), mine(), mine()
    results = at_once(
        lambda: merged(member, one, both),
        lambda: merged(member, other, chen),
    )
    assert sum(isinstance(r, Refused) for r in results) == 1
    assert Bond.objects.merges().count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_ring_comes_of_merging_two_into_each_other(mine, both, chen):
    a, b = mine(), mine()
    results = at_once(lambda: merged(a, b, both), lambda: merged(b, a, chen))
    assert sum(isinstance(r, Bond) for r in results) == 1, results
    assert sorted([fresh(a).status, fresh(b).status]) == ["HND", "MRG"]


@pytest.mark.django_db(transaction=True)
def test_undoing_and_undoing_at_once_does_it_once(mine, both, chen):
    a, b = mine(), mine()
    done = merged(a, b, both)
    results = at_once(
        lambda: grouping.unmerge(bond(done.pk), by=both),
        lambda: grouping.unmerge(bond(done.pk), by=chen),
    )
    assert sum(isinstance(r, Refused) for r in results) == 1, results
    assert fresh(a).status == "HND" and len(had_by(a)) == 1


def test_not_more_than_a_handful(mine, both, monkeypatch):
    from huiyin.journey.grouping import rules

    monkeypatch.setattr(rules, "MOST_MEMBERS", 1)
    master = mine()
    merged(mine(), master, both)
    with pytest.raises(Refused, match="请立群体事件"):
        merged(mine(), master, both)


def test_somebody_else_of_the_team_answers_a_customer_whom_the_new_handler_must_avoid(
    mine, theirs, both, li, qian, manager
):
    member, master = theirs(), mine()
    merged(member, master, both)
    ComplaintAccess.objects.create(
        complaint=member, user=qian, sight=Sight.BARRED, by=manager, at=moment.now()
    )
    routing.hand_over(fresh(master), by=li, to=qian, note="请接手")
    worker()
    assert fresh(member).assignee is None and fresh(member).team == master.team
    assert seers(member, qian) == set()


def test_the_assigned_helper_is_the_one_of_the_roads(make_complaint, after_sales, li):
    assert assigned(make_complaint, after_sales, li).status == "HND"


def test_what_a_member_still_waits_for_keeps_the_master_open(theirs, mine, both, li, sun):
    from huiyin.ground.people.models import Department
    from huiyin.journey.cooperation import actions as cooperation

    member, master = theirs(), mine()
    qc = Department.objects.create(code="qc", name="品控部", name_en="Quality control")
    question = "请追溯吊灯的生产批次，附检验记录。"
    cooperation.send(fresh(member), by=sun, department=qc, question=question)
    merged(member, master, both)
    find(fresh(master), by=li, **FOUND)
    carry_out(fresh(master), li, fen=2000)
    grouping.reply_to_all(fresh(master), by=li, text="已经处理好了")
    feed_back(fresh(master), li)
    missing = "".join(closure.missing_for_closing(fresh(master)))
    assert f"还有协办任务、督办或调解没有了结：{member.number}" in missing


@pytest.mark.parametrize("whom", ["third", "testing"])
def test_what_stands_still_for_somebody_else_is_resumed_first(whom, mine, both, li, manager):
    from huiyin.journey.grouping.actions import Item

    member, master = mine(), mine()
    routing.wait(fresh(member), by=li, whom=whom, reason="等检测报告")
    with pytest.raises(Refused, match="先恢复办理"):
        merged(member, master, both)
    with pytest.raises(Refused, match="先恢复办理"):
        items = [Item("电饭煲不加热"), Item("客服骂人")]
        grouping.split(fresh(member), items=items, by=manager, reason="两件事")
    routing.resume(fresh(member), by=li)
    merged(member, master, both)


def test_a_handler_who_is_barred_from_a_member_no_longer_has_it(theirs, mine, both, li, chen):
    from huiyin.journey.complaint.actions import bar

    member, master = theirs(), mine()
    merged(member, master, both)
    bar(fresh(member), by=chen, person=li, reason="是投诉人的亲属")
    now = fresh(member)
    assert (now.status, now.assignee, now.team) == ("MRG", None, master.team)
    assert fresh(master).assignee == li and had_by(member) == []
