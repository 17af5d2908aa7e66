"""Who hears what of a task: by the bell, by mail; and nobody hears of what he may not see."""

from __future__ import annotations

import pytest

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Presence
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.complaint.events import run_later
from huiyin.journey.complaint.models import ComplaintAccess
from huiyin.journey.complaint.words import Sight
from huiyin.journey.conversation.models import Letter
from huiyin.journey.cooperation import actions as cooperation
from huiyin.surface.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    """Carry out what follows later, twice (it may run twice), and say who was told what."""

    def run(complaint, *whats):
        for event in complaint.events.filter(what__in=whats).order_by("pk"):
            run_later(event.pk)
            run_later(event.pk)
        return set(
            Notice.objects.filter(event__what__in=whats).values_list("user__username", flat=True)
        )

    return run


def test_a_new_task_is_told_to_the_department_by_bell_and_mail_without_the_customer(
    ask, qc, jiang, shen, ning, complaint, told, signed_in
):
    User.objects.filter(pk=shen.pk).update(email="shen@example.com")
    task = ask(title="查批次", question="王芳的锅，请追溯批次。")
    assert told(complaint, "task_sent") == {"shen"}
    notice = Notice.objects.get(user=shen)
    assert notice.text == f"{complaint.number} 下发协办任务：查批次"
    letter = Letter.objects.get(recipient="shen@example.com")
    assert f"/desk/tasks/{task.pk}/" in letter.body
    assert "王芳" not in letter.body + letter.subject
    bell = signed_in(shen).get("/notices/bell/")
    assert f"/desk/tasks/{task.pk}/" in bell.text
    assert f"/complaints/{complaint.number}/" not in bell.text
    assert notice.text not in signed_in(ning).get("/notices/bell/").text


def test_given_to_a_person_who_is_away_his_deputy_hears_too(ask, jiang, ge, complaint, told):
    User.objects.filter(pk=jiang.pk).update(presence=Presence.AWAY, deputy=ge)
    ask(handler=jiang)
    assert told(complaint, "task_sent") == {"jiang", "ge"}


def test_answers_returns_and_requests_are_told_to_whoever_asked(
    ask, jiang, li, chen, warehouse, complaint, told, again
):
    task = ask(by=chen)
    cooperation.answer(again(task), by=jiang, text="查到批次 A7。")
    assert told(complaint, "task_answered") == {"chen", "li"}
    cooperation.redo(again(task), by=li, reason="缺原始记录")
    assert told(complaint, "task_redone") == {"jiang"}


def test_a_dispute_is_told_to_who_may_rule_it(ask, jiang, li, chen, du, complaint, told, again):
    task = ask()
    cooperation.dispute(again(task), by=jiang, reason="不归我们管")
    assert told(complaint, "task_disputed") == {"du", "chen", "li"}


def test_what_is_late_is_told_to_department_head_and_asker(
    ask, jiang, shen, li, complaint, told, clock
):
    with clock("2026-11-23 10:00"):
        ask(handler=jiang)
    with clock("2026-11-26 08:00"):
        clocks.sweep()
        assert told(complaint, "task_late") == {"jiang", "shen", "li"}


def test_talk_is_told_to_the_other_side_and_says_nothing_of_its_words(
    ask, jiang, li, complaint, told
):
    task = ask(handler=jiang)
    cooperation.remark(task, by=li, text="客户下午要答复")
    assert told(complaint, "noted") == {"jiang"}
    assert "客户下午" not in Notice.objects.get(user=jiang).text
    cooperation.remark(task, by=jiang, text="马上给")
    assert told(complaint, "noted") == {"jiang", "li"}


def test_who_may_no_longer_see_the_task_hears_nothing_and_reads_nothing(
    ask, jiang, warehouse, complaint, li, told, signed_in
):
    ask(handler=jiang)
    told(complaint, "task_sent")
    assert "下发协办任务" in signed_in(jiang).get("/notices/bell/").text
    ComplaintAccess.objects.create(
        complaint=complaint, user=jiang, sight=Sight.BARRED, by=li, at=moment.now()
    )
    assert "下发协办任务" not in signed_in(jiang).get("/notices/bell/").text
    ComplaintAccess.objects.all().delete()
    User.objects.filter(pk=jiang.pk).update(department=warehouse)
    moved = User.objects.get(pk=jiang.pk)
    assert "下发协办任务" not in signed_in(moved).get("/notices/bell/").text
