"""Two visitors at once and an agent: the queue, answers, marks, typing, whispers, the end."""

from __future__ import annotations

import re
import secrets
import uuid

from playwright.sync_api import Page, Route, expect

from tests.browser.test_desk import PNG
from tests.browser.test_road import toasted

# What other tests of this house left behind.
OTHERS_ARE_OVER = """
from huiyin.ground import moment
from huiyin.journey.channels.chat.models import Chat
Chat.objects.exclude(state="ended").update(state="ended", ended_at=moment.now())
Chat.objects.filter(outcome="").update(outcome="none")  # else it waits for its summary
"""
SITE = """
from huiyin.ground.people.models import Team
from huiyin.journey.channels.chat.models import Site
Site.objects.create(code="desk", name="云朵商城", team=Team.objects.get(code="aftersales"),
    calendar_code="always", privacy_zh="只用于处理您的问题", privacy_version="1", return_seconds=0)
"""
ASKS = """async ([path, method, token, body]) => {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const sent = method === "GET" ? undefined : JSON.stringify(body);
  const answer = await fetch(`/chat/${path}`, { method, headers, body: sent });
  const text = await answer.text();
  return [answer.status, text ? JSON.parse(text) : null];
}"""


class Visitor:
    """A second page that talks by the visitor's API, as the widget does."""

    def __init__(self, page: Page, site: str = "desk") -> None:
        self.page, self.site, self.token = page, site, secrets.token_urlsafe(32)

    def call(self, path: str, body: dict | None = None, method: str = "POST") -> dict:
        asked = [f"{self.site}/{path}", method, self.token, body or {}]
        status, told = self.page.evaluate(ASKS, asked)
        assert status < 300, (status, told)
        return told

    def begins(self, text: str) -> None:
        body = {"text": text, "client": str(uuid.uuid4()), "answers": {}, "privacy_version": "1"}
        self.call("begin/", body)

    def lines(self) -> list[dict]:
        return self.call("lines/?since=0", method="GET")["lines"]


def test_an_agent_serves_two_visitors(house):
    house.do(SITE)
    house.do(OTHERS_ARE_OVER)
    li = house.enter("li")
    page = li.open("/chats/")
    expect(page.locator(".deskrows")).to_contain_text("您现在没有接待")
    street = house.desk().new_page()
    street.goto(f"{house.url}/sign-in/")
    first, second = Visitor(street), Visitor(street)
    first.begins("电饭煲不加热")
    expect(page.locator(".deskrow")).to_have_count(1)
    page.get_by_role("button", name="开始接待").click()
    expect(page.get_by_role("button", name="停止接待")).to_be_visible()
    second.begins("洗衣机漏水")
    own = page.locator("[data-goes]")
    expect(own).to_have_count(2)

    own.filter(has_text="电饭煲").click()
    box = page.locator("[data-say=say] textarea")
    expect(box).to_be_focused()
    box.fill("第一行")
    box.press("Shift+Enter")
    box.press_sequentially("第二行")
    box.press("Enter")
    ours = page.locator(".deskline--agent")
    expect(ours).to_have_count(1)
    expect(box).to_have_value("")
    assert "第一行\n第二行" in [line["text"] for line in first.lines()]
    expect(ours.locator("[data-mark]")).to_have_text("✓")
    first.call("seen/", {"line": max(line["id"] for line in first.lines())})
    expect(ours.locator("[data-mark]")).to_have_text("✓✓")
    first.call("typing/")
    expect(page.locator("[data-typing-line]")).to_be_visible()

    box.fill("写到一半")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".desklines")).to_contain_text("洗衣机漏水")
    first.call("lines/", {"text": "还在吗", "client": "00000000-0000-4000-8000-00000000000a"})
    expect(own.filter(has_text="还在吗").locator(".deskrow__unread")).to_have_text(re.compile("1"))
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[data-say=say] textarea")).to_have_value("写到一半")
    expect(page.locator(".desklines")).to_contain_text("还在吗")

    page.get_by_role("tab", name="悄悄话").click()
    page.locator("[data-say=whisper] textarea").fill("这位要小心")
    page.locator("[data-say=whisper] textarea").press("Enter")
    expect(page.locator(".deskline--whisper")).to_contain_text("这位要小心")
    assert "这位要小心" not in str(first.lines())

    page.get_by_role("tab", name="回复访客").click()
    page.locator("[data-say=say] textarea").fill("/无此常用语")
    expect(page.locator("[data-phrases]")).to_contain_text("没有找到")
    page.locator("[data-say=say] textarea").fill("")

    page.get_by_role("button", name="结束", exact=True).click()
    dialog = page.locator("dialog[open]")
    dialog.locator("[name=summary]").fill("电饭煲不加热，要换新")
    dialog.get_by_label("登记为新投诉").check()
    dialog.locator("[data-main]").click()
    toasted(page, "会话已结束，记入")
    expect(page.locator(".deskchat__head")).to_contain_text("已结束")
    assert first.call("lines/?since=0", method="GET")["state"] == "ended"


def test_what_the_agent_was_writing_when_the_visitor_went_stays_and_back_leads_to_the_list(house):
    house.do(SITE.replace('code="desk"', 'code="desk3"'))
    house.do(OTHERS_ARE_OVER)
    li = house.enter("li")
    page = li.page
    li.open("/chats/")
    stop = page.get_by_role("button", name="停止接待")
    if stop.is_visible():
        stop.click()
    street = house.desk().new_page()
    street.goto(f"{house.url}/sign-in/")
    visitor = Visitor(street, "desk3")
    visitor.begins("门铃坏了")
    page.locator("[data-goes]").filter(has_text="门铃").click()
    page.get_by_role("button", name="接待", exact=True).click()
    box = page.locator("[data-say=say] textarea")
    box.fill("请稍等")
    box.press("Enter")
    expect(page.locator(".deskline--agent")).to_have_count(1)
    box.fill("明天上午有师傅上门，")
    visitor.call("end/")
    left = page.locator("[data-unsaid]")
    expect(left).to_be_visible()
    expect(left).to_contain_text("访客已离开")
    expect(left.locator("textarea")).to_have_value("明天上午有师傅上门，")
    expect(page.locator(".desklines")).to_contain_text("访客已结束会话")
    expect(page.locator(".desklines")).not_to_contain_text("您已结束会话")
    page.reload()
    expect(left.locator("textarea")).to_have_value("明天上午有师傅上门，")
    left.get_by_role("button", name="写小结").click()
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    left.get_by_role("button", name="不要了").click()
    expect(left).to_be_hidden()
    page.go_back()
    expect(page.locator("#chatdesk")).to_have_attribute("data-step", "list")


def test_a_supervisor_listens_in_on_the_phone(house):
    house.do(SITE.replace('code="desk"', 'code="desk2"'))
    street = house.desk().new_page()
    street.goto(f"{house.url}/sign-in/")
    visitor = Visitor(street, "desk2")
    visitor.begins("冰箱不制冷，已经三天了")
    chen = house.enter("chen")
    page = chen.page
    page.set_viewport_size({"width": 390, "height": 844})
    chen.open("/chats/")
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    page.locator("[data-goes]").filter(has_text="冰箱").click()
    desk = page.locator("#chatdesk")
    expect(desk).to_have_attribute("data-step", "chat")
    expect(page.locator(".desklines")).to_contain_text("冰箱不制冷")
    assert page.evaluate(fits)
    page.get_by_role("button", name="情况").click()
    expect(desk).to_have_attribute("data-step", "context")
    assert page.evaluate(fits)
    page.get_by_role("button", name="返回会话").click()
    page.get_by_role("button", name="返回列表").click()
    expect(desk).to_have_attribute("data-step", "list")
    visitor.call("end/")


def test_a_chat_that_became_a_complaint_of_others_takes_nothing_along_that_was_being_written(house):
    house.do(SITE.replace('code="desk"', 'code="desk4"'))
    house.do(OTHERS_ARE_OVER)
    li = house.enter("li")
    page = li.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    li.open("/chats/")
    stop = page.get_by_role("button", name="停止接待")
    if stop.is_visible():
        stop.click()
    street = house.desk().new_page()
    street.goto(f"{house.url}/sign-in/")
    visitor = Visitor(street, "desk4")
    visitor.begins("微波炉门关不严，还能用吗")
    page.locator("[data-goes]").filter(has_text="微波炉").click()
    page.get_by_role("button", name="接待", exact=True).click()
    page.locator("[data-say=say] textarea").fill("请先不要使用，")
    visitor.call("end/", {"leave": True})
    left = page.locator("[data-unsaid]")
    expect(left).to_contain_text("会话已转为投诉")
    expect(left.locator("textarea")).to_have_value("请先不要使用，")
    # A page that comes by plain http has no clipboard: the words are copied all the same.
    left.get_by_role("button", name="复制").click()
    expect(left.get_by_role("button", name="已复制")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{house.url}/chats/")
    assert other.evaluate("navigator.clipboard.readText()") == "请先不要使用，"
    left.get_by_role("button", name="不要了").click()
    expect(left).to_be_hidden()
    kept = page.evaluate("Object.keys(localStorage).filter((key) => key.includes(':chat-'))")
    assert kept == []
    house.forgive(404)


def test_a_chat_is_handed_to_a_colleague_who_is_found_by_typing(house):
    house.do(SITE.replace('code="desk"', 'code="desk5"'))
    house.do(OTHERS_ARE_OVER)
    street = house.desk().new_page()
    street.goto(f"{house.url}/sign-in/")
    Visitor(street, "desk5").begins("烤箱门合不上")
    li = house.enter("li")
    page = li.open("/chats/")
    page.locator("[data-goes]").filter(has_text="烤箱").click()
    acts = page.locator(".deskchat__acts")
    expect(acts.get_by_role("button").first).to_be_visible()
    accept = acts.get_by_role("button", name="接待", exact=True)
    if accept.is_visible():
        accept.click()
    acts.get_by_role("button", name="转接").click()
    dialog = page.locator("dialog[open]")
    search = dialog.locator(".ts-control input")
    expect(search).to_be_focused()
    page.keyboard.type("没有这个人")
    expect(dialog.locator(".no-results")).to_be_visible()
    for _letter in "没有这个人":
        page.keyboard.press("Backspace")
    page.keyboard.type("sun")
    expect(dialog.locator(".option.active")).to_contain_text("孙浩 sun")
    page.keyboard.press("Enter")
    dialog.locator("[name=note]").fill("烤箱，他熟")
    dialog.locator("[data-main]").click()
    toasted(page, "已转接")
    holder = "from huiyin.journey.channels.chat.models import Chat\nprint(Chat.objects.latest('pk')"
    assert "孙浩" in house.do(f"{holder}.agent.name)")


def test_the_chat_chosen_last_is_shown_however_late_an_earlier_one_is_answered(house):
    house.do(SITE.replace('code="desk"', 'code="desk8"'))
    house.do(OTHERS_ARE_OVER)
    street = house.desk().new_page()
    street.goto(f"{house.url}/sign-in/")
    Visitor(street, "desk8").begins("电熨斗漏水")
    Visitor(street, "desk8").begins("吸尘器没有吸力")
    page = house.enter("chen").open("/chats/")
    slow, quick = (page.locator("[data-goes]").filter(has_text=words) for words in ("熨斗", "吸尘"))
    late = f"**/chats/{slow.get_attribute('data-goes')}/"
    held: list[Route] = []
    page.route(late, lambda route: held.append(route))
    slow.click()
    quick.click()
    shown = page.locator("[data-lines]")
    expect(shown).to_contain_text("吸尘器没有吸力")
    with page.expect_response(late) as answered:
        held[0].continue_()
    answered.value.finished()
    page.evaluate("() => new Promise((done) => setTimeout(done, 200))")
    expect(shown).to_contain_text("吸尘器没有吸力")
    expect(shown).not_to_contain_text("电熨斗漏水")


def test_a_click_is_not_lost_when_the_list_changes_under_it(house):
    house.do(SITE.replace('code="desk"', 'code="desk10"'))
    house.do(OTHERS_ARE_OVER)
    street = house.desk().new_page()
    street.goto(f"{house.url}/sign-in/")
    Visitor(street, "desk10").begins("豆浆机溢出")
    page = house.enter("chen").open("/chats/")
    row = page.locator("[data-goes]").filter(has_text="豆浆")
    row.hover()
    page.mouse.down()
    with page.expect_response("**/chats/pulse/**") as told:
        Visitor(street, "desk10").begins("破壁机冒烟")
    told.value.finished()
    page.evaluate("() => new Promise((done) => setTimeout(done, 100))")
    page.mouse.up()
    expect(page.locator("[data-lines]")).to_contain_text("豆浆机溢出")
    expect(page.locator("[data-goes]").filter(has_text="破壁")).to_be_visible()


def test_a_whisper_stays_one_when_the_chat_is_drawn_anew_under_the_hand(house):
    house.do(SITE.replace('code="desk"', 'code="desk9"'))
    house.do(OTHERS_ARE_OVER)
    street = house.desk().new_page()
    street.goto(f"{house.url}/sign-in/")
    visitor = Visitor(street, "desk9")
    visitor.begins("榨汁机异响")
    page = house.enter("li").open("/chats/")
    page.locator("[data-goes]").filter(has_text="榨汁").click()
    expect(page.locator("[data-lines]")).to_contain_text("榨汁机异响")
    accept = page.get_by_role("button", name="接待", exact=True)
    if accept.is_visible():
        accept.click()
    say, whisper = page.locator("[data-say=say]"), page.locator("[data-say=whisper]")
    say.locator("textarea").fill("请稍等")
    picture = {"name": "图.png", "mimeType": "image/png", "buffer": PNG}
    say.locator("input[type=file]").set_input_files([picture])
    page.get_by_role("tab", name="悄悄话").click()
    box = whisper.locator("textarea")
    box.press_sequentially("他上次是被误导的")
    box.evaluate("(one) => one.setSelectionRange(1, 1)")
    page.evaluate("() => { document.querySelector('[data-chat]').old = true; }")
    page.evaluate("() => document.body.dispatchEvent(new CustomEvent('chats-changed'))")
    page.wait_for_function("() => !document.querySelector('[data-chat]').old")
    expect(say).to_be_hidden()
    expect(box).to_be_focused()
    page.keyboard.type("说")
    expect(box).to_have_value("他说上次是被误导的")
    box.press("Enter")
    expect(page.locator(".deskline--whisper")).to_contain_text("他说上次是被误导的")
    assert "误导" not in str(visitor.lines())
    page.get_by_role("tab", name="回复访客").click()
    expect(say.locator("textarea")).to_have_value("请稍等")
    expect(say.locator("[data-files-shown]")).to_contain_text("图.png")
    visitor.call("end/")


def test_what_is_written_is_kept_as_a_canned_reply_and_found_by_its_shortcut(house):
    house.do(SITE.replace('code="desk"', 'code="desk6"'))
    house.do(OTHERS_ARE_OVER)
    street = house.desk().new_page()
    street.goto(f"{house.url}/sign-in/")
    visitor = Visitor(street, "desk6")
    visitor.begins("风扇不转")
    li = house.enter("li")
    page = li.open("/chats/")
    page.locator("[data-goes]").filter(has_text="风扇").click()
    expect(page.locator("[data-lines]")).to_contain_text("风扇不转")
    acts = page.locator(".deskchat__acts")
    expect(acts.get_by_role("button").first).to_be_visible()
    accept = acts.get_by_role("button", name="接待", exact=True)
    if accept.is_visible():
        accept.click()
    box = page.locator("[data-say=say] textarea")
    box.fill("请先断电，再看扇叶有没有卡住。")
    page.get_by_role("button", name="我的常用语").click()
    dialog = page.locator("dialog[open]")
    new = dialog.locator("[data-own-new]")
    expect(new.locator("[name=text]")).to_have_value("请先断电，再看扇叶有没有卡住。")
    new.locator("[name=shortcut]").fill("fs")
    new.get_by_role("button", name="保存为常用语").click()
    toasted(page, "已保存")
    expect(dialog.locator("#own-rows")).to_contain_text("/fs")
    expect(new.locator("[name=text]")).to_have_value("")
    dialog.locator("[name=q]").press_sequentially("没有的")
    expect(dialog.locator("#own-rows")).to_contain_text("没有找到")
    dialog.get_by_role("button", name="关闭").click()
    box.fill("")
    # Whoever types faster than the answers come: the last question counts, and its first is marked.
    held: list[Route] = []
    page.route("**/phrases/?q=*", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/phrases/?q=*"):
        box.press_sequentially("/fs")
    held[0].continue_()
    expect(page.locator("[data-put][aria-selected=true].is-at")).to_contain_text("我的")
    box.press("Enter")
    expect(box).to_have_value("请先断电，再看扇叶有没有卡住。")
    page.get_by_role("button", name="我的常用语").click()
    rows = page.locator("dialog[open] #own-rows")
    rows.locator("summary").click()
    rows.locator("[name=text]").fill("请先拔掉插头。")
    rows.get_by_role("button", name="保存").click()
    expect(rows).to_contain_text("请先拔掉插头。")
    page.on("dialog", lambda asked: asked.accept())
    rows.locator("summary").click()
    rows.get_by_role("button", name="删除").click()
    expect(rows).to_contain_text("还没有自己的常用语")
    visitor.call("end/")
