"""The page on which a round of options is put together: what it shows, keeps and puts forward."""

from __future__ import annotations

import itertools
import json
import re
from datetime import timedelta

import pytest
from django.utils import translation

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted
from huiyin.journey.closure.models import VisitRule
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.investigation.actions import find
from huiyin.journey.resolution.fitting import Case
from huiyin.journey.resolution.models import Offer, Remedy
from huiyin.surface.composer import actions, precedents, proposing, rules, writing
from huiyin.surface.composer.models import Composing, Precedent
from tests.conftest import person
from tests.roads import FOUND, assigned, carry_out, close, feed_back, fresh, propose, solved

pytestmark = pytest.mark.django_db

NUMBERS = itertools.count(10_000_000)
CARD = {
    "card": "money",
    "paid": "3000",
    "face": "4000",
    "used": "1000",
    "fault": "trader",
}
ANSWERS = {"card": "money", "paid": 300000, "face": 400000, "used": 100000, "fault": "trader"}


@pytest.fixture(autouse=True)
def nobody_is_called_back(db):
    """Whether a call-back is drawn by lot is no matter here."""
    VisitRule.objects.all().delete()


@pytest.fixture
def card_case(make_complaint, after_sales, li):
    """A gym card to be given back, in 处理中 with 小李."""
    return assigned(
        make_complaint, after_sales, li, category="CT.04.01", wanted="健身房退卡，退还余额"
    )


@pytest.fixture
def kettle(make_complaint, after_sales, li):
    return assigned(make_complaint, after_sales, li, category="PD.01.07", wanted="要求退货退款")


@pytest.fixture
def caller(client, li):
    client.force_login(li)
    return client


def address(complaint, rest="") -> str:
    return f"/complaints/{complaint.number}/options/{rest}"


def option(place=1, remedy="RMD.04", **said) -> dict[str, str]:
    """One option as the form sends it."""
    typed = {
        "remedy": remedy,
        "amount": "30",
        "order": "600",
        "basis": "《消费者权益保护法》第二十四条",
        "wording": "退您 30 元，商品您留用。",
        "due_on": (moment.today() + timedelta(days=3)).isoformat(),
        **said,
    }
    if remedy == "RMD.04":
        typed = {"f-defect": "锅盖划痕", "f-keeps": "keep"} | typed
    return {f"o{place}-{name}": value for name, value in typed.items()}


def proposed(user, complaint):
    found = precedents.find(user, complaint)
    return proposing.propose(user, Case(complaint), found)


# --- what is proposed --------------------------------------------------------------------------


def test_a_prepaid_card_is_proposed_its_refund_with_reason_basis_and_time(card_case, li):
    one = proposed(li, card_case).found[0]
    assert one.remedy.code == "RMD.17"
    assert "客户提出的诉求就是这个" in one.reasons
    assert any("适用" in reason for reason in one.reasons)
    assert "预付式消费司法解释" in one.basis
    assert one.due_on > moment.today()
    assert one.cost == "按计算器算出"


def test_without_a_finding_it_is_said_that_liability_comes_first(kettle, li):
    assert any("还没有核实结论" in one for one in proposed(li, kettle).cautions)


def test_liability_decides_what_fits(kettle, li):
    before = {one.remedy.code for one in proposed(li, kettle).found}
    assert "RMD.01" in before
    find(kettle, by=li, **{**FOUND, "liability": "RSP.3"})
    after = proposed(li, fresh(kettle))
    assert "RMD.01" not in {one.remedy.code for one in after.found}
    assert "RMD.13" in {one.remedy.code for one in after.found}, "it is explained instead"
    assert any("没有把责任归给我方" in one for one in after.cautions)


def test_three_times_the_price_is_proposed_only_when_the_finding_lays_it_upon_us(
    make_complaint, after_sales, li
):
    it = assigned(make_complaint, after_sales, li, category="PD.05.03", wanted="退一赔三")
    assert "RMD.15" not in {one.remedy.code for one in proposed(li, it).found}
    find(it, by=li, **FOUND)
    found = {one.remedy.code: one for one in proposed(li, fresh(it)).found}
    assert "会签" in "".join(found["RMD.15"].cautions)


def test_at_most_three_and_always_the_same(kettle, li):
    first = [one.remedy.code for one in proposed(li, kettle).found]
    assert 1 <= len(first) <= 3
    assert first == [one.remedy.code for one in proposed(li, kettle).found]


def test_without_a_category_nothing_is_proposed(make_complaint, after_sales, li):
    it = assigned(make_complaint, after_sales, li, category="")
    told = proposed(li, it)
    assert told.found == []
    assert any("还没有分类" in one for one in told.cautions)


def test_the_remedy_that_satisfied_goes_before_the_one_that_did_not():
    content = rules.Candidate("RMD.07", depth=2, wanted=False, used=4, satisfied=4)
    not_content = rules.Candidate("RMD.01", depth=2, wanted=False, used=4, satisfied=0)
    wanted = rules.Candidate("RMD.08", depth=1, wanted=True)
    order = [one.code for one in rules.ranked([not_content, content, wanted])]
    assert order == ["RMD.08", "RMD.07", "RMD.01"]


@pytest.mark.parametrize(
    ("category", "levels"),
    [
        ("PD.01.02", ("PD", "PD.01", "PD.01.02")),
        ("PD.01", ("PD", "PD.01", "PD.01")),
        ("PD", ("PD", "PD", "PD")),
        ("PD.01.02.03", ("PD", "PD.01", "PD.01.02")),
    ],
)
def test_levels_of_a_category(category, levels):
    assert rules.levels(category) == levels


# --- precedents --------------------------------------------------------------------------------


def somebody_else():
    """Another customer each time, so that sums do not count together."""
    number = f"139{next(NUMBERS):08d}"
    return find_or_create(Contact(name="李雷", phone=number))


def ended(make_complaint, team, li, *, category, fen=500, satisfaction="satisfied", **fields):
    """A complaint that went all the way, is closed, and is remembered."""
    fields.setdefault("customer", somebody_else())
    fields.setdefault("order_no", "D20261125001")
    it = solved(make_complaint, team, li, fen=fen, category=category, **fields)
    feed_back(it, li)
    close(it, li, satisfaction=satisfaction)
    for event in it.events.filter(what__in=(What.CLOSED, What.REOPENED)):
        actions.remember(event)
    return it


def test_precedents_of_the_category_itself_if_there_are_enough(
    make_complaint, after_sales, li, kettle
):
    for place in range(rules.ENOUGH):
        ended(make_complaint, after_sales, li, category="PD.01.07", fen=100 * (place + 1))
    ended(make_complaint, after_sales, li, category="PD.01.09")
    found = precedents.find(li, kettle)
    assert (found.level, len(found.rows)) == (3, rules.ENOUGH)
    [figure] = found.figures
    assert (figure.used, figure.satisfied, figure.answered) == (5, 5, 5)
    assert (figure.least_fen, figure.middle_fen, figure.most_fen) == (100, 300, 500)


def test_too_few_of_the_category_and_its_group_is_asked_then_its_kind(
    make_complaint, after_sales, li, kettle
):
    ended(make_complaint, after_sales, li, category="PD.03.01")
    assert precedents.find(li, kettle).level == 1
    ended(make_complaint, after_sales, li, category="SV.01.01")
    assert len(precedents.find(li, kettle).rows) == 1, "another kind is no precedent"


def test_of_what_the_reader_may_not_see_not_even_the_number_is_told(
    make_complaint, after_sales, logistics, li, sun, kettle, caller
):
    before = caller.get(address(kettle)).text
    theirs = ended(make_complaint, logistics, sun, category="PD.01.07", satisfaction="unsatisfied")
    assert precedents.find(sun, kettle).rows and not precedents.find(li, kettle).rows
    told = caller.get(address(kettle)).text
    assert theirs.number not in told
    assert part(told) == part(before)


def part(page: str) -> str:
    """What the page tells of similar complaints."""
    found = re.search("类似投诉怎样了结(.*?)30 天内的其他补偿", page, re.DOTALL)
    assert found is not None
    return found[1]


def test_each_figure_opens_the_rows_it_was_counted_from(
    make_complaint, after_sales, li, kettle, caller
):
    content = ended(make_complaint, after_sales, li, category="PD.01.07")
    sad = ended(make_complaint, after_sales, li, category="PD.01.07", satisfaction="unsatisfied")
    told = caller.get(address(kettle)).text
    assert "2 位表态，1 位满意" in told
    rows = caller.get(address(kettle, "similar/?remedy=RMD.04")).text
    assert content.number in rows and sad.number in rows
    rows = caller.get(address(kettle, "similar/?remedy=RMD.04&satisfaction=satisfied")).text
    assert content.number in rows and sad.number not in rows
    assert "没有符合" in caller.get(address(kettle, "similar/?remedy=RMD.99")).text
    assert caller.get(address(kettle, "similar/?satisfaction=%27--&remedy=x")).status_code == 200


def test_a_complaint_that_is_opened_again_is_no_precedent_any_more(
    make_complaint, after_sales, li, chen
):
    from huiyin.journey.closure import actions as closure

    it = ended(make_complaint, after_sales, li, category="PD.01.07")
    assert Precedent.objects.filter(complaint=it).exists()
    closure.reopen(it, by=chen, reason="客户说又坏了")
    actions.forget(it.events.get(what=What.REOPENED))
    assert not Precedent.objects.filter(complaint=it).exists()


def test_remembering_twice_is_once(make_complaint, after_sales, li):
    it = ended(make_complaint, after_sales, li, category="PD.01.07")
    event = it.events.get(what=What.CLOSED)
    actions.remember(event)
    assert Precedent.objects.filter(complaint=it).count() == 1


def test_precedents_ask_as_many_questions_however_many_there_are(
    make_complaint, after_sales, li, kettle, django_assert_max_num_queries
):
    for _ in range(7):
        ended(make_complaint, after_sales, li, category="PD.01.07")
    with django_assert_max_num_queries(9):
        assert precedents.find(li, kettle).figures


# --- the page ------------------------------------------------------------------------------------


def test_the_page_shows_proposals_and_an_empty_round(card_case, caller):
    told = caller.get(address(card_case)).text
    assert "预付卡退费" in told and "写进这一轮" in told and "类似投诉怎样了结" in told


def test_whoever_sees_but_does_not_handle_reads_only(card_case, client, manager, legal_reader):
    client.force_login(legal_reader)
    told = client.get(address(card_case)).text
    assert "但不参与拟方案" in told and "提出这一轮" not in told
    assert client.post(address(card_case, "card/"), {"remedy": "RMD.01"}).status_code == 403
    assert client.post(address(card_case), option()).status_code == 403
    assert client.post(address(card_case, "draft/"), option()).status_code == 403


@pytest.fixture
def legal_reader(db):
    """督办员：sees every complaint, handles none."""
    return person("du", "杜督", Role.SUPERVISION)


def test_whoever_does_not_see_it_finds_nothing(card_case, client, sun):
    client.force_login(sun)
    for rest in ("", "similar/", "calculators/prepaid/"):
        assert client.get(address(card_case, rest)).status_code == 404
    for rest in ("", "draft/", "card/", "words/", "calculators/prepaid/applied/"):
        assert client.post(address(card_case, rest), option()).status_code == 404


def test_an_option_begins_with_what_its_remedy_says(card_case, caller):
    told = caller.post(address(card_case, "card/"), {"remedy": "RMD.17"}).text
    assert 'name="o1-basis"' in told and "预付式消费司法解释" in told
    assert "这样处理的依据是" in told, "the words say why"
    assert "请填写金额，再看由谁决定" in told, "no sum is said yet"
    assert "您可以决定" not in told


def test_at_most_three_options(card_case, caller):
    form = {**option(1), **option(2), **option(5)}
    answer = caller.post(address(card_case, "card/"), {**form, "remedy": "RMD.08"})
    assert answer.status_code == 409


def test_a_fourth_option_stands_behind_the_others(card_case, caller):
    told = caller.post(address(card_case, "card/"), {**option(1), **option(4), "remedy": "RMD.08"})
    assert 'id="option-5"' in told.text


@pytest.mark.parametrize("remedy", ["", "RMD.99", "x" * 500, "' or 1=1"])
def test_a_remedy_that_is_none(card_case, caller, remedy):
    assert caller.post(address(card_case, "card/"), {"remedy": remedy}).status_code == 422


# --- drafts ------------------------------------------------------------------------------------


def test_what_is_typed_survives_a_closed_browser(card_case, caller):
    caller.post(address(card_case, "draft/"), option(1, amount="12,x", wording="还没写完"))
    told = caller.get(address(card_case)).text
    assert 'value="12,x"' in told and "还没写完" in told and "草稿保存于" in told


def test_a_draft_is_its_writers_alone(card_case, caller, client, chen):
    caller.post(address(card_case, "draft/"), option(1, wording="小李的草稿"))
    client.force_login(chen)
    assert "小李的草稿" not in client.get(address(card_case)).text


def test_a_round_that_is_emptied_leaves_no_draft(card_case, caller):
    caller.post(address(card_case, "draft/"), option())
    caller.post(address(card_case, "draft/"), {})
    assert not Composing.objects.exists()


def test_a_draft_that_is_too_long_is_refused(card_case, li):
    huge = writing.Option("RMD.17", fields={str(n): "长" * 300 for n in range(300)})
    with pytest.raises(Invalid, match="太长"):
        actions.keep(card_case, by=li, options=[huge])


@pytest.mark.parametrize(
    "content", [None, [], "x", {"options": 5}, {"options": [1, None, {}, {"fields": 3}]}]
)
def test_whatever_a_draft_holds_the_page_opens(card_case, caller, li, content):
    Composing.objects.create(
        user=li, complaint=card_case, content=content or {}, updated_at=moment.now()
    )
    assert caller.get(address(card_case)).status_code == 200


def test_old_drafts_are_swept(card_case, li):
    Composing.objects.create(
        user=li,
        complaint=card_case,
        content={},
        updated_at=moment.now() - actions.KEPT_FOR - timedelta(days=1),
    )
    assert actions.sweep() == 1
    assert actions.sweep() == 0


# --- authority before it is put forward --------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "says"),
    [
        ("0", "请填写金额，再看由谁决定"),
        ("", "请填写金额，再看由谁决定"),
        ("50", "您可以决定"),
        ("50.01", "审批"),
        ("99999", "会签"),
        ("abc", "金额写得不对"),
        ("-1", "金额写得不对"),
    ],
)
def test_it_is_told_who_decides(card_case, caller, amount, says):
    told = caller.post(address(card_case, "draft/"), option(1, remedy="RMD.17", amount=amount)).text
    assert says in told


def test_a_coupons_worth_counts(card_case, caller):
    form = option(1, remedy="RMD.05", amount="", **{"f-voucher": "致歉券", "f-face": "80"})
    assert "审批" in caller.post(address(card_case, "draft/"), form).text


def test_more_than_the_remedy_allows_is_told(card_case, caller):
    form = option(1, remedy="RMD.14", amount="501")
    assert "运费补偿最多 ¥500.00" in caller.post(address(card_case, "draft/"), form).text


# --- calculators on the page -------------------------------------------------------------------


def asks(**answers) -> dict[str, str]:
    return {f"q-{name}": value for name, value in answers.items()}


def test_a_calculator_shows_its_steps(card_case, caller):
    told = caller.get(address(card_case, "calculators/prepaid/?place=1")).text
    assert "实际支付" in told and "退卡是谁的原因" in told
    told = caller.post(address(card_case, "calculators/prepaid/"), asks(**CARD)).text
    assert "¥2,250.00" in told and "75%" in told and "第十三条至第十九条" in told


def test_the_sum_and_its_steps_go_into_the_option_and_the_customers_words(card_case, caller):
    form = {**option(1, remedy="RMD.17", amount=""), **asks(**CARD), "place": "1"}
    answer = caller.post(address(card_case, "calculators/prepaid/applied/"), form)
    assert 'value="2250.00"' in answer.text
    assert "计算过程：" in answer.text and "¥750.00" in answer.text
    assert json.loads(answer["HX-Trigger-After-Swap"])["calculated"] == {"place": 1}


def test_the_words_as_they_were_are_told_anew_with_the_steps(card_case, caller):
    """A browser sends its lines with \\r\\n: they are the same words all the same."""
    own = writing.begun(Remedy.objects.get(code="RMD.17"), card_case)
    wording = own.wording.replace("\n", "\r\n")
    form = {**option(1, remedy="RMD.17", basis=own.basis, wording=wording), **asks(**CARD)}
    told = caller.post(
        address(card_case, "calculators/prepaid/applied/"), {**form, "place": "1"}
    ).text
    assert told.count("这样处理的依据是") == 1
    assert told.index("依据是") < told.index("计算过程：") < told.index("一起商量")


def test_a_customer_is_written_to_in_his_language_whoever_writes(card_case):
    with translation.override("en"):
        told = writing.begun(Remedy.objects.get(code="RMD.17"), card_case).wording
    assert "这样处理的依据是" in told


def test_what_somebody_wrote_himself_stays_when_a_sum_is_worked_out(card_case, caller):
    own = "王女士您好，我们商量过了。\n祝好"
    form = {**option(1, remedy="RMD.17", wording=own), **asks(**CARD), "place": "1"}
    told = caller.post(address(card_case, "calculators/prepaid/applied/"), form).text
    assert "王女士您好" in told and "祝好" in told and "计算过程：" in told


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"paid": "-5"}, "q-paid"),
        ({"paid": "1e9"}, "q-paid"),
        ({"paid": "九百"}, "q-paid"),
        ({"paid": "99999999999999"}, "q-paid"),
        ({"fault": "boo"}, "q-fault"),
        ({"paid_on": "2026-02-30", "asked_on": "2026-03-01"}, "q-paid_on"),
        ({"rate": "3.555"}, "q-rate"),
        ({"interest_days": "1.5"}, "q-interest_days"),
    ],
)
def test_what_is_mistyped_is_refused_at_its_field(card_case, caller, answers, field):
    answer = caller.post(
        address(card_case, "calculators/prepaid/"),
        asks(**{**CARD, **answers}),
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    assert field in json.loads(answer["HX-Trigger"])["fields-refused"]


def test_a_calculator_that_is_none(card_case, caller):
    assert caller.get(address(card_case, "calculators/boo/")).status_code == 404
    assert caller.post(address(card_case, "calculators/boo/applied/"), option()).status_code == 404


def test_the_words_are_told_anew_from_basis_and_calculation(card_case, caller):
    form = option(
        1,
        remedy="RMD.17",
        basis="预付卡章程第三条",
        calculator="prepaid",
        answers=json.dumps(ANSWERS),
    )
    told = caller.post(address(card_case, "words/"), {**form, "place": "1"}).text
    assert "预付卡章程第三条" in told and "¥2,250.00" in told


# --- putting it forward ------------------------------------------------------------------------


def test_a_round_goes_out_with_everything_that_was_written(card_case, caller, li):
    form = {
        **option(1),
        **option(
            2,
            remedy="RMD.17",
            amount="2250.00",
            calculator="prepaid",
            answers=json.dumps(ANSWERS),
        ),
    }
    caller.post(address(card_case, "draft/"), form)
    answer = caller.post(address(card_case), form)
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == f"/complaints/{card_case.number}/"
    first, second = Offer.objects.filter(complaint=card_case).order_by("choice")
    assert (first.amount_fen, first.state) == (3000, "offered")
    assert first.fields == {"defect": "锅盖划痕", "keeps": "keep"}
    assert (first.order_fen, first.cost_fen) == (60000, 3000)
    assert (second.amount_fen, second.state) == (225000, "waiting")
    assert second.calculation[-1]["value"] == "¥2,250.00"
    assert any("司法解释" in step["source"] for step in second.calculation)
    assert fresh(card_case).status == Status.PAP
    assert not Composing.objects.exists(), "the draft has done its work"


def test_another_sum_than_was_worked_out_says_so(card_case, caller):
    form = option(
        1, remedy="RMD.17", amount="2300", calculator="prepaid", answers=json.dumps(ANSWERS)
    )
    caller.post(address(card_case), form)
    last = Offer.objects.get(complaint=card_case).calculation[-1]
    assert (last["label"], last["value"]) == ("双方商定的金额", "¥2,300.00")


def test_steps_are_worked_out_here_and_never_taken_from_a_page(card_case, caller):
    form = option(1, remedy="RMD.17", calculator="prepaid", answers='{"paid": 1, "boo": 2}')
    caller.post(address(card_case), {**form, "o1-calculation": '[{"label": "forged"}]'})
    assert Offer.objects.get(complaint=card_case).calculation == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"amount": "12.345"}, "o1-amount"),
        ({"amount": ""}, "o1-amount"),
        ({"order": "x"}, "o1-order"),
        ({"due_on": "2026-02-30"}, "o1-due_on"),
        ({"due_on": ""}, "o1-due_on"),
        ({"basis": "  "}, "o1-basis"),
        ({"f-keeps": "boo"}, "o1-f-keeps"),
        ({"f-defect": ""}, "o1-f-defect"),
        ({"remedy": "RMD.99"}, "o1-wording"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field_and_nothing_is_lost(card_case, caller, said, field):
    form = option() | {f"o1-{name}": value for name, value in said.items()}
    caller.post(address(card_case, "draft/"), form)
    answer = caller.post(address(card_case), form, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert field in json.loads(answer["HX-Trigger"])["fields-refused"]
    assert not Offer.objects.exists()
    assert Composing.objects.exists() or said.get("remedy")


def test_nothing_written_is_nothing_to_put_forward(card_case, caller):
    assert caller.post(address(card_case), {}).status_code == 422


def test_only_one_round_at_a_time(card_case, caller, li):
    propose(card_case, li, fen=3000)
    assert caller.post(address(card_case), option()).status_code == 409
    assert "还有方案没有结果" in caller.get(address(card_case)).text


def test_who_does_not_handle_it_puts_nothing_forward(card_case, sun):
    with pytest.raises(NotPermitted):
        actions.put_forward(card_case, by=sun, options=[writing.Option("RMD.08")])


# --- what the customer had before --------------------------------------------------------------


def test_earlier_compensations_of_the_customer_stand_beside_it(
    make_complaint, after_sales, li, caller
):
    first = assigned(make_complaint, after_sales, li, category="PD.01.07")
    carry_out(first, li, fen=2500)
    second = assigned(make_complaint, after_sales, li, category="PD.01.07", customer=first.customer)
    told = caller.get(address(second)).text
    assert first.number in told and "合计 ¥25.00" in told
    assert any("30 天内已有 1 项" in one for one in proposed(li, second).cautions)


def test_a_retired_remedy_is_neither_proposed_nor_taken(card_case, caller, li):
    for one in Remedy.objects.filter(code="RMD.17"):
        one.retired_at = moment.now()
        one.save()
    assert "RMD.17" not in {one.remedy.code for one in proposed(li, card_case).found}
    assert caller.post(address(card_case, "card/"), {"remedy": "RMD.17"}).status_code == 422


def test_what_gives_no_money_anybody_decides_and_a_coupon_asks_its_face_value(card_case, caller):
    apology = option(1, remedy="RMD.08", amount="")
    assert "不涉及金额，您可以决定" in caller.post(address(card_case, "draft/"), apology).text
    coupon = option(1, remedy="RMD.05", amount="", **{"f-voucher": "满减券", "f-face": ""})
    assert "请填写金额" in caller.post(address(card_case, "draft/"), coupon).text
    worth = coupon | {"o1-f-face": "10"}
    told = caller.post(address(card_case, "draft/"), worth).text
    assert "您可以决定" in told and "不涉及金额" not in told


def test_three_times_the_price_is_signed_by_several_however_small(card_case, caller):
    form = option(1, remedy="RMD.15", amount="1", **{"f-goods": "手表"})
    told = caller.post(address(card_case, "draft/"), form).text
    assert "会签" in told and "您可以决定" not in told


def test_the_act_refuses_more_than_the_remedy_allows(card_case, li):
    from huiyin.journey.resolution import actions as resolution

    draft = resolution.Draft(
        Remedy.objects.get(code="RMD.14"),
        basis="运费",
        wording="退您运费",
        due_on=moment.today(),
        amount_fen=50_001,
    )
    with pytest.raises(Invalid, match="最多 ¥500"):
        resolution.propose_round(card_case, by=li, drafts=[draft])


def test_the_page_asks_a_bounded_number_of_questions(
    make_complaint, after_sales, li, kettle, caller, django_assert_max_num_queries
):
    """With a finding, a full draft, precedents and earlier compensations: everything at once."""
    find(kettle, by=li, **FOUND)
    for _ in range(3):
        ended(make_complaint, after_sales, li, category="PD.01.07")
    form = {**option(1), **option(2, remedy="RMD.17"), **option(3, remedy="RMD.08")}
    caller.post(address(kettle, "draft/"), form)
    caller.get(address(kettle))
    with django_assert_max_num_queries(46):
        assert caller.get(address(kettle)).status_code == 200
