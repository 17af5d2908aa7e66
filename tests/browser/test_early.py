"""Acts before the scripts of the page are here: on a slow line, and when a script never comes."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect


def opened(house, number: str) -> tuple[Page, list[Route]]:
    """The complaint as it is seen while htmx is still on its way."""
    page = house.enter("zhou").page
    held: list[Route] = []
    page.route("**/htmx.min*.js", lambda route: held.append(route))
    page.goto(f"{house.url}/complaints/{number}/", wait_until="commit")
    expect(page.locator("#words")).to_be_attached()
    return page, held


def test_what_is_sent_before_the_scripts_are_here_goes_when_they_are(house):
    number = house.complaint("电火锅跳闸")
    page, held = opened(house, number)
    address = page.url
    page.locator("#write-note textarea").evaluate("(el) => { el.value = '客户说插座换过'; }")
    page.locator("#write-note").evaluate(
        "(el) => (el.matches('form') ? el : el.querySelector('form')).requestSubmit()"
    )
    assert page.url == address
    held[0].continue_()
    expect(page.locator("#story")).to_contain_text("客户说插座换过")
    assert page.url == address


def test_a_dialog_asked_for_before_the_scripts_are_here_opens_when_they_are(house):
    page, held = opened(house, house.complaint("电饼铛不热"))
    button = page.locator("button[type=button][data-dialog]:visible").first
    dialog = page.locator(button.get_attribute("data-dialog") or "")
    button.click()
    expect(dialog).not_to_be_visible()
    held[0].continue_()
    expect(dialog).to_be_visible()


def test_what_is_written_early_does_not_put_the_draft_aside(house):
    number = house.complaint("面包机不转")
    zhou = house.enter("zhou")
    page = zhou.open(f"/complaints/{number}/")
    page.keyboard.press("n")
    note = page.locator("#text-note")
    note.fill("昨天写到一半的话")
    held: list[Route] = []
    page.route("**/drafts*.js", lambda route: held.append(route))
    page.goto(page.url, wait_until="commit")
    note.evaluate("(el) => { el.value = '今天接着写'; }")
    held[0].continue_()
    expect(note).to_have_value("昨天写到一半的话\n今天接着写")
    page.unroute("**/drafts*.js")
    page.reload()
    expect(note).to_have_value("昨天写到一半的话\n今天接着写")


def test_when_a_script_never_comes_nothing_is_sent_and_it_is_said(house):
    number = house.complaint("料理机异味")
    page, held = opened(house, number)
    address = page.url
    page.locator("#write-note textarea").evaluate("(el) => { el.value = '不要放进地址里'; }")
    held[0].abort()
    page.wait_for_load_state("load")
    page.locator("#write-note").evaluate(
        "(el) => (el.matches('form') ? el : el.querySelector('form')).requestSubmit()"
    )
    expect(page.locator("#toasts")).to_contain_text("没有载入完整")
    assert page.url == address
    assert page.locator("#write-note textarea").input_value() == "不要放进地址里"
    house.faults.clear()  # the script that did not come, and what misses it


def test_the_button_that_was_pressed_is_the_answer_also_when_it_was_early(house):
    """Of several buttons of one form the name and value of the pressed one go with it."""
    page, held = opened(house, house.complaint("榨汁机漏电"))
    page.evaluate(
        """() => document.querySelector("#main").insertAdjacentHTML("beforeend",
        `<form method="post" hx-post="/told/" hx-swap="none" id="two">
        <button name="answer" value="yes">甲</button>
        <button name="answer" value="no">乙</button></form>`)"""
    )
    page.route("**/told/", lambda route: route.fulfill(status=204))
    page.locator("#two").get_by_role("button", name="乙").click()
    with page.expect_request("**/told/") as told:
        held[0].continue_()
    assert told.value.post_data == "answer=no"
