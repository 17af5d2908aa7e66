"""Authority cannot be passed by splitting; budgets, and two at once in one of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import NotPermitted
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.grouping import actions as grouping
from huiyin.journey.resolution import actions
from huiyin.journey.resolution.models import AuthorityLimit, Budget, Offer
from huiyin.surface.notices import budgets
from huiyin.surface.notices.models import Notice
from tests.conftest import person
from tests.resolution.drafts import anew, customer, draft, round_of
from tests.roads import assigned, carry_out, fresh, propose
from tests.together import at_once

pytestmark = pytest.mark.django_db


# --- splitting ------------------------------------------------------------------------------------


def test_what_was_split_off_counts_with_the_whole(complaint, li, chen, make_complaint, after_sales):
    from huiyin.journey.grouping.models import Bond

    other = find_or_create(Contact(name="家人", phone="13900003333", email=""))
    child = assigned(make_complaint, after_sales, li, customer=other)
    propose(child, li, fen=3_000)
    assert propose(complaint, li, fen=3_000).state == "offered"
    actions.decline(complaint.offers.get(), by=li)
    bond = Bond.objects.create(
        kind="split", complaint=child, other=complaint, by=chen, at=moment.now()
    )
    assert propose(complaint, li, fen=2_001).state == "waiting"
    actions.take_back(complaint, by=li, reason="重新计算")
    Bond.objects.filter(pk=bond.pk).update(ended_at=moment.now())
    assert propose(complaint, li, fen=2_001).state == "waiting"  # undoing it widens nothing


def test_what_was_merged_counts_with_the_master(complaint, li, chen, make_complaint, after_sales):
    member = assigned(make_complaint, after_sales, li)
    actions.decline(propose(member, li, fen=100), by=li)
    carry_out(member, li, fen=3_000)
    member.move_to(Status.RWK)
    grouping.merge(member, into=complaint, by=chen, reason="同一件事")
    with moment.at(moment.now() + timedelta(days=40)):  # the month of the customer has passed
        assert propose(fresh(complaint), li, fen=2_001).state == "waiting"


def test_the_same_order_under_another_name_counts_too(li, make_complaint, after_sales):
    other = find_or_create(Contact(name="换个名字", phone="13900004444", email=""))
    first = assigned(make_complaint, after_sales, li, order_no="SO-1")
    second = assigned(make_complaint, after_sales, li, order_no="SO-1", customer=other)
    propose(first, li, fen=3_000)
    assert propose(second, li, fen=2_001).state == "waiting"


def test_options_of_one_round_are_alternatives_and_the_dearest_counts(
    complaint, make_complaint, after_sales, li
):
    offers = round_of(complaint, li, draft("RMD.04", 3_000), draft("RMD.06", 4_000))
    assert [one.state for one in offers] == ["offered", "offered"]
    second = assigned(make_complaint, after_sales, li)
    assert actions.promised_fen(second) == 7_000 or actions.promised_fen(second) == 4_000
    actions.agree(offers[0], by=li)
    assert actions.promised_fen(second) == 3_000
    assert Offer.objects.get(pk=offers[1].pk).state == "passed"


# --- budgets --------------------------------------------------------------------------------------


@pytest.fixture
def budget(after_sales):
    today = moment.today()
    return Budget.objects.create(
        team=after_sales, first_day=today, last_day=today, amount_fen=10_000, source="2026 年预算"
    )


def test_a_budget_warns_at_its_mark_and_beyond_it_a_manager_or_finance_decides(
    budget, make_complaint, after_sales, li, lead, manager, finance
):
    cases = [assigned(make_complaint, after_sales, li, customer=customer(n)) for n in range(3)]
    assert propose(cases[0], li, fen=4_000).warnings == []
    warned = propose(cases[1], li, fen=4_000)
    assert [row["budget"] for row in warned.warnings] == [budget.pk]
    event = cases[1].events.get(what=What.PROPOSED)
    budgets.warn(event)
    told = Notice.objects.filter(user=manager)
    assert "预算即将用完：售后组" in told.get().text
    over = propose(cases[2], li, fen=2_001)
    assert (over.state, over.authority["bound"]) == ("waiting", "budget")
    assert cases[2].waits_for == ["manager", "finance"]
    with pytest.raises(NotPermitted):
        actions.decide(over, by=lead, approve=True)
    actions.decide(over, by=finance, approve=True)
    assert over.state == "offered"
    assert actions.budget_state(budget).used_fen == 10_001


def test_finance_alone_does_not_let_through_what_is_beyond_the_proposer(
    budget, make_complaint, after_sales, li, finance, manager
):
    complaint = assigned(make_complaint, after_sales, li)
    offer = propose(complaint, li, fen=20_000)
    assert complaint.waits_for == ["manager"]
    with pytest.raises(NotPermitted):
        actions.decide(offer, by=finance, approve=True)


def test_what_is_declined_goes_back_into_the_budget(budget, complaint, li):
    actions.decline(propose(complaint, li, fen=5_000), by=li)
    assert actions.budget_state(budget).used_fen == 0


def test_a_department_pays_for_the_teams_below_it(make_complaint, after_sales, li):
    from huiyin.ground.people.models import Department

    above = Department.objects.create(code="above", name="客户中心")
    below = Department.objects.create(code="below", name="售后部", parent=above)
    after_sales.department = below
    after_sales.save()
    today = moment.today()
    made = Budget.objects.create(department=above, first_day=today, last_day=today, amount_fen=100)
    complaint = assigned(make_complaint, after_sales, li)
    assert propose(fresh(complaint), li, fen=101).authority["bound"] == "budget"
    assert actions.budget_state(made).used_fen == 101


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_both_fit_into_one_budget(make_complaint, after_sales, li, chen):
    today = moment.today()
    Budget.objects.create(
        team=after_sales, first_day=today, last_day=today, amount_fen=6_000, source="预算"
    )
    cases = [assigned(make_complaint, after_sales, li, customer=customer(n)) for n in range(2)]
    results = at_once(
        lambda: propose(fresh(cases[0]), li, 4_000), lambda: propose(fresh(cases[1]), chen, 4_000)
    )
    assert sorted(one.state for one in results) == ["offered", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_split_a_sum_to_one_customer(make_complaint, after_sales, li):
    mate = person("mate", "同组坐席", Role.AGENT, teams=[after_sales])
    cases = [assigned(make_complaint, after_sales, who) for who in (li, mate)]
    results = at_once(
        lambda: propose(fresh(cases[0]), li, 4_000), lambda: propose(fresh(cases[1]), mate, 4_000)
    )
    assert sorted(one.state for one in results) == ["offered", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_do_not_both_fit_into_one_month(
    make_complaint, after_sales, li, lead
):
    AuthorityLimit.objects.filter(role=Role.LEAD, kind="").update(monthly_fen=100_000)
    cases = [assigned(make_complaint, after_sales, li, customer=customer(n)) for n in range(2)]
    offers = [propose(one, li, fen=60_000) for one in cases]

    def approve(offer):
        mine = Offer.objects.select_related("complaint__customer", "remedy").get(pk=offer.pk)
        actions.decide(mine, by=anew(lead), approve=True)
        return "approved"

    results = at_once(*(lambda o=o: approve(o) for o in offers))
    assert results.count("approved") == 1
    assert any(isinstance(one, NotPermitted) for one in results)
