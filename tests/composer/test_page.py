"""The page on which a round of options is put together: what it shows and keeps, who decides."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid
from huiyin.journey.investigation.actions import find
from huiyin.journey.resolution.models import Remedy
from huiyin.surface.composer import actions, writing
from huiyin.surface.composer.models import Composing
from tests.composer.cases import address, ended, option, proposed
from tests.conftest import person
from tests.roads import FOUND, assigned, carry_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_is_called_back")]


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
