"""Where a visitor is while he talks, and with what: pages of his site, nothing secret of them."""

from __future__ import annotations

import json

import pytest

from huiyin.journey.channels.chat import actions, rules
from huiyin.journey.channels.chat.models import Chat
from tests.chat.conftest import HTMX, ORIGIN, sits
from tests.chat.test_visiting import Browser
from tests.together import at_once

AGENTS = {
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.48 NetType/4G": "手机 · 微信 · iOS 17",
    "Mozilla/5.0 (Linux; Android 13; V2183A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0"
    " Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.47": "手机 · 微信 · Android 13",
    "Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/16.0 Mobile/15E148 Safari/604.1": "平板 · Mobile Safari 16 · iOS 16",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0": "电脑 · Edge 120 · Windows 10",
    "": "",
    "x" * 5000: "",
    "<script>alert(1)</script>": "",
}


@pytest.fixture
def visitor(shop):
    return Browser()


def trail() -> list[tuple[str, str]]:
    return [(one["url"], one["title"]) for one in Chat.objects.get().trail]


@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent[:24])
def test_with_what_he_talks(agent, visitor, li, signed_in):
    visitor.client.defaults["HTTP_USER_AGENT"] = agent
    assert visitor.begin().status_code == 201
    chat = Chat.objects.get()
    assert chat.device_in_words == AGENTS[agent]
    sits(li)
    actions.accept(chat, by=li)
    beside = signed_in(li).get(f"/chats/{chat.pk}/context/", headers=HTMX).content.decode()
    assert ("设备" in beside) == bool(AGENTS[agent])
    assert AGENTS[agent] in beside


def test_the_desk_sees_the_page_he_is_on_and_those_before(visitor, li, signed_in, api):
    visitor.begin()
    chat = Chat.objects.get()
    sits(li)
    actions.accept(chat, by=li)
    desk = signed_in(li)
    before = desk.get(f"/chats/pulse/?chat={chat.pk}").json()["chat"]["context"]
    for url, title in (
        ("/item/7", "电饭煲"),  # where he began: no step
        ("/cart?coupon=secret#top", "购物车"),
        ("/cart?coupon=other", "购物车"),  # the same page
        ("/help/return", "退货说明"),
    ):
        answer = visitor.post("page/", {"url": ORIGIN + url, "title": title})
        assert answer.status_code == 204
    assert trail() == [(f"{ORIGIN}/cart", "购物车"), (f"{ORIGIN}/help/return", "退货说明")]
    assert "secret" not in json.dumps(list(Chat.objects.values()), default=str)
    assert desk.get(f"/chats/pulse/?chat={chat.pk}").json()["chat"]["context"] != before
    beside = desk.get(f"/chats/{chat.pk}/context/", headers=HTMX).content.decode()
    assert f'href="{ORIGIN}/help/return"' in beside
    assert "此前走过 2 页" in beside
    assert beside.index("购物车") < beside.index("电饭煲")
    told = api(li).get(f"/api/v1/chats/{chat.pk}").json()
    assert [one["title"] for one in told["trail"]] == ["购物车", "退货说明"]
    assert Chat.objects.get().page["url"] == f"{ORIGIN}/help/return"
    shown = desk.get(f"/chats/{chat.uid}/transcript/").content.decode()
    assert "退货说明" in shown


@pytest.mark.parametrize(
    "url",
    (
        "https://evil.example/item/7",
        "https://shop.example.com.evil.example/",
        "https://shop.example.com@evil.example/",
        "http://shop.example.com/",
        "https://shop.example.com:8443/",
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example/",
        "https://[::1/",
        "",
        "x" * 5000,
    ),
)
def test_a_page_of_somewhere_else_is_none(visitor, url):
    """Agents click on it."""
    visitor.begin(page_url=url)
    assert visitor.post("page/", {"url": url, "title": "x"}).status_code == 204
    chat = Chat.objects.get()
    assert (chat.page_url, chat.trail) == ("", [])


def test_words_of_a_title_stay_words(visitor, li, signed_in):
    visitor.begin()
    chat = Chat.objects.get()
    sits(li)
    actions.accept(chat, by=li)
    for title in ("<img src=x onerror=alert(1)>", "甲\x00乙\u202e" + "长" * 500):
        visitor.post("page/", {"url": f"{ORIGIN}/{len(title)}", "title": title})
    beside = signed_in(li).get(f"/chats/{chat.pk}/context/", headers=HTMX).content.decode()
    assert "<img" not in beside
    assert all(len(title) <= 200 and "\u202e" not in title for _url, title in trail())


def test_the_last_twenty_are_remembered(visitor):
    visitor.begin()
    for n in range(rules.MOST_STEPS + 5):
        visitor.post("page/", {"url": f"{ORIGIN}/p/{n}", "title": ""})
    assert [url for url, _title in trail()] == [f"{ORIGIN}/p/{n}" for n in range(5, 25)]


def test_a_window_that_does_not_follow_is_told_no_page(visitor, shop):
    visitor.begin()
    shop.follows_pages = False
    shop.save()
    assert visitor.get("").json()["pages"] is False
    assert visitor.post("page/", {"url": f"{ORIGIN}/a", "title": "甲"}).status_code == 204
    assert trail() == []


def test_nothing_is_followed_after_the_end_nor_by_a_stranger(visitor):
    visitor.begin()
    assert Browser().post("page/", {"url": f"{ORIGIN}/a", "title": ""}).status_code == 403
    assert visitor.post("page/", {"url": ["x"], "title": ""}).status_code == 422
    assert Browser(visitor.token, "").post("page/", {"url": f"{ORIGIN}/a"}).status_code == 204
    visitor.post("end/")
    assert visitor.post("page/", {"url": f"{ORIGIN}/a", "title": ""}).status_code == 204
    assert trail() == []


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_lose_no_page(visitor):
    visitor.begin()
    chat = Chat.objects.get()

    def to(path: str):
        return lambda: actions.went(chat, url=f"{ORIGIN}/{path}", title="", origin=ORIGIN)

    at_once(*(to(str(n)) for n in range(6)))
    assert sorted(url for url, _title in trail()) == [f"{ORIGIN}/{n}" for n in range(6)]
