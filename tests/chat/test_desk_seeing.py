"""The desk: who sees and may do what."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from huiyin.ground.refusal import NotPermitted
from huiyin.journey.channels.chat import actions
from huiyin.journey.channels.chat.actions import seating, summing
from huiyin.journey.channels.chat.models import Chat
from huiyin.journey.channels.chat.words import By, Outcome
from tests.chat.conftest import HTMX, ORIGIN, asked, new_token

pytestmark = pytest.mark.django_db


def test_each_role_sees_its_own_part(visit, talk, li, luo, chen, sun, manager, admin, han):
    waits = visit("第二位")
    assert {c.pk for c in Chat.objects.visible_to(li)} == {talk.pk, waits.pk}
    assert {c.pk for c in Chat.objects.visible_to(luo)} == {waits.pk}
    for lead in (chen, han, manager):
        assert {c.pk for c in Chat.objects.visible_to(lead)} == {talk.pk, waits.pk}
    for stranger in (sun, admin):
        assert not Chat.objects.visible_to(stranger).exists()


def test_the_page_shows_ones_own_and_the_waiting_ones(visit, talk, li, luo, sun, admin, signed_in):
    visit("热水器漏电怎么办")
    page = signed_in(li).get("/chats/").content.decode()
    assert "热水器漏电怎么办" in page
    assert f'data-goes="{talk.pk}"' in page
    assert f'data-goes="{talk.pk}"' not in signed_in(luo).get("/chats/").content.decode()
    assert "热水器漏电" not in signed_in(sun).get("/chats/").content.decode()
    assert signed_in(admin).get("/chats/").status_code == 403


@pytest.mark.parametrize(
    "path", ["", "context/", "accept/", "say/", "whisper/", "transfer/", "ending/", "contact/"]
)
def test_a_stranger_finds_no_chat(talk, sun, admin, signed_in, path):
    url = f"/chats/{talk.pk}/{path}"
    for user, status in ((sun, 404), (admin, 403)):
        client = signed_in(user)
        get = path in ("", "context/")
        answer = client.get(url) if get else client.post(url, {"text": "x"})
        assert answer.status_code == status


def test_only_who_serves_him_talks_and_a_lead_whispers(talk, li, chen, luo, signed_in):
    said = signed_in(chen).post(f"/chats/{talk.pk}/say/", {"text": "我来说"}, headers=HTMX)
    assert said.status_code == 403
    assert signed_in(chen).post(f"/chats/{talk.pk}/whisper/", {"text": "先道歉"}).status_code == 204
    assert signed_in(luo).post(f"/chats/{talk.pk}/whisper/", {"text": "插话"}).status_code == 404
    assert signed_in(li).post(f"/chats/{talk.pk}/say/", {"text": "您好"}).status_code == 204
    kinds = list(talk.lines.exclude(kind=By.SYSTEM).values_list("kind", flat=True))
    assert kinds == [By.VISITOR, By.WHISPER, By.AGENT]


def test_whispers_and_notes_of_handing_on_never_reach_the_visitor(talk, li, luo, chen):
    actions.whisper(talk, by=chen, text="暗号一：别赔", client=uuid.uuid4())
    seating.transfer(talk, by=li, person=luo, note="暗号二：难缠")
    summing.show_contact(talk, by=luo, reason="暗号三：核对身份")
    told = " ".join(talk.lines.for_visitor().values_list("text", flat=True))
    assert "暗号" not in told
    assert talk.lines.filter(kind=By.WHISPER).count() == 3
    made = summing.sum_up(talk, by=luo, outcome=Outcome.COMPLAINT, summary="换发热盘")
    assert made is not None
    evidence = made.evidence.get(name__endswith=".txt")
    from pathlib import Path

    from django.conf import settings

    transcript = (Path(settings.EVIDENCE_DIR) / evidence.path).read_text()
    assert "暗号" not in transcript
    assert "电饭煲" in transcript
    assert "暗号" not in " ".join(made.messages.values_list("text", flat=True))


def test_a_visitor_of_the_desk_is_not_let_in(talk):
    stranger = Client()
    for path in ("/chats/", f"/chats/{talk.pk}/", "/chats/pulse/", "/chats/all/"):
        assert stranger.get(path).status_code == 302
    assert stranger.get("/api/v1/chats").status_code == 401


def test_a_chat_of_a_foreign_origin_is_none(shop):
    with pytest.raises(NotPermitted):
        actions.begin(shop, token=new_token(), asked=asked(origin=ORIGIN + ".evil"))
