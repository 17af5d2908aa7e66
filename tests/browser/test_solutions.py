"""An e-commerce refund with two rounds and an approval: a choice of two, the customer wants more,
the supervisor lowers it and lets it through, the customer takes it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.test_road import stands_at, toasted

DENT = """
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.people.models import Team, User
from huiyin.journey.complaint.models import Complaint
from tests.roads import FOUND, assigned
from huiyin.journey.investigation.actions import find
li = User.objects.get(username="li")
def make(status=None, **fields):
    one = Complaint.begin(
        customer=find_or_create(Contact(name="沈玉兰", phone="13700003333")),
        text="冰箱侧面送来就有凹痕，要求补偿或换货。",
        subject="冰箱凹痕，要求补偿",
        wanted="退一部分钱",
        channel="phone",
        **fields,
    )
    one.status = status or one.status
    one.arrive()
    return one
case = assigned(make, Team.objects.get(code="aftersales"), li, category="PD.02.01")
find(case, by=li, **FOUND)
print(case.number)
"""


def test_a_refund_with_two_rounds_and_an_approval(house):
    number = house.do(DENT).split()[-1]
    path = f"/complaints/{number}/"
    li = house.enter("li").open(path)
    panel = li.locator("#panel-resolution")

    # 第一轮：两个方案，都在权限内。
    panel.get_by_role("link", name="拟方案").click()
    li.wait_for_url(re.compile("/options/"))
    for place, remedy in ((1, "RMD.04"), (2, "RMD.08")):
        li.locator("[data-remedy]").select_option(remedy)
        li.get_by_role("button", name="加一个方案").click()
        expect(li.locator(f"#option-{place}")).to_be_visible()
    li.locator("[name=o1-amount]").fill("30")
    li.locator("[name=o1-f-defect]").fill("侧面凹痕一处")
    li.locator("[name=o1-f-keeps]").select_option("keep")
    li.locator("[name=o2-f-by_whom]").select_option("handler")
    li.get_by_role("button", name="提出这一轮").click()
    li.wait_for_url(re.compile(rf"/complaints/{number}/$"))
    stands_at(li, "方案执行中")
    expect(panel).to_contain_text("方案 1")
    expect(panel).to_contain_text("方案 2")
    expect(panel).to_contain_text("侧面凹痕一处")
    panel.get_by_role("button", name="告知客户 1").click()
    toasted(li, "已告知客户")

    # 客户另提要求：原话、方式、金额都记下，这一轮结束。
    panel.get_by_role("button", name="客户另提要求").click()
    wish = li.locator("#wish")
    wish.locator("[name=words]").fill("30 太少，退 800 我就留着用")
    wish.locator("[name=remedy]").select_option("RMD.04")
    wish.locator("[name=amount]").fill("800")
    wish.locator("[data-main]").click()
    stands_at(li, "处理中")
    expect(li.locator("#story")).to_contain_text("客户另提要求")

    # 第二轮：超出权限，等审批。
    panel.get_by_role("button", name="直接写一个方案").click()
    offer = li.locator("#offer")
    offer.locator("[name=remedy]").select_option("RMD.04")
    offer.locator("[name=amount]").fill("800")
    offer.locator("[name=basis]").fill("按瑕疵程度协商减价")
    offer.locator("[data-main]").click()
    stands_at(li, "方案待审批")
    expect(panel).to_contain_text("等待审批")

    # 主管在“待我审批”里修改后批准；原方案保留。
    chen = house.enter("chen").open("/inbox/")
    chen.locator("summary", has_text=number).click()
    ask = chen.locator(".ask", has_text="按瑕疵程度协商减价")
    ask.get_by_text("修改后批准").click()
    ask.locator("[name=amount]").fill("600")
    ask.locator("[name=note]").fill("凹痕不影响使用，600 合适")
    ask.get_by_role("button", name="按修改后的批准").click()
    expect(chen.locator("body")).to_contain_text("已修改并批准")

    # 提出人看过以后才能告知客户。
    li = house.enter("li").open(path)
    panel = li.locator("#panel-resolution")
    expect(panel).to_contain_text("凹痕不影响使用，600 合适")
    expect(panel.get_by_role("button", name="告知客户")).to_have_count(0)
    panel.get_by_role("button", name="看过了，按修改后的办").click()
    stands_at(li, "方案执行中")
    panel.get_by_role("button", name="登记客户答复").click()
    li.locator("#answer [name=note]").fill("同意 600")
    li.locator("#answer").get_by_role("button", name="客户同意", exact=True).click()
    expect(panel).to_contain_text("客户已同意")

    # 协商经过：两轮都在，被修改的也在。
    panel.get_by_text("协商经过（2 轮）").click()
    rounds = panel.locator(".rounds")
    expect(rounds).to_contain_text("30 太少，退 800 我就留着用")
    expect(rounds).to_contain_text("¥800.00")
    expect(rounds).to_contain_text("已被修改")
    expect(rounds).to_contain_text("¥600.00")
