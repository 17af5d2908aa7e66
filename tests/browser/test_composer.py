"""A prepaid card with the calculator: what fits, the sum with its steps, a draft that outlives the
browser, an approval, and the customer who reads how it was worked out."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.test_road import toasted

REFUSED = (
    "Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"
)
GYM = """
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.people.models import Team, User
from huiyin.journey.complaint.models import Complaint
from tests.roads import FOUND, assigned
from huiyin.journey.investigation.actions import find
li = User.objects.get(username="li")
def make(status=None, **fields):
    one = Complaint.begin(
        customer=find_or_create(Contact(name="王芳", phone="13700002222")),
        text="健身房搬走了，卡里还有钱，要求退卡，把余额退给我。",
        subject="健身房搬迁，要求退卡",
        wanted="退卡，退还余额",
        channel="phone",
        **fields,
    )
    one.status = status or one.status
    one.arrive()
    return one
case = assigned(make, Team.objects.get(code="aftersales"), li, category="CT.04.01")
find(case, by=li, **FOUND)
print(case.number)
"""


def test_a_prepaid_card_with_the_calculator(house):
    number = house.do(GYM).split()[-1]
    page = house.enter("li").open(f"/complaints/{number}/")
    page.locator("#panel-resolution").get_by_role("link", name="拟方案").click()
    page.wait_for_url(re.compile("/options/"))

    # 左边：为什么推荐；写进这一轮。
    first = page.locator(".options__proposal").first
    expect(first).to_contain_text("预付卡退费")
    expect(first).to_contain_text("客户提出的诉求就是这个")
    expect(first).to_contain_text("预付式消费司法解释")
    first.get_by_role("button", name="写进这一轮").click()
    card = page.locator("#option-1")
    expect(card).to_contain_text("预付卡退费")

    # 计算器：用到的问题才问，每一步写明出处。
    card.get_by_role("button", name="预付卡退费", exact=True).click()
    dialog = page.locator("#calculator")
    expect(dialog.locator("[name=q-face]")).to_be_visible()
    dialog.locator("[name=q-card]").select_option("times")
    expect(dialog.locator("[name=q-face]")).to_be_hidden()
    expect(dialog.locator("[name=q-total_count]")).to_be_visible()
    dialog.locator("[name=q-card]").select_option("money")
    dialog.locator("[name=q-paid]").fill("3000")
    dialog.locator("[name=q-face]").fill("4000")
    dialog.locator("[name=q-used]").fill("5000")
    dialog.get_by_role("button", name="算一算").click()
    expect(dialog.locator(".field-fault")).to_contain_text("超过了卡内总面值")
    house.faults.remove(REFUSED)  # the browser tells every refusal
    dialog.locator("[name=q-used]").fill("1000")
    dialog.get_by_role("button", name="算一算").click()
    expect(dialog.locator(".calculator__sum")).to_contain_text("¥2,250.00")
    expect(dialog.locator(".worked")).to_contain_text("75%")
    expect(dialog.locator(".worked")).to_contain_text("第十三条至第十九条")
    dialog.get_by_role("button", name="用这个金额").click()
    expect(dialog).to_be_hidden()
    expect(card.locator("[name=o1-amount]")).to_have_value("2250.00")
    expect(card.locator("[name=o1-wording]")).to_have_value(re.compile("计算过程：[^@]*¥750.00"))
    expect(card.locator("#verdict-1")).to_contain_text("审批")

    # 第二个方案；在权限内。
    page.locator("[data-remedy]").select_option("RMD.08")
    page.get_by_role("button", name="加一个方案").click()
    second = page.locator("#option-2")
    second.locator("[name=o2-f-by_whom]").select_option("lead")
    expect(page.locator("#verdict-2")).to_contain_text("您可以决定")
    expect(page.locator("#kept")).to_contain_text("草稿保存于")
    card.locator("[name=o1-f-card]").fill("8821")
    page.close()

    # 关掉浏览器再来：什么也没丢；金额一改，说法旁边就说与计算不同。
    page = house.enter("li").open(f"/complaints/{number}/options/")
    expect(page.locator("[name=o1-f-card]")).to_have_value("8821")
    expect(page.locator("#option-1 .worked")).to_contain_text("¥2,250.00")
    page.locator("[name=o1-amount]").fill("2300")
    expect(page.locator("#verdict-1")).to_contain_text("计算结果是 ¥2,250.00")
    page.locator("[name=o1-amount]").fill("2250")
    expect(page.locator("#verdict-1")).not_to_contain_text("计算结果")
    page.get_by_role("button", name="提出这一轮").click()
    page.wait_for_url(re.compile(rf"/complaints/{number}/$"))
    panel = page.locator("#panel-resolution")
    expect(panel).to_contain_text("¥2,250.00")
    panel.get_by_text("怎样算出来的").click()
    expect(panel).to_contain_text("按优惠比例扣除")

    # 主管审批后告知客户：客户读到钱是怎样算出来的。
    boss = house.enter("chen").open(f"/complaints/{number}/")
    boss.locator("#panel-resolution").get_by_role("button", name="审批").first.click()
    boss.locator("#decision").get_by_role("button", name="批准").first.click()
    expect(boss.locator("#panel-resolution")).to_contain_text("待客户答复")
    page = house.enter("li").open(f"/complaints/{number}/")
    page.locator("#panel-resolution").get_by_role("button", name="告知客户").first.click()
    toasted(page, "已告知客户")
    expect(page.locator("#story")).to_contain_text("优惠比例 = 实际支付 ÷ 总面值")
