"""Streams of chats as server-sent events. Nothing is asked of the database while they wait."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from typing import Any

from huiyin.journey.channels.chat import shown
from huiyin.journey.channels.chat.hub import Ear, hub, lines_since
from huiyin.journey.channels.chat.models import Chat
from huiyin.journey.channels.chat.words import By, ChatState

BEAT_SECONDS = 15
LIFETIME_SECONDS = (90, 120)  # then the browser asks again; not all of them at once
DESK_SECONDS = 55  # then who may see what is asked again
LIVES_ON_SECONDS = 2  # after the end, so that the last line is surely there


def event(name: str, data: dict[str, Any], line: int = 0) -> str:
    number = f"id: {line}\n" if line else ""
    return f"{number}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


async def visitor_events(chat: int, since: int) -> AsyncIterator[str]:
    """First what he missed, then whatever happens, each line once and in order."""
    ear = Ear(chat=chat)
    hub.join(ear, since)
    try:
        missed, state = await hub.read(lambda: _at_first(chat, since))
        yield event("state", state)
        for line in missed:
            since = line["id"]
            yield event("line", shown.of_visitor(line), since)
        ends_at = time.monotonic() + random.uniform(*LIFETIME_SECONDS)  # noqa: S311 — no secret
        if state["state"] == ChatState.ENDED:
            ends_at = time.monotonic() + LIVES_ON_SECONDS
        async for told in _heard(ear, ends_at):
            name = told.get("event", "")
            if name == "line":
                if told["id"] <= since:
                    continue
                since = told["id"]
            yield event(name, told, since if name == "line" else 0) if name else ": beat\n\n"
    finally:
        hub.leave(ear)


def _at_first(chat: int, since: int) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    lines = [one for one in lines_since({chat: since}) if one["kind"] != By.WHISPER]
    row = Chat.objects.select_related("agent", "complaint").get(pk=chat)
    return lines, shown.state(row)


async def desk_events(ear: Ear) -> AsyncIterator[str]:
    """What happened in which chat; the desk asks for it by `visible_to`. `listening`: it should ask
    what it missed until now."""
    hub.join(ear)
    try:
        yield "retry: 1000\n\n"
        yield event("listening", {})
        async for told in _heard(ear, time.monotonic() + DESK_SECONDS):
            name = told.get("event", "")
            yield event(name, told) if name else ": beat\n\n"
    finally:
        hub.leave(ear)


async def _heard(ear: Ear, ends_at: float) -> AsyncIterator[dict[str, Any]]:
    """What is said into this ear; an empty one when nothing was for a while."""
    while (left := ends_at - time.monotonic()) > 0:
        try:
            yield await asyncio.wait_for(ear.said.get(), timeout=min(BEAT_SECONDS, left))
        except TimeoutError:
            yield {}
