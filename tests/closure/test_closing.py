"""Closing with all that must be known; reopening for thirty days; then the archive."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.closure import actions
from huiyin.journey.closure.models import Closing, Feedback, Reopening, Visit
from huiyin.journey.complaint.words import PublicState, Status, What
from huiyin.journey.resolution.models import Remedy
from tests.conftest import person
from tests.roads import ENDED, carry_out, close, feed_back, fresh, story, to_visit
from tests.together import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(asked, he):
    """待回访, the customer reached and content."""
    actions.visit(asked, by=he, result="satisfied")
    return asked


def test_it_closes_with_outcome_cause_liability_remedy_and_satisfaction(ready, li):
    closing = close(ready, li, improvement=True)
    assert (ready.status, ready.public_state, ready.closed_at) == (
        Status.CLO,
        PublicState.SOLVED,
        closing.at,
    )
    facts = ready.events.get(what=What.CLOSED).facts
    assert facts == {"outcome": "支持", "cause": "产品质量缺陷", "liability": "商家（本企业）"}
    assert not ready.clocks.running().exists()
    assert fresh(ready).next_due_at is None


@pytest.mark.parametrize(
    ("field", "title"),
    [
        ("outcome", "结论"),
        ("cause", "成因"),
        ("liability", "责任方"),
        ("satisfaction", "满意度"),
    ],
)
@pytest.mark.parametrize("value", ["", "没有的选项"])
def test_without_one_of_them_it_does_not_close(field, title, value, ready, li):
    with pytest.raises(Invalid, match=f"结案还缺：{title}") as refused:
        close(ready, li, **{field: value})
    assert refused.value.fields == {field: f"请选择{title}"}
    assert fresh(ready).status == Status.FUV


def test_everything_that_is_missing_is_said_at_once(ready, li):
    with pytest.raises(Invalid, match="结论、成因、责任方、补救方式、满意度"):
        actions.close(
            ready, by=li, outcome="", cause="", liability="", remedy=None, satisfaction=""
        )


def test_before_telling_visiting_and_finding_it_does_not_close(make_complaint, li, after_sales):
    complaint = make_complaint(status="FUV", assignee=li, team=after_sales, severity=3)
    with pytest.raises(Refused) as refused:
        close(complaint, li)
    for what in ("还没有向客户反馈结果", "还没有回访到客户（已试：无", "还没有核实结论"):
        assert what in str(refused.value)


def test_not_upheld_needs_the_reason_and_other_ways(ready, li):
    with pytest.raises(Invalid, match="请写明理由") as refused:
        close(ready, li, outcome="not_upheld", note="无")
    assert set(refused.value.fields) == {"note"}
    with pytest.raises(Invalid, match="请写明理由"):
        close(ready, li, outcome="partly")
    with pytest.raises(Refused, match="12315"):
        close(ready, li, outcome="not_upheld", note="检测合格，已告知可向 12315 反映")
    why = "检测报告显示合格，故障由外部电压造成"
    actions.tell_alternatives(ready, by=li, reason=why, channel="phone")
    close(ready, li, outcome="not_upheld", note="检测合格，已告知可向 12315 反映")


def test_a_note_too_long_is_refused_rather_than_cut(ready, li):
    with pytest.raises(Invalid, match="最多写 1000 字，现在是 1001 字"):
        close(ready, li, note="长" * 1001)


def test_s1_is_closed_by_the_manager_alone(make_complaint, after_sales, li, chen, he, manager):
    complaint = to_visit(make_complaint, after_sales, li, severity=1)
    actions.visit(complaint, by=he, result="satisfied")
    for user in (li, chen, he):
        with pytest.raises(NotPermitted, match="S1 投诉由经理结案"):
            close(complaint, user)
    close(complaint, manager)
    assert complaint.status == Status.CLO


@pytest.mark.parametrize("who", ["li", "chen", "he", "manager"])
def test_handler_supervisor_visitor_and_manager_close_the_others(who, ready, request):
    assert close(ready, request.getfixturevalue(who))


@pytest.mark.parametrize("who", ["sun", "mate", "zhou", "admin"])
def test_nobody_else_closes(who, ready, request):
    with pytest.raises(NotPermitted):
        close(ready, request.getfixturevalue(who))


def test_a_stale_page_closes_nothing(ready, li, chen):
    stale = fresh(ready)
    actions.rework(ready, by=chen, reason="凭证不全")
    with pytest.raises(Refused, match="刚刚被别人处理过"):
        close(stale, li)
    assert not Closing.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_at_once_one_is_refused(ready, li, chen):
    results = at_once(lambda: close(fresh(ready), li), lambda: close(fresh(ready), chen))
    assert sum(isinstance(r, Refused) for r in results) == 1
    assert story(ready).count(What.CLOSED) == 1


@pytest.mark.django_db(transaction=True)
def test_closing_and_sending_back_at_once_only_one_happens(ready, li, chen):
    results = at_once(
        lambda: close(fresh(ready), li),
        lambda: actions.rework(fresh(ready), by=chen, reason="凭证不全"),
    )
    assert sum(isinstance(r, Refused) for r in results) == 1
    assert fresh(ready).status in (Status.CLO, Status.RWK)
    assert Closing.objects.exists() == (fresh(ready).status == Status.CLO)


def test_what_was_told_heard_decided_and_reopened_stays(closed, chen):
    actions.reopen(closed, by=chen, reason="客户来电")
    for model in (Feedback, Visit, Closing, Reopening):
        row = model.objects.get()
        for act in (
            lambda m=model, r=row: m.objects.filter(pk=r.pk).update(at=moment.now()),
            lambda m=model, r=row: m.objects.filter(pk=r.pk).delete(),
        ):
            with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
                act()


# --- reopening ------------------------------------------------------------------------------------


def test_a_supervisor_opens_it_again_with_a_reason_and_a_new_clock(closed, li, chen):
    with pytest.raises(Invalid, match="请写明重开原因"):
        actions.reopen(closed, by=chen, reason=" ")
    actions.reopen(closed, by=chen, reason="客户来电说又坏了")
    assert (closed.status, closed.closed_at, closed.resolved_at) == (Status.HND, None, None)
    assert closed.assignee == li
    running = closed.clocks.filter(stopped_at=None).values_list("kind", flat=True)
    assert set(running) == {"resolution", "update"}


@pytest.mark.parametrize("who", ["li", "he", "mate", "zhou"])
def test_nobody_below_opens_it_again(who, closed, request):
    with pytest.raises(NotPermitted, match="只有主管和经理"):
        actions.reopen(closed, by=request.getfixturevalue(who), reason="再看看")


@pytest.mark.parametrize(("days", "may"), [(30, True), (30.001, False)])
def test_the_door_stands_open_for_thirty_days(days, may, closed, chen):
    with moment.at(closed.closed_at + timedelta(days=days)):
        if may:
            actions.reopen(closed, by=chen, reason="又坏了")
        else:
            with pytest.raises(Refused, match=r"结案已超过 30 天.*请新登记一条"):
                actions.reopen(closed, by=chen, reason="又坏了")


@pytest.mark.parametrize("status", [s for s in Status.values if s != "CLO"])
def test_only_a_closed_one_is_opened_again(status, make_complaint, manager):
    complaint = make_complaint(status=status)
    with pytest.raises(Refused):
        actions.reopen(complaint, by=manager, reason="再看看")
    assert not Reopening.objects.exists()


def test_it_can_be_closed_a_second_time(closed, li, chen, he):
    actions.reopen(closed, by=chen, reason="又坏了")
    carry_out(closed, li, fen=0)
    with pytest.raises(Refused, match="还没有向客户反馈结果"):
        close(closed, li)  # what was told before belongs to the earlier solution
    feed_back(closed, li)
    actions.visit(closed, by=he, result="satisfied")
    close(closed, li)
    assert closed.closings.count() == 2


# --- archive --------------------------------------------------------------------------------------


def test_after_thirty_days_it_is_archived_and_not_before(closed):
    with moment.at(closed.closed_at + timedelta(days=30)):
        assert actions.archive_due() == 0
    with moment.at(closed.closed_at + timedelta(days=30, seconds=1)):
        assert actions.archive_due() == 1
        assert actions.archive_due() == 0
    assert fresh(closed).status == Status.ARC
    assert story(closed)[-1] == What.ARCHIVED


def test_what_was_opened_again_meanwhile_is_not_archived(closed, chen):
    later = closed.closed_at + timedelta(days=31)
    with moment.at(closed.closed_at + timedelta(days=29)):
        actions.reopen(closed, by=chen, reason="又坏了")
    with moment.at(later):
        assert actions.archive_due() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_archive_each_once(closed):
    def archive():
        with moment.at(closed.closed_at + timedelta(days=31)):
            return actions.archive_due()

    assert sorted(map(str, at_once(archive, archive))) == ["0", "1"]
    assert story(closed).count(What.ARCHIVED) == 1


# --- other ends -----------------------------------------------------------------------------------


def test_a_customer_withdraws_and_every_clock_stops(done, li):
    actions.withdraw(done, by=li, reason="电话里说不追究了")
    assert (done.status, done.public_state) == (Status.WDR, PublicState.ENDED)
    assert not done.clocks.running().exists()


def test_where_somebody_is_in_danger_nothing_is_withdrawn(make_complaint, li):
    complaint = make_complaint(status="HND", assignee=li, risks=["safety"])
    with pytest.raises(Refused, match="涉及人身安全"):
        actions.withdraw(complaint, by=li, reason="客户说算了")


def test_only_the_manager_voids(done, li, chen, manager):
    for user in (li, chen):
        with pytest.raises(NotPermitted, match="只有经理可以作废"):
            actions.cancel(done, by=user, reason="重复登记")
    actions.cancel(done, by=manager, reason="重复登记")
    assert done.status == Status.CAN
    assert story(done)[-1] == What.CANCELLED


@pytest.mark.parametrize("act", [actions.withdraw, actions.cancel])
def test_an_end_needs_a_reason(act, done, manager):
    with pytest.raises(Invalid, match="请写明"):
        act(done, by=manager, reason="\x00 ")


# --- page and API ---------------------------------------------------------------------------------


def posted(client, complaint, place, body):
    url = f"/complaints/{complaint.number}/{place}/"
    return client.post(url, body, headers={"HX-Request": "true"})


def test_the_page_closes(ready, li, signed_in):
    answer = posted(signed_in(li), ready, "closure", {"remedy": "RMD.04", **ENDED})
    assert answer.status_code == 204
    assert fresh(ready).status == Status.CLO


def test_the_page_says_at_the_fields_what_is_missing(ready, li, signed_in):
    answer = posted(signed_in(li), ready, "closure", {"remedy": "RMD.04"})
    assert answer.status_code == 422
    said = json.loads(answer["HX-Trigger"])["fields-refused"]
    assert set(said) == {"outcome", "cause", "liability", "satisfaction"}


def test_the_form_begins_with_what_is_known(ready, li, signed_in):
    html = signed_in(li).get(f"/complaints/{ready.number}/panels/closure/").content.decode()
    assert 'value="CAU.1" selected' in html
    assert 'value="RMD.04" selected' in html
    assert 'value="satisfied" selected' in html


def test_a_visitor_who_closes_it_goes_home(ready, he, signed_in):
    answer = posted(signed_in(he), ready, "closure", {"remedy": "RMD.04", **ENDED})
    assert answer["HX-Redirect"] == "/"


def test_a_visitor_reads_which_parts_of_the_day_were_tried(asked, he, signed_in, clock):
    tomorrow = moment.today() + timedelta(days=1)
    with clock(f"{tomorrow} 09:30"):
        actions.visit(asked, by=he, result="not_reached")
        html = signed_in(he).get(f"/complaints/{asked.number}/panels/closure/").content.decode()
    assert "已在上午打过，没有接通" in html


@pytest.mark.parametrize("words", ["\ud83d", "\x00", "\u202e好", "好" * 100_000])
def test_a_program_cannot_break_it_with_text(words, asked, he, api):
    body = json.dumps({"result": "fair", "words": words})
    url = f"/api/v1/complaints/{asked.number}/visits"
    assert api(he).post(url, body, content_type="application/json").status_code in (201, 422)


def test_a_program_ends_it_in_each_way(make_complaint, after_sales, li, manager, api):
    for place, status in (("withdrawal", "WDR"), ("cancellation", "CAN"), ("rework", "RWK")):
        complaint = make_complaint(status="RES", team=after_sales, assignee=li)
        url = f"/api/v1/complaints/{complaint.number}/{place}"
        answer = api(manager).post(url, {"reason": "客户说算了"}, content_type="application/json")
        assert answer.json()["status"] == status


def test_another_team_reaches_none_of_it(ready, sun, api, signed_in):
    for place in ("feedback", "visits", "closure", "reopening", "rework", "withdrawal"):
        assert posted(signed_in(sun), ready, place, {}).status_code == 404
    auditor = person("aud", "审计", Role.AUDITOR)
    assert posted(signed_in(auditor), ready, "closure", {}).status_code == 404


def test_remedies_that_are_retired_do_not_close(ready, li, api):
    Remedy.objects.filter(code="RMD.04").update(retired_at=moment.now())
    url = f"/api/v1/complaints/{ready.number}/closure"
    answer = api(li).post(url, {"remedy": "RMD.04", **ENDED}, content_type="application/json")
    assert answer.status_code == 404
