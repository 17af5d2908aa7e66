"""{% load promises %}: a date as it was promised, and as a field of the browser takes it."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone

from huiyin.ground.language import in_english
from huiyin.journey.promises.actions import told_due

register = template.Library()


@register.filter
def promised(at: datetime | None) -> str:
    """12月2日18:00, midnight as 24:00; in English 2 December 18:00."""
    english = in_english()
    return told_due(at, english=english) if at else ""


@register.filter
def for_field(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}" if at else ""
