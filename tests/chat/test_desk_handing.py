"""Handing on and taking over."""

from __future__ import annotations

import json

import pytest

from huiyin.ground.refusal import NotPermitted
from huiyin.journey.channels.chat.actions import distributing, seating
from huiyin.journey.channels.chat.words import ChatState
from tests.chat.conftest import HTMX, holder, sits

pytestmark = pytest.mark.django_db


def test_a_chat_goes_on_with_its_context(talk, li, luo, signed_in):
    form = signed_in(li).get(f"/chats/{talk.pk}/transfer/").content.decode()
    assert f"person:{luo.pk}" in form
    answer = signed_in(li).post(
        f"/chats/{talk.pk}/transfer/", {"to": f"person:{luo.pk}", "note": "要换发热盘"}
    )
    assert json.loads(answer["HX-Trigger"])["chats-changed"] == {"left": True}
    assert holder(talk) == luo
    page = signed_in(luo).get(f"/chats/{talk.pk}/").content.decode()
    assert "要换发热盘" in page
    assert "电饭煲不加热" in page


def test_to_a_team_it_waits_there_or_goes_to_who_is_free(talk, li, sun, logistics):
    seating.transfer(talk, by=li, team=logistics, note="是物流的事")
    assert (holder(talk), talk.team, talk.state) == (None, logistics, ChatState.WAITING)
    sits(sun)
    distributing.distribute()
    assert holder(talk) == sun


def test_a_wrong_taker_is_refused(talk, li, admin, signed_in):
    for to in ("", "person:", f"person:{admin.pk}", "team:999999", "person:x'; --"):
        posted = {"to": to, "note": "交接"}
        answer = signed_in(li).post(f"/chats/{talk.pk}/transfer/", posted, headers=HTMX)
        assert answer.status_code == 422, to
    assert holder(talk) == li


def test_a_lead_takes_over_and_an_agent_does_not(talk, li, luo, chen, signed_in):
    with pytest.raises(NotPermitted):
        seating.take_over(talk, by=luo)
    assert signed_in(chen).post(f"/chats/{talk.pk}/takeover/").status_code == 204
    assert holder(talk) == chen
