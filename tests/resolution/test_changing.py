"""修改后批准, whole: another remedy with its own fields, and what was changed told word by word."""

import json

import pytest

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.journey.resolution import history
from huiyin.journey.resolution.models import Offer, Remedy, usable_remedies
from tests.conftest import person
from tests.resolution.test_negotiating import panel, posted
from tests.roads import fresh, propose
from tests.together import at_once

pytestmark = pytest.mark.django_db

COUPON = {
    "remedy": "RMD.05",
    "f-voucher": "满减券",
    "f-face": "１５０",
    "f-valid_until": "2027-01-31",
    "f-terms": "",
    "amount": "",
    "basis": "补偿标准 BC-02",
    "wording": "",
    "note": "瑕疵轻微，改为优惠券",
}


@pytest.fixture
def offer(complaint, li):
    return propose(complaint, li, fen=80_000)


def change(client, offer, typed):
    return posted(client, offer.complaint, f"offers/{offer.pk}/change", typed)


def refused(answer) -> dict[str, str]:
    assert answer.status_code == 422
    return json.loads(answer["HX-Trigger"])["fields-refused"]


def test_another_remedy_with_its_own_fields_takes_the_place_and_the_old_one_stays(
    offer, li, lead, signed_in
):
    assert change(signed_in(lead), offer, COUPON).status_code == 204
    new = Offer.objects.get(state="waiting")
    assert (new.remedy_id, new.amount_fen, new.value_fen) == ("RMD.05", 0, 15_000)
    assert new.fields == {"voucher": "满减券", "face": 15_000, "valid_until": "2027-01-31"}
    assert (new.basis, new.money_kind) == ("补偿标准 BC-02", "goodwill")
    assert new.wording == Remedy.objects.get(pk="RMD.05").wording_zh
    kept = Offer.objects.get(pk=offer.pk)
    assert (kept.state, kept.amount_fen, kept.basis) == ("changed", 80_000, "售后条款 3.2")


def test_who_proposed_reads_what_was_changed_word_by_word(offer, li, lead, signed_in):
    typed = {
        "amount": "600",
        "basis": "售后条款 3.3",
        "f-defect": "外壳划痕",
        "f-keeps": "keep",
        "note": "瑕疵轻微",
    }
    assert change(signed_in(lead), offer, typed).status_code == 204
    text = panel(signed_in(li), offer.complaint)
    for told in (
        "<del>¥800.00</del>",
        "<ins>¥600.00</ins>",
        "售后条款 3.<del>2</del><ins>3</ins>",
        "<ins>外壳划痕</ins>",
        "<ins>客户留用</ins>",
    ):
        assert told in text
    assert "<dt>补救方式</dt>" not in text  # it is the same
    new = Offer.objects.get(state="waiting")
    assert [one.label for one in history.changes(offer, new)] == [
        "金额",
        "瑕疵情况",
        "商品处理",
        "依据",
    ]


def test_it_stays_in_the_talks_what_the_approver_changed(offer, li, lead, signed_in):
    change(signed_in(lead), offer, {"amount": "600", "note": "瑕疵轻微"})
    new = Offer.objects.get(state="waiting")
    posted(signed_in(li), offer.complaint, f"offers/{new.pk}/acknowledgement", {})
    posted(signed_in(li), offer.complaint, "counter-offers", {"words": "要退全款"})
    text = panel(signed_in(li), fresh(offer.complaint))
    assert "改了什么" in text
    assert "<del>¥800.00</del>" in text


@pytest.mark.parametrize(
    ("typed", "box", "sentence"),
    [
        ({"f-voucher": ""}, "f-voucher", "请填写“券名称”"),
        ({"f-face": "五十"}, "f-face", "金额不对"),
        ({"f-face": "-1"}, "f-face", "金额不对"),
        ({"f-valid_until": "2027-02-30"}, "f-valid_until", "不是一个存在的日期"),
        ({"f-terms": "券" * 301}, "f-terms", "太长"),
        ({"remedy": "RMD.99"}, "remedy", "已停用或不存在"),
        ({"remedy": "'; --"}, "remedy", "已停用或不存在"),
        ({"basis": "据" * 501}, "basis", "最多写 500 字"),
        ({"cost": "很多"}, "cost", "金额请写数字"),
        ({"note": ""}, "note", "请写明为什么修改"),
    ],
)
def test_a_wrong_box_is_named_with_what_to_do(typed, box, sentence, offer, lead, signed_in):
    found = refused(change(signed_in(lead), offer, COUPON | typed))
    assert sentence in found[box]
    offer.refresh_from_db()
    assert offer.state == "waiting"


def test_a_choice_that_is_none_and_a_count_that_is_none(offer, lead, signed_in):
    goods = {"remedy": "RMD.02", "f-goods": "电饭煲", "f-count": "1", "f-freight_by": "us"}
    asked = goods | {"basis": "售后条款", "note": "换货更合适"}
    for box, value in (("f-freight_by", "nobody"), ("f-count", "一个"), ("f-count", "１.5")):
        assert box in refused(change(signed_in(lead), offer, asked | {box: value}))
    assert change(signed_in(lead), offer, asked).status_code == 204
    new = Offer.objects.get(state="waiting")
    assert new.fields == {"goods": "电饭煲", "count": 1, "freight_by": "us"}
    assert new.amount_fen == 0  # the sum of the refund does not stay under an exchange


def test_what_is_left_out_stays_and_nothing_changed_is_no_change(offer, lead, signed_in):
    boxes = {"remedy": "RMD.04", "amount": "800.00", "f-defect": "", "f-keeps": "", "cost": ""}
    same = boxes | {"basis": offer.basis, "wording": offer.wording, "note": "没有改"}
    answer = change(signed_in(lead), offer, same)
    assert answer.status_code == 409
    assert "没有任何改动" in json.loads(answer["HX-Trigger"])["toast"]["text"]


def test_the_authority_is_asked_anew_for_the_remedy_that_was_chosen(
    offer, li, lead, manager, signed_in
):
    # 组长: refunds to ¥1,000 a case, coupons to ¥200; three times the price several sign.
    dear = COUPON | {"f-face": "300"}
    assert change(signed_in(lead), offer, dear).status_code == 403
    three = {
        "remedy": "RMD.15",
        "amount": "500",
        "basis": "消法 55",
        "f-goods": "手机",
        "note": "三倍",
    }
    assert change(signed_in(lead), offer, three).status_code == 403
    assert change(signed_in(li), offer, COUPON).status_code == 403
    offer.refresh_from_db()
    assert offer.state == "waiting"
    assert change(signed_in(manager), offer, dear).status_code == 204


def test_the_part_of_the_page_draws_the_boxes_of_a_remedy(offer, lead, li, sun, signed_in):
    place = f"/complaints/{offer.complaint.number}/offers/{offer.pk}/change/"
    page = signed_in(lead)
    text = page.get(place, {"remedy": "RMD.05"}).text
    assert "<html" not in text
    for box in ("f-voucher", "f-face", "f-valid_until", "f-terms"):
        assert f'name="{box}"' in text
    assert "required" not in text  # the same form approves without a change
    for strange in ("RMD.99", "", "RMD.05'"):
        assert 'name="f-defect"' in page.get(place, {"remedy": strange}).text
    assert signed_in(li).get(place).status_code == 403
    assert signed_in(sun).get(place).status_code == 404


def test_a_retired_remedy_of_the_offer_can_be_left_but_not_kept(offer, lead, signed_in):
    remedy = Remedy.objects.get(pk="RMD.04")
    remedy.retired_at = moment.now()
    remedy.save()
    text = panel(signed_in(lead), offer.complaint)
    assert "部分退款（已停用）" in text
    same = {"remedy": "RMD.04", "amount": "600", "note": "少一点"}
    assert "已停用或不存在" in refused(change(signed_in(lead), offer, same))["remedy"]
    assert change(signed_in(lead), offer, COUPON).status_code == 204


def test_the_inbox_changes_the_same_way(offer, li, lead, signed_in):
    place = f"/inbox/offer/{offer.pk}/"
    page = signed_in(lead)
    text = page.get(place).text
    for box in ("remedy", "f-defect", "amount", "due_on", "order", "cost", "basis", "wording"):
        assert f'name="{box}"' in text
    assert "引用知识" in text
    wrong = COUPON | {"approve": "change", "f-voucher": ""}
    answer = page.post(place, wrong, headers={"HX-Request": "true"})
    assert "请填写“券名称”" in refused(answer)["f-voucher"]
    answer = page.post(place, COUPON | {"approve": "change"}, headers={"HX-Request": "true"})
    assert "已修改并批准" in answer.text
    assert Offer.objects.get(state="waiting").fields["face"] == 15_000


def test_a_program_reads_what_was_changed(offer, li, lead, api):
    base = f"/api/v1/complaints/{offer.complaint.number}/offers"
    body = {
        "remedy": "RMD.05",
        "basis": "补偿标准 BC-02",
        "due_on": str(offer.due_on),
        "fields": {"voucher": "满减券", "face": 15_000},
        "reason": "改为优惠券",
    }
    new = api(lead).post(f"{base}/{offer.pk}/change", body, content_type="application/json").json()
    told = {one["label"]: (one["before"], one["after"]) for one in new["changes"]}
    assert told["补救方式"] == ("部分退款", "赠送优惠券")
    assert told["金额"] == ("¥800.00", "")
    assert told["面额"] == ("", "¥150.00")
    old = api(li).get(base).json()[-1]
    assert (old["id"], old["changes"]) == (offer.pk, [])


def test_a_sum_that_was_the_cost_stays_the_cost(offer, lead, signed_in):
    Offer.objects.filter(pk=offer.pk)  # proposed without cost
    change(signed_in(lead), offer, {"amount": "600", "cost": "", "order": "900", "note": "少一点"})
    new = Offer.objects.get(state="waiting")
    assert (new.cost_fen, new.order_fen) == (0, 90_000)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_at_once_one_is_refused(complaint, li, lead, after_sales, signed_in):
    offer = propose(complaint, li, fen=80_000)
    other = person("bai", "白组长", Role.LEAD, teams=[after_sales])
    usable_remedies.forget()
    clients = [signed_in(lead), signed_in(other)]
    answers = at_once(*(lambda one=one: change(one, offer, COUPON) for one in clients))
    assert sorted(one.status_code for one in answers) == [204, 409]
    assert Offer.objects.filter(state="waiting").count() == 1
