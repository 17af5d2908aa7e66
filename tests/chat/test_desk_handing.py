"""Handing on and taking over."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Presence, Role
from huiyin.ground.refusal import NotPermitted
from huiyin.journey.channels.chat import actions, lists
from huiyin.journey.channels.chat.actions import distributing, seating
from huiyin.journey.channels.chat.desk import shown
from huiyin.journey.channels.chat.words import ChatState
from tests.chat.conftest import HTMX, holder, sits
from tests.conftest import person

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


def test_whoever_had_him_reads_who_has_him_now(talk, li, han, sun, logistics, signed_in):
    """And not that he has gone. Who never talked with him is told nothing."""

    def told(person):
        news = signed_in(person).get(f"/chats/pulse/?chat={talk.pk}&after=0").json()["chat"]
        return news.get("why", "")

    assert told(li) == ""
    seating.take_over(talk, by=han)
    assert told(li) == "这位访客现在由 韩梅 接待"
    assert told(sun) == "没有找到，或者您无权查看"
    seating.transfer(talk, by=han, team=logistics, note="是物流的事")
    assert told(li) == "这位访客已转到另一个小组的队列"


def test_what_became_a_complaint_of_others_is_said_so(talk, li):
    actions.end_by_visitor(talk)
    assert "会话已转为投诉" in shown.where_it_went(li, talk.pk)


def test_everybody_can_be_found_and_who_is_away_comes_last(talk, li, luo, after_sales, signed_in):
    for n in range(70):
        presence = Presence.AWAY if n % 2 else Presence.PRESENT
        one = person(f"p{n:02}", f"同事{n:02}", Role.SPECIALIST, teams=[after_sales])
        User.objects.filter(pk=one.pk).update(presence=presence)
    sits(luo)
    people, _teams = lists.takers(talk, but=li)
    assert len({one.pk for one in people}) >= 71  # nobody is left out
    assert people[0] == luo  # ready
    away = [one.presence == Presence.AWAY for one in people]
    assert away == sorted(away)
    form = signed_in(li).get(f"/chats/{talk.pk}/transfer/").content.decode()
    assert "data-searchable" in form
    assert (
        form.index("同事68 p68 · 在岗")
        < form.index("不在岗的同事")
        < form.index("同事69 p69 · 离岗")
    )
    with CaptureQueriesContext(connection) as asked:
        lists.takers(talk, but=li)
    assert len(asked) == 2


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
