"""Steps: planned at the customer's yes, one after the other, done only with proof and in full."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.clocks.actions import sweep
from huiyin.journey.clocks.models import Clock
from huiyin.journey.complaint.events import run_later
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.cooperation import actions as cooperation
from huiyin.journey.cooperation.models import Task
from huiyin.journey.execution import actions, rules
from huiyin.journey.execution.models import Payment, Step
from huiyin.journey.resolution import actions as resolution
from huiyin.journey.resolution.models import Offer, Remedy
from tests.execution.conftest import again
from tests.roads import fresh, propose, story
from tests.together import at_once

pytestmark = pytest.mark.django_db
PROOF = "流水号 20261129001"
ENDS = [What.STEP_DONE, What.EXECUTED]


def test_the_customers_yes_plans_the_steps_and_begins_the_first(agreed, complaint):
    first, second = agreed("handler", "finance")
    assert [one.state for one in (first, second)] == ["open", "planned"]
    assert (first.amount_fen, second.amount_fen) == (0, 3000)  # finance moves the money
    assert first.clock.subject == f"execution:{first.pk}"
    assert second.clock is None
    assert fresh(complaint).waits_for == []


def test_one_after_the_other_until_the_offer_is_carried_out(agreed, complaint, li, finance):
    first, second = agreed("handler", "finance")
    with pytest.raises(Refused, match="还没有轮到"):
        actions.complete(second, by=finance, proof=PROOF)
    actions.complete(first, by=li, proof="已取件，运单 SF1")
    first, second = again(first, second)
    assert (first.state, first.done_by, first.proof) == ("done", li, "已取件，运单 SF1")
    assert second.state == "open"
    assert fresh(complaint).waits_for == ["finance"]
    assert Complaint.objects.visible_to(finance).filter(pk=complaint.pk).exists()
    actions.complete(second, by=finance, proof=PROOF)
    now = fresh(complaint)
    assert (now.status, now.waits_for) == (Status.RES, [])
    offer = Offer.objects.get(pk=first.offer_id)
    assert (offer.state, offer.paid_fen) == ("executed", 3000)
    assert "SF1" in offer.proof
    assert PROOF in offer.proof
    told = [what for what in story(complaint) if what in (What.STEP_SENT, *ENDS)]
    assert told[-3:] == [What.STEP_SENT, *ENDS]
    assert not Clock.objects.filter(subject__startswith="execution:", stopped_at=None).exists()


def test_no_proof_no_step(agreed, li):
    (step,) = agreed("finance")
    for proof in ("", " ", "\x00", "。" * 301):
        with pytest.raises(Invalid) as refused:
            actions.complete(step, by=li, proof=proof)
        assert "proof" in refused.value.fields
    assert again(step)[0].state == "open"


def test_a_file_is_kept_as_evidence(agreed, li, complaint):
    (step,) = agreed("finance")
    upload = SimpleUploadedFile("回单.txt", "转账成功".encode())
    actions.complete(step, by=li, proof=PROOF, upload=upload)
    evidence = again(step)[0].evidence
    assert evidence is not None
    assert evidence.name == "回单.txt"
    (other,) = complaint.evidence.all()
    assert other.internal


@pytest.mark.parametrize("fen", [2999, 3001, 0, 300000])
def test_paid_is_not_agreed_is_refused_with_a_sentence(fen, agreed, finance):
    (step,) = agreed("finance")
    with pytest.raises(Invalid) as refused:
        actions.complete(step, by=finance, proof=PROOF, paid_fen=fen)
    assert "paid" in refused.value.fields
    assert (again(step)[0].paid_fen, Payment.objects.count()) == (0, 0)


def test_parts_are_summed_until_they_are_equal(agreed, finance, complaint):
    (step,) = agreed("finance")
    actions.complete(step, by=finance, proof="A1", paid_fen=1000, partial=True)
    (step,) = again(step)
    assert (step.state, step.paid_fen, step.sum.left) == ("open", 1000, 2000)
    assert fresh(complaint).status == Status.EXE
    with pytest.raises(Invalid, match="已经登记过"):
        actions.complete(step, by=finance, proof="A1", paid_fen=1000, partial=True)
    with pytest.raises(Invalid, match="超过还应付"):
        actions.complete(step, by=finance, proof="A2", paid_fen=2001, partial=True)
    actions.complete(step, by=finance, proof="A2")
    (step,) = again(step)
    assert (step.state, step.paid_fen, step.proof) == ("done", 3000, "A1；A2")
    assert fresh(complaint).status == Status.RES


def test_the_table_itself_keeps_from_paying_too_much_or_too_little(agreed):
    (step,) = agreed("finance")
    for change in ({"paid_fen": 3001}, {"state": "done", "paid_fen": 2999}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Step.objects.filter(pk=step.pk).update(**change)


def test_who_may_carry_out_what(agreed, li, chen, sun, finance, ning):
    first, _second = agreed("handler", "finance")
    for user in (sun, finance, ning):
        with pytest.raises(NotPermitted):
            actions.complete(first, by=user, proof=PROOF)
    actions.complete(first, by=chen, proof=PROOF)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_complete_it_at_once_one_is_refused(agreed, li):
    (step,) = agreed("finance")
    one, two = again(step)[0], again(step)[0]
    results = at_once(
        lambda: actions.complete(one, by=li, proof="B1"),
        lambda: actions.complete(two, by=li, proof="B2"),
    )
    assert sum(isinstance(r, Refused) for r in results) == 1
    assert Payment.objects.count() == 1


# --- departments ---------------------------------------------------------------------------------


def test_a_department_finds_its_step_on_its_desk_and_its_answer_is_the_proof(
    agreed, complaint, warehouse, ning
):
    first, second = agreed("department:warehouse", "finance")
    task = Task.objects.of_department(ning).get()
    assert first.task == task
    assert (task.title, task.department) == ("第1步", warehouse)
    cooperation.answer(task, by=ning, text="已收到退货，运单 SF88001")
    first, second = again(first, second)
    assert (first.state, first.done_by, first.proof) == ("done", ning, "已收到退货，运单 SF88001")
    assert second.state == "open"
    task.refresh_from_db()
    assert task.state == "done"
    assert fresh(complaint).waits_for == ["finance"]


def test_while_a_department_has_it_nobody_else_does_it(agreed, li, warehouse):
    first, _second = agreed("department:warehouse", "finance")
    with pytest.raises(Refused, match="部门还在办理"):
        actions.complete(first, by=li, proof=PROOF)
    actions.take_over(first, by=li, reason="仓库盘点，我来收货")
    (first,) = again(first)
    assert (first.doer, first.task) == ("handler", None)
    assert Task.objects.get().state == "cancelled"
    actions.complete(first, by=li, proof="已收货")


def test_a_task_that_is_called_off_leaves_the_step_to_the_handler(agreed, li, warehouse):
    first, _second = agreed("department:warehouse", "finance")
    cooperation.cancel(first.task, by=li, reason="部门不收件")
    (first,) = again(first)
    assert (first.doer, first.state) == ("handler", "open")
    assert "协办任务已撤销" in first.problem


def test_a_department_or_system_that_is_not_there_leaves_it_to_people(agreed):
    first, second = agreed("department:nowhere", "system:nothing")
    assert (first.doer, second.doer) == ("handler", "finance")
    assert "没有部门 nowhere" in first.problem
    assert "没有接入外部系统 nothing" in second.problem


# --- taken back ----------------------------------------------------------------------------------


def test_a_no_after_a_yes_calls_off_what_is_not_done(agreed, complaint, li, warehouse):
    steps = agreed("department:warehouse", "finance")
    resolution.decline(again(*steps)[0].offer, by=li, note="客户改变主意")
    assert [one.state for one in again(*steps)] == ["cancelled", "cancelled"]
    assert Task.objects.get().state == "cancelled"
    assert fresh(complaint).status == Status.HND
    assert not Clock.objects.filter(subject__startswith="execution:", stopped_at=None).exists()


def test_what_was_paid_in_part_is_flagged(agreed, li, finance):
    (step,) = agreed("finance")
    actions.complete(step, by=finance, proof="A1", paid_fen=1000, partial=True)
    resolution.decline(again(step)[0].offer, by=li, note="不要了")
    (step,) = again(step)
    assert (step.state, "已经付出一部分" in step.problem) == ("recalled", True)
    with pytest.raises(Invalid):
        actions.settle_recall(step, by=li, words="")
    actions.settle_recall(step, by=li, words="10 元已原路收回，流水 R1")
    assert again(step)[0].state == "cancelled"


def test_the_old_way_of_telling_the_whole_at_once_stands_for_every_step(
    agreed, complaint, li, warehouse
):
    steps = agreed("department:warehouse", "finance")
    resolution.execute(again(*steps)[0].offer, by=li, proof=PROOF)
    assert [(one.state, one.paid_fen) for one in again(*steps)] == [("done", 0), ("done", 3000)]
    assert Task.objects.get().state == "cancelled"
    assert fresh(complaint).status == Status.RES


def test_an_offer_agreed_before_its_remedy_had_steps_is_planned_later(complaint, li, sun):
    Remedy.objects.filter(code="RMD.04").update(execution=[])
    offer = propose(complaint, li)
    resolution.agree(offer, by=li)
    assert not Step.objects.exists()
    with pytest.raises(Refused, match="没有设置执行步骤"):
        actions.plan_by_hand(offer, by=li)
    Remedy.objects.filter(code="RMD.04").update(
        execution=[{"what_zh": "退款", "what_en": "Refund", "by": "finance", "days": 1}]
    )
    offer = Offer.objects.select_related("remedy", "complaint").get(pk=offer.pk)
    with pytest.raises(NotPermitted):
        actions.plan_by_hand(offer, by=sun)
    actions.plan_by_hand(offer, by=li)
    assert Step.objects.get().state == "open"


# --- late ----------------------------------------------------------------------------------------


def late_events(complaint):
    return list(complaint.events.filter(what=What.STEP_LATE).order_by("pk"))


def settle(complaint, *whats):
    """What the worker does later."""
    for event in complaint.events.filter(what__in=whats):
        run_later(event.pk)


def test_a_step_that_will_end_too_late_tells_the_customer_before(agreed, complaint):
    """At the warning: what is still to be done does not fit before the promised day."""
    first, _second = agreed("handler", "finance", days=3)
    with moment.at(first.clock.warn_at + timedelta(minutes=1)):
        sweep()
        settle(complaint, What.CLOCK_WARNED)
        settle(complaint, What.CLOCK_WARNED)  # twice is once
    (told,) = late_events(complaint)
    day = again(first)[0].told_on
    assert day is not None
    assert day > first.offer.due_on
    assert told.facts["due_on"] == day.isoformat()


def test_a_step_that_is_too_late_tells_a_new_day_once(agreed, complaint):
    (step,) = agreed("finance")
    with moment.at(step.clock.due_at + timedelta(days=4)):
        sweep()
        settle(complaint, What.CLOCK_WARNED, What.CLOCK_MISSED)
        settle(complaint, What.CLOCK_MISSED)
        assert len(late_events(complaint)) == 1
        day = again(step)[0].told_on
        assert day is not None
        assert day > timezone.localtime(moment.now()).date()


def test_a_later_day_is_told_with_its_reason_once_for_each_change(agreed, complaint, li, sun):
    (step,) = agreed("finance")
    day = step.offer.due_on + timedelta(days=5)
    for wrong in (None, moment.today() - timedelta(days=1), moment.today() + timedelta(days=400)):
        with pytest.raises(Invalid):
            actions.postpone(step, by=li, due_on=wrong, reason="供应商延迟")
    with pytest.raises(Invalid):
        actions.postpone(step, by=li, due_on=day, reason="")
    with pytest.raises(NotPermitted):
        actions.postpone(step, by=sun, due_on=day, reason="供应商延迟")
    assert actions.postpone(step, by=li, due_on=day, reason="供应商延迟")
    assert not actions.postpone(again(step)[0], by=li, due_on=day, reason="供应商延迟")
    (told,) = late_events(complaint)
    assert (told.facts["note"], told.facts["reason"]) == (f"{day:%Y-%m-%d}", "供应商延迟")
    clock = again(step)[0].clock
    assert clock is not None
    assert timezone.localtime(clock.due_at).date() == day


def test_sums_and_shares_on_paper():
    assert rules.Sum(5800, 3000).left == 2800
    assert [
        rules.Sum(100, 0).judge(n, partial=p)
        for n, p in ((100, False), (99, False), (99, True), (101, True), (0, True))
    ] == ["", "less", "", "more", "nothing"]
    steps = [rules.read({"by": by}) for by in ("handler", "system:pay", "finance")]
    assert (rules.pays(steps), rules.pays(steps[:2]), rules.pays(steps[:1])) == (2, 1, 0)
    assert rules.read({"by": "nonsense", "days": 0}).days == 1
    assert rules.percent(0, 0) == 0
