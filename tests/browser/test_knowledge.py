"""A clause is suggested, searched with one character, quoted into the reply, and judged."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.test_road import toasted

STORY = "上周买的电饭煲不加热，收到第八天坏了，客服说过了七天不能退，要求退货退款，运费你们出。"


def test_a_clause_is_quoted_and_judged(house):
    number = house.complaint(STORY)
    page = house.enter("gao").open(f"/complaints/{number}/")
    panel = page.locator("#panel-guidance")
    expect(panel.locator(".passage").first).to_be_visible()

    opener = page.locator("#write-outbound [data-quote]")
    opener.press("Enter")
    dialog = page.locator("#quote")
    expect(dialog.locator(".passage").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    expect(opener).to_be_focused()

    opener.click()
    search = dialog.locator("[name=q]")
    search.fill("运")
    expect(dialog.locator("mark").first).to_have_text("运")
    search.fill("AS-05")
    expect(dialog.locator(".passage")).to_have_count(1)
    dialog.locator("[data-passage]").press("Enter")
    toasted(page, "已引用")
    box = page.locator("#text-outbound")
    expect(box).to_have_value(re.compile(r"来回运费由我们承担[\s\S]*依据：售后条款 AS-05"))

    used = panel.locator(".guidance__list li")
    expect(used).to_contain_text("退换货运费")
    used.get_by_role("button", name="有帮助").click()
    expect(used.locator(".chip--good")).to_have_text("有帮助")

    page.goto(page.url.split("/complaints/")[0] + "/knowledge/articles/AS-05/uses/?verdict=helped")
    expect(page.locator("table")).to_contain_text(number)
