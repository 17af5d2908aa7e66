"""{% load recordings %}: times, sides and speakers as people read them."""

from __future__ import annotations

from django import template

from huiyin.journey.channels.recordings import shown
from huiyin.journey.channels.recordings.models import Recording
from huiyin.journey.channels.recordings.rules import writing
from huiyin.journey.channels.recordings.words import Speaker

register = template.Library()


@register.filter
def clock(seconds: float | None) -> str:
    """192.4 → 03:12."""
    return "—" if seconds is None else writing.clock(seconds)


@register.filter
def speaker(value: str) -> str:
    return str(Speaker(value).label) if value in Speaker.values else ""


@register.filter
def lanes(recording: Recording) -> list[tuple[str, str]]:
    """(who, tone) of each lane that is drawn."""
    names = shown.names(recording)
    if len(names) == 1:
        return [(names[0], "agent")]
    return [
        (name, "agent" if at == recording.agent_lane else "customer")
        for at, name in enumerate(names)
    ]
