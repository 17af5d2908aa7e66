"""A letter is scanned, looked at and registered; at the counter somebody signs on the screen."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.paper.scans import LETTER, pdf

DRAW = "from huiyin.journey.channels.paper.actions import draw_due; print(draw_due())"


def test_a_letter_from_the_scanner_to_the_complaint(house):
    page = house.enter("li").open("/paper/")
    scan = {"name": "来信.pdf", "mimeType": "application/pdf", "buffer": pdf(3)}
    page.set_input_files("input[name=files]", [scan])
    page.get_by_role("button", name="上传", exact=True).click()
    page.wait_for_url("**/paper/*/", timeout=60_000)

    # 边等预览边录入：写到一半不被打断，刷新、转页都不丢。
    page.get_by_label("信的内容").press_sequentially("刚写了一半")
    house.do(DRAW)
    expect(page.locator("#paper-fresh")).to_be_visible()
    expect(page.get_by_label("信的内容")).to_have_value("刚写了一半")
    page.locator("#paper-fresh a").click()
    expect(page.locator(".leaf")).to_have_count(3)
    expect(page.get_by_label("信的内容")).to_have_value("刚写了一半")

    # 预览真的是图片；第三页滚到才取。
    images = page.locator(".leaf__sheet image")
    expect(images.first).to_have_attribute("href", re.compile(r"/paper/pages/.*/large\.jpg"))
    images.nth(2).scroll_into_view_if_needed()
    expect(images.nth(2)).to_have_attribute("href", re.compile(r"/large\.jpg"))

    # 转一页，去掉一页。
    page.get_by_role("button", name="向右转").first.click()
    expect(page.locator(".leaf g").first).to_have_attribute(
        "transform", re.compile(r"rotate\(90\)")
    )
    expect(page.get_by_label("信的内容")).to_have_value("刚写了一半")
    page.locator(".leaf__drop summary").last.click()
    page.get_by_label("为什么去掉").last.fill("空白背面")
    page.get_by_role("button", name="去掉这一页").last.click()
    expect(page.locator(".leaf")).to_have_count(2)

    # 录入文字，逐项核对。
    page.get_by_label("信的内容").fill(LETTER)
    page.get_by_role("button", name="从文字里找").click()
    name = page.locator("#id_name")
    expect(name).to_have_value("陈桂芳")
    row = page.locator("[data-kind=order_no]")
    row.get_by_role("button", name="不采用").click()
    expect(page.locator("#id_order_no")).to_have_value("")
    expect(row.locator("[data-verdict]")).to_have_text("不采用")
    row.get_by_role("button", name="恢复").click()
    expect(page.locator("#id_order_no")).to_have_value("YD20261012008817")

    # 填错了：说明哪里错，写的都在；改好再登记，草稿不留在这台机器上。
    page.locator("#id_phone").fill("12")
    page.get_by_role("button", name="登记为新投诉").click()
    expect(page.locator("[data-kind=phone] .bad, .found__one .bad").first).to_be_visible()
    expect(name).to_have_value("陈桂芳")
    expect(page.locator("#id_phone")).to_have_value("12")
    page.locator("#id_phone").fill("13900001111")
    page.get_by_role("button", name="登记为新投诉").click()
    page.wait_for_url("**/complaints/*/", wait_until="commit", timeout=60_000)
    expect(page.locator("body")).to_contain_text("来信登记")
    kept = page.evaluate("Object.keys(localStorage).filter((key) => key.includes('paper-'))")
    assert kept == []
    house.forgive(422)


def test_at_the_counter_a_signature_is_drawn(house):
    house.do("from huiyin.ground.printing import fonts; fonts.prepare()")  # as the worker does
    page = house.enter("li").open("/counter/")
    page.set_viewport_size({"width": 1024, "height": 768})
    page.get_by_role("button", name="新的登记").click()
    page.get_by_label("称呼").fill("赵建国")
    page.get_by_label("发生了什么").fill("电饭煲用了三天就不加热，门店不给换。")
    expect(page.locator("#kept")).to_contain_text("已存草稿")
    page.reload()
    expect(page.get_by_label("称呼")).to_have_value("赵建国")
    page.get_by_label("希望怎样解决").fill("换一台新的")
    page.get_by_role("button", name="给客户看").click()
    expect(page.get_by_role("heading", name="请核对您的投诉")).to_be_visible()
    expect(page.locator(".side")).to_have_count(0)

    expect(page.locator("[data-pad].is-ready")).to_be_visible()
    pad = page.locator("canvas").bounding_box()
    page.mouse.move(pad["x"] + 80, pad["y"] + 120)
    page.mouse.down()
    for step in range(30):
        page.mouse.move(pad["x"] + 80 + step * 18, pad["y"] + 120 + (40 if step % 6 < 3 else -40))
    page.mouse.up()
    page.get_by_role("button", name="内容无误，确认提交").click(timeout=90_000)
    page.wait_for_url("**/receipt/", timeout=60_000)
    expect(page.locator("body")).to_contain_text("查询码")
    number = page.locator(".receipt__number").first.inner_text()
    page.get_by_role("link", name="打开投诉").click()
    page.wait_for_url(f"**/complaints/{number}/", wait_until="commit", timeout=60_000)
    expect(page.locator("body")).to_contain_text("到店登记")
