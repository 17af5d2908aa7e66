"""All chats: found, narrowed, a page at a time."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.journey.channels.chat import actions, lists
from huiyin.journey.channels.chat.actions import summing
from huiyin.journey.channels.chat.models import Seat
from huiyin.journey.channels.chat.words import Outcome
from tests.chat.conftest import HTMX, PNG, answered

pytestmark = pytest.mark.django_db


def test_all_chats_are_found_and_narrowed(visit, talk, li, chen, sun, signed_in):
    answered(talk, li, "已经安排师傅上门")
    summing.sum_up(talk, by=li, outcome=Outcome.NONE, summary="约了上门")
    actions.rate(talk, stars=4)
    other = visit("热水器漏水")
    page = signed_in(chen)

    def found(query: str) -> set[int]:
        text = page.get(f"/chats/all/?{query}").content.decode()
        return {pk for pk in (talk.pk, other.pk) if f"?chat={pk}" in text}

    assert found("") == {talk.pk, other.pk}
    assert found("q=师傅上门") == {talk.pk}
    assert found("q=漏水") == {other.pk}
    assert found("state=ended") == {talk.pk}
    assert found("state=waiting") == {other.pk}
    assert found(f"agent={li.pk}") == {talk.pk}
    assert found("rating=4") == {talk.pk}
    assert found("outcome=complaint") == set()
    assert found("since=2020-01-01&until=2020-01-02") == set()
    assert found("since=2020-02-31&rating=9&site=x&state=none") == {talk.pk, other.pk}
    assert "没有符合条件" in page.get("/chats/all/?q=无此事").content.decode()
    assert "?chat=" not in signed_in(sun).get("/chats/all/").content.decode()


def test_each_says_since_when_he_waits_for_our_answer(talk, li, api, signed_in):
    """Of what he said since our last answer the first; read is not answered."""
    answered(talk, li, "您好")
    row = lambda: lists.desk(li).own[0]  # noqa: E731
    assert row().owed_since is None
    assert "deskrow__owed" not in signed_in(li).get("/chats/").content.decode()
    first = actions.say(talk, text="什么时候来修", client=uuid.uuid4())
    last = actions.say(talk, text="在吗", client=uuid.uuid4())
    actions.seen(talk, line=last.pk, by=li)
    assert (row().owed_since, row().unread) == (first.at, 0)
    assert "deskrow__owed" in signed_in(li).get("/chats/").content.decode()
    told = api(li).get("/api/v1/chats?view=own").json()["items"][0]
    assert told["owed_since"][:19] == first.at.isoformat()[:19]
    actions.whisper(talk, by=li, text="要催物流", client=uuid.uuid4())
    assert row().owed_since == first.at
    answered(talk, li, "今天下午")
    assert row().owed_since is None


def test_who_has_said_nothing_and_who_sent_a_file_only(visit, li, chen, signed_in):
    """Neither is None, and a file is something said."""
    quiet = visit("")
    rows = lambda: signed_in(chen).get("/chats/").content.decode()  # noqa: E731
    assert "（还没有说话）" in rows()
    assert "None" not in rows()
    assert "None" not in signed_in(chen).get("/chats/all/").content.decode()
    file = actions.put_file(quiet, upload=SimpleUploadedFile("a.png", PNG), client=uuid.uuid4())
    actions.say(quiet, file=file, client=uuid.uuid4())
    assert "（文件）" in rows()


def test_the_list_goes_on_by_key(visit, chen, signed_in):
    for n in range(53):
        visit(f"第{n}位")
    page = signed_in(chen)
    first = page.get("/chats/all/").content.decode()
    assert first.count("chatrow card") == 50
    before = first.partition("before=")[2].partition('"')[0]
    rest = page.get(f"/chats/all/?before={before}", headers=HTMX).content.decode()
    assert rest.count("chatrow card") == 3
    assert "<html" not in rest


def test_questions_do_not_grow_with_the_chats(
    visit, li, luo, signed_in, django_assert_max_num_queries
):
    page = signed_in(li)
    for n in range(12):
        chat = visit(f"第{n}位")
        if n % 2:
            Seat.objects.update_or_create(user=li, defaults={"most": 30})
            actions.accept(chat, by=li)
    with django_assert_max_num_queries(24):
        page.get("/chats/")
    with django_assert_max_num_queries(14):
        page.get(f"/chats/pulse/?chat={chat.pk}&after=0")
    with django_assert_max_num_queries(20):
        page.get("/chats/all/")
