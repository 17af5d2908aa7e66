"""Chat windows in the console, chat on the page of channels, the demonstration's entries."""

from __future__ import annotations

import pytest

from huiyin.ground import moment
from huiyin.journey.channels.chat.health import rows
from huiyin.journey.channels.chat.models import Seat, Site, SiteField
from huiyin.surface.console.models import ConfigChange
from tests.conftest import at

pytestmark = pytest.mark.django_db

TYPED = {
    "code": "shop2",
    "name": "云朵小程序",
    "calendar_code": "office",
    "origins": "https://www.example.com\r\n\r\nhttp://127.0.0.1:8112\r\n",
    "colour": "#0b6e75",
    "position": "right",
    "first_reply_seconds": "60",
    "warn_percents": "80, 50",
    "return_seconds": "60",
    "remind_minutes": "5",
    "idle_minutes": "15",
    "summary_minutes": "30",
    "greeting_zh": "您好",
    "enabled": "on",
}
HOSTILE = (
    *("https://*.example.com", "*", "null", "https://www.example.com/path", "HTTPS://A.EXAMPLE"),
    *("https://www.example.com/", "javascript:alert(1)", "https://user@example.com", "ftp://a.cn"),
    *("https://a.example:443", "https://a b.example", "http://", "https://例子.中国", "//a.cn"),
)


def test_a_window_is_made_and_its_line_is_there_to_copy(admin, signed_in):
    page = signed_in(admin)
    answer = page.post("/console/chat-sites/new/", TYPED)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    site = Site.objects.get(code="shop2")
    assert site.origins == ["https://www.example.com", "http://127.0.0.1:8112"]
    assert site.warn_percents == [50, 80]
    text = page.get(f"/console/chat-sites/{site.pk}/").content.decode()
    assert "/chat/widget.js" in text
    assert "data-site=&quot;shop2&quot;" in text
    assert "/chat/shop2/try/" in text
    assert "云朵小程序" in page.get("/console/chat-sites/").content.decode()
    assert ConfigChange.objects.filter(section="chat-sites").exists()


@pytest.mark.parametrize("origin", HOSTILE)
def test_no_origin_but_an_exact_one(admin, signed_in, origin):
    answer = signed_in(admin).post("/console/chat-sites/new/", {**TYPED, "origins": origin})
    assert answer.status_code in (200, 422), origin
    assert not Site.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_reply_seconds", "5"),
        ("first_reply_seconds", "x"),
        ("warn_percents", "50, 120"),
        ("warn_percents", "half"),
        ("remind_minutes", "15"),
        ("idle_minutes", "1"),
        ("colour", "red;}"),
        ("calendar_code", "nowhere"),
        ("privacy_zh", "只有正文没有版本"),
    ],
)
def test_what_cannot_be_is_said(admin, signed_in, field, value):
    answer = signed_in(admin).post("/console/chat-sites/new/", {**TYPED, field: value})
    assert answer.status_code in (200, 422)
    assert not Site.objects.exists()


def test_its_code_stands_in_other_peoples_pages_and_stays(admin, shop, signed_in):
    page, url = signed_in(admin), f"/console/chat-sites/{shop.pk}/"
    posted = {**TYPED, "code": "other", "calendar_code": "always"}
    posted["seen"] = page.get(url).content.decode().partition('name="seen" value="')[2][:16]
    assert page.post(url, posted).status_code == 302
    shop.refresh_from_db()
    assert (shop.code, shop.name) == ("shop", "云朵小程序")


def test_questions_before_the_chat(admin, shop, signed_in):
    page, url = signed_in(admin), f"/console/chat-questions/new/?parent={shop.pk}"
    bare = {"ask": "text", "place": "1"}
    assert page.post(url, bare).status_code in (200, 422)
    assert page.post(url, {**bare, "label_zh": "门店"}).status_code == 302
    assert SiteField.objects.get().label("zh") == "门店"


def test_only_the_administrator_sets_them_up(li, chen, manager, shop, signed_in):
    for user in (li, chen, manager):
        for path in ("", f"{shop.pk}/", "new/"):
            answer = signed_in(user).get(f"/console/chat-sites/{path}")
            assert answer.status_code in (403, 404)
        assert signed_in(user).post("/console/chat-sites/new/", TYPED).status_code in (403, 404)
    assert Site.objects.count() == 1


def test_how_chat_is_stands_on_the_page_of_channels(visit, shop, chen, li, admin, signed_in):
    begun = at("2026-11-02 10:00")
    with moment.at(begun):
        visit("没有人接待")
        one = rows(chen)[0]
        assert (one.state, one.name) == ("bad", shop.name)
        counts = {figure.label: figure.count for figure in one.figures}
        assert (counts["排队中"], counts["会话中"], counts["今天首答超时"]) == (1, 0, 0)
        Seat.objects.create(user=li, ready=True)
        assert rows(chen)[0].state == "good"
    with moment.at(begun.replace(hour=10, minute=5)):
        late = rows(chen)[0]
        assert late.state == "bad"
        assert {figure.label: figure.count for figure in late.figures}["今天首答超时"] == 1
        page = signed_in(chen)
        for figure in late.figures:
            listed = page.get(figure.address).content.decode()
            assert listed.count("chatrow card") == figure.count
    assert all(not figure.address for figure in rows(admin)[0].figures)
    assert rows(admin)[0].leads_to == f"/console/chat-sites/{shop.pk}/"
    assert shop.name in signed_in(chen).get("/channels/").content.decode()


def test_a_program_sets_up_a_window(admin, li, api, after_sales):
    body = {
        "code": "app",
        "name": "小程序",
        "origins": ["https://app.example.com"],
        "team": after_sales.code,
        "questions": [{"ask": "name"}, {"ask": "phone", "required": True}],
    }

    def call(user, method, path, sent):
        return getattr(api(user), method)(f"/api/v1{path}", sent, content_type="application/json")

    assert call(li, "post", "/chat-sites", body).status_code == 403
    made = call(admin, "post", "/chat-sites", body)
    assert made.status_code == 201, made.content.decode()
    assert 'data-site="app"' in made.json()["script"]
    assert [one["ask"] for one in made.json()["questions"]] == ["name", "phone"]
    url = f"/chat-sites/{made.json()['id']}"
    for wrong in (
        {"origins": ["https://*.example.com"]},
        {"origins": ["null"]},
        {"team": "nowhere"},
        {"calendar_code": "nowhere"},
        {"remind_minutes": 15},
        {"first_reply_seconds": 1},
    ):
        assert call(admin, "put", url, {**body, **wrong}).status_code == 422, wrong
    assert call(admin, "put", url, {**body, "name": "新名"}).json()["name"] == "新名"
    assert ConfigChange.objects.filter(section="chat-sites").count() == 2
    assert len(api(admin).get("/api/v1/chat-sites").json()) == 1
