"""A budget at its mark: finance, managers and the department's head hear of it, once each month."""

import pytest

from huiyin.ground import moment
from huiyin.ground.people.models import Department, Team
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.words import What
from huiyin.journey.resolution import actions
from huiyin.journey.resolution.models import Budget
from huiyin.surface.notices import budgets
from huiyin.surface.notices.models import Notice
from tests.conftest import person
from tests.resolution.drafts import customer, draft
from tests.roads import assigned, propose
from tests.together import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance(db):
    return person("qian", "钱会计", Role.FINANCE)


@pytest.fixture
def head(db):
    return person("hong", "洪部长", Role.DEPT_HEAD)


@pytest.fixture
def service(after_sales, head):
    """The department of 售后组, headed by 洪部长."""
    made = Department.objects.create(code="service", name="客服部", head=head)
    Team.objects.filter(pk=after_sales.pk).update(department=made)
    after_sales.refresh_from_db()
    return made


@pytest.fixture
def budget(service):
    today = moment.today()
    days = {"first_day": today.replace(day=1), "last_day": today.replace(year=today.year + 1)}
    return Budget.objects.create(department=service, amount_fen=10_000, **days)


def spend(make_complaint, team, li, fen: int, n: int = 0):
    """Propose so much on a new complaint of another customer; the event that tells it."""
    complaint = assigned(make_complaint, team, li, customer=customer(n))
    propose(complaint, li, fen=fen)
    return complaint.events.get(what=What.PROPOSED)


def texts(user) -> list[str]:
    return list(user.notices.filter(complaint=None).order_by("pk").values_list("text", flat=True))


def test_who_keeps_the_money_hears_at_the_mark_and_when_it_is_gone(
    budget, make_complaint, after_sales, li, finance, manager, head, chen, sun, signed_in
):
    first = spend(make_complaint, after_sales, li, 4_000, 1)
    budgets.warn(first)
    assert not Notice.objects.filter(complaint=None).exists()
    second = spend(make_complaint, after_sales, li, 4_000, 2)
    budgets.warn(second)
    for who in (finance, manager, head, chen):
        [told] = texts(who)
        assert "预算即将用完：客服部" in told
        assert "已用 80%（¥80.00，共 ¥100.00）" in told
        assert second.complaint.number not in told  # finance and the head may not see it
    assert texts(sun) == texts(li) == []
    budgets.warn(spend(make_complaint, after_sales, li, 3_000, 3))
    assert "预算已经用完：客服部" in texts(finance)[1]
    bell = signed_in(finance).get("/notices/bell/").text
    assert f'href="/budgets/{budget.pk}/"' in bell
    assert "预算已经用完" in bell


def test_it_is_told_once_for_budget_month_and_mark(
    budget, make_complaint, after_sales, li, finance, clock
):
    with clock("2026-12-10 10:00"):
        Budget.objects.update(first_day="2026-12-01", last_day="2027-12-31")
        event = spend(make_complaint, after_sales, li, 5_000, 1)
        other = spend(make_complaint, after_sales, li, 3_000, 2)
        for _time in range(2):
            budgets.warn(event)
            budgets.warn(other)
            budgets.warn_all()
        assert len(texts(finance)) == 1
    with clock("2026-12-31 23:59"):
        budgets.warn_all()
        assert len(texts(finance)) == 1
    with clock("2027-01-01 00:01"):
        budgets.warn_all()
        budgets.warn_all()
        assert len(texts(finance)) == 2
        budgets.warn(spend(make_complaint, after_sales, li, 4_000, 3))
        assert len(texts(finance)) == 3
        offer = actions.current_round(other.complaint)[0]
        actions.decline(offer, by=li)  # under the top again: the month has heard more
        budgets.warn_all()
        assert len(texts(finance)) == 3


def test_what_comes_to_its_mark_without_a_promise_is_told_within_the_hour(
    budget, make_complaint, after_sales, li, finance
):
    budgets.warn(spend(make_complaint, after_sales, li, 3_000, 1))
    assert texts(finance) == []
    Budget.objects.update(amount_fen=3_500)
    budgets.warn_all()
    assert "已用 85%" in texts(finance)[0]
    Budget.objects.update(retired_at=moment.now(), amount_fen=1)
    budgets.warn_all()
    assert len(texts(finance)) == 1


def test_a_changed_offer_counts_with_what_it_came_to(
    budget, make_complaint, after_sales, li, finance, manager
):
    complaint = assigned(make_complaint, after_sales, li)
    offer = propose(complaint, li, fen=6_000)
    made = draft("RMD.04", 9_000)
    actions.change(offer, by=manager, draft=made, reason="损失更大")
    budgets.warn(complaint.events.get(what=What.OFFER_CHANGED))
    assert "已用 90%" in texts(finance)[0]


def test_a_budget_of_nothing_is_silent_until_something_is_promised(
    budget, make_complaint, after_sales, li, finance
):
    Budget.objects.update(amount_fen=0)
    budgets.warn_all()
    assert texts(finance) == []
    budgets.warn(spend(make_complaint, after_sales, li, 100, 1))
    assert "预算已经用完" in texts(finance)[0]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_tell_it_once(budget, make_complaint, after_sales, li, finance):
    event = spend(make_complaint, after_sales, li, 9_000, 1)
    at_once(lambda: budgets.warn(event), lambda: budgets.warn(event), budgets.warn_all)
    assert len(texts(finance)) == 1


def test_the_page_opens_what_the_figure_was_counted_from(
    budget, make_complaint, after_sales, li, lead_of, finance, manager, head, sun, signed_in
):
    event = spend(make_complaint, after_sales, li, 4_000, 1)
    place = f"/budgets/{budget.pk}/"
    text = signed_in(manager).get(place).text
    assert "已用 ¥40.00，共 ¥100.00" in text
    assert event.complaint.number in text
    for who in (finance, head, lead_of):
        assert signed_in(who).get(place).status_code == 200
    text = signed_in(head).get(place).text
    assert event.complaint.number not in text
    assert "另有 1 个方案在您看不到的投诉里" in text
    for who in (li, sun):
        assert signed_in(who).get(place).status_code == 403
    assert signed_in(manager).get("/budgets/999999/").status_code == 404


@pytest.fixture
def lead_of(after_sales):
    lead = person("ma", "马组长", Role.LEAD, teams=[after_sales])
    Team.objects.filter(pk=after_sales.pk).update(lead=lead)
    return lead


def test_its_row_in_the_console_leads_to_the_same_page(
    budget, make_complaint, after_sales, li, manager, signed_in
):
    spend(make_complaint, after_sales, li, 8_000)
    shown = signed_in(manager).get(f"/console/budgets/{budget.pk}/").text
    assert "已用 ¥80.00，共 ¥100.00（80%）" in shown
    assert f'href="/budgets/{budget.pk}/"' in shown


def test_a_program_reads_budgets_and_notices(
    budget, make_complaint, after_sales, li, finance, head, api
):
    budgets.warn(spend(make_complaint, after_sales, li, 9_000, 1))
    for who in (finance, head):
        [one] = api(who).get("/api/v1/budgets").json()
        assert (one["id"], one["used_fen"], one["percent"], one["mark"]) == (
            budget.pk,
            9_000,
            90,
            80,
        )
        assert api(who).get(f"/api/v1/budgets/{budget.pk}").json() == one
        [notice] = api(who).get("/api/v1/notices").json()
        assert (notice["complaint"], notice["page"]) == ("", f"/budgets/{budget.pk}/")
    assert api(li).get("/api/v1/budgets").json() == []
    assert api(li).get(f"/api/v1/budgets/{budget.pk}").status_code == 403
