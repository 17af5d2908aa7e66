"""What is new, and what stands beside a chat."""

from __future__ import annotations

import uuid

import pytest

from huiyin.ground.privacy.models import Reveal
from huiyin.journey.channels.chat import actions, lists
from huiyin.journey.channels.chat.models import Chat
from huiyin.journey.channels.chat.words import By
from tests.chat.conftest import HTMX

pytestmark = pytest.mark.django_db


def test_the_pulse_tells_only_what_is_new(talk, li, signed_in):
    page = signed_in(li)
    first = page.get(f"/chats/pulse/?chat={talk.pk}&after=0").json()
    assert "电饭煲不加热" in first["chat"]["lines"]
    version = first["list"].partition('data-version="')[2].partition('"')[0]
    url = f"/chats/pulse/?chat={talk.pk}&after={first['chat']['last']}&list={version}"
    same = page.get(url).json()
    assert "list" not in same
    assert same["chat"]["lines"] == ""
    actions.say(talk, text="还在吗", client=uuid.uuid4())
    news = page.get(url).json()
    assert "还在吗" in news["list"]
    assert "还在吗" in news["chat"]["lines"]
    assert "电饭煲不加热" not in news["chat"]["lines"]


def test_every_page_counts_who_asks_for_one(visit, talk, li, luo, sun, signed_in):
    assert (lists.asking(li), lists.asking(luo), lists.asking(sun)) == (1, 0, 0)
    visit("第二位")
    assert (lists.asking(li), lists.asking(luo), lists.asking(sun)) == (2, 1, 0)
    actions.seen(talk, line=talk.lines.last().pk, by=li)
    assert lists.asking(li) == 1
    assert signed_in(li).get("/queue/counts/").json()["chats"] == "1"


def test_a_pulse_of_hostile_numbers_is_calm(talk, li, sun, signed_in):
    page = signed_in(li)
    for query in ("chat=x&after=y", f"chat={'9' * 40}", "chat=-1&list=x", "after=1e9"):
        assert page.get(f"/chats/pulse/?{query}").status_code == 200
    hidden = signed_in(sun).get(f"/chats/pulse/?chat={talk.pk}").json()
    assert hidden["chat"] == {"state": "gone", "why": "没有找到，或者您无权查看"}


def test_who_he_is_is_masked_until_somebody_gives_a_reason(talk, li, wang_fang, signed_in):
    Chat.objects.filter(pk=talk.pk).update(
        phone="138 0013 8000",
        customer=wang_fang,
        name="王芳",
        before={"电话": "138 0013 8000", "称呼": "王芳", "门店": "城西店"},
    )
    page = signed_in(li)
    beside = page.get(f"/chats/{talk.pk}/context/").content.decode()
    assert "8000" in beside
    assert "0013" not in beside
    assert "王芳" not in beside
    assert "城西店" in beside
    short = page.post(f"/chats/{talk.pk}/contact/", {"reason": "看"}, headers=HTMX)
    assert short.status_code == 422
    shown = page.post(f"/chats/{talk.pk}/contact/", {"reason": "回电核实情况"})
    assert "138 0013 8000" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert Reveal.objects.get().reason == "回电核实情况"
    assert talk.lines.filter(kind=By.WHISPER, text__contains="回电核实").exists()


def test_his_complaints_stand_beside_only_as_far_as_one_sees_them(
    talk, li, wang_fang, make_complaint, after_sales, signed_in
):
    own = make_complaint(team=after_sales, assignee=li)
    hidden = make_complaint(restricted=True)
    Chat.objects.filter(pk=talk.pk).update(customer=wang_fang)
    beside = signed_in(li).get(f"/chats/{talk.pk}/context/").content.decode()
    assert own.number in beside
    assert hidden.number not in beside
