"""Every page in a real browser: nothing serious for axe, no fault in the console, no request to
anywhere else, and hostile texts stay texts."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Route, expect

STAFF = "gao"
PAGES = {
    "queue": "/queue/?view=open",
    "complaint": "/complaints/{number}/",
    "registration": "/registration/",
    "board": "/board/",
    "profile": "/me/",
}
HOSTILE = (
    '<script>window.hurt=1</script><img src=x onerror="window.hurt=1">'
    '"><svg onload=window.hurt=1> {{ 7*7 }} {% now "Y" %} javascript:window.hurt=1'
)


@pytest.fixture
def number(house) -> str:
    return house.complaint("冰箱不制冷，维修三次还是没修好，客服一直推诿。", wanted="换新机")


def serious(page) -> list[str]:
    """What axe finds that keeps somebody out, with the place."""
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(house, number, scheme):
    staff = house.enter(STAFF, color_scheme=scheme)
    found = {}
    for name, path in PAGES.items():
        page = staff.open(path.format(number=number))
        page.wait_for_load_state("networkidle") if name == "board" else page.wait_for_timeout(200)
        found[name] = serious(page)
    page = house.enter("admin", color_scheme=scheme).open("/console/")
    found["console"] = serious(page)
    page = house.desk(color_scheme=scheme).new_page()
    for name, path in {"portal": "/portal/", "sign-in": "/sign-in/"}.items():
        page.goto(house.url + path)
        found[name] = serious(page)
    assert "\n".join(f"{name}: {one}" for name, all_ in found.items() for one in all_) == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_dialogs_and_on_a_phone(house, number, scheme):
    staff = house.enter(STAFF, color_scheme=scheme)
    page = staff.open(f"/complaints/{number}/")
    page.locator("#header").get_by_role("button", name="升级").click()
    assert "\n".join(serious(page)) == ""
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    assert "\n".join(serious(page)) == ""
    page = staff.open("/queue/?view=open&severity=2")
    page.keyboard.press("f")
    assert "\n".join(serious(page)) == ""
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/queue/?view=open", f"/complaints/{number}/", "/registration/"):
        page = staff.open(path)
        assert "\n".join(serious(page)) == "", path
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} scrolls sideways by {wide}"
    page.locator("#bell button").first.click()
    box = page.locator(".bell__list").bounding_box()
    assert box["x"] >= 0, "notices are cut off"
    assert box["x"] + box["width"] <= 390


def test_no_page_has_english_left(house, number):
    """Latin words on a Chinese page are names or keys, never untranslated sentences."""
    staff = house.enter(STAFF)
    allowed = {"ctrl", "vip", "enter", "english", "esc", "api", "pdf", "word", "excel", "mb"}
    for path in PAGES.values():
        page = staff.open(path.format(number=number))
        page.wait_for_timeout(150)
        words = page.evaluate(
            "[...new Set((document.body.innerText.match(/[A-Za-z]{4,}/g) || [])"
            ".map(w => w.toLowerCase()))]"
        )
        assert sorted(set(words) - allowed) == [], path


def test_hostile_texts_stay_texts_everywhere(house):
    number = house.complaint(HOSTILE, name="<b onclick=x>恶</b>", wanted=HOSTILE[:200])
    staff = house.enter(STAFF)
    page = staff.open(f"/complaints/{number}/")
    page.keyboard.press("n")
    page.keyboard.type(HOSTILE)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".story__said--note")).to_contain_text("window.hurt")
    for path in (f"/complaints/{number}/", "/queue/?view=open", "/board/", "/queue/?q=window.hurt"):
        page = staff.open(path)
        page.wait_for_timeout(150)
        assert page.evaluate("window.hurt") is None, path
    page.keyboard.press("Control+k")
    page.keyboard.type("window.hurt")
    expect(page.locator("#palette-list a").first).to_contain_text(number)
    assert page.evaluate("window.hurt") is None
    page = staff.open("/registration/")
    page.fill("[name=text]", HOSTILE)
    expect(page.locator("[data-slot=triage] .sev")).to_be_visible()
    assert page.evaluate("window.hurt") is None


def test_what_is_taken_back_goes_out_although_an_earlier_one_is_not_answered_yet(house):
    page = house.enter(STAFF).open("/queue/?view=open")
    held: list[Route] = []
    page.route("**/taken-back/*", lambda route: held.append(route))
    for one in range(3):
        page.evaluate(
            """(url) => document.body.dispatchEvent(new CustomEvent("toast", {
            detail: { text: "写好了", kind: "good", undo: { url, label: "撤回" } } }))""",
            f"/taken-back/{one}",
        )
    undo = page.locator(".toast-line").get_by_role("button", name="撤回")
    for place in range(3):
        with page.expect_request("**/taken-back/*"):
            undo.nth(place).click()
        expect(undo.nth(place)).to_be_disabled()
    for route in held:
        route.fulfill(status=204)
    expect(undo).to_have_count(0)
    assert len(held) == 3
