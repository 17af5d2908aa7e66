"""The pages of the house: figures open the answers they were counted from."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from huiyin.journey.survey import actions
from huiyin.journey.survey.models import Invitation, OptOut
from tests.survey.conftest import BAD, GOOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def some(answered):
    """Three content, one not, one that said nothing."""
    for raw in (GOOD, GOOD, GOOD | {"q1": "4"}, BAD, {"q1": "3", "q2": "yes"}):
        answered(raw)


def rows_at(desk, href):
    page = desk.get(href.replace("&amp;", "&"))
    assert page.status_code == 200, href
    return page.text.count("data-row")


def test_every_figure_opens_as_many_answers_as_it_says(some, survey, signed_in, tao):
    desk = signed_in(tao)
    page = desk.get(reverse("survey:results", args=[survey.pk])).text
    bars = re.findall(r'<a href="([^"]+option=[^"]+)">(\d+)</a>', page)
    assert len(bars) >= 8
    for href, n in bars:
        assert rows_at(desk, href) == int(n), href
    chips = re.findall(r'<a class="chip" href="([^"]+)">[^<]*?(\d+)</a>', page)
    assert chips
    for href, n in chips:
        assert rows_at(desk, href) == int(n), href
    tile = re.search(r'href="([^"]+metric=csat[^"]*)"', page)
    assert tile
    assert rows_at(desk, tile[1]) == 5
    low = re.search(r'href="([^"]+part=low[^"]*)"', page)
    assert low
    assert rows_at(desk, low[1]) == 1
    lines = re.findall(r'<td class="num"><a href="([^"]+)">(\d+)</a></td>', page)
    assert lines
    for href, n in lines:
        assert rows_at(desk, href) == int(n), href


def test_the_formulas_stand_on_the_page_and_few_are_greyed(some, survey, signed_in, tao):
    page = signed_in(tao).get(reverse("survey:results", args=[survey.pk])).text
    for code in ("K22", "K23", "K24"):
        assert code in page
    assert "survey__tile--few" in page
    assert "60%" in page  # three of five


def test_an_empty_period_says_so_and_a_strange_one_is_dropped(survey, signed_in, tao):
    desk = signed_in(tao)
    assert "还没有答卷" in desk.get(reverse("survey:results", args=[survey.pk])).text
    for query in (
        "?period=nonsense",
        "?from=2026-02-30&to=x",
        "?team=nobody&category='&version=99999999",
        "?from=1990-01-01&to=2100-01-01",
        "?after=99999999999999999999&metric=x&score=1,2,x&question=zz&q='",
    ):
        for name in ("results", "answers"):
            address = reverse(f"survey:{name}", args=[survey.pk]) + query
            assert desk.get(address).status_code == 200, query


def test_answers_are_found_by_number_and_by_words(some, answered, survey, signed_in, tao):
    number = answered(GOOD | {"q5": "师傅上门很准时"}).complaint.number
    desk, path = signed_in(tao), reverse("survey:answers", args=[survey.pk])
    assert rows_at(desk, f"{path}?q={number}") == 1
    assert rows_at(desk, f"{path}?q=准时") == 1
    assert rows_at(desk, f"{path}?q=没有这样的话") == 0
    assert rows_at(desk, f"{path}?part=text") == 5


def test_the_list_is_for_those_of_the_house(survey, signed_in, li, tao, manager, admin):
    for one in (li, tao, manager):
        page = signed_in(one).get(reverse("survey:surveys"))
        assert "投诉处理满意度" in page.text
    assert signed_in(admin).get(reverse("survey:surveys")).status_code == 403
    page = signed_in(tao).get(reverse("survey:surveys") + "?q=推荐&state=off").text
    assert "推荐意愿" in page
    assert "投诉处理满意度" not in page
    assert "没有符合条件的问卷" in signed_in(tao).get(reverse("survey:surveys") + "?q=zzz").text


def test_the_panel_sends_by_hand_and_shows_the_link_once(closed, survey, signed_in, chen, li):
    complaint = closed()
    panel = f"/complaints/{complaint.number}/panels/survey/"
    page = signed_in(chen).get(panel).text
    assert "发送调查" in page
    assert "发送调查" not in signed_in(li).get(panel).text
    path = reverse("survey:sending", args=[complaint.number])
    made = signed_in(chen).post(path, {"survey": survey.pk, "way": "link"})
    assert "/portal/survey/" in made.text
    assert "no-store" in made["Cache-Control"]
    assert "/portal/survey/" not in signed_in(chen).get(panel).text
    again = signed_in(chen).post(path, {"survey": survey.pk, "way": "mail"})
    assert again.status_code == 409
    assert signed_in(li).post(path, {"survey": survey.pk, "way": "mail"}).status_code == 403
    for wrong in ("", "x", "99999999999999999999"):
        assert signed_in(chen).post(path, {"survey": wrong, "way": "mail"}).status_code == 422


def test_the_panel_keeps_a_customer_in_peace(closed, sent, signed_in, li):
    complaint = closed()
    sent(complaint)
    desk, path = signed_in(li), reverse("survey:opting", args=[complaint.number])
    assert desk.post(path).status_code == 204
    assert OptOut.objects.exists()
    assert "不愿收到调查" in desk.get(f"/complaints/{complaint.number}/panels/survey/").text
    assert desk.post(path, {"again": "1"}).status_code == 204
    assert not OptOut.objects.exists()


def test_nothing_is_offered_where_no_form_is_right(closed, signed_in, chen):
    hurt = closed(category="SF.01.01")
    page = signed_in(chen).get(f"/complaints/{hurt.number}/panels/survey/")
    assert "survey-sending" not in page.text


def test_what_was_not_sent_is_listed_with_its_reason(closed, survey, signed_in, manager, li):
    from huiyin.journey.survey.models import SendRule
    from tests.survey.conftest import later
    from tests.survey.test_sending import told

    SendRule.objects.create(survey=survey, name="结案后", after="closed", delay_hours=1)
    told(closed(status="HND"))
    with later(1):
        actions.send_due()
    assert Invitation.objects.get().state == "skipped"
    path = reverse("survey:sent", args=[survey.pk])
    page = signed_in(manager).get(f"{path}?state=skipped").text
    assert "还没有结果" in page
    assert Invitation.objects.get().complaint.number in page
    assert signed_in(manager).get(f"{path}?q={Invitation.objects.get().complaint.number}")
    assert signed_in(li).get(f"{path}?q=王").status_code == 200


def test_pages_ask_no_more_the_more_answers_there_are(some, answered, survey, signed_in, tao):
    """Each page of figures and answers asks the same for twice the rows."""
    desk = signed_in(tao)
    paths = [
        reverse("survey:surveys"),
        *(reverse(f"survey:{name}", args=[survey.pk]) for name in ("results", "answers", "sent")),
    ]

    def asked():
        counts = []
        for path in paths:
            desk.get(path)  # what is remembered is remembered now
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(path).status_code == 200
            counts.append(len(queries))
        return counts

    before = asked()
    for _turn in range(5):
        answered(BAD)
    assert asked() == before
    assert all(n <= most for n, most in zip(before, (14, 34, 17, 15), strict=True)), before
