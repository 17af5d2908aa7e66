"""A broken promise: found while it is written, put better, sent, broken by the clock; the customer
is told, the complaint weighs more, and a supervisor is to call."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.test_road import toasted

STORY = "电饭煲买来不加热，打了两次电话没有人处理，要求退款。"
PASS_THE_DATE = """
from datetime import timedelta
from huiyin.ground import moment
from huiyin.journey.clocks.actions import sweep
from huiyin.journey.clocks.models import Clock
from huiyin.journey.promises.models import Promise
late = moment.now() - timedelta(minutes=1)
given = Promise.objects.get(complaint__number="{number}")
Promise.objects.filter(pk=given.pk).update(due_at=late)
Clock.objects.filter(subject=given.subject).update(due_at=late, fixed_at=late)
sweep()
sweep()
"""


def weight(page) -> int:
    return int(re.sub(r"\D", "", page.locator("#header .sev").first.inner_text())[:1])


def test_a_promise_is_broken(house):
    number = house.complaint(STORY)
    page = house.enter("gao").open(f"/complaints/{number}/")
    before = weight(page)

    # 没有时间的承诺不能发出；一键采用更好的说法。
    box = page.locator("#text-outbound")
    chip = page.locator("#write-outbound .promised__one")
    box.press_sequentially("您好，我们会尽快为您退款20元。")
    expect(chip).to_contain_text("没有时间")
    expect(chip).to_have_class(re.compile("is-stopped"))
    chip.get_by_role("button", name="采用").press("Enter")
    expect(box).to_have_value(re.compile(r"^您好，我们会在\d+月\d+日18:00前为您退款20元。$"))
    expect(chip).not_to_have_class(re.compile("is-stopped"))
    expect(chip).to_contain_text("退款 20 元")
    chip.get_by_role("button", name="确认").press("Enter")
    expect(chip).to_have_class(re.compile("is-confirmed"))
    page.locator("#channel-outbound").select_option("phone")
    page.locator("#write-outbound [data-main]").click()
    toasted(page, "已回复客户")
    expect(page.locator("#panel-promises")).to_contain_text("退款 20 元")
    expect(chip).to_have_count(0)

    # 一句不是承诺的话，写的人说了算，并留有记录。
    box.press_sequentially("祝您早日解决问题，我们会为您补发说明书。")
    expect(chip.first).to_be_visible()
    chip.first.get_by_role("button", name="不是承诺").click()
    expect(chip.first).to_have_class(re.compile("is-waived"))

    # 到期未兑现：客户先被告知，严重度升一级，主管致电。
    house.do(PASS_THE_DATE.format(number=number))
    page = house.enter("gao").open(f"/complaints/{number}/")
    expect(page.locator("#panel-promises")).to_contain_text("未按时兑现")
    told = page.locator("#story", has_text="这件事没有按时做到，是我们的责任")
    expect(told).to_be_visible()
    assert weight(page) == before - 1
    expect(page.locator("#panel-callbacks")).to_contain_text("承诺未兑现致电")
    ledger = house.enter("gao").open("/promises/?view=broken")
    expect(ledger.locator(".ledger__table")).to_contain_text(number)
