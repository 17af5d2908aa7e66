"""The session ends in the middle of a sentence."""

from __future__ import annotations

from playwright.sync_api import Page, expect

PASSWORD = "correct horse"


def end_session(page: Page) -> None:
    """As after an hour without an act: the cookie of the token stays."""
    page.context.clear_cookies(name="huiyin")


def sign_in_over(page: Page) -> None:
    dialog = page.locator("#signed-out")
    expect(dialog).to_be_visible()
    dialog.get_by_label("的密码").fill("wrong")
    dialog.get_by_role("button", name="登录", exact=True).click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("的密码").fill(PASSWORD)
    dialog.get_by_role("button", name="登录", exact=True).click()
    expect(dialog).to_be_hidden()


def test_a_note_that_was_refused_is_still_there_and_goes_out_after_signing_in(house):
    number = house.complaint("电饭煲坏了")
    page = house.enter("zhou").open(f"/complaints/{number}/")
    page.keyboard.press("n")
    box = page.locator("#write-note textarea")
    box.fill("客户下午三点后方便接电话")
    end_session(page)
    # What the page asks for by itself may open the dialog first, over the button.
    page.locator("#write-note button[type=submit], #write-note .btn-note").first.dispatch_event(
        "click"
    )
    sign_in_over(page)
    expect(box).to_have_value("客户下午三点后方便接电话")
    page.locator("#write-note button[type=submit], #write-note .btn-note").first.click()
    expect(page.locator("#story")).to_contain_text("客户下午三点后方便接电话")
    house.forgive(401, 422)


def test_at_the_counter_what_was_not_kept_says_so_and_comes_back(house):
    page = house.enter("li").open("/counter/")
    page.get_by_role("button", name="新的登记").click()
    page.get_by_label("称呼").fill("赵建国")
    expect(page.locator("#kept")).to_contain_text("已存草稿")
    end_session(page)
    page.get_by_label("发生了什么").fill("电饭煲用了三天就不加热")
    expect(page.locator("#kept")).to_contain_text("没有保存")
    page.locator("#signed-out").get_by_role("link", name="去登录页").click()
    page.fill("input[name=username]", "li")
    page.fill("input[name=password]", PASSWORD)
    page.locator("form .btn-primary").click()
    expect(page.get_by_label("发生了什么")).to_have_value("电饭煲用了三天就不加热")
    expect(page.get_by_label("称呼")).to_have_value("赵建国")
    page.get_by_label("希望怎样解决").fill("换新")
    expect(page.locator("#kept")).to_contain_text("已存草稿")
    kept = page.evaluate("Object.keys(localStorage).filter((key) => key.includes('counter-'))")
    assert kept == []
    house.forgive(401, 422)
