"""An agent's day at the desk: keys, drafts, news without reload, selections, files."""

from __future__ import annotations

import re

from playwright.sync_api import expect

NOTE = {"kind": "note", "text": "师傅改到今天下午"}
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f"
    b"\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


def test_what_one_writes_the_other_sees_without_reload(house):
    number = house.complaint("洗衣机漏水，三天没人联系我。")
    gao = house.enter("gao").open(f"/complaints/{number}/")
    zhou = house.enter("zhou").open(f"/complaints/{number}/")
    queue = house.enter("gao").open("/queue/?view=open")
    queue.wait_for_timeout(600)  # the streams are open
    expect(zhou.locator("[data-here]")).to_have_text("高远 也在看")

    zhou.keyboard.press("n")
    zhou.keyboard.type("已联系物流仓")
    zhou.keyboard.press("Control+Enter")
    expect(zhou.locator(".story__said--note")).to_contain_text("已联系物流仓")
    expect(gao.locator(".story__said--note")).to_contain_text("已联系物流仓")

    fresh = house.complaint("新来的一件：快递丢了。")
    expect(queue.locator(f"[data-number='{fresh}']")).to_have_class(re.compile("glow"))


def test_the_queue_is_walked_with_the_keyboard_alone(house):
    numbers = [house.complaint(f"键盘测试 {i}：账单多收了 58 元。") for i in range(3)]
    page = house.enter("zhou").open("/queue/?view=all")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".is-at")).to_have_attribute("data-number", numbers[1])
    page.keyboard.press("k")
    expect(page.locator(".is-at")).to_have_attribute("data-number", numbers[2])
    page.keyboard.press("x")
    expect(page.locator("[data-picked]")).to_have_text("1")
    page.keyboard.press("e")
    expect(page.locator("#bulk-team")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator(".is-at a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/complaints/{numbers[2]}/")

    page.keyboard.press("g")
    page.keyboard.press("q")
    page.wait_for_url("**/queue/**")
    page.keyboard.press("/")
    page.keyboard.type(numbers[0])
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type("受理")
    page.keyboard.press("Enter")
    page.wait_for_url("**/registration/")


def test_a_dialog_keeps_the_focus_and_gives_it_back(house):
    page = house.enter("zhou").open("/queue/?view=all")
    opener = page.get_by_role("button", name="筛选")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#filter")).to_be_visible()
    inside = (
        "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
    )
    for _ in range(20):
        page.keyboard.press("Tab")
        assert page.evaluate(inside)
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_a_selection_is_dispatched_and_each_refusal_named(house):
    sound = house.complaint("批量一：冰箱维修三次没修好。")
    ended = house.complaint("批量二：重复登记的一件。")
    page = house.enter("gao").open(f"/complaints/{ended}/")
    page.locator("#panel-closure").get_by_role("button", name="作废").click()
    page.locator("#cancellation [name=reason]").fill("重复登记")
    page.locator("#cancellation [data-main]").click()
    expect(page.locator("#header .chip--state")).to_have_text("已作废")

    page = house.enter("gao").open("/queue/?view=all&q=批量")
    page.locator("[data-pick-all]").check()
    page.locator("#bulk-team").select_option(label="售后组")
    page.locator("[data-bulk] [data-main]").click()
    results = page.locator("[data-results] li")
    expect(results).to_have_count(2)
    expect(results.first).to_contain_text(ended)
    expect(results.last).to_contain_text(sound)
    expect(results.last).to_contain_text("已派给")


def test_reply_and_note_keep_their_own_words_and_both_survive_a_reload(house):
    number = house.complaint("耳机左边没声音，想换一副。")
    zhou = house.enter("zhou")
    page = zhou.open(f"/complaints/{number}/")
    page.keyboard.press("r")
    page.keyboard.type("您好，正在核实。")
    page.locator("[data-kind-set=note]").click()
    expect(page.locator("#text-note")).to_have_value("")
    page.keyboard.type("疑似同批次")
    page.reload()
    expect(page.locator("#text-outbound")).to_have_value("您好，正在核实。")
    expect(page.locator("#text-note")).to_have_value("疑似同批次")
    page.locator("[data-kind-set=note]").click()
    page.get_by_role("button", name="写入备注").click()
    expect(page.locator(".story__said--note")).to_contain_text("疑似同批次")
    expect(page.locator("#text-note")).to_have_value("")
    expect(page.locator("#text-outbound")).to_have_value("您好，正在核实。")
    expect(page.locator(".story__said--outbound")).to_have_count(0)


def test_what_happens_while_a_page_opens_is_seen_and_asked_for_in_two_requests(house):
    number = house.complaint("空调不制冷，等了一周。")
    path = f"/complaints/{number}/"
    gao = house.enter("gao")
    asked: list[str] = []
    gao.page.on("request", lambda one: asked.append(one.url.removeprefix(house.url)))
    gao.page.route("**/live/**", lambda one: one.fulfill(status=204))  # no stream tells of it
    done: list[bool] = []

    def look(route) -> None:
        """Between the page and its first look something is written elsewhere."""
        if not done:
            done.append(True)
            house.call("POST", f"/api/v1/complaints/{number}/messages", NOTE)
        route.continue_()

    gao.page.route(f"**{path}look/", look)
    page = gao.open(path)
    expect(page.locator(".story__said--note")).to_contain_text("师傅改到今天下午")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)  # and nothing is asked again
    again = [one.partition("?")[0] for one in asked if "/anew/" in one or "/panels/" in one]
    assert sorted(again) == [f"{path}anew/late/", f"{path}anew/prompt/", f"{path}panels/"]
    house.faults.clear()  # a stream that answers nothing stands in the console


def test_a_refused_reply_stays_in_the_box(house):
    number = house.complaint("没有邮箱的客户，要求道歉。")
    page = house.enter("zhou").open(f"/complaints/{number}/")
    page.keyboard.press("r")
    page.keyboard.type("发到邮箱里")
    # As on a page that stands since before the address was taken away.
    page.locator("#channel-outbound option[value=email]").evaluate("el => { el.disabled = false; }")
    page.locator("#channel-outbound").select_option("email")
    page.get_by_role("button", name="发送给客户").click()
    expect(page.locator(".toast-line--bad")).to_contain_text("没有留下邮箱")
    expect(page.locator("#text-outbound")).to_have_value("发到邮箱里")
    expect(page.get_by_role("button", name="发送给客户")).to_be_enabled()
    house.faults.clear()  # the 409 stands in the console


def test_a_registration_survives_a_closed_browser(house):
    zhou = house.enter("zhou")
    page = zhou.open("/registration/")
    page.get_by_label("联系电话").fill("139 7777 0001")
    page.locator("[name=text]").fill("写到一半浏览器关了：电视花屏。")
    expect(page.locator(".reg__saved")).to_contain_text("已存")
    page.context.close()

    page = house.enter("zhou").open("/registration/")
    page.locator(".reg__drafts summary").click()
    page.get_by_role("link", name=re.compile("写到一半浏览器关了")).click()
    expect(page.locator("[name=text]")).to_have_value("写到一半浏览器关了：电视花屏。")
    expect(page.get_by_label("联系电话")).to_have_value("139 7777 0001")


def test_the_category_brings_its_questions_and_the_side_its_knowledge(house):
    page = house.enter("zhou").open("/registration/")
    page.locator("[name=text]").fill("电饭煲漏电，孩子手被电到了，我要打12315！")
    expect(page.locator("[data-slot=triage] .sev")).to_have_text("S1 紧急")
    expect(page.locator("[data-slot=first]")).to_contain_text("先做这些")
    expect(page.locator("[data-slot=limits]")).to_contain_text("首次响应")
    expect(page.locator("[data-slot=fields]")).to_contain_text("伤情")
    expect(page.locator("[data-slot=marks] mark.ev-safety").first).to_be_attached()


def test_files_go_up_with_their_picture_and_stay_inside(house):
    number = house.complaint("杯子碎了，有照片。")
    page = house.enter("zhou").open(f"/complaints/{number}/")
    page.keyboard.press("n")
    page.locator("#write-note [type=file]").set_input_files(
        {"name": "碎片.png", "mimeType": "image/png", "buffer": PNG}
    )
    expect(page.locator("#write-note [data-files-shown] li")).to_contain_text("碎片.png")
    page.locator("#text-note").fill("客户发来的照片")
    page.keyboard.press("Control+Enter")
    page.locator("[data-picture]").click()
    shown = page.locator("#picture img")
    expect(shown).to_be_visible()
    assert shown.evaluate("img => img.decode().then(() => img.naturalWidth)") == 1
    page.keyboard.press("Escape")
    page.locator("[data-story=evidence]").click()
    expect(page.locator("#story > :visible")).to_have_count(1)


def test_conditions_are_kept_as_a_view_renamed_and_deleted(house):
    page = house.enter("zhou").open("/queue/?view=open&severity=1")
    expect(page.locator(".queue__bar span.chip")).to_have_text("级别是 S1 紧急")
    page.get_by_role("button", name="存为视图").click()
    page.locator("#own-new [name=title]").fill("我的急件")
    page.get_by_role("button", name="保存视图").click()
    expect(page.locator(".views__own.is-active")).to_contain_text("我的急件")
    page.locator(".views__edit").click()
    page.get_by_label("视图名称").last.fill("急件")
    page.get_by_role("button", name="保存修改", exact=True).click()
    expect(page.locator(".views__own.is-active")).to_contain_text("急件")
    page.locator(".views__edit").click()
    page.get_by_role("button", name="删除视图", exact=True).click()
    expect(page.locator(".views__own")).to_have_count(0)


def test_on_a_phone_the_story_comes_first_and_every_act_is_reachable(house):
    number = house.complaint("手机上也要能办：空调不制冷。")
    page = house.enter("gao", has_touch=True).page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{house.url}/complaints/{number}/")
    expect(page.locator("#story")).to_be_visible()
    expect(page.locator("#pane-panels")).to_be_hidden()
    page.locator("#header").get_by_role("button", name="升级").tap()
    expect(page.locator("#escalation")).to_be_visible()


def test_news_does_not_disturb_who_is_choosing_rows_but_is_told(house):
    first = house.complaint("选择不被打断：运费多收了。")
    page = house.enter("zhou").open("/queue/?view=all")
    page.locator(f"[data-number='{first}'] [data-pick]").check()
    page.wait_for_timeout(600)  # the stream is open
    second = house.complaint("选择时来的新件：发票开错了。")
    expect(page.locator("[data-stale]")).to_be_visible()
    expect(page.locator(f"[data-number='{first}'] [data-pick]")).to_be_checked()
    page.locator("[data-stale]").click()
    expect(page.locator(f"[data-number='{second}']")).to_be_visible()
