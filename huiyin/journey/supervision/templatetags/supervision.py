"""{% load supervision %}: the level that the spine carries, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from huiyin.ground.web.templatetags.frame import icon
from huiyin.journey.clocks.models import Clock
from huiyin.journey.supervision.models import Supervision
from huiyin.journey.supervision.words import Level

register = template.Library()


@register.filter
def limit_among(row: Supervision, limits: Mapping[str, Clock]) -> Clock | datetime:
    """Its clock, which knows its length and calendar; else the bare moment."""
    return limits.get(row.subject, row.due_at)


@register.filter
def watched(level: str) -> SafeString | str:
    """A badge for a row or a head: 挂牌督办 with an eye; nothing where nobody watches."""
    if level not in Level.values:
        return ""
    tone = "warn" if level == Level.ORDINARY else "bad"
    label = Level(level).label
    return format_html('<span class="chip chip--{}">{}{}</span>', tone, icon("eye"), label)
