"""A survey that opens a task: designed, sent by hand, answered on a phone, called after."""

from __future__ import annotations

from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import House

CLOSED = """
from datetime import timedelta
from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.journey.complaint.models import Complaint
found = Complaint.objects.get(number="{number}")
found.team = Team.objects.get(code="aftersales")
found.assignee = User.objects.get(username="li")
found.status = "CLO"
found.closed_at = moment.now()
found.save()
"""
TASK = """
from huiyin.journey.callbacks.models import Callback
found = Callback.objects.get(complaint__number="{number}")
print(found.kind, found.post, found.state)
"""
PHONE: ViewportSize = {"width": 390, "height": 844}


def test_a_survey_is_designed_sent_answered_on_a_phone_and_a_low_score_opens_a_task(house: House):
    # 高远 designs it: three questions, the second only when the first was low.
    gao = house.enter("gao")
    page = gao.open("/surveys/new/")
    page.get_by_label("代码").fill("after-visit")
    page.get_by_label("名称", exact=False).first.fill("上门服务满意度")
    page.get_by_role("button", name="新建", exact=True).click()
    _add(page, "csat", "师傅上门您满意吗？", required=True)
    _add(page, "several", "哪里不好？", options="迟到 | Late\n没修好 | Not repaired")
    page.locator("#q2").get_by_role("link", name="修改").click()
    page.get_by_role("button", name="+ 添加条件").click()
    page.locator(".cond__operator").select_option("at_most")
    page.locator(".cond__value input").fill("3")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#q2")).to_contain_text("只在")
    _add(page, "text", "还想说什么？")
    page.get_by_role("button", name="第 3 题上移").click()
    expect(page.locator(".survey__question").nth(1)).to_contain_text("还想说什么？")
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("已发布第 1 版")).to_be_visible()

    # 陈静 sends it by hand for a closed complaint, and gets a link to pass on.
    number = house.complaint("洗衣机修了三次还是漏水，师傅每次都迟到。")
    house.do(CLOSED.format(number=number))
    chen = house.enter("chen")
    page = chen.open(f"/complaints/{number}/")
    panel = page.locator("#panel-survey")
    panel.evaluate("(one) => { const fold = one.closest('details'); if (fold) fold.open = true; }")
    panel.get_by_role("button", name="发送调查").click()
    dialog = page.get_by_role("dialog", name="发送满意度调查")
    dialog.get_by_label("问卷").select_option(label="上门服务满意度")
    dialog.get_by_label("只生成链接").check()
    dialog.get_by_role("button", name="发送", exact=True).click()
    link = dialog.get_by_label("调查链接").input_value()
    assert "/portal/survey/" in link
    path = link[link.index("/portal/") :]

    # The customer answers on a phone, by keyboard; what is typed survives a closed browser.
    phone = house.desk(has_touch=True)
    customer = phone.new_page()
    customer.set_viewport_size(PHONE)
    customer.goto(house.url + path)
    second = customer.locator('[data-q="q2"]')
    expect(second).to_be_hidden()
    expect(customer.locator("[data-count]")).to_have_text("0/2")
    customer.get_by_role("button", name="提交").click()
    expect(customer.locator('[data-q="q1"]')).to_contain_text("这一题请回答")
    face = customer.get_by_role("radio", name="很不满意")
    face.focus()
    face.press("Space")
    expect(second).to_be_visible()
    expect(customer.locator("[data-count]")).to_have_text("1/3")
    customer.get_by_label("没修好").check()
    with customer.expect_response(lambda answer: answer.url.endswith("/draft/")):
        customer.get_by_label("还想说什么？").fill("修了三次没修好，没人负责，太让人生气了")
    expect(customer.locator("[data-saved]")).to_have_text("已保存")
    assert customer.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    again = house.desk().new_page()
    again.goto(house.url + path)
    expect(again.get_by_label("还想说什么？")).to_have_value(
        "修了三次没修好，没人负责，太让人生气了"
    )
    customer.get_by_role("button", name="提交").click()
    expect(customer.get_by_text("收到了，谢谢您")).to_be_visible()

    # The link is gone, also for the tab that still shows the form.
    again.get_by_role("button", name="提交").click()
    expect(again.get_by_text("这个链接打不开了")).to_be_visible()
    house.faults[:] = [fault for fault in house.faults if "404" not in fault]

    # The task stands with the supervisor's post; 李明 who handled it learns no score.
    assert house.do(TASK.format(number=number)).split() == ["low_score", "supervisor", "open"]
    li = house.enter("li")
    page = li.open(f"/complaints/{number}/")
    expect(page.locator("body")).to_contain_text("客户填写调查")
    expect(page.locator("body")).not_to_contain_text("太让人生气了")
    assert li.page.request.get(f"{house.url}/complaints/{number}/panels/survey/").ok

    # 高远 sees the figures, and each opens its answers.
    page = gao.open("/surveys/")
    page.get_by_role("link", name="上门服务满意度").click()
    expect(page.locator(".survey__tile").first).to_contain_text("0%")
    expect(page.locator("[data-chart] svg").first).to_be_visible()
    page.locator(".survey__tile").first.click()
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row]")).to_contain_text("太让人生气了")


def _add(page, ask: str, title: str, *, options: str = "", required: bool = False) -> None:
    page.get_by_role("link", name="添加问题").click()
    page.get_by_label("题型").select_option(ask)
    page.locator("[name=title_zh]").fill(title)
    if options:
        page.locator("[name=options]").fill(options)
    if required:
        page.get_by_label("必答").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text(title)).to_be_visible()
