"""Mediation: begun with a body and a number, ended with a result, and what that leads to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.closure import actions
from huiyin.journey.closure.models import (
    Mediation,
    MediationEnd,
    MediationPaper,
    Mediator,
    VisitRule,
)
from huiyin.journey.closure.reference import load_reference
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.investigation.actions import find
from tests.conftest import person
from tests.roads import FOUND, assigned, carry_out, close, feed_back, fresh, solved, story
from tests.together import at_once

pytestmark = pytest.mark.django_db
WHY = "检测报告显示加热盘完好，故障由外部电压造成，不属于质量问题。"
AGREED = "商家一次性补偿 300 元，客户不再就同一事项主张权利。"
JSON = "application/json"


@pytest.fixture
def refused(make_complaint, after_sales, li):
    """已解决待反馈: the claim was not accepted, and the customer knows where else to turn."""
    VisitRule.objects.filter(condition__isnull=True).update(percent=0)
    complaint = assigned(make_complaint, after_sales, li)
    find(complaint, by=li, **FOUND)
    actions.refuse_claim(complaint, by=li, reason=WHY, channel="phone")
    return complaint


def begin(complaint, by, code="hotline-12315", **changed):
    mediator = Mediator.objects.get(code=code)
    return actions.begin_mediation(
        complaint, by=by, mediator=mediator, reference="浦消调 2026-118", **changed
    )


def end(mediation, by, outcome="failed", words="双方差距过大", **changed):
    return actions.end_mediation(mediation, by=by, outcome=outcome, words=words, **changed)


def refuses_to_close(complaint, by):
    with pytest.raises(Refused) as no:
        close(complaint, by, outcome="not_upheld", note="检测合格，不支持", satisfaction="unknown")
    return str(no.value)


def test_a_mediation_is_begun_with_its_body_number_term_and_papers(refused, li):
    paper = SimpleUploadedFile("调解通知.txt", "请于三日内到场".encode(), "text/plain")
    made = begin(refused, li, body="浦东新区市场监督管理局", note="客户自行申请", files=[paper])
    assert made.due_on == made.begun_on + timedelta(days=60)
    assert refused.evidence.get().source == "third"
    assert MediationPaper.objects.get().evidence.name == "调解通知.txt"
    told = refused.events.get(what=What.MEDIATION_BEGUN).facts
    assert told["name"] == "浦东新区市场监督管理局" and told["note"] == "浦消调 2026-118"


def test_nothing_is_closed_while_it_is_mediated(refused, li):
    made = begin(refused, li)
    assert "市场监管部门（12315）调解 的调解还没有结果" in refuses_to_close(refused, li)
    end(made, li)
    close(refused, li, outcome="not_upheld", note="调解不成，不支持", satisfaction="unknown")
    assert refused.status == Status.CLO


def test_an_agreement_is_work_again_and_is_carried_out_by_an_offer(refused, li):
    made = begin(refused, li)
    clocks = refused.clocks.own().running().count()
    end(made, li, "reached", AGREED, owes=True)
    assert refused.status == Status.HND and refused.resolved_at is None
    assert clocks == 0 and refused.clocks.own().running().filter(kind="resolution").exists()
    assert What.REWORKED not in story(refused), "it is not the customer who sent it back"
    assert "达成的协议还没有履行" in "".join(actions.missing_for_closing(refused))
    carry_out(refused, li, fen=2000)
    assert not [m for m in actions.missing_for_closing(refused) if "协议" in m]
    feed_back(refused, li)
    close(refused, li, outcome="partly", note="按调解协议办理")


def test_the_visit_of_the_solution_that_was_is_called_off(make_complaint, after_sales, li):
    complaint = solved(make_complaint, after_sales, li, emotion="angry")
    feed_back(complaint, li)
    assert complaint.callbacks.open().filter(kind="visit").exists()
    end(begin(complaint, li), li, "reached", AGREED, owes=True)
    assert complaint.status == Status.HND
    assert not complaint.callbacks.open().filter(kind="visit").exists()


def test_an_agreement_that_asks_nothing_of_us_changes_nothing(refused, li):
    end(begin(refused, li), li, "reached", "客户接受说明，双方就此了结。", owes=False)
    assert refused.status == Status.RES
    close(refused, li, outcome="not_upheld", note="客户接受说明", satisfaction="fair")


def test_what_failed_owes_nothing_even_if_somebody_ticked_it(refused, li):
    assert not end(begin(refused, li), li, owes=True).owes
    assert refused.status == Status.RES


def test_an_earlier_offer_does_not_carry_out_a_later_agreement(make_complaint, after_sales, li):
    complaint = solved(make_complaint, after_sales, li)
    made = begin(complaint, li)
    end(made, li, "reached", AGREED, owes=True)
    assert actions.unsettled([complaint], carried_out_by=complaint) == [made]


def test_a_complaint_that_is_withdrawn_ends_its_mediation(refused, li):
    made = begin(refused, li)
    actions.withdraw(refused, by=li, reason="客户来电说不再追究")
    for _twice in range(2):
        actions.end_mediations(refused.events.get(what=What.WITHDRAWN))
    assert MediationEnd.objects.get(mediation=made).outcome == "withdrawn"
    assert story(refused).count(What.MEDIATION_ENDED) == 1


def test_a_member_under_mediation_holds_its_master(make_complaint, after_sales, li, chen):
    from huiyin.journey.grouping.actions import merge

    master, member = (assigned(make_complaint, after_sales, li) for _n in range(2))
    made = begin(member, li)
    merge(member, into=master, by=chen, reason="同一事项")
    member = fresh(member)
    assert member.status == Status.MRG
    assert member.number in "".join(actions.missing_for_closing(fresh(master)))
    made.complaint = member
    end(made, chen)
    assert member.number not in "".join(actions.missing_for_closing(fresh(master)))


# --- who, when, what -----------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["sun", "mate", "zhou", "he", "admin"])
def test_nobody_else_writes_of_mediation(who, refused, li, request):
    with pytest.raises(NotPermitted):
        begin(refused, request.getfixturevalue(who))
    made = begin(refused, li)
    with pytest.raises(NotPermitted):
        end(made, request.getfixturevalue(who))


def test_legal_may(refused):
    legal = person("fa", "法务", Role.LEGAL)
    end(begin(refused, legal), legal)
    assert MediationEnd.objects.get().by == legal


def test_one_at_a_time(refused, li):
    made = begin(refused, li)
    with pytest.raises(Refused, match="还有一项调解没有结果"):
        begin(refused, li, code="people")
    end(made, li)
    with pytest.raises(Refused, match="已经登记过了"):
        end(made, li)
    assert begin(refused, li, code="people").days == 30


def test_before_it_is_worked_on_and_after_it_ended_there_is_none(make_complaint, closed, li, zhou):
    with pytest.raises(Refused, match="已结案的请先重开"):
        begin(closed, li)
    early = make_complaint(status="TRI", team=closed.team, assignee=li)
    with pytest.raises(Refused, match="才能登记调解"):
        begin(early, li)


@pytest.mark.parametrize("days", [-4000, 1])
def test_a_day_that_cannot_be_is_refused(days, refused, li):
    with pytest.raises(Invalid, match="日期要在"):
        begin(refused, li, begun_on=moment.today() + timedelta(days=days))
    with pytest.raises(Invalid, match="日期要在"):
        end(begin(refused, li), li, ended_on=moment.today() + timedelta(days=days))


@pytest.mark.parametrize(
    ("outcome", "words", "said"),
    [
        ("reached", "同意了", "协议内容"),
        ("failed", "", "原因"),
        ("withdrawn", "\x00\x00\x00\x00\x00", "原因"),
        ("won", AGREED, "请选择调解结果"),
        ("reached", "长" * 5001, "5000"),
    ],
)
def test_an_outcome_says_what_it_is(outcome, words, said, refused, li):
    with pytest.raises(Invalid, match=said):
        end(begin(refused, li), li, outcome, words)
    assert not MediationEnd.objects.exists() and fresh(refused).status == Status.RES


def test_too_many_files_leave_nothing_behind(refused, li):
    files = [SimpleUploadedFile(f"{n}.txt", b"text", "text/plain") for n in range(11)]
    with pytest.raises(Invalid, match="最多附 10 个"):
        begin(refused, li, files=files)
    assert not Mediation.objects.exists() and not refused.evidence.exists()


def test_what_is_written_of_it_stays(refused, li):
    end(begin(refused, li), li)
    for model, what in ((Mediation, {"body": "别的"}), (MediationEnd, {"words": "别的"})):
        for act in (lambda m=model, w=what: m.objects.update(**w), model.objects.all().delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()


def test_the_bodies_are_rows_with_source_and_edits_stay(db):
    Mediator.objects.filter(code="people").update(days=20)
    assert load_reference() == 0
    assert Mediator.objects.get(code="people").days == 20
    assert not Mediator.objects.filter(source="").exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_the_result_at_once_one_is_refused(refused, li, chen):
    made = begin(refused, li)

    def ending(by, outcome):
        mine = Mediation.objects.select_related("complaint__customer").get(pk=made.pk)
        mine.complaint = fresh(refused)
        return end(mine, by, outcome, AGREED, owes=True)

    results = at_once(lambda: ending(li, "reached"), lambda: ending(chen, "failed"))
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert MediationEnd.objects.count() == 1


# --- page and API --------------------------------------------------------------------------------


def test_the_page_begins_and_ends_it(refused, li, signed_in):
    client, place = signed_in(li), f"/complaints/{refused.number}"
    panel = f"{place}/panels/closure/"
    assert "登记调解" in client.get(panel).content.decode()
    assert "人民调解委员会" in client.get(f"{place}/mediations/").content.decode()
    htmx = {"HX-Request": "true"}
    body = {"mediator": "people", "reference": "民调 7", "begun_on": moment.today().isoformat()}
    assert client.post(f"{place}/mediations/", body, headers=htmx).status_code == 204
    html = client.get(panel).content.decode()
    assert "调解中" in html and "民调 7" in html and "的调解还没有结果" in html
    made = Mediation.objects.get()
    outcome = f"{place}/mediations/{made.pk}/outcome/"
    assert "我方还要履行" in client.get(outcome).content.decode()
    paper = SimpleUploadedFile("调解书.txt", "协议".encode(), "text/plain")
    ended = {"outcome": "reached", "words": AGREED, "owes": "1", "files": paper}
    assert client.post(outcome, ended, headers=htmx).status_code in (200, 204)
    assert fresh(refused).status == Status.HND
    html = client.get(panel).content.decode()
    assert AGREED in html and "还没有提出方案" in html and "调解书.txt" in html
    carry_out(fresh(refused), li, fen=2000)
    assert "履行方案：部分退款" in client.get(panel).content.decode()


@pytest.mark.parametrize("day", ["", "2026-02-30", "昨天"])
def test_a_day_that_is_none_is_no_fault(day, refused, li, signed_in):
    body = {"mediator": "people", "begun_on": day}
    place = f"/complaints/{refused.number}/mediations/"
    answer = signed_in(li).post(place, body, headers={"HX-Request": "true"})
    assert answer.status_code == (422 if day else 204)


def test_a_late_one_is_marked(refused, li, signed_in):
    begin(refused, li)
    place = f"/complaints/{refused.number}/panels/closure/"
    with moment.at(moment.now() + timedelta(days=61)):
        assert "调解超期" in signed_in(li).get(place).content.decode()


def test_a_program_begins_and_ends_it(refused, li, sun, api):
    place, client = f"/api/v1/complaints/{refused.number}/mediations", api(li)
    assert "people" in {one["code"] for one in client.get("/api/v1/mediators").json()}
    body = {"mediator": "people", "reference": "民调 7"}
    assert api(sun).post(place, body, content_type=JSON).status_code == 404
    assert client.post(place, {"mediator": "nobody"}, content_type=JSON).status_code == 404
    foreign = body | {"papers": ["7d444840-9dc0-11d1-b245-5ffdce74fad2"]}
    assert client.post(place, foreign, content_type=JSON).status_code == 422
    made = client.post(place, body, content_type=JSON)
    assert made.status_code == 201 and made.json()["outcome"] is None
    assert client.post(place, body, content_type=JSON).status_code == 409
    ended = client.post(
        f"{place}/{made.json()['id']}/outcome",
        {"outcome": "failed", "words": "双方差距过大"},
        content_type=JSON,
    )
    assert ended.status_code == 201 and ended.json()["outcome"]["by"] == li.username
    assert [one["outcome"]["outcome"] for one in client.get(place).json()] == ["failed"]
    nothing = client.post(
        f"{place}/999999/outcome", {"outcome": "failed", "words": "不存在的"}, content_type=JSON
    )
    assert nothing.status_code == 404
