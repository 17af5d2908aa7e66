"""The composer for programs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.journey.resolution.models import Offer
from huiyin.surface.composer.models import Composing
from tests.roads import assigned

pytestmark = pytest.mark.django_db
CARD = {"card": "money", "paid": 300000, "face": 400000, "used": 100000, "fault": "trader"}


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    return assigned(make_complaint, after_sales, li, category="CT.04.01", wanted="退卡")


def at(complaint, rest: str) -> str:
    return f"/api/v1/complaints/{complaint.number}/{rest}"


def test_calculators_tell_what_they_ask_and_work_out_sums(api, li):
    caller = api(li)
    kinds = {one["kind"]: one for one in caller.get("/api/v1/calculators").json()}
    assert set(kinds) == {"seven_days", "prepaid", "fraud", "food", "freight", "partial"}
    assert "paid" in {one["name"] for one in kinds["prepaid"]["questions"]}
    told = caller.post(
        "/api/v1/calculators/prepaid", {"answers": CARD}, content_type="application/json"
    ).json()
    assert told["amount_fen"] == 225000
    assert all({"label", "value", "source"} <= set(step) for step in told["steps"])


@pytest.mark.parametrize("answers", [{}, {"paid": -1}, {"paid": 10**30}, {"boo": 1}, {"card": []}])
def test_wrong_answers_are_refused_in_a_sentence(api, li, answers):
    answer = api(li).post(
        "/api/v1/calculators/prepaid", {"answers": answers}, content_type="application/json"
    )
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_a_calculator_that_is_none(api, li):
    answer = api(li).post(
        "/api/v1/calculators/boo", {"answers": {}}, content_type="application/json"
    )
    assert answer.status_code == 404


def test_proposals_and_precedents(api, li, complaint):
    caller = api(li)
    first = caller.get(at(complaint, "proposals")).json()["proposals"][0]
    assert first["remedy"] == "RMD.17" and first["reasons"] and "依据" in first["wording"]
    told = caller.get(at(complaint, "precedents")).json()
    assert (told["rows"], told["figures"]) == ([], [])


def test_a_round_is_kept_read_dropped_and_put_forward(api, li, complaint):
    caller = api(li)
    option = {
        "remedy": "RMD.17",
        "amount": "40",
        "basis": "章程第三条",
        "wording": "退您 40 元。",
        "due_on": (moment.today() + timedelta(days=2)).isoformat(),
    }
    address = at(complaint, "options/draft")
    kept = caller.put(address, {"options": [option]}, content_type="application/json").json()
    assert kept["options"][0]["amount"] == "40"
    assert caller.get(address).json()["options"][0]["wording"] == "退您 40 元。"
    assert caller.delete(address).status_code == 204
    assert not Composing.objects.exists()
    made = caller.post(
        at(complaint, "options"), {"options": [option]}, content_type="application/json"
    )
    assert made.status_code == 201
    assert Offer.objects.get(pk=made.json()[0]).amount_fen == 4000


def test_four_options_are_too_many(api, li, complaint):
    answer = api(li).post(
        at(complaint, "options"),
        {"options": [{"remedy": "RMD.08"}] * 4},
        content_type="application/json",
    )
    assert answer.status_code == 422


def test_who_would_decide(api, li, complaint):
    def ask(fen):
        return (
            api(li)
            .post(
                at(complaint, "options/authority"),
                {"remedy": "RMD.17", "value_fen": fen},
                content_type="application/json",
            )
            .json()
        )

    assert ask(5000)["within"] is True
    beyond = ask(5001)
    assert beyond["within"] is False and beyond["roles"] and "审批" in beyond["sentence"]


def test_whoever_does_not_see_the_complaint_learns_nothing(api, sun, complaint):
    caller = api(sun)
    for rest in ("proposals", "precedents", "options/draft"):
        assert caller.get(at(complaint, rest)).status_code == 404
