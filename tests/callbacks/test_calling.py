"""Making the calls: who may, one at a time, three parts of the day, appointments, the record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.callbacks import actions
from huiyin.journey.callbacks.models import Callback, Try
from huiyin.journey.callbacks.words import CallbackKind, PartOfDay, State
from huiyin.journey.complaint.actions import bar
from huiyin.journey.complaint.words import Status, What
from tests.conftest import at, person
from tests.roads import assigned, feed_back, fresh, solved, story
from tests.together import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(monday, make_complaint, after_sales, li):
    """待回访: strong emotion, in the hands of 小李."""
    complaint = solved(make_complaint, after_sales, li, emotion="angry")
    feed_back(complaint, li)
    return complaint.callbacks.get()


def seen(callback):
    return Callback.objects.with_all().get(pk=callback.pk)


def test_a_visit_waits_for_visitors_with_the_clock_of_the_complaint(visit):
    complaint = visit.complaint
    clock = complaint.clocks.get(kind="visit")
    assert (visit.kind, visit.post, visit.clock, visit.limit) == (
        CallbackKind.VISIT,
        Role.VISITOR,
        clock,
        clock.due_at,
    )
    assert visit.reason == "情绪强烈必须回访"
    assert not complaint.clocks.filter(kind="callback").exists()


@pytest.mark.parametrize("who", ["li", "sun", "zhou"])
def test_neither_handler_nor_strangers_visit(who, visit, request):
    user = request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        actions.claim(seen(visit), by=user)
    with pytest.raises(NotPermitted):
        actions.answer(seen(visit), by=user, result="satisfied")
    assert not Callback.objects.waiting_for(user).exists()


def test_who_worked_on_it_before_does_not_visit_either(visit, after_sales, he):
    once = person("once", "前处理人", Role.AGENT, Role.VISITOR, teams=[after_sales])
    complaint = visit.complaint
    complaint.assignments.update(assignee=once)
    assert not Callback.objects.waiting_for(once).exists()
    with pytest.raises(NotPermitted, match="办理过这件投诉的人不能回访"):
        actions.claim(seen(visit), by=once)
    assert list(Callback.objects.waiting_for(he)) == [visit]


def test_who_is_barred_sees_no_call(visit, he, chen):
    bar(visit.complaint, by=chen, person=he, reason="与客户是亲属")
    he = User.objects.get(pk=he.pk)
    assert not Callback.objects.visible_to(he).exists()
    assert actions.take_next(he) is None


def test_a_restricted_one_is_not_shown_to_the_post(visit, he):
    visit.complaint.carry(restricted=True)
    assert not Callback.objects.visible_to(he).exists()


@pytest.mark.django_db(transaction=True)
def test_two_visitors_at_once_never_get_the_same_one(make_complaint, after_sales, li):
    he, lu = (person(n, n, Role.VISITOR) for n in ("he", "lu"))
    with moment.at(at("2026-11-23 09:30")):
        for _nth in range(2):
            feed_back(c := solved(make_complaint, after_sales, li, emotion="angry", fen=0), li)
            assert c.status == Status.FUV

    def take(user):
        def act():
            with moment.at(at("2026-11-23 10:00")):
                return actions.take_next(user)

        return act

    first, second = at_once(take(he), take(lu))
    assert first is not None and second is not None and first.pk != second.pk
    with moment.at(at("2026-11-23 10:05")):
        assert actions.take_next(he) == first  # one's own again
        with pytest.raises(Refused, match="正在拨打"):
            actions.claim(seen(second), by=he)
        with pytest.raises(Refused, match="正在拨打"):
            actions.answer(seen(second), by=he, result="satisfied")
    with moment.at(at("2026-11-23 10:16")):  # the quarter of an hour is over
        actions.claim(seen(second), by=he)


def test_given_back_it_is_free_for_the_next(visit, he, lu):
    assert actions.take_next(he) == visit
    assert actions.take_next(lu) is None
    actions.release(seen(visit), by=he)
    assert actions.take_next(lu) == visit


def test_three_parts_of_the_day_are_tried_each_planned_and_then_it_is_a_result(visit, he, monday):
    complaint = visit.complaint
    one = actions.answer(seen(visit), by=he, result="not_reached")
    assert one.next_at == at("2026-11-23 11:30")  # noon, in our hours, an hour later at least
    assert seen(visit).next_part == PartOfDay.NOON
    with moment.at(at("2026-11-23 11:40")):
        two = actions.answer(seen(visit), by=he, result="wrong_number", words="是别人接的")
        assert two.next_at == at("2026-11-23 14:00")
    with moment.at(at("2026-11-23 15:00")):
        three = actions.answer(seen(visit), by=he, result="not_reached")
    now = seen(visit)
    assert (three.next_at, now.state, now.result, now.tries) == (
        None,
        State.DONE,
        "not_reached",
        3,
    )
    assert [v.result for v in complaint.visits.all()] == ["not_reached"] * 3
    assert not complaint.clocks.running().filter(kind="visit").exists()
    assert story(complaint)[-3:] == [What.VISITED, What.CALLBACK_DONE, What.VISITED]


def test_a_second_try_in_one_part_is_planned_into_another(visit, he):
    actions.answer(seen(visit), by=he, result="not_reached")
    with moment.at(at("2026-11-23 09:50")):
        again = actions.answer(seen(visit), by=he, result="not_reached")
    assert again.next_at == at("2026-11-23 11:30")
    assert seen(visit).is_open


def test_the_customer_says_when_and_queue_and_clock_follow(visit, he):
    with pytest.raises(Invalid, match="与客户约定的时间"):
        actions.answer(seen(visit), by=he, result="later", words="在开会")
    when = at("2026-11-24 19:30")
    actions.answer(seen(visit), by=he, result="later", words="在开会", appointment_at=when)
    now = seen(visit)
    assert (now.next_at, now.appointment_at, now.next_part) == (when, when, PartOfDay.EVENING)
    assert now.limit == when + timedelta(minutes=30)
    complaint = fresh(visit.complaint)
    assert (complaint.next_due_kind, complaint.next_due_at) == ("visit", now.limit)
    assert actions.take_next(he) is None
    with moment.at(when):
        assert actions.take_next(he) == visit


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ("2026-11-22 10:00", "已经过去"),
        ("2027-01-22 10:00", "最远 30 天"),
        ("2026-11-24 23:30", "8 点到 21 点"),
        ("2026-11-24 07:59", "8 点到 21 点"),
    ],
)
def test_an_appointment_that_cannot_be_kept_is_refused(when, sentence, visit, he):
    with pytest.raises(Invalid, match=sentence):
        actions.appoint(seen(visit), by=he, at=at(when))
    assert seen(visit).appointment_at is None


def test_what_was_said_is_kept_and_a_visit_is_closed_by_it(visit, he):
    made = actions.answer(seen(visit), by=he, result="fair", words="慢了点", offset=75)
    assert (made.offset, made.part) == (75, PartOfDay.MORNING)
    with pytest.raises(Refused, match="已经完成"):
        actions.answer(seen(visit), by=he, result="satisfied")
    for act in (
        lambda: Try.objects.update(words="很满意"),
        lambda: Try.objects.all().delete(),
        lambda: Callback.objects.update(reason="别的"),
    ):
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            act()


@pytest.mark.parametrize(
    ("result", "sentence"),
    [("unsatisfied", "请记下客户说了什么"), ("talked", "请选择回访结果"), ("x", "请选择回访结果")],
)
def test_a_result_that_is_none_is_refused(result, sentence, visit, he):
    with pytest.raises(Invalid, match=sentence):
        actions.answer(seen(visit), by=he, result=result)
    assert not Try.objects.exists()


def test_an_unsatisfied_visit_sends_it_back(visit, he):
    actions.answer(seen(visit), by=he, result="unsatisfied", words="还是漏电")
    assert fresh(visit.complaint).status == Status.RWK


def test_a_rework_without_a_call_takes_it_out_of_the_queue(visit, chen):
    from huiyin.journey.closure.actions import rework

    rework(visit.complaint, by=chen, reason="凭证不全")
    assert seen(visit).state == State.CANCELLED


def test_a_handler_arranges_a_call_and_makes_it(monday, make_complaint, after_sales, li, sun):
    complaint = assigned(make_complaint, after_sales, li)
    with pytest.raises(NotPermitted):
        actions.arrange(complaint, by=sun, reason="回电", appointment_at=None)
    when = at("2026-11-23 15:00")
    made = actions.arrange(complaint, by=li, reason="客户下午有空", appointment_at=when)
    assert (made.person, made.limit) == (li, when + timedelta(minutes=30))
    with moment.at(when):
        assert actions.take_next(li) == made
        with pytest.raises(Invalid, match="请记下谈了什么"):
            actions.answer(seen(made), by=li, result="talked")
        actions.answer(seen(made), by=li, result="talked", words="已说明进度")
    assert not complaint.clocks.running().filter(kind="callback").exists()


def test_a_missed_appointment_is_a_missed_clock(monday, make_complaint, after_sales, li):
    from huiyin.journey.clocks.actions import sweep

    complaint = assigned(make_complaint, after_sales, li)
    made = actions.arrange(complaint, by=li, reason="有空", appointment_at=at("2026-11-23 15:00"))
    with moment.at(at("2026-11-23 15:31")):
        sweep()
        assert list(Callback.objects.late(moment.now())) == [made]
    missed = complaint.events.filter(what=What.CLOCK_MISSED)
    promised = complaint.promises.get(source=f"callback:{made.pk}")  # what was agreed is owed, too
    assert [e.facts.get("subject") for e in missed] == [made.subject, promised.subject]
    assert promised.state == "broken"


def test_calling_off_needs_a_reason_and_a_visit_is_never_called_off(visit, he, chen):
    with pytest.raises(Refused, match="回访不能取消"):
        actions.cancel(seen(visit), by=chen, reason="不用打了")


def test_closing_takes_what_is_left_out_of_the_queue(visit, li, he):
    from huiyin.journey.closure.actions import judge
    from tests.roads import close

    complaint = fresh(visit.complaint)
    judge(complaint, solved=True)  # he said so himself: no call is needed
    close(complaint, li)
    with pytest.raises(Refused, match="不需要回访"):
        actions.answer(seen(visit), by=he, result="satisfied")
    actions.cancel_open(complaint.events.get(what=What.CLOSED))
    assert seen(visit).state == State.CANCELLED
