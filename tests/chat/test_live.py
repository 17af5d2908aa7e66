"""What streams tell: each line once, in order, to whom it concerns, also when a notice is lost."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as configured
from django.db import connection, connections

from huiyin.ground.people.words import Role
from huiyin.journey.channels.chat import actions, hub, live, streaming
from huiyin.journey.channels.chat.hub import Ear
from tests.conftest import person

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60


@pytest.fixture(autouse=True)
def _own_ear(monkeypatch):
    """A hub of the test's own, that listens to the test's database."""
    fresh = hub.Hub()
    monkeypatch.setattr(streaming, "hub", fresh)
    named = connection.settings_dict["NAME"]
    from psycopg.conninfo import make_conninfo

    monkeypatch.setattr(
        configured, "DATABASE_DSN", make_conninfo(configured.DATABASE_DSN, dbname=named)
    )
    return fresh


class Reader:
    """Reads a stream of ours into a list, as (event, data)."""

    def __init__(self, events: Any) -> None:
        self.events = events
        self.heard: list[tuple[str, Any]] = []
        self.task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for block in self.events:
            fields = dict(one.split(": ", 1) for one in block.strip().split("\n") if ": " in one)
            if "event" in fields:
                self.heard.append((fields["event"], json.loads(fields["data"])))

    def lines(self) -> list[str]:
        return [data["text"] for kind, data in self.heard if kind == "line"]

    async def until(self, true: Any) -> None:
        for _ in range(PATIENCE * 20):
            if true():
                return
            await asyncio.sleep(0.05)
        raise AssertionError(self.heard)

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


def run(scene: Any) -> None:
    async def whole() -> None:
        await asyncio.wait_for(scene(), timeout=60)

    asyncio.run(whole())


@sync_to_async
def act(do: Any, *args: Any, **more: Any) -> Any:
    try:
        return do(*args, **more)
    finally:
        connections.close_all()


def say(chat: Any, text: str) -> Any:
    return actions.say(chat, text=text, client=uuid.uuid4())


def test_each_line_comes_once_and_the_next_stream_goes_on_from_there(talk, li, chen):
    async def scene() -> None:
        reader = Reader(streaming.visitor_events(talk.pk, 0))
        await reader.until(lambda: "电饭煲不加热" in reader.lines())
        await act(actions.answer, talk, by=li, text="一", client=uuid.uuid4())
        await act(actions.whisper, talk, by=chen, text="悄悄", client=uuid.uuid4())
        line = await act(say, talk, "二")
        await reader.until(lambda: "二" in reader.lines())
        assert reader.lines()[-2:] == ["一", "二"]
        await reader.stop()
        await act(say, talk, "三")  # nobody listens
        second = Reader(streaming.visitor_events(talk.pk, line.pk))
        await second.until(lambda: second.lines() == ["三"])
        await act(say, talk, "四")
        await second.until(lambda: second.lines() == ["三", "四"])
        await second.stop()

    run(scene)


def test_a_lost_notice_costs_seconds_and_no_line(talk, monkeypatch):
    monkeypatch.setattr(hub, "LOOK_AGAIN_SECONDS", 0.2)
    monkeypatch.setattr(live, "_notify", lambda payload: None)

    async def scene() -> None:
        reader = Reader(streaming.visitor_events(talk.pk, 0))
        await reader.until(lambda: "电饭煲不加热" in reader.lines())
        await act(say, talk, "没人通知")
        await reader.until(lambda: "没人通知" in reader.lines())
        assert reader.lines().count("没人通知") == 1
        await reader.stop()

    run(scene)


def test_the_desk_hears_of_its_own_and_of_nobody_elses(talk, li, sun, after_sales):
    wu = person("wu", "吴刚", Role.AGENT, teams=[after_sales])

    def ear(user: Any) -> Ear:
        return Ear(user=user.pk, teams=frozenset(user.team_ids))

    ears = {one.username: ear(one) for one in (li, wu, sun)}

    async def scene() -> None:
        readers = {name: Reader(streaming.desk_events(one)) for name, one in ears.items()}
        await asyncio.sleep(1)
        await act(actions.typing, talk)
        line = await act(say, talk, "在吗")
        own = readers["li"]
        await own.until(lambda: any(d.get("line") == line.pk for _k, d in own.heard))
        await own.until(lambda: any(d.get("what") == "typing" for _k, d in own.heard))
        told = [data for kind, data in readers["wu"].heard if kind == "changed"]
        assert {one["own"] for one in told} <= {False}
        assert all("text" not in one for one in told)
        assert [kind for kind, _data in readers["sun"].heard] == ["listening"]
        for reader in readers.values():
            await reader.stop()

    run(scene)
