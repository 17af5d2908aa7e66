"""What the page proposes, and the precedents that it goes by."""

from __future__ import annotations

import re

import pytest

from huiyin.ground import moment
from huiyin.journey.complaint.words import What
from huiyin.journey.investigation.actions import find
from huiyin.journey.resolution.models import Remedy
from huiyin.surface.composer import actions, precedents, rules
from huiyin.surface.composer.models import Precedent
from tests.composer.cases import address, ended, proposed
from tests.roads import FOUND, assigned, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_is_called_back")]


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


def test_a_retired_remedy_is_neither_proposed_nor_taken(card_case, caller, li):
    for one in Remedy.objects.filter(code="RMD.17"):
        one.retired_at = moment.now()
        one.save()
    assert "RMD.17" not in {one.remedy.code for one in proposed(li, card_case).found}
    assert caller.post(address(card_case, "card/"), {"remedy": "RMD.17"}).status_code == 422
