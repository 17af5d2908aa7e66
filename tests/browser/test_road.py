"""THE ROAD: one complaint walks from the first word to its end, each step by the person whose
turn it is, in the browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

STORY = "冰箱买了三个月不制冷，维修三次还是没修好，客服一直推诿，我非常生气，太气人了！"


def primary(page: Page, label: str) -> None:
    """The act that the head of the page puts first."""
    button = page.locator("#header [data-primary]")
    expect(button).to_have_text(label)
    expect(page.locator(".htmx-request")).to_have_count(0)  # nobody presses what still moves
    button.click()


def toasted(page: Page, words: str) -> None:
    expect(page.locator(".toast-line", has_text=words).first).to_be_visible()


def stands_at(page: Page, status: str) -> None:
    expect(page.locator("#header .chip--state")).to_have_text(status)


def registered_by_zhou(house) -> str:
    page = house.enter("zhou").open("/registration/")
    page.get_by_label("联系电话").fill("139 0000 1234")
    page.get_by_label("称呼").fill("赵敏")
    page.locator("[name=text]").press_sequentially(STORY, delay=2)
    page.get_by_label("诉求").fill("换一台新的")
    page.get_by_label("发生日期").fill("2026-01-15")
    page.locator("[name=privacy_told]").check()
    expect(page.locator("[data-slot=triage] .sev")).to_be_visible()
    page.keyboard.press("Control+Enter")
    number = page.locator(".registered__number")
    expect(number).to_have_text(re.compile(r"TS\d{4}-\d{6}"))
    return number.inner_text()


def test_a_complaint_walks_the_whole_road(house):
    number = registered_by_zhou(house)
    path = f"/complaints/{number}/"

    # 分级, 派单: by the triager.
    zhou = house.enter("zhou").open(path)
    zhou.locator("#panel-triage summary", has_text="更正分级").click()
    form = zhou.locator("#panel-triage form", has=zhou.locator("[name=reason]"))
    form.locator("select[name=category]").evaluate("el => el.tomselect.setValue('AS.01.01')")
    form.locator("[name=severity]").select_option("2")
    form.locator("[name=reason]").fill("三次维修未果，按严重处理")
    form.get_by_role("button", name="更正分级").click()
    toasted(zhou, "分级已确认")
    expect(zhou.locator("#panel-triage")).to_contain_text("已确认")
    zhou.locator("#header").get_by_role("button", name=re.compile("派单|改派")).click()
    dispatch = zhou.locator("#dispatch")
    dispatch.locator("[name=team]").select_option(label="售后组")
    dispatch.locator("[name=to]").select_option(index=0)
    dispatch.get_by_role("button", name="派单").click()
    toasted(zhou, "已派单")
    zhou.context.close()

    # 签收, 回复, 核实, 方案: by the handler.
    li = house.enter("li").open(path)
    stands_at(li, "待签收")
    primary(li, "签收")
    stands_at(li, "处理中")
    li.keyboard.press("r")
    li.keyboard.type("赵女士，给您添麻烦了，今天 18:00 前给您方案。")
    li.keyboard.press("Control+Enter")
    expect(li.locator(".story__said--outbound")).to_contain_text("今天 18:00 前给您方案")
    expect(li.locator("#text-outbound")).to_have_value("")
    primary(li, "填写核实结论")
    finding = li.locator("#finding")
    finding.locator("[name=facts]").fill("压缩机故障，三次维修记录属实")
    finding.locator("[name=cause]").select_option(index=1)
    finding.locator("[data-share]").first.fill("100")
    finding.locator("[data-main]").click()
    toasted(li, "已保存核实结论")
    primary(li, "拟方案")
    offer = li.locator("#offer")
    offer.locator("[name=remedy]").select_option("RMD.04")
    assert offer.locator("[name=wording]").input_value() != ""
    offer.locator("[name=amount]").fill("2000")
    offer.locator("[name=basis]").fill("三包规定：两次维修仍不能正常使用")
    offer.locator("[data-main]").click()
    stands_at(li, "方案待审批")
    expect(li.locator("#header [data-primary]")).to_have_count(0)

    # 审批: above his limit, so somebody else decides.
    chen = house.enter("chen").open(path)
    primary(chen, "审批方案")
    chen.locator("#decision").get_by_role("button", name="批准").click()
    stands_at(chen, "方案执行中")
    chen.context.close()

    # 客户答复, 执行, 反馈: by the handler, whose page has heard of the approval by itself.
    stands_at(li, "方案执行中")
    primary(li, "登记客户答复")
    li.locator("#answer [name=note]").fill("客户电话同意")
    li.locator("#answer").get_by_role("button", name="客户同意").click()
    expect(li.locator("#answer")).to_be_hidden()
    primary(li, "完成这一步")
    li.locator("#step [name=proof]").fill("退款流水 20260115001")
    li.locator("#step [data-main]").click()
    stands_at(li, "已解决待反馈")
    primary(li, "反馈结果")
    feedback = li.locator("#feedback")
    feedback.locator("[name=measures]").fill("更换压缩机供应商")
    feedback.locator("[name=result]").fill("已退款 2000 元")
    feedback.locator("[data-main]").click()
    stands_at(li, "待回访")

    # 回访: by the visitor, never by the handler.
    he = house.enter("he").open(path)
    primary(he, "登记回访")
    he.locator("#visit [name=result]").first.check()
    he.locator("#visit [name=words]").fill("满意")
    he.locator("#visit [data-main]").click()
    toasted(he, "回访")
    he.context.close()

    # 结案.
    chen = house.enter("chen").open(path)
    primary(chen, "结案")
    closing = chen.locator("#closing")
    closing.locator("[name=outcome]").select_option(index=1)
    for name in ("cause", "liability", "remedy"):
        assert closing.locator(f"[name={name}]").input_value() != ""
    closing.locator("[data-main]").click()
    stands_at(chen, "已结案")
    expect(chen.locator("#story")).to_contain_text("结案")

    # 小孙 of another team sees nothing of it.
    sun = house.enter("sun")
    assert sun.page.goto(house.url + path).status == 404
    sun.house.faults.clear()  # the 404 is in the console, as it should be
