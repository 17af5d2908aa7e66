"""A complaint by mail: its original does nothing; the answer is taken back once, then arrives."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.test_road import toasted
from tests.mail.servers import Keeper, smtp_server

HOSTILE = (
    "<script>document.title='hit'</script><img src=x onerror=\"document.title='hit'\">",
    "<svg onload=\"top.document.title='hit'\"></svg><style>@import 'https://evil.example/a'</style>",
    '<img src="https://evil.example/p.gif"><div style="background:url(https://evil.example/b)">x</div>',
    '<iframe src="https://evil.example/"></iframe><form action="https://evil.example/"></form>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/"><base href="//evil.example">',
    '<link rel="prefetch" href="https://evil.example/"><video src="https://evil.example/v"></video>',
    '<a href="javascript:document.title=1" id="js">点我</a>',
    '<div style="position:fixed;inset:0;background:red">盖住</div>',
    "<p>完</p>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=\"document.title='hit'\">",
)
ARRIVES = """
from email.message import EmailMessage
from huiyin.ground import moment
from huiyin.journey.channels.mail.actions import arrive
from huiyin.journey.channels.mail.models import Mail, Mailbox
box = Mailbox.objects.create(address="service@example.com", name="云朵客服", is_default=True,
    smtp_host="127.0.0.1", smtp_port={port}, smtp_security="none")
made = EmailMessage()
made["From"], made["To"] = "赵敏 <zhao@customer.example>", "service@example.com"
made["Subject"], made["Message-ID"] = "电饭煲坏了", "<browser@customer.example>"
made.set_content("电饭煲买了三天就不加热，客服没有人理，要求退货退款。")
made.add_alternative({html!r}, subtype="html")
raw = made.as_bytes()
now = moment.now()
mail = Mail.objects.create(mailbox=box, source="imap", raw=raw, size=len(raw), sha256="",
    received_at=now, next_try_at=now, tries=1)
arrive(mail)
mail.refresh_from_db()
print(mail.complaint.number if mail.complaint else mail.reason)
"""
TEN_SECONDS_LATER = """
from huiyin.ground import moment
from huiyin.journey.conversation.actions import send_due_letters
from huiyin.journey.conversation.models import Letter
Letter.objects.filter(pending=True).update(next_try_at=moment.now())
send_due_letters()
"""


def test_a_complaint_by_mail_is_answered_by_mail(house):
    keeper = Keeper()
    with smtp_server(keeper) as port:
        html = f"<p>电饭煲<b>不加热</b></p>{''.join(HOSTILE)}"
        number = house.do(ARRIVES.format(port=port, html=html)).split()[-1]
        page = house.enter("gao").open(f"/complaints/{number}/")
        title = page.title()

        # 原邮件：只是样子，什么也不做。
        page.get_by_role("button", name="查看原邮件").first.click()
        frame = page.frame_locator("#mail-original iframe")
        expect(frame.get_by_text("不加热")).to_be_visible()
        expect(frame.get_by_text("完", exact=True)).to_be_visible()
        assert frame.locator("script, iframe, form, svg, style ~ style, [onerror]").count() == 0
        assert not frame.locator("#js").count()
        page.mouse.move(400, 400)
        assert page.title() == title
        page.keyboard.press("Escape")

        # 回复：先撤回一次，话回到输入框，再发。
        box = page.locator("#text-outbound")
        expect(page.locator("[data-way-told]")).to_contain_text("z***@customer.example")
        box.fill("您好，您的来信收到了，我们正在核实。")
        page.locator("#write-outbound [data-main]").click()
        toasted(page, "10 秒后发出")
        expect(box).to_have_value("")
        page.locator(".toast-line", has_text="10 秒").get_by_role("button", name="撤回").click()
        toasted(page, "已撤回")
        expect(box).to_have_value("您好，您的来信收到了，我们正在核实。")
        expect(page.locator("#story .is-undone")).to_contain_text("已撤回")
        page.locator("#write-outbound [data-main]").click()
        toasted(page, "10 秒后发出")
        house.do(TEN_SECONDS_LATER)
        page.reload()
        expect(page.locator("#story .delivery").last).to_contain_text("对方服务器已接收")

        # 定时：看得见，可以改成现在。
        box.fill("您的来信已经转给质检同事。")
        page.locator("[data-later] summary").click()
        page.locator(".later__presets [data-planned]").first.click()
        expect(page.locator("[data-later-told]")).to_contain_text("-")
        page.locator("#write-outbound [data-main]").click()
        told = page.locator("#story .delivery").last
        expect(told).to_contain_text("定在")
        told.get_by_role("button", name="撤回").click()
        expect(page.locator("#story .is-undone")).to_have_count(2)
        house.do(TEN_SECONDS_LATER)

    assert len(keeper.mails) == 1
    _sender, recipients, mail, _raw = keeper.mails[0]
    assert recipients == ["zhao@customer.example"]
    assert mail["In-Reply-To"] == "<browser@customer.example>"
    assert "正在核实" in mail.get_body(("plain",)).get_content()
