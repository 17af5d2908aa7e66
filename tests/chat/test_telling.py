"""What the system says in a chat, as whoever sits at the desk reads it."""

from __future__ import annotations

import pytest
from django.utils import translation

from huiyin.journey.channels.chat import actions
from huiyin.journey.channels.chat.models import Chat
from huiyin.journey.channels.chat.telling import FOR_US, for_us
from huiyin.journey.channels.chat.words import By
from tests.chat.conftest import answered

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_desk_reads_of_the_visitor_in_its_own_language(visit, li, signed_in, language):
    chat = visit("一")
    Chat.objects.filter(pk=chat.pk).update(language=language)
    actions.accept(chat, by=li)
    answered(chat, li)
    actions.end_by_visitor(chat)
    said = list(chat.lines.filter(kind=By.SYSTEM).values_list("text", flat=True))
    assert [for_us(one) for one in said] == ["李明 接待了访客", "访客已结束会话"]
    page = signed_in(li)
    for address in (f"/chats/{chat.pk}/", f"/chats/{chat.uid}/transcript/"):
        shown = page.get(address, headers={"HX-Request": "true"}).content.decode()
        assert "访客已结束会话" in shown
        assert "您已结束会话" not in shown
        assert "is here for you" not in shown


def test_every_sentence_is_known_in_each_language_and_strange_ones_stay():
    for sentence, ours in FOR_US.items():
        for language in ("zh-hans", "en"):
            with translation.override(language):
                said = translation.gettext(sentence) % {"name": "李明 (A+)"}
            with translation.override("zh-hans"):
                assert for_us(said) == str(ours) % {"name": "李明 (A+)"}
    assert for_us("您已结束会话，是吗") == "您已结束会话，是吗"
