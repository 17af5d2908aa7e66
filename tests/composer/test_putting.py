"""A round is put forward: everything that was written, and nothing that is wrong."""

from __future__ import annotations

import json

import pytest

from huiyin.ground.refusal import NotPermitted
from huiyin.journey.complaint.words import Status
from huiyin.journey.resolution.models import Offer
from huiyin.surface.composer import actions, writing
from huiyin.surface.composer.models import Composing
from tests.composer.cases import ANSWERS, address, option
from tests.roads import fresh, propose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_is_called_back")]


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
