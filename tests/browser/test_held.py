"""What renews itself in the background does not do so under a pressed pointer."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.browser.test_desk import NOTE
from tests.browser.test_road import stands_at
from tests.browser.test_teamwork import NO_OTHER_RINGS, POISONED


def news_while_pressed(house, page, text: str) -> None:
    """The pointer is down on the list; a complaint comes, and the list has been asked for again."""
    page.mouse.down()
    with page.expect_response(lambda one: "view=open" in one.url) as told:
        house.complaint(text)
    told.value.finished()
    page.evaluate("() => new Promise((done) => setTimeout(done, 100))")


def test_a_row_that_is_pressed_opens_although_the_list_has_news(house):
    number = house.complaint("微波炉转盘不转")
    page = house.enter("zhou").open("/queue/?view=open")
    row = page.locator(f"[data-number={number}]").get_by_role("link").first
    row.hover()
    page.wait_for_load_state("networkidle")
    news_while_pressed(house, page, "烤箱门关不严")
    page.mouse.up()
    page.wait_for_url(f"**/complaints/{number}/**")


def test_the_news_are_shown_after_the_release(house):
    number = house.complaint("加湿器不出雾")
    page = house.enter("zhou").open("/queue/?view=open")
    page.locator(f"[data-number={number}]").get_by_role("link").first.hover()
    page.wait_for_load_state("networkidle")
    news_while_pressed(house, page, "空气炸锅掉漆")
    rows = page.locator("[data-row]")
    expect(rows.filter(has_text="空气炸锅掉漆")).to_have_count(0)
    page.locator("h1").hover()
    page.mouse.up()
    expect(rows.filter(has_text="空气炸锅掉漆")).to_have_count(1)


def test_a_complaint_is_not_drawn_anew_under_a_pressed_pointer(house):
    number = house.complaint("咖啡机漏粉")
    page = house.enter("zhou").open(f"/complaints/{number}/")
    page.wait_for_load_state("networkidle")
    story = page.locator("#story")
    story.get_by_text("咖啡机漏粉").first.hover()
    page.mouse.down()
    with page.expect_response("**/anew/prompt/**") as told:
        house.call("POST", f"/api/v1/complaints/{number}/messages", NOTE)
    told.value.finished()
    page.evaluate("() => new Promise((done) => setTimeout(done, 100))")
    expect(story).not_to_contain_text(NOTE["text"])
    page.mouse.up()
    expect(story).to_contain_text(NOTE["text"])


def test_nothing_is_written_into_what_a_dialog_is_about_to_replace(house):
    house.do(NO_OTHER_RINGS)
    number = house.complaint(POISONED)
    page = house.enter("chen").open("/queue/")
    page.locator(".ring", has_text=number).get_by_role("button", name="我来接办").click()
    page = house.enter("chen").open(f"/complaints/{number}/")
    stands_at(page, "处理中")
    panel = page.locator("#panel-cooperation")
    panel.get_by_role("button", name="下发协办任务").click()
    form = page.locator("#asking-form form")
    expect(form.locator("[name=title]")).to_be_visible()
    page.keyboard.press("Escape")

    held: list[Route] = []
    page.route("**/tasks/new/**", lambda route: held.append(route))
    panel.get_by_role("button", name="下发协办任务").click()
    expect(page.locator("#asking-form")).to_contain_text("正在打开")
    expect(form).to_have_count(0)
    held[0].continue_()
    expect(form.locator("[name=title]")).to_be_visible()
    assert form.evaluate("(el) => el.contains(document.activeElement)")
