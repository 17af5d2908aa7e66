"""Calculators on the page: their steps, their sums, the words they become."""

from __future__ import annotations

import json

import pytest
from django.utils import translation

from huiyin.journey.resolution.models import Remedy
from huiyin.surface.composer import writing
from tests.composer.cases import ANSWERS, address, option

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_is_called_back")]


CARD = {
    "card": "money",
    "paid": "3000",
    "face": "4000",
    "used": "1000",
    "fault": "trader",
}


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
