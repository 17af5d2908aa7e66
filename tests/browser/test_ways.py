"""One composer for every way: what a way does not take is said at once and nothing chosen is lost;
what is said on the customer's own page can be taken back too."""

from __future__ import annotations

from playwright.sync_api import expect

from huiyin.surface.demo.files import png
from tests.browser.test_road import toasted

PICTURE = png(3)

BY_TEXT = """
from huiyin.journey.channels.hooks.models import Hook
Hook.objects.create(code="gate", name="短信网关", connector="sms_files", options={"sign": "云朵"})
"""
NO_MORE = """
from huiyin.journey.channels.hooks.models import Hook
Hook.objects.filter(code="gate").delete()
"""
ON_HIS_PAGE = """
from huiyin.journey.complaint.models import Complaint
from huiyin.surface.portal.story import messages
print(*[one.name for one in messages(Complaint.objects.get(number={number!r}))[-1]["files"]])
"""
SAID_NOW = """
from huiyin.ground import moment
from huiyin.journey.conversation.actions import send_due_letters
from huiyin.journey.conversation.models import Letter
Letter.objects.filter(pending=True).update(next_try_at=moment.now())
send_due_letters("portal")
"""

BY_WECHAT = """
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.social.actions import Said, hear
hook = Hook.objects.create(
    code="gzh", name="公众号", connector="wechat", options={"base_url": "https://127.0.0.1:9"}
)
print(hear(hook, Said("b-1", author="oB", text="电饭煲坏了", name="沐沐")).complaint.number)
"""


def test_files_by_the_official_account(house):
    """What goes is said before it is sent; what does not says what to do, and nothing is lost."""
    number = house.do(BY_WECHAT).split()[-1]
    page = house.enter("gao").open(f"/complaints/{number}/")
    form, told = page.locator("#write-outbound"), page.locator("[data-unfit]")
    page.locator("[data-way]").select_option("social")
    expect(form.locator("[data-takes-line]")).to_have_text(
        "图片（jpg/jpeg/png/gif）每个 10 MB 以内，最多 4 个，文字和每个附件各算一条"
    )
    form.locator("textarea").fill("请看图")
    files = form.locator("input[type=file]")

    def choose(*named: tuple[str, bytes]) -> None:
        files.set_input_files(
            [{"name": name, "mimeType": "image/png", "buffer": data} for name, data in named]
        )

    choose(("合同.pdf", b"%PDF-1.4"))
    expect(told).to_have_text(
        "“合同.pdf”不能这样发：社交媒体只收图片（jpg/jpeg/png/gif），请改用邮件，或用网页门户让客户自己下载"
    )
    form.locator("[data-main]").click()
    page.wait_for_timeout(300)
    expect(form.locator("textarea")).to_have_value("请看图")
    expect(form.locator("[data-files-shown] li")).to_have_count(1)
    choose(*((f"{n}.png", b"x") for n in range(5)))
    expect(told).to_have_text("社交媒体这次最多带 4 个附件，现在是 5 个，请去掉几个或换一种方式")
    choose(("大图.PNG", b"x" * (11 << 20)))
    expect(told).to_contain_text("“大图.PNG”有 11 MB，社交媒体每个最多 10 MB")
    page.locator("[data-way]").select_option("portal")
    expect(told).to_be_hidden()
    expect(form.locator("[data-takes-line]")).to_be_hidden()
    page.locator("[data-way]").select_option("social")
    expect(told).to_be_visible()
    choose(("图.png", PICTURE))
    expect(told).to_be_hidden()
    form.locator("[data-main]").click()
    toasted(page, "10 秒后发出")
    page.locator(".toast-line", has_text="10 秒").get_by_role("button", name="撤回").click()
    expect(form.get_by_role("checkbox", name="图.png")).to_be_checked()
    expect(told).to_be_hidden()


def test_files_and_the_chosen_way(house):
    house.do(BY_TEXT)
    try:
        number = house.complaint("电饭煲不加热，要求换货")
        page = house.enter("gao").open(f"/complaints/{number}/")
        way, form = page.locator("[data-way]"), page.locator("#write-outbound")
        for _ in range(40):  # what is set up is known everywhere after some seconds
            if page.locator("[data-way] option[value=sms][data-carried]").count():
                break
            page.wait_for_timeout(500)
            page.reload()
        box, told = form.locator("textarea"), form.locator("[data-unfit]")
        files, button = form.locator("input[type=file]"), form.locator("[data-files-only]")

        way.select_option("portal")
        expect(button).to_be_visible()
        box.fill("请看照片")
        files.set_input_files(
            [
                {"name": "照片.txt", "mimeType": "text/plain", "buffer": b"a"},
                {"name": "发票.txt", "mimeType": "text/plain", "buffer": b"b"},
            ]
        )
        expect(told).to_be_hidden()
        way.select_option("sms")
        expect(told).to_have_text("短信不能带附件，请去掉附件或换一种方式")
        expect(form.locator("[data-files-shown] li")).to_have_count(2)  # nothing is lost
        expect(box).to_have_value("请看照片")
        form.locator("[data-main]").click()
        page.wait_for_timeout(500)
        assert house.call("GET", f"/api/v1/complaints/{number}/messages")[-1]["kind"] == "inbound"
        form.get_by_role("button", name="去掉 照片.txt").click()
        expect(told).to_be_visible()
        form.get_by_role("button", name="去掉 发票.txt").click()
        expect(told).to_be_hidden()
        expect(button).to_be_hidden()  # a text message takes none
        way.select_option("portal")
        expect(button).to_be_visible()

        # 查询页：同样可以撤回，也可以定时。
        files.set_input_files([{"name": "照片.txt", "mimeType": "text/plain", "buffer": b"a"}])
        form.locator("[data-main]").click()
        toasted(page, "10 秒后发出")
        page.locator(".toast-line", has_text="10 秒").get_by_role("button", name="撤回").click()
        toasted(page, "已撤回")
        expect(box).to_have_value("请看照片")
        expect(form.get_by_role("checkbox", name="照片.txt")).to_be_checked()  # its file too
        expect(way).to_have_value("portal")  # it would go the same way again
        expect(form.locator("[data-later]")).to_be_visible()
        form.locator("[data-main]").click()
        toasted(page, "10 秒后发出")
        house.do(SAID_NOW)
        page.reload()
        expect(form.get_by_role("checkbox", name="照片.txt")).to_have_count(0)
        expect(page.locator("#story .delivery").last).to_contain_text("查询页已可见")
        opened = house.do(ON_HIS_PAGE.format(number=number))
        assert opened.split() == ["照片.txt"]
    finally:
        house.do(NO_MORE)


def test_an_answer_that_got_lost_says_nothing_twice(house):
    """The server wrote it down, the network ate the answer; whoever wrote it presses again."""
    number = house.complaint("电饭煲不加热，没人回复")
    page = house.enter("gao").open(f"/complaints/{number}/")
    form = page.locator("#write-outbound")
    page.locator("[data-way]").select_option("portal")
    form.locator("textarea").fill("您好，我们正在核实")

    def written_and_lost(route):
        route.fetch()
        route.abort()

    def said() -> list[str]:
        rows = house.call("GET", f"/api/v1/complaints/{number}/messages")
        return [one["text"] for one in rows if one["kind"] == "outbound"]

    page.route("**/messages/", written_and_lost)
    form.locator("[data-main]").click()
    expect(page.locator(".toast-line.bad, .toast-line", has_text="网络").first).to_be_visible()
    page.unroute("**/messages/")
    assert said() == ["您好，我们正在核实"]
    expect(form.locator("textarea")).to_have_value("您好，我们正在核实")  # nothing he wrote is lost
    form.locator("[data-main]").click()
    toasted(page, "10 秒后发出")
    expect(form.locator("textarea")).to_have_value("")
    assert said() == ["您好，我们正在核实"]
    form.locator("textarea").fill("您好，我们正在核实")  # the same on purpose
    form.locator("[data-main]").click()
    expect(form.locator("textarea")).to_have_value("")
    assert said() == ["您好，我们正在核实"] * 2
    lost = ("ERR_FAILED", "htmx:sendError")  # told by the browser, as it should
    house.faults[:] = [one for one in house.faults if not any(word in one for word in lost)]


def test_it_says_nothing_twice_when_the_page_was_loaded_anew(house):
    """The answer was lost and he reloads: his draft comes back, and with it the key of that."""
    number = house.complaint("电饭煲不加热，刷新后又发")
    page = house.enter("gao").open(f"/complaints/{number}/")

    def rows(kind: str) -> list[str]:
        found = house.call("GET", f"/api/v1/complaints/{number}/messages")
        return [one["text"] for one in found if one["kind"] == kind]

    def lose_the_answer_to(kind: str, words: str) -> None:
        page.locator(f"#tab-{kind}").click()
        page.locator(f"#write-{kind} textarea").fill(words)

        def written_and_lost(route):
            route.fetch()
            route.abort()

        page.route("**/messages/", written_and_lost)
        page.locator(f"#write-{kind} [data-main]").click()
        expect(page.locator(".toast-line", has_text="网络").first).to_be_visible()
        page.unroute("**/messages/")

    def send_again(kind: str, words: str) -> None:
        form = page.locator(f"#write-{kind}")
        expect(form).to_be_visible()
        expect(form.locator("textarea")).to_have_value(words)
        form.locator("[data-main]").click()
        expect(form.locator("textarea")).to_have_value("")

    page.locator("[data-way]").select_option("portal")
    lose_the_answer_to("outbound", "您好，已为您换货")
    page.reload()
    page.locator("[data-way]").select_option("portal")
    send_again("outbound", "您好，已为您换货")
    assert rows("outbound") == ["您好，已为您换货"]
    lose_the_answer_to("note", "已联系仓库")
    page = page.context.new_page()  # in another tab the draft is there, too
    page.goto(f"{house.url}/complaints/{number}/")
    send_again("note", "已联系仓库")
    assert rows("note") == ["已联系仓库"]
    page.locator("#write-note textarea").fill("已联系仓库")  # the same on purpose
    page.locator("#write-note [data-main]").click()
    expect(page.locator("#write-note textarea")).to_have_value("")
    assert rows("note") == ["已联系仓库"] * 2
    lost = ("ERR_FAILED", "htmx:sendError")
    house.faults[:] = [one for one in house.faults if not any(word in one for word in lost)]


def test_what_was_changed_after_a_reload_is_told_not_said_beside_it(house):
    """What he sends now is not what was written: he is told to look, and decides."""
    number = house.complaint("电饭煲不加热，刷新后改了")
    page = house.enter("gao").open(f"/complaints/{number}/")
    page.locator("#tab-note").click()
    box, send = page.locator("#write-note textarea"), page.locator("#write-note [data-main]")
    box.fill("仓库有货")

    def written_and_lost(route):
        route.fetch()
        route.abort()

    page.route("**/messages/", written_and_lost)
    send.click()
    expect(page.locator(".toast-line", has_text="网络").first).to_be_visible()
    page.unroute("**/messages/")
    page.reload()
    expect(box).to_have_value("仓库有货")
    box.fill("仓库没有货")
    send.click()
    expect(page.locator(".toast-line", has_text="其实已经写下了").first).to_be_visible()
    expect(box).to_have_value("仓库没有货")  # nothing is lost
    send.click()
    expect(box).to_have_value("")
    found = house.call("GET", f"/api/v1/complaints/{number}/messages")
    assert [one["text"] for one in found if one["kind"] == "note"] == ["仓库有货", "仓库没有货"]
    lost = ("ERR_FAILED", "htmx:sendError", "409")
    house.faults[:] = [one for one in house.faults if not any(word in one for word in lost)]
