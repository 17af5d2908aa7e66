"""Steps of outside systems: exactly one refund, whatever they do to us."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.webhooks import actions as webhooks
from huiyin.ground.webhooks.models import Call, Endpoint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.execution import actions
from huiyin.journey.execution.models import Payment
from huiyin.journey.resolution import actions as resolution
from tests.execution.conftest import again
from tests.roads import fresh, story

pytestmark = pytest.mark.django_db


@pytest.fixture
def step(agreed, pay):
    return agreed("system:pay")[0]


def run(hours: int = 60) -> None:
    now = moment.now()
    for minutes in range(0, hours * 60, 30):
        with moment.at(now + timedelta(minutes=minutes)):
            webhooks.send_due_calls()
            webhooks.ask_due()


def test_a_refund_is_asked_for_in_words_and_figures_and_nothing_of_the_customer(
    step, standin, complaint
):
    webhooks.send_due_calls()
    told = standin.seen[0]["told"]
    assert told["data"]["text"] == f"第1步 30.00 元，投诉 {complaint.number}"
    assert (told["data"]["amount"], told["data"]["amount_fen"]) == ("30.00", 3000)
    for private in (complaint.customer.name, "13800138000", "wf@example.com"):
        assert private not in str(told)


def test_done_outside_is_done_here_with_its_reference(step, standin, complaint):
    assert step.state == "open"
    webhooks.send_due_calls()
    (step,) = again(step)
    assert (step.state, step.paid_fen, step.proof) == ("done", 3000, step.call.reference)
    assert fresh(complaint).status == Status.RES
    assert {What.STEP_DONE, What.EXECUTED} <= set(story(complaint))
    assert standin.paid == {step.call.uid: 3000}


def test_thirty_percent_trouble_ends_in_one_payment(step, standin, complaint):
    standin.plan = ["500", "lost", "reset", "html", "accepted"]
    run()
    (step,) = again(step)
    assert (step.state, Payment.objects.count(), len(standin.paid)) == ("done", 1, 1)
    assert fresh(complaint).status == Status.RES


def test_told_twice_it_is_one_payment(step, standin):
    webhooks.send_due_calls()
    for _again in range(3):
        Call.objects.update(untold=True)
        webhooks.tell_askers()
    assert Payment.objects.count() == 1


def test_a_lie_about_the_sum_is_flagged_and_a_person_settles_it(step, standin, complaint, li):
    standin.plan = ["lie"]
    webhooks.send_due_calls()
    (step,) = again(step)
    assert (step.state, step.paid_fen, fresh(complaint).status) == ("mismatch", 0, Status.EXE)
    assert "300.00" in step.problem
    assert story(complaint)[-1] == What.STEP_FAILED
    with pytest.raises(Refused):
        actions.retry(step, by=li)
    with pytest.raises(Refused):
        actions.complete(step, by=li, proof="不看了")
    with pytest.raises(Invalid, match="向对方核实"):
        actions.take_over(step, by=li, reason="对方金额报错了")
    actions.take_over(
        again(step)[0], by=li, reason="核对银行流水，实付 30 元", sure=True, paid_fen=3000
    )
    assert (again(step)[0].state, fresh(complaint).status) == ("done", Status.RES)


def test_what_failed_is_tried_anew_under_a_new_id(step, standin, li, complaint):
    standin.plan = ["failed"]
    webhooks.send_due_calls()
    (step,) = again(step)
    assert (step.state, "账户已注销" in step.problem) == ("failed", True)
    before = step.call.uid
    actions.retry(step, by=li)
    (step,) = again(step)
    assert (step.state, step.call.uid != before) == ("open", True)
    webhooks.send_due_calls()
    assert again(step)[0].state == "done"


def test_what_was_refused_is_tried_again_under_its_old_id(step, standin, li):
    standin.plan = ["403"]
    webhooks.send_due_calls()
    (step,) = again(step)
    assert step.state == "failed"
    before = step.call.uid
    actions.retry(step, by=li)
    webhooks.send_due_calls()
    (step,) = again(step)
    assert (step.state, step.call.uid) == ("done", before)


def test_a_half_that_they_paid_counts_and_finance_pays_the_rest(step, standin, li):
    standin.plan = ["failed"]
    webhooks.send_due_calls()
    (step,) = again(step)
    with pytest.raises(Invalid, match="超过还应付"):
        actions.take_over(step, by=li, reason="核对银行流水", paid_fen=3001)
    actions.take_over(again(step)[0], by=li, reason="核对银行流水", sure=True, paid_fen=1000)
    (step,) = again(step)
    assert (step.doer, step.state, step.sum.left) == ("finance", "open", 2000)
    assert fresh(step.complaint).waits_for == ["finance"]


def test_taken_back_before_it_went_out_it_never_goes_out(step, standin, li):
    resolution.decline(step.offer, by=li, note="客户不要了")
    run(hours=2)
    assert (again(step)[0].state, standin.seen) == ("cancelled", [])


def test_taken_back_after_it_went_out_it_is_called_back_and_flagged(step, standin, li):
    standin.plan = ["500", "done"]
    webhooks.send_due_calls()
    resolution.decline(again(step)[0].offer, by=li, note="客户不要了")
    (step,) = again(step)
    assert (step.state, "撤回" in step.problem) == ("recalled", True)
    webhooks.send_due_calls()
    cancel = next(one["told"] for one in standin.seen if one["told"]["type"] == "execution.cancel")
    assert cancel["data"]["cancels"] == step.call.uid
    assert again(step)[0].state == "cancelled"


def test_done_outside_although_it_was_called_back_is_flagged(step, standin, li, complaint):
    standin.plan = ["lost", "failed"]
    webhooks.send_due_calls()
    resolution.decline(again(step)[0].offer, by=li, note="客户不要了")
    run()
    (step,) = again(step)
    assert step.state == "recalled"
    assert "请核对并追回" in step.problem or "没有撤回" in step.problem
    assert What.STEP_FAILED in story(complaint)
    actions.settle_recall(step, by=li, words="已追回，流水 R77")
    assert again(step)[0].state == "cancelled"


def test_a_report_for_what_people_do_now_is_flagged_not_paid_twice(step, standin, li, finance):
    standin.plan = ["lost"]
    webhooks.send_due_calls()
    actions.take_over(again(step)[0], by=li, reason="对方系统停机", sure=True)
    actions.complete(again(step)[0], by=finance, proof="手工转账 77")
    (step,) = again(step)
    assert step.state == "done"
    run()
    (step,) = again(step)
    assert (step.paid_fen, Payment.objects.count()) == (3000, 1)
    assert "请核对并追回" in step.problem


def test_told_as_a_whole_while_they_work_on_it_is_refused(step, standin, li):
    standin.plan = ["500"]
    webhooks.send_due_calls()
    with pytest.raises(Refused, match="外部系统正在办理"):
        resolution.execute(again(step)[0].offer, by=li, proof="手工")
    assert again(step)[0].state == "open"


def test_a_system_that_takes_no_recall_is_left_to_people(agreed, pay, standin, li):
    Endpoint.objects.update(kinds=["execution.step"])
    (step,) = agreed("system:pay")
    standin.plan = ["500"]
    webhooks.send_due_calls()
    resolution.decline(again(step)[0].offer, by=li, note="不要了")
    assert "人工联系" in again(step)[0].problem
