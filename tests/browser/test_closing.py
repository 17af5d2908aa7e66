"""Closing the loop: a refused claim with outside remedies, and an unsatisfied call-back that goes
one level up, is reworked and closed."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.test_road import stands_at, toasted

FOUND_OUT = """
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.people.models import Team, User
from huiyin.journey.closure.models import VisitRule
from huiyin.journey.complaint.models import Complaint
from tests.roads import FOUND, assigned, carry_out, feed_back
from huiyin.journey.investigation.actions import find
VisitRule.objects.filter(condition__isnull=True).update(percent=0)
li = User.objects.get(username="li")
def make(status=None, **fields):
    one = Complaint.begin(
        customer=find_or_create(Contact(name="{name}", phone="{phone}")),
        text="{text}",
        subject="{text}"[:30],
        channel="phone",
        **fields,
    )
    one.status = status or one.status
    one.arrive()
    return one
case = assigned(make, Team.objects.get(code="aftersales"), li, category="PO.01.01"{more})
find(case, by=li, **FOUND)
"""
UNHAPPY = """
carry_out(case, li, fen=0)
feed_back(case, li)
"""
WORKER = """
from huiyin.journey.closure.actions import give_to_the_next_level
from huiyin.journey.complaint.models import Complaint
case = Complaint.objects.get(number="{number}")
give_to_the_next_level(case.events.filter(what="reworked").latest("pk"))
"""


REDONE = """
from tests.roads import carry_out
from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
case = Complaint.objects.get(number="{number}")
carry_out(case, User.objects.get(username="chen"), fen=0)
"""


def made(house, name: str, phone: str, text: str, more: str = "", then: str = "") -> str:
    told = FOUND_OUT.replace("{name}", name).replace("{phone}", phone)
    told = told.replace("{text}", text).replace("{more}", more)
    return house.do(f"{told}{then}\nprint(case.number)").split()[-1]


def close(page, outcome: str, note: str = "") -> None:
    page.locator("#panel-closure").get_by_role("button", name="结案", exact=True).click()
    closing = page.locator("#closing")
    closing.locator("[name=outcome]").select_option(outcome)
    for name in ("cause", "liability", "remedy"):
        if not closing.locator(f"[name={name}]").input_value():
            closing.locator(f"[name={name}]").select_option(index=1)
    closing.locator("[name=note]").fill(note)
    closing.locator("[data-main]").click()


def test_a_refused_claim_with_outside_remedies(house):
    number = made(house, "何永贵", "13700004444", "过了退货期还要求全额退货退款")
    li = house.enter("li").open(f"/complaints/{number}/")
    panel = li.locator("#panel-closure")
    panel.get_by_role("button", name="不支持并告知").click()
    refusal = li.locator("#refusal")
    expect(refusal).to_contain_text("申请内部复核")
    expect(refusal).to_contain_text("12315")

    # 只留外部途径：存不进去，说明缺什么。
    refusal.locator("[name=reason]").fill("商品已使用四个月，检测合格，超过七天无理由退货期限。")
    refusal.locator("[name=basis]").fill("售后条款 3.2")
    refusal.locator("[name=ways][value=review]").uncheck()
    refusal.locator("[data-main]").click()
    expect(li.locator("body")).to_contain_text("一条内部途径和一条外部途径")
    stands_at(li, "处理中")
    house.faults.clear()  # the 422 is in the console, as it should be

    refusal.locator("[name=ways][value=review]").check()
    refusal.locator("[data-main]").click()
    toasted(li, "已告知客户理由和其他途径")
    stands_at(li, "已解决待反馈")
    story = li.locator("#story")
    for words in ("不能支持", "人民法院", "仲裁", "12315", "售后条款 3.2"):
        expect(story).to_contain_text(words)
    expect(panel).to_contain_text("已告知其他途径")

    close(li, "not_upheld", "超过期限，检测合格，已告知其他途径")
    stands_at(li, "已结案")
    expect(panel).to_contain_text("不支持")
    panel.get_by_role("button", name="推荐为案例").click()
    li.locator("#case [name=lesson]").fill("先讲依据，再讲途径")
    li.locator("#case [data-main]").click()
    toasted(li, "已推荐")


def test_an_unsatisfied_call_back_to_rework_and_close(house):
    text = "净水器漏水修了两次还漏，太气人了"
    number = made(house, "汪小梅", "13700005555", text, ', emotion="angry"', UNHAPPY)
    path = f"/complaints/{number}/"

    # 回访员从队列里拿下一个；先没接通，系统排到另一个时段。
    he = house.enter("he").open("/callbacks/")
    row = he.locator("tr", has_text=number)
    expect(row).to_contain_text("汪*")
    row.get_by_role("link").click()
    he.wait_for_url(re.compile(r"/callbacks/\d+/$"))
    expect(he.locator(".calls__script")).to_contain_text("回访员")
    he.get_by_role("button", name=re.compile("我来打")).click()
    expect(he.locator(".calls__card")).to_contain_text("已为您锁定")
    he.get_by_role("button", name="显示完整号码").click()
    expect(he.locator("[data-contact]")).to_contain_text("137")
    he.get_by_role("button", name="未接通").click()
    toasted(he, "已登记，下次")
    expect(he.locator(".calls__tries")).to_contain_text("未接通")

    # 再打通了：不满意，记下原话；退回重办。
    he.locator(".calls__answer [name=words]").fill("还是漏水，没有人再来看")
    he.get_by_role("button", name="不满意").click()
    he.wait_for_url(re.compile(r"/callbacks/$"))

    # 后台升一级换人：小李不能再接，转到值班主管。
    house.do(WORKER.replace("{number}", number))
    chen = house.enter("chen").open(path)
    stands_at(chen, "待签收")
    expect(chen.locator("#story")).to_contain_text("还是漏水，没有人再来看")
    chen.locator("#header [data-primary]", has_text="签收").click()
    stands_at(chen, "处理中")

    # 主管重新解决，反馈的信按记录拟好。
    house.do(REDONE.replace("{number}", number))
    chen = house.enter("chen").open(path)
    stands_at(chen, "已解决待反馈")
    chen.locator("#header [data-primary]", has_text="反馈结果").click()
    feedback = chen.locator("#feedback")
    expect(feedback.locator("[name=measures]")).to_have_value(re.compile("加热盘接触不良"))
    expect(feedback.locator("[name=kinds][value=apology]")).to_be_checked()
    feedback.locator("[name=prevention]").fill("上门工程师复检后才算完成")
    feedback.locator("[data-main]").click()
    stands_at(chen, "待回访")

    # 第二次回访：满意；结案。
    he = house.enter("he").open("/callbacks/")
    he.locator("tr", has_text=number).get_by_role("link").click()
    he.get_by_role("button", name="满意", exact=False).first.click()
    expect(he.locator(".calls__tries")).to_contain_text("满意")
    chen = house.enter("chen").open(path)
    close(chen, "upheld")
    stands_at(chen, "已结案")
    expect(chen.locator("#story")).to_contain_text("重办")
