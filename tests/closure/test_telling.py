"""The customer is told the result, and then called back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground.people.models import Team
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.closure import actions
from huiyin.journey.closure.models import Feedback, Visit
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.models import Letter, Message
from huiyin.journey.routing import actions as routing
from huiyin.journey.routing.models import Assignment
from huiyin.surface.notices.actions import tell_manager
from huiyin.surface.notices.models import Notice
from tests.conftest import person
from tests.roads import assigned, carry_out, close, feed_back, fresh, solved, story, to_visit
from tests.together import at_once

pytestmark = pytest.mark.django_db


def test_the_customer_reads_measures_result_and_prevention(done, li):
    actions.feed_back(done, by=li, measures="换新", result="已送达", prevention="加强质检")
    text = Message.objects.public().get().text
    assert text == "采取的措施\n换新\n\n处理结果\n已送达\n\n如何避免再发生\n加强质检"


def test_a_customer_who_reads_english_gets_english_headings(done, li):
    done.customer.language = "en"
    actions.feed_back(done, by=li, measures="Exchanged", result="Delivered")
    assert "采取的措施" not in Message.objects.public().get().text


def test_by_mail_the_result_leaves_as_a_letter(done, li):
    actions.feed_back(done, by=li, measures="换新", result="已送达", channel="email")
    assert "已送达" in Letter.objects.get(purpose="reply").body


def test_feedback_stops_its_clock_and_a_due_visit_starts_one(make_complaint, after_sales, li):
    complaint = solved(make_complaint, after_sales, li, emotion="angry")
    assert complaint.clocks.get(kind=ClockKind.FEEDBACK).stopped_at is None
    feed_back(complaint, li)
    assert complaint.status == Status.FUV
    assert complaint.clocks.get(kind=ClockKind.FEEDBACK).stopped_at
    assert complaint.clocks.get(kind=ClockKind.VISIT).stopped_at is None
    assert fresh(complaint).next_due_kind == ClockKind.VISIT


def test_where_no_visit_is_due_it_is_ready_to_close(make_complaint, after_sales, li):
    for _n in range(12):  # the sample goes by the number: one of twelve is not in it
        complaint = solved(make_complaint, after_sales, li, fen=0)
        feed_back(complaint, li)
        if complaint.status == Status.RES:
            break
    assert actions.missing_for_closing(complaint) == []
    assert fresh(complaint).next_due_at is None


@pytest.mark.parametrize("status", [s for s in Status.values if s not in {"RES"}])
def test_only_a_solved_one_has_a_result_to_tell(status, make_complaint, manager):
    with pytest.raises(Refused):
        feed_back(make_complaint(status=status), manager)
    assert not Feedback.objects.exists()


def test_the_same_result_is_told_once(asked, li):
    with pytest.raises(Refused, match="已经反馈过了"):
        feed_back(asked, li)


@pytest.mark.parametrize("who", ["sun", "zhou", "he", "mate"])
def test_only_the_handler_and_those_above_tell_it(who, done, request):
    with pytest.raises(NotPermitted, match="反馈结果"):
        feed_back(done, request.getfixturevalue(who))


@pytest.mark.parametrize("field", ["measures", "result"])
def test_what_is_missing_is_said_at_its_field(field, done, li):
    with pytest.raises(Invalid) as refused:
        actions.feed_back(done, by=li, **{"measures": "换新", "result": "好了"} | {field: " \x00"})
    assert set(refused.value.fields) == {field}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_tell_at_once_one_is_refused(done, li, chen):
    results = at_once(lambda: feed_back(fresh(done), li), lambda: feed_back(fresh(done), chen))
    assert sum(isinstance(r, Refused) for r in results) == 1
    assert (Feedback.objects.count(), Message.objects.count()) == (1, 1)


# --- call-back ------------------------------------------------------------------------------------


def test_a_reached_customer_stops_the_clock(asked, he):
    actions.visit(asked, by=he, result="satisfied", words="很好")
    assert asked.clocks.get(kind=ClockKind.VISIT).stopped_at
    assert actions.word_of_customer(asked) == "satisfied"
    assert asked.status == Status.FUV


def test_the_visitor_is_not_the_handler(asked, li, chen):
    routing_history = Assignment.objects.filter(complaint=asked)
    assert routing_history.get().assignee == li
    li.roles = [Role.AGENT, Role.VISITOR]
    li.save()
    with pytest.raises(NotPermitted, match="处理人不能回访自己的投诉"):
        actions.visit(asked, by=li, result="satisfied")
    actions.visit(asked, by=chen, result="satisfied")


def test_nor_whoever_worked_on_it_before_it_was_handed_over(make_complaint, after_sales, li, mate):
    li.roles = [Role.AGENT, Role.VISITOR]
    li.save()
    complaint = assigned(make_complaint, after_sales, li, emotion="angry")
    routing.hand_over(complaint, by=li, to=mate, note="休假，请接手")
    routing.accept(complaint, by=mate)
    carry_out(complaint, mate, fen=0)
    feed_back(complaint, mate)
    with pytest.raises(NotPermitted):
        actions.visit(complaint, by=li, result="satisfied")


@pytest.mark.parametrize("who", ["sun", "mate", "zhou"])
def test_who_is_no_visitor_does_not_call_back(who, asked, request):
    with pytest.raises(NotPermitted):
        actions.visit(asked, by=request.getfixturevalue(who), result="satisfied")


def test_a_reached_customer_is_not_called_twice(asked, he, chen):
    actions.visit(asked, by=he, result="fair")
    with pytest.raises(Refused, match="已经回访到客户"):
        actions.visit(asked, by=chen, result="satisfied")


def test_three_parts_of_the_day_in_vain_are_enough_to_close(
    make_complaint, after_sales, li, he, clock
):
    with clock("2026-11-23 09:00"):
        asked = to_visit(make_complaint, after_sales, li)
    for hour in ("09:10", "09:40", "12:10", "16:00"):
        with pytest.raises(Refused, match="还没有回访到客户"):
            close(asked, li)
        with clock(f"2026-11-24 {hour}"):
            actions.visit(asked, by=he, result="not_reached")
    assert Visit.objects.count() == 4  # the second in one part of the day is on record, too
    close(asked, li, satisfaction="unknown")
    assert asked.status == Status.CLO


def test_a_try_in_vain_stops_no_clock(asked, he):
    actions.visit(asked, by=he, result="not_reached")
    assert asked.clocks.get(kind=ClockKind.VISIT).stopped_at is None


def test_what_he_said_himself_at_the_portal_needs_no_call(asked, li):
    actions.judge(asked, solved=True, words="解决了")
    assert actions.missing_for_closing(asked) == []
    close(asked, li)
    assert asked.status == Status.CLO


def test_who_is_not_content_says_why(asked, he):
    with pytest.raises(Invalid, match="请记下客户说了什么"):
        actions.visit(asked, by=he, result="unsatisfied")
    with pytest.raises(Invalid, match="请选择回访结果"):
        actions.visit(asked, by=he, result="delighted")


def test_visitors_see_what_waits_for_a_visit_and_nothing_more(asked, done, he, sun):
    seen = Complaint.objects.visible_to(he)
    assert list(seen) == [asked]
    actions.visit(asked, by=he, result="unsatisfied", words="还是不行")
    assert not Complaint.objects.visible_to(he).exists()
    assert not Complaint.objects.visible_to(sun).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_visitors_at_once_one_is_refused(asked, he, chen):
    results = at_once(
        lambda: actions.visit(fresh(asked), by=he, result="satisfied"),
        lambda: actions.visit(fresh(asked), by=chen, result="unsatisfied", words="不行"),
    )
    assert sum(isinstance(r, Refused) for r in results) == 1


# --- rework ---------------------------------------------------------------------------------------


def test_an_unsatisfied_customer_sends_it_back_with_a_new_clock(asked, li, he):
    actions.visit(asked, by=he, result="unsatisfied", words="还是漏电")
    assert asked.status == Status.RWK
    assert asked.events.get(what=What.REWORKED).facts == {
        "reason": "还是漏电",
        "times": 1,
        "another": True,
    }
    running = asked.clocks.filter(stopped_at=None).values_list("kind", flat=True)
    assert set(running) == {ClockKind.RESOLUTION, ClockKind.UPDATE}


def test_who_worked_on_it_does_not_get_it_again_from_an_unsatisfied_customer(asked, li, he, mate):
    actions.visit(asked, by=he, result="unsatisfied", words="还是漏电")
    with pytest.raises(Refused, match="重办要换人办理"):
        actions.take_up(asked, by=li)
    assert asked.status == Status.RWK


def test_somebody_above_gets_it_by_himself(asked, li, he, chen, after_sales, manager):
    lead = person("ma", "组长", Role.LEAD, teams=[after_sales])
    Team.objects.filter(pk=after_sales.pk).update(lead=lead)
    actions.visit(asked, by=he, result="unsatisfied", words="还是漏电")
    event = asked.events.get(what=What.REWORKED)
    actions.give_to_the_next_level(event)
    actions.give_to_the_next_level(asked.events.get(what=What.REWORKED))  # a job may run twice
    now = fresh(asked)
    assert (now.status, now.assignee) == (Status.DIS, lead)
    assert story(asked).count(What.HANDED_OVER) == 1
    assert "还是漏电" in asked.events.get(what=What.HANDED_OVER).facts["reason"]
    routing.accept(now, by=lead)
    reworked(now, lead, he)
    event = now.events.filter(what=What.REWORKED).last()
    assert event is not None
    actions.give_to_the_next_level(event)
    assert fresh(asked).assignee == chen  # above the lead


def test_where_nobody_is_above_it_waits_for_the_supervisor(asked, he):
    actions.visit(asked, by=he, result="unsatisfied", words="还是漏电")
    actions.give_to_the_next_level(asked.events.get(what=What.REWORKED))
    assert fresh(asked).status == Status.RWK


def test_sent_back_by_the_supervisor_the_same_person_may_go_on(done, li, chen):
    actions.rework(done, by=chen, reason="凭证不全")
    actions.give_to_the_next_level(done.events.get(what=What.REWORKED))
    assert fresh(done).status == Status.RWK
    actions.take_up(done, by=li)
    assert done.status == Status.HND


def reworked(complaint, handler, he, times=1):
    """Through a whole round to the next unsatisfied call-back."""
    carry_out(complaint, handler, fen=0)
    feed_back(complaint, handler)
    actions.visit(complaint, by=he, result="unsatisfied", words="还是不行")


def test_the_second_rework_goes_to_somebody_else(done, li, chen, he, mate, after_sales):
    asked = done
    for _round in range(2):
        actions.rework(asked, by=chen, reason="凭证不全")
        if _round == 0:
            actions.take_up(asked, by=li)
            carry_out(asked, li, fen=0)
    with pytest.raises(Refused, match="重办要换人办理"):
        actions.take_up(asked, by=li)
    with pytest.raises(Invalid, match="李明 之前办过"):
        routing.dispatch(asked, by=chen, team=after_sales, to=li)
    routing.hand_over(asked, by=chen, to=mate, note="第二次重办，请重新核实")
    routing.accept(asked, by=mate)
    assert (asked.status, asked.assignee) == (Status.HND, mate)


def test_after_two_reworks_the_manager_decides(asked, li, chen, he, mate, manager):
    actions.visit(asked, by=he, result="unsatisfied", words="不行")
    other = person("nie", "聂同事", Role.AGENT, teams=[asked.team])
    routing.hand_over(asked, by=chen, to=other, note="第一次重办")
    routing.accept(asked, by=other)
    reworked(asked, other, he)
    routing.hand_over(asked, by=chen, to=mate, note="第二次重办")
    routing.accept(asked, by=mate)
    reworked(asked, mate, he)
    assert asked.status == Status.FUV  # no third round by itself
    escalated = asked.events.get(what=What.ESCALATED)
    assert escalated.facts["to"] == "经理"
    tell_manager(escalated)
    tell_manager(escalated)
    assert Notice.objects.get().user == manager
    with pytest.raises(Refused, match="由经理决定"):
        actions.rework(asked, by=chen, reason="再试一次")
    with pytest.raises(NotPermitted, match="由经理决定"):
        close(asked, mate, satisfaction="unsatisfied")
    actions.rework(fresh(asked), by=manager, reason="换一台新机")
    assert fresh(asked).status == Status.RWK


def test_the_manager_may_close_what_two_reworks_did_not_solve(
    asked, li, chen, he, mate, manager, after_sales
):
    test_after_two_reworks_the_manager_decides(asked, li, chen, he, mate, manager)
    complaint = fresh(asked)
    routing.dispatch(complaint, by=manager, team=after_sales, to=chen)
    routing.accept(complaint, by=chen)
    carry_out(complaint, chen, fen=0)
    feed_back(complaint, chen)
    actions.visit(complaint, by=he, result="unsatisfied", words="还是不行")
    close(complaint, manager, satisfaction="unsatisfied")
    assert complaint.status == Status.CLO


@pytest.mark.parametrize("who", ["li", "he", "mate", "lead"])
def test_only_supervisor_and_manager_send_back_without_a_visit(who, asked, request, after_sales):
    lead = person("ma", "组长", Role.LEAD, teams=[after_sales])
    user = lead if who == "lead" else request.getfixturevalue(who)
    with pytest.raises(NotPermitted, match="只有主管和经理"):
        actions.rework(asked, by=user, reason="不合格")


def test_a_supervisor_sends_back_with_a_reason(done, chen):
    with pytest.raises(Invalid, match="请写明重办原因"):
        actions.rework(done, by=chen, reason="")
    actions.rework(done, by=chen, reason="凭证不全")
    assert (done.status, done.resolved_at) == (Status.RWK, None)


# --- the customer's own word ----------------------------------------------------------------------


def test_unsolved_says_the_customer_and_it_goes_back_to_work(done):
    actions.judge(done, solved=False, words="没到账")
    assert done.status == Status.RWK
    assert story(done)[-2:] == [What.CUSTOMER_JUDGED, What.REWORKED]


def test_he_judges_once(asked):
    actions.judge(asked, solved=True)
    with pytest.raises(Refused, match="已经评价过"):
        actions.judge(asked, solved=False)


@pytest.mark.django_db(transaction=True)
def test_two_touches_of_the_button_are_one_word(asked):
    results = at_once(
        lambda: actions.judge(fresh(asked), solved=False, words="没好"),
        lambda: actions.judge(fresh(asked), solved=False, words="没好"),
    )
    assert sum(isinstance(r, Refused) for r in results) == 1
    assert story(asked).count(What.REWORKED) == 1


def test_a_new_solution_can_be_judged_anew(asked, li, chen, clock):
    actions.judge(asked, solved=False)
    actions.take_up(asked, by=chen)
    carry_out(asked, chen, fen=0)
    actions.judge(asked, solved=True)
    assert actions.word_of_customer(asked) == "satisfied"


def test_before_it_is_solved_there_is_nothing_to_judge(make_complaint):
    with pytest.raises(Refused, match="处理完成后再请您评价"):
        actions.judge(make_complaint(status="HND"), solved=True)


def test_within_30_days_after_closing_he_opens_it_again_himself(closed):
    actions.judge(closed, solved=False, words="又坏了")
    assert (closed.status, closed.closed_at) == (Status.HND, None)
    assert story(closed)[-1] == What.REOPENED


def test_later_his_word_is_kept_and_nothing_moves(closed):
    from huiyin.ground import moment

    with moment.at(moment.now() + timedelta(days=31)):
        actions.judge(closed, solved=False, words="又坏了")
    assert closed.status == Status.CLO
