"""Teams and time: a food poisoning through the green channel and three departments, and a bank's
complaint under its fifteen, thirty and sixty days."""

from __future__ import annotations

import re
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.browser.test_road import primary, stands_at, toasted

POISONED = (
    "孩子喝了你们城西店卖的酸奶上吐下泻，已经送急诊输液，医生说是食物中毒，还有一个同学也住院了！"
)
BANK = "你们银行员工推荐的理财说保本，现在亏了八万块，要求赔偿损失。"
# Five calls are shown; those of other tests are over.
NO_OTHER_RINGS = """
from huiyin.ground import moment
from huiyin.journey.routing.models import Ring
Ring.objects.filter(ended_at=None).update(ended_at=moment.now())
"""
PASS_THE_LIMIT = """
from datetime import timedelta
from huiyin.ground import moment
from huiyin.journey.clocks.actions import sweep
from huiyin.journey.clocks.models import Clock
late = moment.now() - timedelta(minutes=1)
Clock.objects.filter(subject="task:{task}", stopped_at=None).update(due_at=late)
sweep()
"""


def asked(page: Page, department: str, question: str) -> int:
    """A task sent from the complaint page; its number in the address."""
    page.locator("#panel-cooperation").get_by_role("button", name="下发协办任务").click()
    form = page.locator("#asking-form form")
    form.locator("[name=department]").evaluate(
        "(el, name) => { const one = [...el.options].find(o => o.text.includes(name));"
        " el.tomselect ? el.tomselect.setValue(one.value) : (el.value = one.value); }",
        department,
    )
    form.locator("[name=title]").fill(question)
    form.locator("[name=question]").fill(question)
    form.locator("[name=part]").select_option("co")
    form.locator("[name=amount]").fill("4")
    form.locator("[name=unit]").select_option("hours")
    form.locator("[data-main]").click()
    link = page.locator("#panel-cooperation a", has_text=question)
    expect(link).to_be_visible()
    found = re.search(r"/tasks/(\d+)/", link.get_attribute("href") or "")
    assert found is not None
    return int(found[1])


def said(page: Page, dialog: str, **fields: str) -> None:
    """Fill a dialog and press its main button."""
    form = page.locator(f"#{dialog} form")
    for name, value in fields.items():
        field = form.locator(f"[name={name}]").first
        if field.evaluate("el => el.tagName") == "SELECT":
            field.evaluate(
                "(el, text) => { const one = [...el.options].find(o => o.text.includes(text));"
                " el.tomselect ? el.tomselect.setValue(one.value) : (el.value = one.value);"
                " el.dispatchEvent(new Event('change', {bubbles: true})); }",
                value,
            )
        else:
            field.fill(value)
    form.locator("[data-main]").click()


def test_a_food_poisoning_is_handled_together(house):
    house.do(NO_OTHER_RINGS)
    number = house.complaint(POISONED)
    path = f"/complaints/{number}/"

    # 绿色通道: whoever is on duty is called on any page, and has it with one click.
    chen = house.enter("chen").open("/queue/")
    ring = chen.locator(".ring", has_text=number)
    ring.get_by_role("button", name="我来接办").click()
    chen = house.enter("chen").open(path)
    stands_at(chen, "处理中")
    expect(chen.locator("#header .sev")).to_contain_text("S1")

    # 协办: three departments, each with a clock of its own.
    qc = asked(chen, "品控部", "封存批次并送检")
    stock = asked(chen, "仓储部", "查冷链温度记录")
    shop = asked(chen, "城西店", "停售并留样，回忆当天情况")

    # One asks for more time and gets it, then answers with the report.
    jiang = house.enter("jiang").open(f"/desk/tasks/{qc}/")
    expect(jiang.locator("body")).not_to_contain_text("139")  # no contact of the customer
    jiang.get_by_role("button", name="签收").click()
    toasted(jiang, "签收")
    expect(jiang.get_by_role("button", name="签收")).to_have_count(
        0
    )  # what may be done is drawn anew
    jiang.get_by_role("button", name="申请延期").click()
    said(jiang, "more-time", amount="2", reason="实验室排队，要晚两小时")
    expect(jiang.locator("#head, .task").first).to_contain_text("申请延期")
    page = house.enter("chen").open(f"/desk/tasks/{qc}/")
    card = page.locator("section", has_text="延期申请")
    card.get_by_role("button", name="同意延期").click()
    toasted(page, "延期")
    jiang.reload()
    jiang.locator(".task__answer [name=text]").fill("批次 20261128 大肠菌群超标，已封存 40 箱。")
    jiang.locator(".task__answer [name=files]").set_input_files(
        {"name": "report.png", "mimeType": "image/png", "buffer": PNG}
    )
    jiang.locator(".task__answer [data-main]").click()
    toasted(jiang, "答复")

    # One returns it, once, and says whose it is.
    cang = house.enter("cang").open(f"/desk/tasks/{stock}/")
    cang.get_by_role("button", name="退回").click()
    said(cang, "returning", reason="冷链由城西店自己管", owner="城西店")
    toasted(cang, "退回")

    # One is late, and its lateness shows on the complaint.
    house.do(PASS_THE_LIMIT.format(task=shop))
    chen.reload()
    late = chen.locator(".asks__one", has_text="停售并留样")
    expect(late).to_contain_text("超时")

    # 争议: sent on to the shop, which denies it; the officer rules, and it stays.
    page = house.enter("chen").open(f"/desk/tasks/{stock}/")
    form = page.locator("form[hx-post$='/sending-on/']")
    form.locator("[name=department]").select_option(label="城西店")
    form.locator("[data-main]").click()
    toasted(page, "改派")
    dian = house.enter("dian").open(f"/desk/tasks/{stock}/")
    dian.get_by_role("button", name="提出争议").click()
    said(dian, "dispute", reason="冷链记录仪归仓储部保管")
    toasted(dian, "争议")
    du = house.enter("du").open(f"/desk/tasks/{stock}/")
    ruling = du.locator("form[hx-post$='/ruling/']")
    ruling.locator("[name=department]").select_option(index=0)
    ruling.locator("[name=words], [name=reason], [name=note]").first.fill(
        "设备在店内，由城西店提供"
    )
    ruling.locator("[data-main]").click()
    toasted(du, "裁定")
    dian.reload()
    expect(dian.get_by_role("button", name="退回")).to_have_count(0)  # after a ruling, never again

    # 督办: the officer's alone to lift.
    du.goto(house.url + path)
    du.locator("#panel-supervision").get_by_role("button", name="督办", exact=True).click()
    said(du, "supervision", reason="群体性食物中毒，门店超时未答复")
    expect(du.locator("#header")).to_contain_text("督办")
    chen.reload()
    panel = chen.locator("#panel-supervision")
    panel.get_by_role("button", name="报送措施").click()
    panel.locator("dialog [name=text]").fill("全市停售该批次，陪同就医，今晚出检测结果。")
    panel.locator("dialog[open] [data-main]").click()
    toasted(chen, "报送")
    expect(panel.get_by_role("button", name="解除督办")).to_have_count(0)

    # 挂起: never an S1.
    expect(chen.locator("#panel-clocks").get_by_role("button", name="申请挂起")).to_have_count(0)
    day = (date.today() + timedelta(days=1)).isoformat()
    answer = chen.evaluate(
        "([url, day]) => fetch(url, {method: 'POST', headers: {'X-CSRFToken':"
        " document.querySelector('meta[name=csrf-token]').content},"
        " body: new URLSearchParams({reason_code: 'agreed', note: '等检测结果', wake_on: day})})"
        ".then(async a => [a.status, await a.text()])",
        [f"{house.url}{path}suspensions/", day],
    )
    assert answer[0] in (403, 409, 422), answer
    house.faults.clear()  # the refusal is in the console, as it should be

    # 核实: shares of liability, and why.
    primary(chen, "填写核实结论")
    finding = chen.locator("#finding")
    finding.locator("[name=facts]").fill("批次超标属实；门店冷柜断电四小时。")
    finding.locator("[name=cause]").select_option(index=1)
    shares = finding.locator("[data-share]")
    shares.nth(0).fill("60")
    shares.nth(1).fill("40")
    finding.locator("[name=whys]").first.fill("冷柜断电无人发现")
    finding.locator("[data-main]").click()
    toasted(chen, "已保存核实结论")
    expect(chen.locator("#panel-investigation")).to_contain_text("60")

    # An open task keeps the complaint open; 小孙 of another team sees nothing of it.
    sun = house.enter("sun")
    assert sun.page.goto(house.url + path).status == 404
    assert sun.page.goto(f"{house.url}/desk/tasks/{qc}/").status == 404
    house.faults.clear()


def test_who_sends_a_task_before_the_people_of_the_department_are_there_sends_it_whole(house):
    number = house.complaint("冰箱到货就是凹的，要求换一台。")
    chen = house.enter("gao").open(f"/complaints/{number}/")
    waiting: list[object] = []
    chen.route("**/tasks/people/**", lambda one: waiting.append(one))  # answered by nobody
    assert asked(chen, "品控部", "查出库照片")
    assert waiting


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


# A bank lives by the law's limit: its own product limits are longer, and the law is switched on.
BANK_HOUSE = """
from huiyin.journey.clocks.models import Policy, Term
Policy.objects.filter(code="CN-BANK-INS").update(enabled=True)
for term in Term.objects.filter(kind="resolution", policy__code__startswith="SLA-"):
    print(term.pk, term.amount, term.unit)
    term.amount, term.unit = 300, "days"
    term.save()
"""
AS_BEFORE = """
from huiyin.journey.clocks.models import Policy, Term
Policy.objects.filter(code="CN-BANK-INS").update(enabled=False)
for line in '''{kept}'''.split("\\n"):
    if line.count(" ") == 2 and line.split()[0].isdigit():
        pk, amount, unit = line.split()
        Term.objects.filter(pk=pk).update(amount=amount, unit=unit)
"""


def days_left(house, number: str) -> int:
    """How many days after the day of receipt the resolution is due."""
    clocks = house.call("GET", f"/api/v1/complaints/{number}/clocks")
    one = next(c for c in clocks if c["kind"] == "resolution")
    assert one["policy"] == "CN-BANK-INS"
    due, received = (date.fromisoformat(one[name][:10]) for name in ("due_at", "started_at"))
    return (due - received).days


def test_a_bank_complaint_has_fifteen_then_thirty_then_sixty_days(house):
    kept = house.do(BANK_HOUSE)
    try:
        walk_of_a_bank(house)
    finally:
        house.do(AS_BEFORE.format(kept=kept))


def walk_of_a_bank(house) -> None:
    number = house.complaint(BANK)
    path = f"/complaints/{number}/"
    gao = house.enter("gao").open(path)
    gao.locator("#panel-clocks").get_by_role("button", name="附加时限依据").click()
    form = gao.locator("#attachment form")
    form.locator("[name=policy]").select_option("CN-BANK-INS")
    form.locator("[data-main]").click()
    toasted(gao, "已附加")
    fifteen = days_left(house, number)
    assert fifteen >= 15

    for step, words in ((15, "情况复杂，需调取双录录音"), (30, "经上级机构批准再延长")):
        before = days_left(house, number)
        gao = house.enter("gao").open(path)
        gao.locator("#panel-clocks").get_by_role("button", name="申请延期").click()
        form = gao.locator("#extension-asked form")
        form.locator("[name=amount]").fill(str(step + 1))
        form.locator("[name=reason]").fill(words)
        form.locator("[data-main]").click()
        expect(form).to_contain_text(f"1 到 {step} 之间")  # no more than the law's step
        form.locator("[name=amount]").fill(str(step))
        form.locator("[data-main]").click()
        toasted(gao, "已提交延期申请")
        house.faults.clear()  # the refusal is in the console, as it should be
        fang = house.enter("fang").open("/inbox/")
        ask = fang.locator(".ask", has_text=number)
        ask.locator("summary").click()
        ask.get_by_role("button", name="同意延期").click()
        expect(fang.get_by_role("button", name="同意延期")).to_have_count(0)
        assert days_left(house, number) - before in range(step - 3, step + 4)

    gao = house.enter("gao").open(path)
    expect(gao.locator("#panel-clocks")).to_contain_text("银行保险")
    expect(gao.locator("#panel-clocks").get_by_role("button", name="申请延期")).to_have_count(0)
    expect(gao.locator("#story")).to_contain_text("经上级机构批准再延长")  # the customer was told
