"""A screen on a wall: what it shows, who may make one, and that it dies when it should."""

import json
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import NotPermitted, Refused
from huiyin.surface.oversight import wall as limits
from huiyin.surface.oversight.actions import close_wall, open_wall
from huiyin.surface.oversight.models import Wall
from tests.conftest import at, person
from tests.together import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def wall(manager):
    return open_wall(by=manager, name="一楼大厅", team=None, days=30)


@pytest.fixture
def screen():
    """A browser that nobody signed in to."""
    return Client()


def address(token: str) -> str:
    return f"/wall/{token}/"


def numbers(html: str) -> list[int]:
    """The five figures."""
    return [int(n) for n in re.findall(r"<strong>(\d+)</strong>", html)]


def test_it_shows_figures_and_neither_names_nor_numbers_nor_words(
    wall, screen, make_complaint, after_sales, li, wang_fang
):
    _wall, token = wall
    make_complaint(team=after_sales, assignee=li, severity=1, status="DIS", subject="电饭煲漏电",
                   next_due_at=moment.now() - timedelta(minutes=3))  # fmt: skip
    hidden = make_complaint(team=after_sales, severity=1, status="HND", restricted=True)
    page = screen.get(address(token))
    assert page.status_code == 200
    assert numbers(page.text) == [1, 0, 1, 0, 1]
    assert "售后组" in page.text
    for secret in ("TS20", "电饭煲", "王芳", "李明", "高远", hidden.number, "sign-out", "csrf"):
        assert secret not in page.text, secret
    assert "data-since" in page.text  # since when an S1 has waited, without which
    assert "huiyin" not in screen.cookies
    assert "sessionid" not in screen.cookies


def test_its_address_goes_nowhere(wall, screen):
    _wall, token = wall
    for path in (address(token), f"{address(token)}figures/"):
        answer = screen.get(path)
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Cache-Control"] == "no-store"
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["X-Frame-Options"] == "DENY"
        assert token not in answer.text


def test_only_a_hash_of_the_token_is_kept(wall):
    made, token = wall
    assert len(token) == 43  # 256 bits
    assert token not in str(Wall.objects.filter(pk=made.pk).values())
    assert len(made.token_hash) == 64


def test_a_team_sees_its_own_figures_only(manager, screen, make_complaint, after_sales, logistics):
    make_complaint(team=after_sales, severity=3, status="HND")
    make_complaint(team=logistics, severity=3, status="HND")
    _wall, token = open_wall(by=manager, name="售后", team=after_sales, days=7)
    page = screen.get(address(token)).text
    assert numbers(page)[0] == 1
    assert "物流组" not in page


@pytest.mark.parametrize("role", [r for r in Role.values if r != Role.MANAGER])
def test_only_a_manager_makes_one(role, signed_in, wall):
    made, _token = wall
    user = person("somebody", "某人", role)
    with pytest.raises(NotPermitted):
        open_wall(by=user, name="大厅", team=None, days=7)
    client = signed_in(user)
    assert client.get("/board/walls/").status_code == 403
    assert client.post("/board/walls/", {"name": "大厅", "days": "7"}).status_code == 403
    assert client.post(f"/board/walls/{made.pk}/closing/").status_code == 403
    assert Wall.objects.filter(revoked_at=None).count() == 1


def test_the_address_is_shown_once_and_works(manager, signed_in, screen):
    client = signed_in(manager)
    page = client.post("/board/walls/", {"name": "一楼大厅", "team": "", "days": "30"})
    found = re.search(r"/wall/([\w-]{43})/", page.text)
    assert found is not None
    token = found[1]
    assert screen.get(address(token)).status_code == 200
    assert token not in client.get("/board/walls/").text
    assert "no-store" in page["Cache-Control"]


def test_nonsense_makes_none(manager, signed_in):
    client = signed_in(manager)
    for wrong in ({"name": "", "days": "30"}, {"name": "大厅", "days": "9999"}, {"name": "大厅"}):
        assert client.post("/board/walls/", wrong).status_code == 422, wrong
    wrong = {"name": "大厅", "days": "30", "team": "nothing"}
    assert client.post("/board/walls/", wrong).status_code == 404
    assert not Wall.objects.exists()


def test_revoked_expired_or_of_a_manager_gone_it_opens_nothing(wall, manager, screen, after_sales):
    made, token = wall

    def status() -> int:
        return screen.get(f"{address(token)}figures/").status_code

    assert status() == 200
    with moment.at(moment.now() + timedelta(days=30, seconds=1)):
        assert status() == 404
    User.objects.filter(pk=manager.pk).update(roles=[Role.AGENT])
    assert status() == 404
    User.objects.filter(pk=manager.pk).update(roles=[Role.MANAGER], is_active=False)
    assert status() == 404
    User.objects.filter(pk=manager.pk).update(is_active=True)
    assert status() == 200
    close_wall(made, by=manager)
    assert status() == 404
    with pytest.raises(Refused):
        close_wall(made, by=manager)


def test_a_retired_team_has_no_wall(manager, screen, after_sales):
    _wall, token = open_wall(by=manager, name="售后", team=after_sales, days=7)
    Team.objects.filter(pk=after_sales.pk).update(retired_at=moment.now())
    assert screen.get(address(token)).status_code == 404


def test_forged_tokens_are_all_alike_and_soon_too_many(wall, screen):
    _wall, token = wall
    forged = [token[:-1] + ("A" if token[-1] != "A" else "B"), "x" * 43, "x", token + "=", "1"]
    assert {screen.get(address(one)).status_code for one in forged} == {404}
    codes = [screen.get(address(f"{n:043d}")).status_code for n in range(limits.MISSES_A_MINUTE)]
    assert codes[-1] == 429
    assert screen.get(address(token)).status_code == 200  # the screen itself goes on


def test_one_screen_cannot_ask_without_end(wall, screen, monkeypatch):
    monkeypatch.setattr("huiyin.surface.oversight.views.wall.MOST_A_MINUTE", 3)
    _wall, token = wall
    with moment.at(at("2026-11-25 12:00:10")):
        codes = [screen.get(f"{address(token)}figures/").status_code for _n in range(5)]
        assert codes == [200, 200, 200, 429, 429]
    with moment.at(at("2026-11-25 12:01:10")):
        assert screen.get(f"{address(token)}figures/").status_code == 200


def test_looking_changes_nothing_and_asks_little(
    wall, screen, make_complaint, after_sales, django_assert_max_num_queries
):
    made, token = wall
    for n in range(12):
        make_complaint(team=after_sales, severity=1 + n % 4, status="HND")
    before = Wall.objects.filter(pk=made.pk).values().get()
    cache.clear()
    with django_assert_max_num_queries(11):
        screen.get(f"{address(token)}figures/")
    with django_assert_max_num_queries(2):  # the next screen, within some seconds
        Client().get(f"{address(token)}figures/")
    assert Wall.objects.filter(pk=made.pk).values().get() == before
    for method in ("post", "put", "delete"):
        assert getattr(screen, method)(address(token)).status_code in (403, 405)


def test_the_figures_are_the_inside_alone_with_the_version_of_the_page(wall, screen):
    _wall, token = wall
    inside = screen.get(f"{address(token)}figures/")
    assert "<html" not in inside.text
    version = inside["X-Wall-Version"]
    assert f'data-version="{version}"' in screen.get(address(token)).text


@pytest.mark.django_db(transaction=True)
def test_of_two_who_revoke_at_once_one_is_told(wall, manager):
    made, _token = wall
    results = at_once(*[lambda: close_wall(made, by=manager) for _n in range(2)])
    assert sum(isinstance(one, Refused) for one in results) == 1


def test_a_program_of_a_manager_opens_lists_and_closes_a_wall(api, manager, after_sales, client):
    body = {"name": "一楼大厅", "team": after_sales.code, "days": 30}
    made = api(manager).post("/api/v1/walls", json.dumps(body), "application/json")
    assert made.status_code == 201
    address = urlsplit(made.json()["address"]).path
    assert client.get(address).status_code == 200
    listed = api(manager).get("/api/v1/walls").json()
    assert [(one["name"], one["team"]) for one in listed] == [("一楼大厅", after_sales.code)]
    assert "address" not in listed[0]
    path = f"/api/v1/walls/{listed[0]['id']}/closing"
    assert api(manager).post(path).json()["revoked_at"]
    assert client.get(address).status_code == 404
    again = api(manager).post(path)
    assert again.status_code == 409 and "已经停用" in again.json()["detail"]
    assert api(manager).get("/api/v1/walls").json() == []


@pytest.mark.parametrize("wrong", [{"days": 8}, {"name": ""}, {"team": "no-such-team"}])
def test_a_wall_that_cannot_be_is_not_opened(api, manager, wrong):
    body = {"name": "一楼大厅", "days": 30} | wrong
    answer = api(manager).post("/api/v1/walls", json.dumps(body), "application/json")
    assert answer.status_code in (404, 422)
    assert not Wall.objects.exists()
