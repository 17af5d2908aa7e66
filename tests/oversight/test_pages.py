"""The board in the browser: for whom, at what cost, what it says."""

import json
import re
from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from tests.conftest import at, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [*Role.values, ""])
def test_the_board_is_for_those_who_answer_for_others(role, signed_in):
    user = person("somebody", "某人", *([role] if role else []))
    expected = 200 if role in ("lead", "supervisor", "supervision", "manager") else 403
    assert signed_in(user).get("/board/").status_code == expected


def test_nobody_sees_it_without_signing_in(client):
    assert client.get("/board/").status_code == 302


def test_a_lead_sees_her_own_team_only(signed_in, make_complaint, after_sales, logistics, li, sun):
    make_complaint(team=after_sales, assignee=li, severity=1, status="HND", subject="看得见的")
    hidden = make_complaint(
        team=logistics, assignee=sun, severity=1, status="HND", subject="看不见的"
    )
    lead = person("lin", "林组", Role.LEAD, teams=[after_sales])
    client = signed_in(lead)
    page = client.get("/board/")
    assert "看得见的" in page.text
    for secret in ("看不见的", hidden.number, "孙浩", "物流组"):
        assert secret not in page.text
    assert [f["count"] for f in page.context["figures"]] == [1, 0, 0, 1]
    assert client.get("/board/?team=logistics").status_code == 404
    assert client.get("/board/?team=aftersales").status_code == 200


def test_the_figures_equal_direct_counts(signed_in, chen, make_complaint, after_sales):
    now = moment.now()
    for late in (True, True, False):
        due = now - timedelta(hours=1) if late else now + timedelta(days=3)
        make_complaint(team=after_sales, severity=2, status="HND", next_due_at=due)
    page = signed_in(chen).get("/board/")
    assert [f["count"] for f in page.context["figures"]] == [3, 0, 2, 0]
    for figure in page.context["figures"]:
        assert figure["href"].startswith("/")


def test_each_figure_opens_exactly_the_rows_it_counts(
    signed_in, chen, make_complaint, after_sales, logistics
):
    noon = at("2026-11-25 12:00")
    with moment.at(noon):
        for hours, severity in ((-30, 1), (-2, 2), (3, 1), (30, 3), (80, 2)):
            make_complaint(
                team=after_sales,
                severity=severity,
                status="HND",
                next_due_at=noon + timedelta(hours=hours),
            )
        make_complaint(team=logistics, severity=1, status="HND", next_due_at=noon)
        client = signed_in(chen)
        figures = client.get("/board/?team=aftersales").context["figures"]
        assert [f["count"] for f in figures] == [5, 1, 2, 2]
        assert [f["note"] for f in figures][1:3] == ["明日 1 件", "近 24 小时新增 1 件"]
        for figure in figures:
            rows = client.get(figure["href"]).text.count('class="queue__number"')
            assert rows == figure["count"], figure["name"]


def test_an_empty_house_has_a_calm_board(signed_in, manager):
    page = signed_in(manager).get("/board/")
    assert "目前没有未结投诉" in page.text


def test_the_charts_are_told_as_tables_too(signed_in, manager, make_complaint):
    make_complaint(status="HND", category="PD.01")
    page = signed_in(manager).get("/board/").text
    assert page.partition('id="main"')[2].count("<details") == 2


def test_no_text_breaks_out_of_a_charts_numbers(signed_in, manager, make_complaint):
    make_complaint(status="HND", category="</script><b>x")
    page = signed_in(manager).get("/board/").text
    assert "</script><b>x" not in page
    blocks = re.findall(r"<script[^>]*application/json[^>]*>(.*?)</script>", page, re.DOTALL)
    assert blocks
    for block in blocks:
        json.loads(block)


def test_htmx_gets_the_inside_alone(signed_in, manager):
    page = signed_in(manager).get("/board/", headers={"HX-Request": "true"}).text
    assert "<html" not in page
    assert "board__figures" in page


def test_the_page_takes_few_queries(
    signed_in, manager, make_complaint, after_sales, li, django_assert_max_num_queries
):
    for severity in (1, 2, 3, 4):
        make_complaint(team=after_sales, assignee=li, severity=severity, status="HND")
    client = signed_in(manager)
    client.get("/board/")
    with django_assert_max_num_queries(22):
        client.get("/board/")


def test_whoever_sees_no_complaint_has_counts_of_nothing(signed_in, admin):
    found = signed_in(admin).get("/queue/counts/")
    assert found.status_code == 200
    assert set(found.json().values()) == {""}
