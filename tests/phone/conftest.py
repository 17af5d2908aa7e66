"""A telephone system that tells signed events, and extensions for the cast."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.webhooks.rules import signing
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.phone.models import Call, Extension

CALLER = "13800138000"
COUNT = itertools.count(1)


@pytest.fixture
def hook(db):
    return Hook.objects.create(code="pbx", name="话务台", connector="cti")


@pytest.fixture
def phones(hook, li, chen, sun):
    """小李 8001，小孙 8002，陈姐 8003。"""
    for number, user in (("8001", li), ("8002", sun), ("8003", chen)):
        Extension.objects.create(number=number, user=user)
    return hook


def signed(hook, told, *, uid="", at=None, key=None):
    """Headers and body as a telephone system sends them."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    uid = uid or f"msg_{next(COUNT)}_{datetime.now(UTC).timestamp()}"
    now = at or moment.now()
    keys = [key] if key else hook.keys(now)
    headers = signing.headers(keys, webhook_id=uid, timestamp=int(now.timestamp()), body=body)
    return headers, body


class Pbx:
    """Tells events of calls through the real door."""

    def __init__(self, hook, client) -> None:
        self.hook, self.client = hook, client
        self.began = moment.now() - timedelta(minutes=30)

    def send(self, told, **how):
        headers, body = signed(self.hook, told, **how)
        return self.client.post(
            f"/hooks/in/{self.hook.code}/",
            data=body,
            content_type="application/json",
            headers=headers,
        )

    def event(self, event, call="c1", *, after=0, **more):
        told = {
            "event": event,
            "call_id": call,
            "at": (self.began + timedelta(seconds=after)).isoformat(),
            "direction": "in",
            "from": CALLER,
            "to": "4008001234",
            **more,
        }
        return {name: value for name, value in told.items() if value is not None}

    def tell(self, event, call="c1", *, after=0, **more):
        answer = self.send(self.event(event, call, after=after, **more))
        assert answer.status_code == 200, answer.content
        return Call.objects.filter(outer_id=call).first()

    def talk(self, call="c1", agent="8001", after=0, **more):
        """It rings, and somebody answers."""
        self.tell("ringing", call, after=after, agent=agent, **more)
        return self.tell("answered", call, after=after + 5, agent=agent, **more)

    def arrivals(self):
        return Arrival.objects.filter(hook=self.hook)


@pytest.fixture
def pbx(phones, client):
    return Pbx(phones, client)


@pytest.fixture
def talking(pbx, li):
    return pbx.talk()


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    return make_complaint(team=after_sales, assignee=li, status="HND")
