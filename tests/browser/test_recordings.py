"""A recording on its page: drawn, sought, walked through, quoted, written down as it is typed."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.test_road import toasted

BRINGS = """
from django.core.files.uploadedfile import SimpleUploadedFile
from huiyin.ground.people.models import User
from huiyin.journey.channels.recordings import actions
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.actions import add_evidence
from tests.recordings import sounds
from huiyin.journey.intake.actions import register
from huiyin.ground.customers.actions import Contact
zhou = User.objects.get(username="zhou")
complaint = register(by=zhou, contact=Contact(name="王芳", phone="13800138000"),
    text="上周买的电饭煲不加热，打电话一直没有人回。", channel="phone")
upload = SimpleUploadedFile("来电.wav", sounds.call(), "audio/wav")
evidence = add_evidence(complaint, by=zhou, upload=upload)
actions.analyse(actions.recording_of(evidence))
print(complaint.number, evidence.uuid)
"""
DRAWN = """(wave) => {
  const data = wave.getContext("2d").getImageData(0, 0, wave.width, wave.height).data;
  const seen = new Set();
  for (let at = 0; at < data.length; at += 4)
    if (data[at + 3] > 200) seen.add(data.slice(at, at + 3).join());
  return seen.size;
}"""
NOW = "() => document.querySelector('[data-sound]').currentTime"


def test_a_recording_is_drawn_sought_quoted_and_written_down(house):
    number, uuid = house.do(BRINGS).split()[-2:]
    page = house.enter("gao").open(f"/recordings/{uuid}/")
    player = page.locator("[data-player][data-ready]")
    expect(player).to_be_visible()
    wave = player.locator("[data-wave]")
    assert wave.evaluate(DRAWN) >= 4  # both sides, the hold, where both speak

    # A click goes there; the arrows five seconds on and back.
    box = wave.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 40)
    page.wait_for_function("() => document.querySelector('[data-sound]').currentTime > 30")
    assert abs(page.evaluate(NOW) - 35) < 1
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('[data-sound]').currentTime > 39")
    page.keyboard.press("ArrowUp")
    expect(player.locator("[data-speed]")).to_have_value("1.25")

    # A figure walks through its places and plays them.
    page.get_by_role("button", name="打断").click()
    expect(page.locator("[data-told]")).to_contain_text("第 1 处，共 1 处 · 00:2")
    page.wait_for_function("() => !document.querySelector('[data-sound]').paused")
    page.locator("[data-play]").click()

    # A drag selects; it is quoted and stands in the story with the way back.
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 60, steps=6)
    page.mouse.up()
    expect(page.locator("[data-span]")).to_contain_text("00:14–00:2")
    span = page.locator("[data-span]").inner_text()
    page.get_by_label("这一段说明了什么").fill("客户说没有人回电")
    page.get_by_role("button", name="写进备注").click()
    toasted(page, "已写进内部备注")
    expect(page.locator(".quotes")).to_contain_text("客户说没有人回电")

    # The transcript is kept while it is typed, and plays the line that is clicked.
    page.get_by_role("button", name="加一行").click()
    page.keyboard.type("我打了三次电话")
    expect(page.locator(".rec [data-saved]")).to_have_text("已保存")
    page.get_by_label("在文字稿里找").fill("三次")
    expect(page.locator("[data-found]")).to_have_text("找到 1 行")
    page.reload()
    expect(page.locator("[data-line-text]")).to_have_value("我打了三次电话")
    page.locator("[data-line-at]").click()
    page.wait_for_function("() => !document.querySelector('[data-sound]').paused")

    # The way back from the complaint goes to the very place.
    story = house.enter("gao").open(f"/complaints/{number}/")
    story.get_by_role("link", name=f"听 {span}").click()
    story.wait_for_selector("[data-player][data-ready]")
    story.wait_for_function(
        "() => Math.abs(document.querySelector('[data-sound]').currentTime - 14) < 1"
    )
    expect(story.locator("[data-span]")).to_have_text(span)


def test_on_a_telephone_nothing_scrolls_sideways(house):
    uuid = house.do(BRINGS).split()[-1]
    page = house.enter("gao").open(f"/recordings/{uuid}/")
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_selector("[data-player][data-ready]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(page.url.partition("/recordings/")[0] + "/recordings/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


WRITES = """
from huiyin.ground.people.models import User
from huiyin.journey.channels.recordings import actions
from huiyin.journey.channels.recordings.models import Recording
recording = Recording.objects.get(evidence__uuid="{uuid}")
lines = [{{"begin": 1, "end": 3, "speaker": "customer", "text": "别人写的话"}}]
actions.write(recording, by=User.objects.get(username="zhou"), lines=lines, token="0")
"""


def test_what_was_not_kept_overwrites_nobody(house):
    """Somebody else has written meanwhile: whoever comes back with words of his own is asked."""
    uuid = house.do(BRINGS).split()[-1]
    page = house.enter("gao").open(f"/recordings/{uuid}/")
    page.on("dialog", lambda one: one.accept())
    page.wait_for_selector("[data-player][data-ready]")
    page.route("**/transcript/", lambda one: one.fulfill(status=422))
    page.get_by_role("button", name="加一行").click()
    page.keyboard.type("没有存上的话")
    expect(page.locator(".rec [data-saved]")).to_contain_text("没有保存")
    house.do(WRITES.format(uuid=uuid))
    page.unroute("**/transcript/")
    for _time in range(2):  # it is asked until it is answered
        page.reload()
        page.wait_for_selector("[data-player][data-ready]")
        expect(page.locator("[data-line-text]")).to_have_value("别人写的话")
        expect(page.locator("[data-unkept]")).to_be_visible()
    page.get_by_role("button", name="接着改我写的").click()
    expect(page.locator("[data-line-text]")).to_have_value("没有存上的话")
    expect(page.locator(".rec [data-saved]")).to_have_text("已保存")
    page.reload()
    page.wait_for_selector("[data-player][data-ready]")
    expect(page.locator("[data-line-text]")).to_have_value("没有存上的话")
    expect(page.locator("[data-unkept]")).to_be_hidden()
    house.forgive(422)
