"""Authority cannot be passed: by kind, share of the order, month, and what several always sign."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import NotPermitted
from huiyin.journey.complaint.words import Status
from huiyin.journey.resolution import actions
from huiyin.journey.resolution.models import AuthorityLimit, JointRule, Offer
from tests.resolution.drafts import draft, round_of
from tests.roads import assigned, carry_out, fresh, propose

pytestmark = pytest.mark.django_db


def coupon(fen):
    return draft("RMD.05", fields={"voucher": "无门槛券", "face": fen})


# --- by kind, by share of the order, by month -----------------------------------------------------


@pytest.mark.parametrize(("fen", "state"), [(2_000, "offered"), (2_001, "waiting")])
def test_a_coupon_has_a_limit_of_its_own_and_its_face_counts(fen, state, complaint, li):
    [offer] = round_of(complaint, li, coupon(fen))
    assert (offer.state, offer.amount_fen, offer.value_fen) == (state, 0, fen)
    assert offer.authority["limit"]["kind"] == "goodwill"


def test_a_coupon_and_a_refund_do_not_eat_each_others_limit_but_one_month(complaint, li):
    carry_out(complaint, li, fen=5_000)
    complaint.move_to(Status.RWK)
    AuthorityLimit.objects.filter(role=Role.AGENT, kind="").update(monthly_fen=6_000)
    [offer] = round_of(complaint, li, coupon(1_001))
    assert (offer.state, offer.authority["bound"]) == ("waiting", "month")
    actions.take_back(complaint, by=li, reason="太多")
    assert round_of(complaint, li, coupon(1_000))[0].state == "offered"


def test_refund_and_compensation_share_one_limit(complaint, li):
    carry_out(complaint, li, fen=3_000)
    complaint.move_to(Status.RWK)
    [offer] = round_of(complaint, li, draft("RMD.06", 2_001))
    assert (offer.state, offer.authority["bound"]) == ("waiting", "case")


@pytest.mark.parametrize(
    ("order", "fen", "state"),
    [
        (10_000, 1_000, "offered"),
        (10_000, 1_001, "waiting"),
        (1_000_000, 5_000, "offered"),
        (1_000_000, 5_001, "waiting"),  # a dear order, truly or not, widens nothing
        (None, 5_000, "offered"),
    ],
)
def test_a_tenth_of_the_order_bounds_an_agent_too(order, fen, state, complaint, li):
    assert round_of(complaint, li, draft("RMD.04", fen, order_fen=order))[0].state == state


def test_a_promise_is_judged_without_writing_anything(complaint, li, chen):
    assert actions.may_promise(li, complaint, 5_000).within
    assert not actions.may_promise(li, complaint, 5_001).within
    assert not actions.may_promise(li, complaint, 2_001, kind="goodwill").within
    assert actions.may_promise(chen, complaint, 5_001).within
    assert actions.may_promise(chen, complaint, 100, kind="punitive").bound == "joint"
    assert not Offer.objects.exists()


# --- what several always sign ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "one",
    [
        ("RMD.15", 10, {}),
        ("RMD.16", 10, {}),
        ("RMD.19", 10, {}),
        ("RMD.08", 0, {"wording": "我们按退一赔三赔给您"}),
        ("RMD.04", 10, {"basis": "食品安全法，十倍"}),
    ],
)
def test_three_times_ten_times_and_injury_are_signed_by_three_however_small(
    one, make_complaint, after_sales, manager, legal, finance
):
    complaint = assigned(make_complaint, after_sales, manager)
    remedy, fen, told = one
    [offer] = round_of(complaint, manager, draft(remedy, fen, **told))
    assert (offer.state, offer.authority["bound"]) == ("waiting", "joint")
    assert complaint.waits_for == ["manager", "finance", "legal"]
    with pytest.raises(NotPermitted):
        actions.decide(offer, by=manager, approve=True)


def test_injury_goes_by_category_too(make_complaint, after_sales, chen):
    complaint = assigned(make_complaint, after_sales, chen, category="SF.01.02")
    assert round_of(complaint, chen, draft("RMD.06", 10))[0].state == "waiting"


def test_a_case_that_turns_into_one_of_injury_while_it_waits_is_signed_by_three(
    complaint, li, chen, manager, finance, legal
):
    [offer] = round_of(complaint, li, draft("RMD.06", 6_000))
    assert complaint.waits_for[0] == "lead"
    complaint.carry(category="SF.01.02")
    with pytest.raises(NotPermitted, match="经理、财务、法务会签"):
        actions.decide(offer, by=chen, approve=True)


def test_a_rule_made_later_changes_no_decision_that_was_made(complaint, li, manager):
    offer = propose(complaint, li, fen=6_000)
    actions.decide(offer, by=manager, approve=True)
    before = Offer.objects.values("authority", "decided_under").get(pk=offer.pk)
    JointRule.objects.create(
        code="all", name="一切退款", condition={"all": []}, roles=["legal"], valid_from="2026-01-01"
    )
    AuthorityLimit.objects.filter(role=Role.MANAGER).update(per_case_fen=1, version="2")
    assert Offer.objects.values("authority", "decided_under").get(pk=offer.pk) == before
    assert before["decided_under"]["limit"]["version"] == "1"
    assert (before["decided_under"]["limit"]["per_case_fen"]) == 1_000_000
    actions.agree(offer, by=li)
    assert fresh(complaint).status == Status.EXE


def test_a_new_limit_counts_from_its_day_and_the_old_until_then(complaint, li):
    tomorrow = moment.today() + timedelta(days=1)
    AuthorityLimit.objects.create(role=Role.AGENT, per_case_fen=1, valid_from=tomorrow, version="2")
    assert actions.may_promise(li, complaint, 5_000).within
    with moment.at(moment.now() + timedelta(days=2)):
        assert not actions.may_promise(li, complaint, 5_000).within
