"""The pop and the bar, driven by the simulator through the signed door, as a telephone would."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import House, _manage

SET_UP = """
from huiyin.ground.people.models import User
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.phone.models import Extension
Hook.objects.get_or_create(code="pbx", defaults={"name": "话务台", "connector": "cti"})
for number, who in (("8001", "li"), ("8002", "sun"), ("8003", "chen")):
    user = User.objects.get(username=who)
    Extension.objects.get_or_create(number=number, defaults={"user": user})
"""
FINISHED = """
from huiyin.ground import moment
from huiyin.journey.channels.phone.models import Call
Call.objects.exclude(state="ringing").update(finished_at=moment.now())
Call.objects.filter(state="ringing").update(state="missed", ringing=[], ended_at=moment.now())
"""


@pytest.fixture
def phoned(house: House) -> Any:
    """`phoned("hold", steps=3)` tells the first events of a call."""
    house.do(SET_UP)

    def tell(scenario: str, call_id: str, **more: Any) -> None:
        given = {"agent": "8001", "other": "8002", "caller": "13800138000", **more}
        options = [f"--{name.replace('_', '-')}={value}" for name, value in given.items()]
        _manage(
            house.env,
            *("simulate_calls", f"--to={house.url}", f"--scenario={scenario}"),
            *(f"--call-id={call_id}", *options),
        )

    yield tell
    house.do(FINISHED)


def test_it_pops_on_any_page_and_becomes_a_complaint(house: House, phoned: Any) -> None:
    li = house.enter("li")
    page = li.open("/queue/")
    page.wait_for_load_state("networkidle")
    phoned("normal", "pop", steps=1)
    pop = page.locator("[data-pop]")
    expect(pop).to_be_visible()
    expect(pop).to_contain_text("138****8000")
    assert "13800138000" not in page.content()
    phoned("normal", "pop", steps=2, skip=1, ago=60)
    expect(page.locator("[data-pop]")).to_have_count(0)
    bar = page.locator("[data-call]")
    expect(bar).to_contain_text("通话中")
    notes = page.locator("#tel-notes")
    notes.click()
    page.keyboard.type("净水器漏水，地板泡了，要求赔偿")
    page.get_by_role("button", name="开场已告知录音").click()
    expect(bar).to_contain_text("已告知录音")
    expect(notes).to_have_value("净水器漏水，地板泡了，要求赔偿")
    page.locator("#tel-register").click()
    expect(page.locator("form[data-registration] [name=text]")).to_have_value(
        "净水器漏水，地板泡了，要求赔偿"
    )
    page.locator("form[data-registration] [name=privacy_told]").check()
    page.locator("form[data-registration] [data-main]").click()
    page.wait_for_url("**/done/")
    expect(page.locator("[data-call]")).to_contain_text("TS20")
    phoned("normal", "pop", skip=2, ago=100)
    expect(page.locator("[data-call]")).to_contain_text("客户挂断")
    page.get_by_role("button", name="整理完毕").click()
    expect(page.locator("[data-call]")).to_have_count(0)


def test_it_pops_by_the_live_stream(house: House, phoned: Any) -> None:
    """Long before the page would ask by itself, which it does once a minute."""
    page = house.enter("li").open("/queue/")
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "new MutationObserver(() => { if (document.querySelector('[data-pop]')) "
        "window.popped ??= Date.now(); }).observe(document.body, {childList: true, subtree: true})"
    )
    phoned("missed", "quick", steps=1)
    answered = time.time() * 1000
    expect(page.locator("[data-pop]")).to_be_visible()
    took = page.evaluate("window.popped") - answered
    print(f"the pop stood {took:.0f} ms after the simulator was through")


def test_it_pops_although_the_page_could_not_ask_when_it_was_told(
    house: House, phoned: Any
) -> None:
    page = house.enter("li").open("/queue/")
    page.wait_for_load_state("networkidle")
    address = page.locator("#calls").get_attribute("data-calls")
    lost: list[str] = []

    def once(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.url)
        route.abort()

    page.route(f"**{address}", once)
    phoned("missed", "unheard", steps=1)
    expect(page.locator("[data-pop]")).to_be_visible()
    assert lost
    house.faults.clear()  # the browser tells of the request that was lost


def test_of_a_hunt_group_one_has_it(house: House, phoned: Any) -> None:
    li, sun = house.enter("li").open("/queue/"), house.enter("sun").open("/callbacks/")
    for page in (li, sun):
        page.wait_for_load_state("networkidle")
    phoned("hunt", "hunt", steps=1, agent="8002", other="8001")
    for page in (li, sun):
        expect(page.locator("[data-pop]")).to_be_visible()
    phoned("hunt", "hunt", steps=2, skip=1, agent="8002", other="8001", ago=30)
    expect(sun.locator("[data-call]")).to_contain_text("通话中")
    expect(li.locator("[data-pop]")).to_have_count(0)
    expect(li.locator("[data-call]")).to_have_count(0)


def test_the_hold_guard_and_the_supervisor(house: House, phoned: Any) -> None:
    page = house.enter("li").open("/queue/")
    chen = house.enter("chen").open("/queue/")
    page.wait_for_load_state("networkidle")
    phoned("hold", "held", steps=3, ago=60 + 75)  # held for 75 s by now
    guard = page.locator("[data-guard-prompt]")
    expect(guard).to_be_visible()
    guard.get_by_role("button", name="已确认").click()
    expect(guard).to_be_hidden()
    page.reload()  # it is so on his other pages, too
    expect(page.locator("[data-guard]")).to_have_attribute("data-checked", re.compile(r"\d"))
    offer = page.locator("#tel-callback")
    expect(offer).to_have_attribute("open", "", timeout=70_000)  # at two minutes
    offer.locator("summary").click()  # no, thank you: that stays so
    page.reload()
    expect(offer).to_have_class(re.compile("is-urged"))
    expect(offer).not_to_have_attribute("open", "")
    offer.locator("summary").click()
    offer.locator("[name=at]").last.click()  # tomorrow, then
    expect(page.locator("[data-call]")).to_contain_text("关联投诉后进入回访队列")
    expect(offer).not_to_have_attribute("open", "")
    expect(offer).not_to_have_attribute("data-guard-offer", "")
    page.locator("#tel-help").click()
    expect(chen.locator(".tel--help")).to_contain_text("李明 请求支援")
    chen.get_by_role("button", name="我来支援").click()
    expect(page.locator("[data-call]")).to_contain_text("陈静 已响应")


def test_the_bar_by_keyboard_and_on_a_phone(house: House, phoned: Any) -> None:
    person = house.enter("li")
    page = person.open("/queue/")
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_load_state("networkidle")
    phoned("abusive", "small", steps=2, ago=30)
    expect(page.locator("[data-call]")).to_contain_text("通话中")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#tel-abuse > summary").focus()
    page.keyboard.press("Enter")
    step = page.get_by_role("button", name="已这样说").nth(1)
    step.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#tel-abuse")).to_contain_text("已说")
    expect(page.locator("#tel-abuse")).to_have_attribute("open", "")
    expect(page.get_by_role("button", name="说完并结束通话")).to_have_count(0)
