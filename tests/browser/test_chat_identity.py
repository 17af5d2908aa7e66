"""A shop whose server signs who is signed in: proven, not asked again; the next one at the same
browser sees nothing of whoever was before."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import House

USERS = {
    "wang": {"id": "1", "name": "王芳", "phone": "13800138001", "level": "金卡"},
    "zhao": {"id": "2", "name": "赵云", "phone": "13800138002", "level": "银卡"},
}
PARTS = ("id", "name", "phone", "email", "order", "level", "page")
PAGE = """<!doctype html><html lang=zh><meta charset=utf-8><title>会员商城</title>
<link rel=icon href='data:,'><h1>我的订单</h1>
<script src='/who.js?{query}'></script>
<script src='{house}/chat/widget.js' data-site='members' async></script>"""


class Shop(BaseHTTPRequestHandler):
    """Its pages, who is signed in on them, and its server's signature. A strict CSP."""

    def __init__(self, house: str, secret: str, *args: Any) -> None:
        self.house, self.secret = house, secret
        super().__init__(*args)

    def do_GET(self) -> None:
        path, asked = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        who, how = asked.get("u", [""])[0], asked.get("how", ["fresh"])[0]
        if path == "/who.js":
            self._send(self._script(who, how), "text/javascript")
        elif path == "/identity":
            self._send(json.dumps(self._signed(who, how)), "application/json")
        else:
            page = PAGE.format(query=urlsplit(self.path).query, house=self.house)
            self._send(page, "text/html; charset=utf-8")

    def _script(self, who: str, how: str) -> str:
        if not who:
            return ""
        if how == "object":
            return f"window.HuiyinChatUser = {json.dumps(self._signed(who, 'fresh'))};"
        address = json.dumps(f"/identity?u={who}&how={how}")
        return f"window.HuiyinChatUser = async () => (await fetch({address})).json();"

    def _signed(self, who: str, how: str) -> dict[str, Any]:
        told: dict[str, str] = USERS[who]
        at = int(time.time()) - (600 if how == "stale" else 0)
        text = "\n".join(["members", str(at), *(told.get(name, "") for name in PARTS)])
        made = hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        return {**told, "at": at, "signature": "" if how == "unsigned" else made}

    def _send(self, body: str, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header(
            "Content-Security-Policy",
            f"default-src 'none'; img-src data:; script-src 'self' {self.house}; "
            f"connect-src 'self' {self.house}; require-trusted-types-for 'script'",
        )
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: Any) -> None:
        pass


SITE = """
from huiyin.ground.people.models import Team, User
from huiyin.journey.channels.chat.actions import identifying
from huiyin.journey.channels.chat.models import Site, SiteField
site = Site.objects.create(code="members", name="会员商城客服", calendar_code="always",
    team=Team.objects.get(code="aftersales"), privacy_zh="只为处理您的问题。", privacy_version="1")
SiteField.objects.create(site=site, ask="name", required=True)
SiteField.objects.create(site=site, ask="phone", required=True, place=1)
print(identifying.renew_secret(site, by=User.objects.get(username="admin")))
"""
LATEST = """
import json
from huiyin.journey.channels.chat.models import Chat
chat = Chat.objects.filter(site__code="members").latest("pk")
print(json.dumps([chat.name, chat.phone, sorted(chat.proven), chat.identity.get("level", "")]))
"""


@pytest.fixture(scope="module")
def _shop(_house: House) -> Iterator[str]:
    secret = _house.do(SITE).split()[-1]
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Shop, _house.url, secret))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"
    _house.do(
        "from huiyin.journey.channels.chat.models import Site\n"
        f"Site.objects.filter(code='members').update(origins=[{origin!r}])"
    )
    yield origin
    server.shutdown()


@pytest.fixture
def shop(_shop: str, house: House) -> tuple[House, str]:
    return house, _shop


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="打开在线客服").click()
    return page


def begins(page: Page, text: str) -> None:
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("想说的话").fill(text)
    dialog.get_by_label("我已阅读并同意隐私告知").check()
    dialog.get_by_role("button", name="开始会话").click()
    expect(dialog.get_by_role("log").get_by_text(text)).to_be_visible()


def latest(house: House) -> list[Any]:
    return list(json.loads(house.do(LATEST)))


@pytest.mark.parametrize("how", ["fresh", "object"])
def test_who_is_signed_in_is_proven_and_not_asked_again(shop, how):
    house, origin = shop
    page = opened(house.desk(), f"{origin}/?u=wang&how={how}")
    name = page.get_by_role("dialog").get_by_label("称呼")
    expect(name).to_have_value("王芳")
    expect(name).not_to_be_editable()
    expect(page.get_by_role("dialog").get_by_label("电话")).to_have_value("13800138001")
    begins(page, "我的订单呢")
    assert latest(house) == ["王芳", "13800138001", ["name", "phone"], "金卡"]
    desk = house.enter("chen")
    desk.open("/chats/")
    desk.page.locator(".deskrow", has_text="我的订单呢").locator("a").first.click()
    expect(desk.page.locator("#chatdesk-context").get_by_text("已验证")).to_have_count(2)
    expect(desk.page.locator("#chatdesk-context").get_by_text("金卡")).to_be_visible()


@pytest.mark.parametrize("how", ["unsigned", "stale"])
def test_what_is_not_signed_or_stale_fills_the_form_and_can_be_changed(shop, how):
    house, origin = shop
    page = opened(house.desk(), f"{origin}/?u=wang&how={how}")
    name = page.get_by_role("dialog").get_by_label("称呼")
    expect(name).to_have_value("王芳")
    expect(name).to_be_editable()
    name.fill("王小芳")
    begins(page, f"没有签名 {how}")
    assert latest(house) == ["王小芳", "13800138001", [], ""]


def test_the_next_one_at_this_browser_sees_nothing_of_whoever_was_before(shop):
    house, origin = shop
    context = house.desk()
    page = opened(context, f"{origin}/?u=wang")
    begins(page, "只有王芳能看")
    page.get_by_role("dialog").get_by_label("请输入消息").fill("王芳的草稿")
    page.reload()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("只有王芳能看")).to_be_visible()  # she herself goes on
    other = context.new_page()
    other.goto(f"{origin}/?u=wang")
    expect(other.get_by_role("dialog").get_by_text("只有王芳能看")).to_be_visible()

    page.goto(f"{origin}/?u=zhao")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("称呼")).to_have_value("赵云")
    expect(dialog.get_by_text("只有王芳能看")).to_have_count(0)
    expect(dialog.get_by_label("想说的话")).to_have_value("")
    expect(other.get_by_role("dialog").get_by_text("只有王芳能看")).to_have_count(0)
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "王芳" not in kept
    begins(page, "赵云来了")
    assert latest(house)[0] == "赵云"
    expect(other.get_by_role("dialog").get_by_text("赵云来了")).to_be_visible()


def test_whoever_is_quicker_than_his_recognition_need_not_type_what_is_known(shop):
    house, origin = shop
    page = house.desk().new_page()
    held: list[Route] = []
    page.route("**/known/**", lambda route: held.append(route))
    page.goto(f"{origin}/?u=wang")
    with page.expect_request("**/known/**"):
        page.get_by_role("button", name="打开在线客服").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("想说的话").fill("我很快")
    dialog.get_by_label("我已阅读并同意隐私告知").check()
    dialog.get_by_role("button", name="开始会话").click()
    expect(dialog.get_by_role("button", name="开始会话")).to_be_disabled()
    held[0].continue_()
    expect(dialog.get_by_role("log").get_by_text("我很快")).to_be_visible()
    assert latest(house)[0] == "王芳"


def test_signing_out_ends_access(shop):
    house, origin = shop
    context = house.desk()
    page = opened(context, f"{origin}/?u=wang")
    begins(page, "退出以后")
    page.evaluate("HuiyinChat.forget()")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("退出以后")).to_have_count(0)
    expect(dialog.get_by_label("称呼")).to_have_value("")
    expect(dialog.get_by_label("称呼")).to_be_editable()
    page.goto(origin)
    expect(page.get_by_role("dialog").get_by_text("退出以后")).to_have_count(0)
    page.evaluate("HuiyinChat.identify({id: '9', name: '后来的人'})")
    expect(page.get_by_role("dialog").get_by_label("称呼")).to_have_value("后来的人")


def test_a_site_that_does_not_answer_who_it_is_holds_up_nobody(shop):
    house, origin = shop
    page = house.desk().new_page()
    page.goto(origin)
    page.evaluate("HuiyinChat.identify(() => new Promise(() => {}))")
    page.get_by_role("button", name="打开在线客服").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("称呼").fill("等不及")
    dialog.get_by_label("电话").fill("13800138009")
    begins(page, "没有等")
    assert latest(house) == ["等不及", "13800138009", [], ""]
    page.evaluate("HuiyinChat.identify(() => { throw new Error('no') })")
    expect(dialog.get_by_text("没有等")).to_be_visible()
