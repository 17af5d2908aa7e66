"""王芳 at the portal, on her phone: what she typed survives, and she gets number and code."""

from __future__ import annotations

from playwright.sync_api import expect

STORY = "买的空气炸锅第三次用就冒烟，客服让我自己寄回去，运费还要我出。"


def test_a_customer_complains_on_a_phone_and_follows_it(house):
    page = house.desk().new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{house.url}/portal/complain/")
    who = page.locator("[data-step]").last
    expect(who).to_be_hidden()  # one step at a time
    page.fill("[name=text]", STORY)
    page.reload()
    expect(page.locator("[name=text]")).to_have_value(STORY)
    expect(page.locator("[data-saved]")).to_be_visible()
    page.locator("[data-next]:visible").click()
    page.fill("[name=wanted]", "退款，运费你们出")
    page.locator("[data-next]:visible").click()
    expect(who).to_be_visible()
    page.fill("[name=name]", "王芳")
    page.fill("[name=phone]", "13800138000")
    page.check("[name=consent]")
    page.click("[data-send]")
    expect(page.locator("main")).to_contain_text("TS2026-")
    page.goto(f"{house.url}/portal/complain/")
    expect(page.locator("[name=text]")).to_have_value("")  # sent is forgotten


def test_what_is_missing_is_said_at_its_place(house):
    page = house.desk().new_page()
    page.goto(f"{house.url}/portal/complain/")
    page.locator("[data-next]:visible").click()
    expect(page.locator("[data-step]").first).to_be_visible()
    assert page.evaluate("document.activeElement.name") == "text"
