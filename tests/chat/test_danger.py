"""Words of danger while nobody has answered: who is called, who comes first, what he reads."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from huiyin.journey.channels.chat import actions, lists
from huiyin.journey.channels.chat.actions import distributing, seating
from huiyin.journey.channels.chat.models import Chat, Line, Site
from huiyin.journey.channels.chat.words import AlarmKind, By, ChatState
from huiyin.surface.notices.chatting import tell_alarms
from huiyin.surface.notices.models import Notice
from tests.chat.conftest import answered, holder, sits
from tests.chat.test_visiting import Browser
from tests.together import at_once

pytestmark = pytest.mark.django_db
GAS = "燃气灶漏气，孩子头晕，马上来人！"


def says(chat: Chat, text: str) -> Line:
    return actions.say(chat, text=text, client=uuid.uuid4())


def dangers(chat: Chat) -> int:
    return chat.alarms.filter(kind=AlarmKind.DANGER).count()


def told(chat: Chat) -> list[str]:
    return list(
        chat.lines.filter(kind=By.SYSTEM, text__contains="120").values_list("text", flat=True)
    )


def test_the_first_words_call_the_supervisor_at_once_and_advise_the_visitor(
    visit, chen, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        chat = visit(GAS)
    assert chat.in_danger
    assert "头晕" in chat.danger_words
    assert told(chat) == [chat.site.danger_zh]
    notice = Notice.objects.get(user=chen, key__startswith=f"chat:{chat.pk}:danger")
    assert notice.urgent  # nobody had to look first
    assert notice.address.endswith(f"?chat={chat.pk}")
    assert "燃气" not in notice.text  # nothing of the visitor
    tell_alarms()
    assert Notice.objects.filter(user=chen, key__contains=":danger:").count() == 1


def test_more_such_lines_call_nobody_again(visit, chen):
    chat = visit(GAS)
    says(chat, "快来，煤气味很重，孩子吐了")
    says(chat, "有人中毒了")
    assert dangers(chat) == 1
    assert len(told(chat)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_lines_at_once_are_one_alarm_and_one_advice(visit, chen):
    chat = visit("在吗")
    at_once(lambda: says(chat, GAS), lambda: says(chat, "热水器漏电，我爸触电了"))
    assert chat.lines.filter(kind=By.VISITOR).count() == 3
    assert dangers(chat) == 1
    assert len(told(chat)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "想问一下热水器漏电报警是怎么回事？",
        "电饭煲坏了，今天跳楼价买的",
        "没有漏气，就是打不着火",
        "请问你们的燃气灶有防漏气功能吗？",
        "",
    ],
)
def test_a_word_in_a_harmless_sentence_alarms_nobody(visit, chen, text):
    chat = visit(text)
    if not text:
        says(chat, "在吗")
    chat.refresh_from_db()
    assert not chat.in_danger
    assert dangers(chat) == 0
    assert told(chat) == []


def test_what_is_told_in_two_lines_is_read_together(visit, chen):
    chat = visit("家里有股怪味道")
    says(chat, "孩子")
    chat.refresh_from_db()
    assert not chat.in_danger
    says(chat, "闻到煤气了，头晕恶心")
    chat.refresh_from_db()
    assert chat.in_danger


def test_what_weighs_s1_and_hurts_nobody_calls_without_the_numbers_of_rescue(visit, chen):
    chat = visit("我的银行卡被盗刷了两万块，就在你们平台")
    assert chat.in_danger
    assert dangers(chat) == 1
    assert told(chat) == []


def test_he_comes_before_whoever_waits_longer(visit, li, chen):
    first, second, grave = visit("一"), visit("二"), visit(GAS)
    assert list(Chat.objects.waiting()) == [grave, first, second]
    assert [actions.ahead_of(one) for one in (grave, first, second)] == [0, 1, 2]
    assert lists.desk(li).waiting[0] == grave
    sits(li, most=1)
    distributing.distribute()
    assert [holder(one) for one in (grave, first, second)] == [li, None, None]


def test_he_stands_first_among_ones_own_until_he_is_answered(visit, li, chen):
    grave, other = visit("燃气灶漏气，孩子头晕"), visit("退款什么时候到")
    for chat in (grave, other):
        actions.accept(Chat.objects.get(pk=chat.pk), by=li)
    assert [one.pk for one in lists.desk(li).own] == [grave.pk, other.pk]
    answered(grave, li, "请马上关阀开窗")
    actions.say(other, text="在吗", client=uuid.uuid4())
    assert [one.pk for one in lists.desk(li).own] == [other.pk, grave.pk]


def test_the_next_one_by_hand_is_he_too(visit, li, chen):
    visit("一")
    grave = visit(GAS)
    assert seating.take_next(by=li) == grave


def test_an_open_chat_that_is_not_answered_calls_too_and_an_answered_one_only_marks(
    visit, li, chen
):
    sits(li)
    silent, talked = visit("在吗"), visit("你好")
    assert holder(silent) == li
    answered(talked, li)
    says(silent, GAS)
    says(talked, GAS)
    for chat in (silent, talked):
        chat.refresh_from_db()
    assert (silent.state, silent.in_danger, dangers(silent)) == (ChatState.OPEN, True, 1)
    assert silent.alarms.get().agent == li
    assert (talked.in_danger, dangers(talked), told(talked)) == (True, 0, [])


def test_in_english_and_by_what_the_site_says(visit, shop, chen):
    Site.objects.filter(pk=shop.pk).update(danger_en="Call 120 now.")
    begun = Browser().post(
        "begin/?l=en",
        {
            "text": "The gas stove leaks! 燃气泄漏，孩子头晕",
            "client": str(uuid.uuid4()),
            "privacy_version": "2026-11",
        },
    )
    lines = begun.json()["lines"]
    assert [one["text"] for one in lines if one["kind"] == "system"] == ["Call 120 now."]
    Site.objects.filter(pk=shop.pk).update(danger_zh="", danger_en="")
    shop.refresh_from_db()
    quiet = visit(GAS, site=shop)
    assert quiet.in_danger
    assert told(quiet) == []


def test_the_desk_shows_the_words_and_the_api_too(visit, li, chen, api):
    chat = visit(GAS)
    client = Client()
    client.force_login(li)
    page = client.get("/chats/").content.decode()
    assert "is-danger" in page
    assert chat.danger_words.split("、")[0] in page
    opened = client.get(f"/chats/?chat={chat.pk}").content.decode()
    assert "访客的话像 S1" in opened
    found = api(li).get("/api/v1/chats?view=waiting").json()["items"][0]
    assert found["in_danger"] is True
    assert "头晕" in found["danger_words"]


def test_hostile_and_huge_words_break_nothing(visit, chen):
    chat = visit("(" * 3000)
    says(chat, "漏气" * 2000)
    for text in ("<b>触电</b>", "\u202e触电了", "%s{}触电"):
        says(chat, text)
    assert dangers(chat) <= 1
