"""Who waits is heard on whichever page one is, once; in the title where nobody looks."""

from __future__ import annotations

from playwright.sync_api import Page, expect

COUNTED = """
window.tones = 0;
window.AudioContext = class {
  currentTime = 0; state = "running"; destination = {};
  createOscillator() {
    return { frequency: {}, connect: (one) => one, start: () => { window.tones += 1; }, stop() {} };
  }
  createGain() {
    const gain = { setValueAtTime() {}, exponentialRampToValueAtTime() {} };
    return { gain, connect() {} };
  }
};
Object.defineProperty(document, "hidden", { get: () => window.away ?? false });
"""
WAITS = """
from huiyin.ground.people.models import User
from huiyin.journey.complaint.live import tell_person
tell_person(User.objects.get(username="li").pk, "chat")
"""


def away(page: Page, is_away: bool) -> None:
    page.evaluate(
        "(away) => { window.away = away; document.dispatchEvent(new Event('visibilitychange')); }",
        is_away,
    )


def tones(*pages: Page) -> int:
    return sum(page.evaluate("window.tones") for page in pages)


def test_a_visitor_who_waits_is_heard_once_and_seen_in_the_title(house):
    person = house.enter("li")
    person.page.context.add_init_script(COUNTED)
    with person.page.expect_response(lambda answer: "/live/" in answer.url):
        page = person.open("/queue/")
    other = page.context.new_page()
    other.goto(house.url + "/queue/?view=open")
    away(page, True)
    house.do(WAITS)
    expect(page).to_have_title("● 访客在等您回复")
    assert tones(page, other) == 2  # the two notes of one tone
    away(page, False)
    expect(page).not_to_have_title("● 访客在等您回复")


def test_whoever_wants_silence_has_it(house):
    person = house.enter("li")
    person.page.context.add_init_script(COUNTED)
    with person.page.expect_response(lambda answer: "/live/" in answer.url):
        page = person.open("/queue/")
    page.evaluate("localStorage.removeItem('huiyin-heard')")
    page.locator(".top__me").click()
    sound = page.get_by_role("menuitemcheckbox")
    expect(sound).to_be_checked()
    sound.click()
    page.locator(".top__me").click()
    expect(sound).not_to_be_checked()
    away(page, True)
    house.do(WAITS)
    expect(page).to_have_title("● 访客在等您回复")
    assert tones(page) == 0
    page.evaluate("localStorage.removeItem('huiyin-silent')")
