"""接入记录 by day: both days with them, in keyset pages, by an index whatever day is asked for."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection

from huiyin.ground import moment
from huiyin.journey.channels.hooks import actions, lists
from huiyin.journey.channels.hooks.models import Arrival, Hook
from tests.conftest import at

pytestmark = pytest.mark.django_db
URL = "/hooks/arrivals/"


def came(hook, key, when):
    with moment.at(at(when)):
        actions.keep(hook, key, b"{}")


@pytest.fixture
def three_days(hook):
    """The last second before a day, its first and its last, the first of the next."""
    came(hook, "eve", "2026-11-27 23:59:59")
    came(hook, "dawn", "2026-11-28 00:00:00")
    came(hook, "night", "2026-11-28 23:59:59")
    came(hook, "after", "2026-11-29 00:00:00")


def keys(page: str) -> list[str]:
    return re.findall(r'arrival__key">([^<]+)<', page)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("since=2026-11-28&until=2026-11-28", ["night", "dawn"]),
        ("since=2026-11-28", ["after", "night", "dawn"]),
        ("until=2026-11-27", ["eve"]),
        ("since=2026-11-29&until=2026-11-27", []),
        ("since=2026-02-30&until=x", ["after", "night", "dawn", "eve"]),
        ("since=&until=9999-99-99", ["after", "night", "dawn", "eve"]),
    ],
)
def test_what_came_on_these_days(signed_in, api, manager, three_days, asked, found):
    page = signed_in(manager).get(f"{URL}?{asked}").content.decode()
    assert keys(page) == found
    assert ("没有符合条件的记录" in page) is (not found)
    assert [row["key"] for row in api(manager).get(f"/api/v1/arrivals?{asked}").json()] == found


def test_the_days_stay_in_the_form_and_on_the_next_page(signed_in, manager, hook):
    for place in range(60):
        came(hook, f"k{place:02}", "2026-11-28 10:00:00")
    came(hook, "later", "2026-11-29 10:00:00")
    client = signed_in(manager)
    asked = f"since=2026-11-28&until=2026-11-28&hook={hook.pk}"
    page = client.get(f"{URL}?{asked}").content.decode()
    assert 'name="since" value="2026-11-28"' in page and 'name="until" value="2026-11-28"' in page
    found = re.search(r'hx-get="([^"]+)"[^>]*>加载更多', page)
    assert found is not None
    more = found[1].replace("&amp;", "&")
    rest = client.get(more, headers={"HX-Request": "true"}).content.decode()
    assert keys(page) + keys(rest) == [f"k{place:02}" for place in reversed(range(60))]


def test_the_newest_stands_first_whichever_was_kept_first(signed_in, manager, hook):
    """What a demo or a bridge keeps out of order stands by when it came."""
    came(hook, "second", "2026-11-28 10:00:00")
    came(hook, "first", "2026-11-27 10:00:00")
    came(hook, "third", "2026-11-29 10:00:00")
    assert keys(signed_in(manager).get(URL).content.decode()) == ["third", "second", "first"]


def test_a_place_that_is_none_gives_nothing(manager, three_days):
    assert lists.page(lists.read({"before": "999999"}), manager) == ([], None)


def test_a_stranger_does_not_see_it(signed_in, li, three_days):
    assert signed_in(li).get(f"{URL}?since=2026-11-28").status_code == 403


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "2026-03-01", "until": "2026-03-01"},
        {"until": "2026-02-01"},
        {"hook": "of", "since": "2026-03-01", "until": "2026-03-02"},
        {"state": "failed", "since": "2026-02-01", "until": "2026-04-01"},
        {"before": "some", "until": "2026-03-01"},
    ],
)
def test_an_old_day_is_found_by_index_without_sorting(manager, asked):
    hooks = [Hook.objects.create(code=f"h{n}", name="论坛", connector="webhook") for n in range(3)]
    begin = at("2026-01-01 00:00:00")
    Arrival.objects.bulk_create(
        Arrival(
            hook=hooks[place % 3],
            key=f"k{place}",
            raw=b"{}",
            state="failed" if place % 10 == 0 else "taken",
            received_at=begin + timedelta(minutes=20 * place),
            next_try_at=begin,
        )
        for place in range(12_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE hooks_arrival")
    given = dict(asked)
    if "hook" in given:
        given["hook"] = str(hooks[0].pk)
    if "before" in given:
        given["before"] = str(Arrival.objects.get(key="k6000").pk)
    wanted = lists.read(given)
    rows = lists.narrowed(wanted)
    if wanted.before:
        rows = lists.behind(rows, wanted.before)
    plan = rows.order_by("-received_at", "-pk")[:51].explain()
    assert "Index" in plan and "Seq Scan" not in plan and "Sort" not in plan, plan
    assert len(lists.page(wanted, manager)[0]) > 0
