"""A task is signed for and answered, and sent back with a reason."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Presence
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.cooperation import actions as cooperation
from huiyin.journey.cooperation.models import Answer
from tests.conftest import at
from tests.cooperation.papers import MONDAY
from tests.roads import story
from tests.together import at_once

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def report(name="检验记录.pdf", data=PDF):
    return SimpleUploadedFile(name, data, "application/pdf")


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
