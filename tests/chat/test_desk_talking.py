"""Answers at the desk: promises, files, links, canned replies."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground import moment
from huiyin.journey.channels.chat import actions
from huiyin.journey.channels.chat.actions import summing
from huiyin.journey.channels.chat.words import By, Outcome
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import What
from huiyin.journey.promises import actions as promises
from huiyin.journey.promises.models import Promise
from huiyin.surface.notices.models import Phrase
from tests.chat.conftest import HTMX, PNG, answered
from tests.conftest import SHANGHAI

pytestmark = pytest.mark.django_db


def test_a_promise_without_a_date_is_stopped_and_may_be_waived(talk, li, signed_in):
    page, url, text = signed_in(li), f"/chats/{talk.pk}/say/", "我们会给您退款 200 元"
    refused = page.post(url, {"text": text}, headers=HTMX)
    assert refused.status_code == 422
    assert "建议改为" in refused.content.decode()
    assert not talk.lines.filter(kind=By.AGENT).exists()
    chips = page.post(f"/chats/{talk.pk}/promised/", {"text": text}).content.decode()
    assert "data-sentence" in chips
    sentence = chips.partition('data-sentence="')[2].partition('"')[0]
    assert page.post(url, {"text": text, "waived": [sentence]}).status_code == 204
    assert talk.lines.filter(kind=By.AGENT, text=text).exists()


def test_what_was_promised_in_a_chat_stands_in_the_ledger_of_its_complaint(talk, li):
    day = moment.now().astimezone(SHANGHAI) + timedelta(days=3)
    answered(talk, li, f"{day:%m}月{day:%d}日18:00前给您答复")
    answered(talk, li, "您好，请放心")
    made = summing.sum_up(talk, by=li, outcome=Outcome.COMPLAINT, summary="等答复")
    assert made is not None
    event = Event.objects.get(complaint=made, what=What.CHATTED)
    promises.enter_chat(event)
    promises.enter_chat(event)
    given = Promise.objects.get(complaint=made)
    assert (given.by, given.due_at.astimezone(SHANGHAI).day) == (li, day.day)
    assert "答复" in given.sentence


def test_who_does_not_serve_him_is_read_no_promises(talk, chen, sun, signed_in):
    url = f"/chats/{talk.pk}/promised/"
    assert signed_in(chen).post(url, {"text": "退款 20 元"}, headers=HTMX).status_code == 403
    assert signed_in(sun).post(url, {"text": "退款 20 元"}).status_code == 404


def test_the_same_answer_sent_twice_is_one_line(talk, li, signed_in):
    posted = {"text": "您好", "client": str(uuid.uuid4())}
    for _again in range(2):
        assert signed_in(li).post(f"/chats/{talk.pk}/say/", posted).status_code == 204
    assert talk.lines.filter(kind=By.AGENT).count() == 1


def test_files_go_and_pictures_may_be_shown(talk, li, luo, signed_in):
    page = signed_in(li)
    picture = SimpleUploadedFile("照片.png", PNG, "image/png")
    answer = page.post(f"/chats/{talk.pk}/say/", {"file": picture})
    assert answer.status_code == 204
    line = talk.lines.get(kind=By.AGENT)
    shown = page.get(f"/chats/files/{line.file.uuid}/?inline=1")
    assert shown["Content-Type"] == "image/png"
    assert "attachment" not in shown["Content-Disposition"]
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in page.get(f"/chats/files/{line.file.uuid}/")["Content-Disposition"]
    assert signed_in(luo).get(f"/chats/files/{line.file.uuid}/").status_code == 404


def test_what_is_no_picture_is_never_shown_inline(talk, li, signed_in):
    upload = SimpleUploadedFile("表.txt", b"<script>alert(1)</script>", "text/html")
    kept = actions.put_file(talk, upload=upload, client=uuid.uuid4(), by=li)
    actions.answer(talk, by=li, client=uuid.uuid4(), file=kept)
    answer = signed_in(li).get(f"/chats/files/{kept.uuid}/?inline=1")
    assert "attachment" in answer["Content-Disposition"]
    assert "sandbox" in answer["Content-Security-Policy"]


def test_hostile_words_are_words_and_links_are_safe(talk, li, signed_in):
    text = '<img src=x onerror=alert(1)> https://evil.example/a?b="><script> javascript:alert(1)'
    actions.say(talk, text=text, client=uuid.uuid4())
    page = signed_in(li).get(f"/chats/{talk.pk}/", headers=HTMX).content.decode()
    assert "<img src=x" not in page
    assert "<script>" not in page
    assert 'href="javascript' not in page
    assert 'href="https://evil.example/a?b=" target="_blank" rel="noopener noreferrer' in page


def test_reading_is_marked_never_backwards(talk, li, signed_in):
    line = talk.lines.filter(kind=By.VISITOR).get()
    page = signed_in(li)
    assert page.post(f"/chats/{talk.pk}/reading/", {"line": line.pk}).status_code == 204
    page.post(f"/chats/{talk.pk}/reading/", {"line": "1"})
    page.post(f"/chats/{talk.pk}/reading/", {"line": "x"})
    talk.refresh_from_db()
    assert talk.agent_seen == line.pk
    assert page.post(f"/chats/{talk.pk}/typing/").status_code == 204


def test_canned_replies_are_found_by_a_slash(talk, li, sun, signed_in):
    Phrase.objects.create(title="安抚", text_zh="很抱歉给您添了麻烦，{organisation}马上处理")
    Phrase.objects.create(title="道别", text_zh="祝您生活愉快")
    page = signed_in(li)
    some = page.get(f"/chats/{talk.pk}/phrases/?q=抱歉").content.decode()
    assert "很抱歉给您添了麻烦" in some
    assert "{organisation}" not in some
    assert "祝您生活愉快" not in some
    assert "没有找到" in page.get(f"/chats/{talk.pk}/phrases/?q=无此语").content.decode()
    assert signed_in(sun).get(f"/chats/{talk.pk}/phrases/").status_code == 404
