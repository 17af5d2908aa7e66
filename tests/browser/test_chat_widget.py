"""The widget on a page of another origin, under a strict CSP: begin, talk, reload, offline, two
tabs, hostile words. A visitor in Chromium, the agent by the acts of the product."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import House

HOSTILE = (
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "<svg/onload=window.hit=1>",
    '"><iframe srcdoc="<script>parent.hit=1</script>">',
    "javascript:window.hit=1",
    'http://x.cn/"onmouseover=window.hit=1//',
    "{{7*7}} ${7*7} <b>粗</b>",
    "\u202egnp.exe \u0000 &lt;script&gt;",
)
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42"
    "mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


class Shop(BaseHTTPRequestHandler):
    """Somebody else's page; its CSP lets in nothing but what the widget needs."""

    def __init__(self, house: str, *args: Any) -> None:
        self.house = house
        super().__init__(*args)

    def do_GET(self) -> None:
        body = (
            "<!doctype html><html lang=zh><meta charset=utf-8><title>云朵商城</title>"
            "<link rel=icon href='data:,'><h1>电饭煲</h1><a href='/second'>下一页</a>"
            f"<script src='{self.house}/chat/widget.js' data-site='shop' async></script>"
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header(
            "Content-Security-Policy",
            f"default-src 'none'; img-src data:; script-src {self.house}; "
            f"connect-src {self.house}; require-trusted-types-for 'script'",
        )
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


SITE = """
from huiyin.ground.people.models import Team
from huiyin.journey.channels.chat.models import Site, SiteField
site, made = Site.objects.get_or_create(code="shop", defaults=dict(
    name="云朵商城客服", calendar_code="always", team=Team.objects.get(code="aftersales"),
    privacy_zh="只为处理您的问题。", privacy_version="1"))
site.origins = [{origin!r}]
site.save()
if made:
    SiteField.objects.create(site=site, ask="name", required=True)
    SiteField.objects.create(site=site, ask="email", place=1)
"""
ACT = """
import uuid
from huiyin.ground.people.models import User
from huiyin.journey.channels.chat import actions
from huiyin.journey.channels.chat.models import Chat, Line
li = User.objects.get(username="li")
chat = Chat.objects.select_related("site").order_by("-pk").first()
"""


@pytest.fixture(scope="module")
def _shop(_house: House) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Shop, _house.url))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"
    _house.do(SITE.format(origin=origin))
    yield origin
    server.shutdown()


@pytest.fixture
def shop(_shop: str, house: House) -> tuple[House, str]:
    return house, _shop


def opened(context: BrowserContext, origin: str) -> Page:
    page = context.new_page()
    page.goto(origin + "/")
    page.get_by_role("button", name="打开在线客服").click()
    return page


def begun(context: BrowserContext, origin: str, text: str, name: str = "王芳") -> Page:
    page = opened(context, origin)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("称呼").fill(name)
    dialog.get_by_label("想说的话").fill(text)
    dialog.get_by_label("我已阅读并同意隐私告知").check()
    dialog.get_by_role("button", name="开始会话").click()
    expect(dialog.get_by_role("log").get_by_text(text)).to_be_visible()
    return page


def does(house: House, code: str) -> str:
    return house.do(ACT + code)


def texts(house: House) -> list[str]:
    told = does(
        house, "import json; print(json.dumps([l.text for l in chat.lines.order_by('pk')]))"
    )
    return json.loads(told)


def test_a_visitor_of_a_foreign_page_talks_with_us(shop):
    house, origin = shop
    before = does(house, "print(Chat.objects.count())")  # of other tests of this house
    context = house.desk()
    page = opened(context, origin)
    dialog = page.get_by_role("dialog")
    # Nothing goes out before the notice is accepted and the form is filled.
    dialog.get_by_role("button", name="开始会话").click()
    expect(dialog.get_by_text("请填写“称呼”").last).to_be_visible()
    expect(dialog.get_by_text("请先阅读并同意隐私告知").last).to_be_visible()
    assert does(house, "print(Chat.objects.count())") == before
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    focused = "document.querySelector('#huiyin-chat').shadowRoot.activeElement.className"
    assert page.evaluate(focused) == "launch"

    page = begun(context, origin, "电饭煲不加热")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("客服暂时都不在座位上")).to_be_visible()
    expect(dialog.locator(".main")).to_have_text("不等了，转为留言")
    expect(dialog.get_by_role("button", name="转人工")).to_be_visible()
    does(house, "actions.accept(chat, by=li)")
    expect(dialog.get_by_text("李明 正在为您服务")).to_be_visible()
    does(house, "actions.typing(Chat.objects.get(pk=chat.pk), by=li)")
    expect(dialog.get_by_text("对方正在输入")).to_be_visible()
    does(
        house,
        "actions.answer(chat, by=li, text='您好 https://example.com/a?b=1', client=uuid.uuid4())",
    )
    expect(dialog.get_by_role("link", name="https://example.com/a?b=1")).to_be_visible()
    dialog.get_by_label("请输入消息").fill("多久能修好？")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("已发出").last).to_be_visible()
    does(house, "actions.seen(chat, line=10**9, by=li)")
    expect(dialog.get_by_text("已读").last).to_be_visible()

    # Another page of the site: the same chat goes on.
    page.goto(origin + "/second?token=secret")
    expect(page.get_by_role("dialog").get_by_text("多久能修好？")).to_be_visible()
    # It changes its address without being loaded: the desk sees that too.
    desk = house.enter("li").open("/chats/?chat=" + does(house, "print(chat.pk)"))
    where = desk.locator("[data-where]")
    expect(where.get_by_role("link")).to_have_text(origin + "/second")
    where.locator("summary").click()
    desk.get_by_label("投诉编号").fill("TS2026-")
    page.evaluate("history.pushState({}, '', '/third#x'); document.title = '第三页'")
    expect(where.get_by_role("link")).to_have_text(origin + "/third")
    expect(where.locator("details[open] li")).to_have_count(2)
    expect(desk.get_by_label("投诉编号")).to_have_value("TS2026-")  # nothing typed is lost
    assert "secret" not in does(house, "print(Chat.objects.get(pk=chat.pk).trail)")
    # Another tab: what is said there is here too.
    other = context.new_page()
    other.goto(origin + "/")
    expect(other.get_by_role("dialog").get_by_text("多久能修好？")).to_be_visible()
    other.get_by_role("dialog").get_by_label("请输入消息").fill("从另一页说")
    other.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_text("从另一页说")).to_be_visible()
    assert texts(house).count("从另一页说") == 1

    does(house, "actions.end(chat, by=li, outcome='complaint', summary='要求换货')")
    expect(page.get_by_role("dialog").get_by_text("编号：")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_text("查询码：")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="4 星").click()
    expect(page.get_by_role("dialog").get_by_text("谢谢您的评价")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="开始新的会话").click()
    expect(page.get_by_role("dialog").get_by_label("想说的话")).to_be_visible()


def test_what_is_typed_stays_on_another_page_and_when_the_tab_is_closed(shop):
    house, origin = shop
    context = house.desk()
    page = opened(context, origin)
    page.get_by_role("dialog").get_by_label("称呼").fill("王芳")
    page.get_by_role("dialog").get_by_label("想说的话").fill("电饭煲不加热，")
    page.goto(origin + "/second")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("称呼")).to_have_value("王芳")
    page.close()
    page = context.new_page()
    page.goto(origin + "/")
    dialog = page.get_by_role("dialog")
    words = dialog.get_by_label("想说的话")
    expect(words).to_have_value("电饭煲不加热，")
    kept = "localStorage.getItem('huiyin:shop:form')"
    assert set(json.loads(page.evaluate(kept))) == {"name", "text", "at"}  # nothing that opens
    # what was typed a day ago is forgotten
    aged = f"({{...JSON.parse({kept}), at: Date.now() - 864e5}})"
    page.evaluate(f"localStorage.setItem('huiyin:shop:form', JSON.stringify({aged}))")
    page.reload()
    expect(words).to_have_value("")
    assert page.evaluate(kept) is None

    dialog.get_by_label("称呼").fill("王芳")
    words.fill("它不加热")
    dialog.get_by_label("我已阅读并同意隐私告知").check()
    dialog.get_by_role("button", name="开始会话").click()
    expect(dialog.get_by_role("log").get_by_text("它不加热")).to_be_visible()
    assert page.evaluate(kept) is None
    # what is written and not sent yet, in the chat: while it is accepted, and over a reload
    line = dialog.get_by_label("请输入消息")
    line.fill("我想")
    does(house, "actions.accept(chat, by=li)")
    expect(dialog.get_by_text("李明 正在为您服务")).to_be_visible()
    page.keyboard.type("退货")  # where he was writing
    page.goto(origin + "/second")
    expect(page.get_by_role("dialog").get_by_label("请输入消息")).to_have_value("我想退货")


def test_nothing_is_lost_or_doubled_while_the_line_is_down(shop):
    house, origin = shop
    context = house.desk()
    page = begun(context, origin, "断网试试", "断网者")
    does(house, "actions.accept(chat, by=li)")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("正在为您服务").first).to_be_visible()
    context.set_offline(True)
    for word in ("一", "二", "三"):
        dialog.get_by_label("请输入消息").fill(word)
        page.keyboard.press("Enter")
    does(house, "actions.answer(chat, by=li, text='您离线时说的', client=uuid.uuid4())")
    expect(dialog.get_by_text("网络不通")).to_be_visible()
    context.set_offline(False)
    expect(dialog.get_by_text("您离线时说的")).to_be_visible()
    expect(dialog.locator(".pending")).to_have_count(0)
    said = [one for one in texts(house) if one in ("一", "二", "三")]
    assert said == ["一", "二", "三"]
    house.faults.clear()  # what could not be reached is told in the console


def test_what_did_not_get_there_before_the_end_stays_and_goes_as_a_message(shop):
    house, origin = shop
    context = house.desk()
    page = begun(context, origin, "空调漏水", "隧道里")
    does(house, "actions.accept(chat, by=li)")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("正在为您服务").first).to_be_visible()
    context.set_offline(True)
    dialog.get_by_label("请输入消息").fill("地板泡了")
    page.keyboard.press("Enter")
    dialog.get_by_label("请输入消息").fill("还有墙")  # not even sent
    does(house, "actions.end(chat, by=li, outcome='none', summary='没有回应')")
    context.set_offline(False)
    failed = dialog.locator(".failed")
    expect(failed).to_have_count(2)
    expect(failed.first).to_contain_text("未送达：会话已结束")
    page.goto(origin + "/second")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".failed")).to_have_count(2)
    dialog.get_by_role("button", name="作为留言发送").click()
    expect(dialog.get_by_label("想说的话")).to_have_value("地板泡了\n还有墙")
    dialog.get_by_label("称呼").fill("隧道里")
    dialog.get_by_label("我已阅读并同意隐私告知").check()
    dialog.get_by_role("button", name="提交留言").click()
    expect(dialog.get_by_text("编号：")).to_be_visible()
    read = "from huiyin.journey.complaint.models import Complaint"
    latest = f"{read}\nprint(Complaint.objects.latest('pk').text)"
    assert does(house, latest).split() == ["地板泡了", "还有墙"]
    assert page.evaluate("localStorage.getItem('huiyin:shop:out')") is None
    house.faults.clear()  # what could not be reached is told in the console


def test_pictures_stand_in_the_line_and_what_is_too_large_is_said_before_it_is_sent(shop):
    house, origin = shop
    context = house.desk()
    page = begun(context, origin, "看图")
    dialog = page.get_by_role("dialog")
    chooser = dialog.locator("input[type=file]")
    red = base64.b64decode(PIXEL)
    chooser.set_input_files({"name": "锅底.png", "mimeType": "image/png", "buffer": red})
    expect(dialog.get_by_role("img", name="锅底.png")).to_be_visible()
    huge = b"0" * (10 * 1024 * 1024 + 1)
    chooser.set_input_files({"name": "录像.png", "mimeType": "image/png", "buffer": huge})
    expect(dialog.get_by_text("“录像.png”超过 10 MB，请压缩后再发")).to_be_visible()
    # What is wrong stands where it happened, and who is there stays told above.
    assert dialog.get_by_role("status").inner_text() != ""
    dialog.get_by_label("请输入消息").fill("那我压缩一下")
    dialog.get_by_role("button", name="发送", exact=True).click()
    expect(dialog.locator(".log li[data-id] .mark").last).to_have_text("已发出")
    expect(dialog.locator(".log li").last).to_contain_text("那我压缩一下")
    assert does(house, "print(chat.files.count())").strip() == "1"


def test_hostile_words_stay_words_on_both_sides(shop):
    house, origin = shop
    context = house.desk()
    page = begun(context, origin, HOSTILE[0], "<img src=x onerror=window.hit=1>")
    does(house, "actions.accept(chat, by=li)")
    said = json.dumps(HOSTILE)
    does(
        house,
        f"import json\nfor one in json.loads({said!r}):\n"
        "    actions.answer(chat, by=li, text=one, client=uuid.uuid4())\n"
        "    actions.say(chat, text=one, client=uuid.uuid4())\n",
    )
    log = page.get_by_role("log")
    expect(log.get_by_text("{{7*7}}").last).to_be_visible()
    expect(log.locator("script, img, iframe, svg, b")).to_have_count(0)
    for link in log.get_by_role("link").all():
        assert (link.get_attribute("href") or "").startswith(("http://", "https://"))
    assert page.evaluate("window.hit") is None
    staff = house.enter("li")
    uid = does(house, "print(chat.uid)").strip()
    staff.open(f"/chats/{uid}/transcript/")
    expect(staff.page.get_by_text("{{7*7}}").last).to_be_visible()
    assert staff.page.evaluate("window.hit") is None


def test_on_a_phone_it_fills_the_screen_and_in_english(shop):
    house, _origin = shop
    size = {"width": 390, "height": 844}
    context = house.browser.new_context(viewport=size, locale="en-GB", reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{house.url}/chat/shop/try/?lang=en")
    page.locator("#huiyin-chat .launch").click()
    panel = page.get_by_role("dialog").bounding_box()
    assert panel is not None
    assert (round(panel["width"]), round(panel["height"])) == (390, 844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
