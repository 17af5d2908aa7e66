"""首接负责: who answers to the customer, whoever works on it."""

from __future__ import annotations

import pytest

from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.complaint.events import run_later
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.actions import reply
from huiyin.journey.routing import actions as routing
from tests.conftest import person
from tests.roads import fresh
from tests.together import at_once

pytestmark = pytest.mark.django_db


def test_whoever_took_it_in_answers_for_it_while_others_work(taken_in, he, li):
    complaint = fresh(taken_in())
    assert complaint.owner == li
    routing.accept(complaint, by=he)
    assert fresh(complaint).owner == li
    assert Complaint.objects.visible_to(li).filter(pk=complaint.pk).exists()


def test_where_no_handler_took_it_in_the_first_who_signs_does(make_complaint, quality, he, ma, lu):
    complaint = make_complaint(team=quality, status="TRI", severity=3)
    routing.take(complaint, by=he)
    assert fresh(complaint).owner == he
    routing.hand_over(complaint, by=he, to=ma, note="请接着办")
    routing.accept(complaint, by=ma)
    assert fresh(complaint).owner == he


def test_a_triager_who_registers_owns_nothing(taken_in, he, zhou):
    from huiyin.journey.intake.actions import Contact, register

    complaint = register(
        by=zhou,
        channel="phone",
        contact=Contact(name="王芳", phone="13800138000"),
        text="电饭煲不加热",
        category="PD.01.07",
        severity=3,
    )
    assert fresh(complaint).owner is None


def test_the_owner_may_still_reply(taken_in, he, li):
    complaint = fresh(taken_in())
    routing.accept(complaint, by=he)
    reply(fresh(complaint), by=li, text="您好，正在为您核实。")
    assert fresh(complaint).events.filter(what="replied", by=li).exists()


def test_a_lead_changes_it_with_a_reason_and_both_are_told(taken_in, he, li, lu, ma):
    complaint = fresh(taken_in())
    routing.change_owner(complaint, by=lu, to=ma, reason="李明休产假")
    assert fresh(complaint).owner == ma
    event = complaint.events.get(what="owner_changed")
    assert (event.facts["to"], event.facts["was"]) == (ma.name, li.name)
    run_later(event.pk)
    assert ma.notices.filter(text__contains="变更首接负责人").exists()


@pytest.mark.parametrize("who", ["he", "li", "sun"])
def test_nobody_else_changes_it(taken_in, he, li, sun, ma, who):
    complaint = fresh(taken_in())
    by = {"he": he, "li": li, "sun": sun}[who]
    with pytest.raises(NotPermitted):
        routing.change_owner(complaint, by=by, to=ma, reason="我要")


def test_what_cannot_be_is_refused_with_a_sentence(taken_in, he, li, lu, ma):
    complaint = fresh(taken_in())
    outsider = person("qa", "质检", Role.QA)
    for to, reason in ((None, "x" * 9), (outsider, "换人"), (li, "换人"), (ma, " ")):
        with pytest.raises(Invalid):
            routing.change_owner(complaint, by=lu, to=to, reason=reason)
    Complaint.objects.filter(pk=complaint.pk).update(status="CLO")
    with pytest.raises(Refused):
        routing.change_owner(fresh(complaint), by=lu, to=ma, reason="换人")


def test_whoever_is_barred_cannot_answer_for_it(taken_in, he, li, lu, ma, manager):
    from huiyin.journey.complaint.actions import bar

    complaint = fresh(taken_in())
    bar(complaint, by=manager, person=ma, reason="与客户有亲属关系")
    with pytest.raises(Invalid):
        routing.change_owner(fresh(complaint), by=lu, to=ma, reason="换人负责")


def test_the_owner_of_a_restricted_complaint_sees_it(taken_in, he, lu, ma, manager):
    from huiyin.journey.complaint.actions import restrict

    complaint = fresh(taken_in())
    restrict(complaint, by=manager, people=[lu], reason="涉及隐私内容")
    routing.change_owner(fresh(complaint), by=lu, to=ma, reason="由马丽对接")
    assert Complaint.objects.visible_to(ma).filter(pk=complaint.pk).exists()


def test_the_owner_is_told_when_the_customer_writes_and_when_it_is_late(taken_in, he, li):
    from huiyin.journey.complaint.events import record
    from huiyin.journey.complaint.words import What

    complaint = fresh(taken_in())
    system = type(li).objects.system()
    wrote = record(What.CUSTOMER_WROTE, complaint, by=system)
    missed = record(What.CLOCK_MISSED, complaint, by=system, kind="resolution", subject="")
    for event in (wrote, missed):
        run_later(event.pk)
        assert li.notices.filter(event=event).count() == 1


def test_page_and_api(taken_in, he, li, lu, ma, signed_in, api):
    complaint = fresh(taken_in())
    where = f"/complaints/{complaint.number}"
    assert li.name in signed_in(he).get(f"{where}/panels/routing/").content.decode()
    assert api(lu).get(f"/api/v1{where}").json()["owner"] == "li"
    said = {"to": ma.pk, "reason": "李明休产假"}
    assert signed_in(he).post(f"{where}/owner/", said).status_code == 403
    assert signed_in(lu).post(f"{where}/owner/", said).status_code == 204
    assert fresh(complaint).owner == ma
    put = api(lu).put(
        f"/api/v1{where}/owner", {"to": "li", "reason": "回来了"}, content_type="application/json"
    )
    assert put.status_code == 200
    assert fresh(complaint).owner == li
    page = signed_in(li).get("/queue/?view=owned").content.decode()
    assert complaint.number in page


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_one_counts(taken_in, he, li, lu, ma, manager):
    complaint = taken_in()
    results = at_once(
        *(
            lambda by=by, to=to: routing.change_owner(
                fresh(complaint), by=by, to=to, reason="换人负责"
            )
            for by, to in ((lu, ma), (manager, he))
        )
    )
    changes = complaint.events.filter(what="owner_changed")
    done = [one for one in results if one is None]
    assert len(done) == changes.count() >= 1
    owner = fresh(complaint).owner
    assert owner is not None and owner.name == changes.last().facts["to"]
