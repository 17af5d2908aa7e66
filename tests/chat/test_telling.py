"""What the system says in a chat, as whoever sits at the desk reads it."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from huiyin.journey.channels.chat import actions
from huiyin.journey.channels.chat.models import Chat
from huiyin.journey.channels.chat.telling import FOR_US, for_us
from huiyin.journey.channels.chat.words import By
from tests.chat.conftest import PNG, answered

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


def test_the_story_unfolds_to_what_was_said_for_whoever_sees_the_complaint(
    visit, li, sun, manager, signed_in
):
    chat = visit("锅底裂了")
    actions.accept(chat, by=li)
    photo = SimpleUploadedFile("锅底.png", PNG)
    file = actions.put_file(chat, upload=photo, client=uuid.uuid4())
    actions.say(chat, client=uuid.uuid4(), file=file)
    answered(chat, li, "明天给您换新")
    made = actions.end(chat, by=li, outcome="complaint", summary="锅底裂了，答应换新")
    address = f"/chats/{chat.uid}/transcript/"
    assert made is not None
    page = signed_in(manager)
    answer = page.get(f"/complaints/{made.number}/")
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert f'hx-get="{address}"' in shown
    assert "明天给您换新" not in shown  # only when it is asked for
    told = page.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in told
    assert told.index("锅底裂了") < told.index("<img") < told.index("明天给您换新")
    assert signed_in(sun).get(address, headers={"HX-Request": "true"}).status_code == 404


def test_every_sentence_is_known_in_each_language_and_strange_ones_stay():
    for sentence, ours in FOR_US.items():
        for language in ("zh-hans", "en"):
            with translation.override(language):
                said = translation.gettext(sentence) % {"name": "李明 (A+)"}
            with translation.override("zh-hans"):
                assert for_us(said) == str(ours) % {"name": "李明 (A+)"}
    assert for_us("您已结束会话，是吗") == "您已结束会话，是吗"
