"""A handler offers a remedy: within his authority at once, above it after somebody's approval."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.models import Letter, Message
from huiyin.journey.resolution import actions
from huiyin.journey.resolution.models import AuthorityLimit, Offer, Remedy
from huiyin.journey.routing.actions import wait
from huiyin.surface.notices.models import Notice
from tests.conftest import person
from tests.roads import assigned, carry_out, fresh, propose, story
from tests.together import at_once

pytestmark = pytest.mark.django_db


def test_within_the_limit_it_goes_to_the_customer(complaint, li):
    offer = propose(complaint, li, fen=5_000)
    assert (complaint.status, offer.state, complaint.waits_for) == (Status.EXE, "offered", [])
    facts = complaint.events.get(what=What.PROPOSED).facts
    assert (facts["remedy"], facts["amount"], facts["within"]) == ("部分退款", "¥50.00", True)
    assert offer.wording == Remedy.objects.get(code="RMD.04").wording_zh


def test_above_the_limit_it_waits(complaint, li):
    offer = propose(complaint, li, fen=5_001)
    assert (complaint.status, offer.state) == (Status.PAP, "waiting")
    assert complaint.waits_for == ["lead", "supervisor", "manager"]


def test_several_offers_on_one_case_count_together(complaint, li):
    carry_out(complaint, li, fen=3_000)
    complaint.move_to(Status.RWK)
    assert propose(complaint, li, fen=2_001).state == "waiting"


def test_what_was_declined_does_not_count(complaint, li):
    offer = propose(complaint, li, fen=5_000)
    actions.decline(offer, by=li, note="太少")
    assert propose(complaint, li, fen=5_000).state == "offered"


def test_sums_to_one_customer_within_30_days_count_together(
    complaint, make_complaint, after_sales, li
):
    propose(complaint, li, fen=3_000)
    second = assigned(make_complaint, after_sales, li)
    assert propose(second, li, fen=2_001).state == "waiting"


def test_after_30_days_a_customer_begins_anew(make_complaint, after_sales, li, clock):
    with clock("2026-09-01 10:00"):
        propose(assigned(make_complaint, after_sales, li), li, fen=5_000)
    with clock("2026-10-02 10:00"):
        assert propose(assigned(make_complaint, after_sales, li), li, fen=5_000).state == "offered"


def test_the_month_of_a_person_is_bounded_and_begins_anew_at_midnight_in_shanghai(
    make_complaint, after_sales, li, clock
):
    from huiyin.ground.customers.actions import Contact, find_or_create

    def another(n):
        customer = find_or_create(Contact(name=f"客户{n}", phone=f"1390000{n:04d}", email=""))
        return propose(assigned(make_complaint, after_sales, li, customer=customer), li, 5_000)

    with clock("2026-11-30 23:00"):  # 15:00 UTC, still November in both
        states = [another(n).state for n in range(21)]
    assert states == ["offered"] * 20 + ["waiting"]
    with clock("2026-12-01 00:30"):  # still 30 November in UTC
        assert another(99).state == "offered"


def test_a_remedy_without_money_needs_no_authority(complaint, li):
    AuthorityLimit.objects.all().delete()
    assert propose(complaint, li, fen=0, remedy="RMD.08").state == "offered"


def test_a_limit_counts_from_its_day(complaint, li):
    later = moment.today() + timedelta(days=1)
    AuthorityLimit.objects.filter(role=Role.AGENT).update(valid_from=later)
    assert propose(complaint, li, fen=100).state == "waiting"


def test_while_one_offer_is_open_there_is_no_second(complaint, li):
    propose(complaint, li)
    with pytest.raises(Refused, match="还有一个方案没有结果"):
        propose(complaint, li)


@pytest.mark.parametrize("who", ["sun", "zhou", "finance", "visitor"])
def test_only_the_handler_and_those_above_propose(who, complaint, request):
    user = person("v", "回访", Role.VISITOR) if who == "visitor" else request.getfixturevalue(who)
    with pytest.raises(NotPermitted, match="只有处理人和本组主管可以提出方案"):
        propose(complaint, user)


def test_a_stale_page_proposes_nothing(complaint, li):
    stale = fresh(complaint)
    complaint.move_to(Status.WCU)
    with pytest.raises(Refused, match="刚刚被别人处理过"):
        propose(stale, li)
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("basis", " ", "请写明方案依据"),
        ("basis", "法" * 501, "最多写 500 字"),
        ("wording", "话" * 5001, "最多写 5000 字"),
        ("amount_fen", -1, "0 以上"),
        ("amount_fen", 10**12, "金额不对"),
        ("amount_fen", 0, "需要填写金额"),
        ("due_on", moment.today() - timedelta(days=2), "今天到一年之内"),
        ("due_on", moment.today() + timedelta(days=4000), "今天到一年之内"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(field, value, sentence, complaint, li):
    offer = {
        "remedy": Remedy.objects.get(code="RMD.04"),
        "basis": "售后条款",
        "due_on": moment.today(),
        "amount_fen": 100,
    }
    with pytest.raises(Invalid, match=sentence) as refused:
        actions.propose(complaint, by=li, **offer | {field: value})
    assert set(refused.value.fields) == {"amount" if field == "amount_fen" else field}
    assert fresh(complaint).status == Status.HND


def test_a_retired_remedy_is_not_offered(complaint, li):
    Remedy.objects.filter(code="RMD.04").update(retired_at=moment.now())
    with pytest.raises(Invalid, match="已停用"):
        propose(complaint, li)


def test_a_customer_who_reads_english_gets_english_words(complaint, li):
    complaint.customer.language = "en"
    assert propose(complaint, li).wording.startswith("After checking")


def test_a_clock_that_waited_for_the_customer_goes_on(complaint, li):
    record(What.TRIAGED, complaint, by=li, sure=True)
    wait(complaint, by=li, whom="customer", reason="等客户寄回")
    running = complaint.clocks.running().filter(kind=ClockKind.RESOLUTION)
    assert not running.exists()
    propose(complaint, li)
    assert running.exists()


# --- telling, answering, doing --------------------------------------------------------------------


def test_the_offer_is_told_in_its_own_words_and_by_mail_it_leaves(complaint, li):
    offer = propose(complaint, li)
    actions.tell(offer, by=li, channel="email")
    assert Message.objects.public().get().text == offer.wording
    assert Letter.objects.get(purpose="reply").body == offer.wording


def test_what_waits_for_approval_is_not_told(complaint, li):
    with pytest.raises(Refused, match="待客户答复"):
        actions.tell(propose(complaint, li, fen=9_000), by=li)


def test_the_road_from_agreement_to_execution(complaint, li, finance):
    offer = propose(complaint, li)
    actions.agree(offer, by=li, note="电话里同意")
    assert (offer.state, complaint.status) == ("agreed", Status.EXE)
    actions.execute(offer, by=finance, proof="流水号 123", paid_fen=3_000)
    assert (offer.state, complaint.status, offer.paid_fen) == ("executed", Status.RES, 3_000)
    assert complaint.resolved_at == offer.executed_at
    assert story(complaint)[-5:] == [
        What.PROPOSED,
        What.AGREED,
        What.PROMISED,  # what he agreed to is owed to him
        What.EXECUTED,
        What.PROMISE_KEPT,
    ]
    assert complaint.clocks.get(kind=ClockKind.FEEDBACK).stopped_at is None


def test_what_is_not_agreed_is_not_executed(complaint, li):
    with pytest.raises(Refused, match="不在这一步"):
        actions.execute(propose(complaint, li), by=li, proof="流水号")
    assert fresh(complaint).status == Status.EXE


@pytest.mark.parametrize("paid", [0, 2_999, 3_001, -1])
def test_exactly_what_was_agreed_is_paid(paid, complaint, li):
    offer = propose(complaint, li)
    actions.agree(offer, by=li)
    with pytest.raises(Invalid, match="不符"):
        actions.execute(offer, by=li, proof="流水号", paid_fen=paid)


def test_without_proof_nothing_is_done(complaint, li):
    offer = propose(complaint, li)
    actions.agree(offer, by=li)
    with pytest.raises(Invalid, match="请写明执行凭证"):
        actions.execute(offer, by=li, proof=" ")


def test_a_customer_may_change_his_mind_until_it_is_done(complaint, li):
    offer = propose(complaint, li)
    actions.agree(offer, by=li)
    actions.decline(offer, by=li, note="不要了")
    assert (offer.state, complaint.status, complaint.waits_for) == ("declined", Status.HND, [])
    with pytest.raises(Refused):
        actions.decline(offer, by=li)


def test_what_was_withdrawn_is_answered_no_more(complaint, li):
    offer = propose(complaint, li)
    complaint.move_to(Status.WDR)
    for act in (actions.agree, actions.decline):
        with pytest.raises(Refused, match="执行中"):
            act(offer, by=li)


@pytest.mark.parametrize("who", ["sun", "finance", "zhou"])
def test_only_the_handler_answers_for_the_customer(who, complaint, li, request):
    offer = propose(complaint, li)
    with pytest.raises(NotPermitted, match="登记客户答复"):
        actions.agree(offer, by=request.getfixturevalue(who))


@pytest.mark.parametrize("who", ["sun", "zhou", "legal"])
def test_only_the_handler_and_finance_execute(who, complaint, li, request):
    offer = propose(complaint, li)
    actions.agree(offer, by=li)
    with pytest.raises(NotPermitted, match="登记执行结果"):
        actions.execute(offer, by=request.getfixturevalue(who), proof="流水号")


# --- what was offered stays -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"amount_fen": 1},
        {"basis": "别的"},
        {"wording": "别的"},
        {"due_on": "2030-01-01"},
        {"state": "executed"},
        {"state": "waiting"},
        {"decision_note": "后补"},
    ],
)
def test_the_database_refuses_to_rewrite_an_offer(change, complaint, li):
    offer = propose(complaint, li)
    with pytest.raises(DatabaseError), transaction.atomic():
        Offer.objects.filter(pk=offer.pk).update(**change)


def test_the_database_refuses_to_delete_an_offer_or_to_touch_one_that_has_ended(complaint, li):
    offer = carry_out(complaint, li, fen=3_000)
    for act in (
        lambda: Offer.objects.filter(pk=offer.pk).delete(),
        lambda: Offer.objects.filter(pk=offer.pk).update(proof="别的流水号"),
        lambda: Offer.objects.filter(pk=offer.pk).update(paid_fen=1),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


# --- two at once ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_who_propose_at_once_one_is_refused(complaint, li, chen):
    one, other = fresh(complaint), fresh(complaint)
    results = at_once(lambda: propose(one, li), lambda: propose(other, chen))
    assert sum(isinstance(r, Refused) for r in results) == 1
    assert Offer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_proposals_at_once_do_not_both_fit_into_one_month(
    complaint, make_complaint, after_sales, li
):
    from huiyin.ground.customers.actions import Contact, find_or_create

    AuthorityLimit.objects.filter(role=Role.AGENT).update(monthly_fen=6_000)
    somebody = find_or_create(Contact(name="另一位", phone="13900001111", email=""))
    second = assigned(make_complaint, after_sales, li, customer=somebody)
    results = at_once(
        lambda: propose(fresh(complaint), li, 4_000), lambda: propose(fresh(second), li, 4_000)
    )
    assert sorted(r.state for r in results) == ["offered", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_money_is_paid_once_however_many_press(complaint, li, finance):
    offer = propose(complaint, li)
    actions.agree(offer, by=li)

    def pay(user):
        mine = Offer.objects.select_related("complaint", "remedy").get(pk=offer.pk)
        actions.execute(mine, by=user, proof=f"流水号 {user.username}")
        return "paid"

    results = at_once(*(lambda u=u: pay(u) for u in (li, finance, li, finance)))
    assert [r for r in results if r == "paid"] == ["paid"]
    assert all(isinstance(r, Refused) for r in results if r != "paid")
    assert story(complaint).count(What.EXECUTED) == 1


# --- page and API ---------------------------------------------------------------------------------


def form(**changed):
    return {
        "remedy": "RMD.04",
        "amount": "30",
        "due_on": (moment.today() + timedelta(days=2)).isoformat(),
        "basis": "售后条款 3.2",
        "wording": "",
        **changed,
    }


def posted(client, complaint, place, body):
    url = f"/complaints/{complaint.number}/{place}/"
    return client.post(url, body, headers={"HX-Request": "true"})


def test_the_page_proposes_and_tells_at_once(complaint, li, signed_in):
    answer = posted(signed_in(li), complaint, "offers", form(tell="1"))
    assert answer.status_code == 204
    assert fresh(complaint).status == Status.EXE
    assert Message.objects.public().count() == 1


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"amount": "五十"}, "amount", "金额请写数字"),
        ({"amount": "1.200"}, "amount", "最多两位小数"),
        ({"remedy": ""}, "remedy", "请选择补救方式"),
        ({"remedy": "RMD.77"}, "remedy", "请重新选择"),
        ({"due_on": ""}, "due_on", "请选择执行期限"),
        ({"due_on": "明天"}, "due_on", "2026-12-01"),
        ({"basis": ""}, "basis", "请写明方案依据"),
    ],
)
def test_the_page_says_at_the_field_what_to_do(changed, field, sentence, complaint, li, signed_in):
    import json

    answer = posted(signed_in(li), complaint, "offers", form(**changed))
    assert answer.status_code == 422
    said = json.loads(answer["HX-Trigger"])["fields-refused"]
    assert set(said) == {field}
    assert sentence in said[field]
    assert fresh(complaint).status == Status.HND


def test_the_page_pays_what_was_typed(complaint, li, signed_in):
    offer = propose(complaint, li)
    actions.agree(offer, by=li)
    page, place = signed_in(li), f"offers/{offer.pk}/execution"
    assert posted(page, complaint, place, {"paid": "三十", "proof": "流水号"}).status_code == 422
    assert posted(page, complaint, place, {"paid": "¥30.00", "proof": "流水号"}).status_code == 204
    assert fresh(complaint).status == Status.RES


def test_an_offer_of_another_complaint_is_not_reached_through_this_one(
    complaint, make_complaint, after_sales, li, signed_in, api
):
    offer = propose(assigned(make_complaint, after_sales, li), li)
    page = posted(signed_in(li), complaint, f"offers/{offer.pk}/answer", {"agreed": "1"})
    call = api(li).post(
        f"/api/v1/complaints/{complaint.number}/offers/{offer.pk}/answer",
        {"agreed": True},
        content_type="application/json",
    )
    assert (page.status_code, call.status_code) == (404, 404)


def test_a_program_walks_from_offer_to_execution(complaint, li, api):
    client, base = api(li), f"/api/v1/complaints/{complaint.number}/offers"
    body = {"remedy": "RMD.04", "basis": "条款", "due_on": str(moment.today()), "amount_fen": 3000}
    made = client.post(base, body, content_type="application/json")
    assert made.status_code == 201
    assert made.json()["waits_for"] == []
    one = f"{base}/{made.json()['id']}"
    for place, sent, state in (
        ("telling", {}, "offered"),
        ("answer", {"agreed": True, "note": "好"}, "agreed"),
        ("execution", {"proof": "运单 SF123"}, "executed"),
    ):
        answer = client.post(f"{one}/{place}", sent, content_type="application/json")
        assert (answer.status_code, answer.json()["state"]) == (200, state)
    again = client.post(f"{one}/execution", {"proof": "再来"}, content_type="application/json")
    assert again.status_code == 409


@pytest.mark.parametrize("text", ["\ud800", "\x00", "🧾" * 3, "\u202e反", "a" * 1_000_000])
def test_a_program_cannot_break_it_with_text(text, complaint, li, api):
    import json

    body = {"remedy": "RMD.08", "basis": f"依据{text}", "due_on": str(moment.today())}
    url = f"/api/v1/complaints/{complaint.number}/offers"
    answer = api(li).post(url, json.dumps(body), content_type="application/json")
    assert answer.status_code in (201, 422)


def test_notices_reach_finance_when_money_was_agreed_to(complaint, li, finance):
    from huiyin.surface.notices.actions import tell_payers

    actions.agree(propose(complaint, li), by=li)
    tell_payers(complaint.events.get(what=What.AGREED))
    assert "待付款：部分退款 ¥30.00" in Notice.objects.get(user=finance).text
