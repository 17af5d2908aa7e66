"""{% load chat %}: words of strangers with links that are safe to follow, and stars."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from huiyin.journey.channels.chat.telling import for_us

register = template.Library()
LINK = re.compile(r"https?://[^\s<>\"'，。；、）】》]{1,600}", re.IGNORECASE)
ENDS = ".,;:!?)]}"


@register.filter
def linked(text: str) -> SafeString:
    """Addresses of the web become links that tell the other side nothing and get no grip on us."""
    parts, at = [], 0
    for found in LINK.finditer(text):
        address = found[0].rstrip(ENDS)
        parts.append(escape(text[at : found.start()]))
        parts.append(
            format_html(
                '<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>',
                address,
                address,
            )
        )
        at = found.start() + len(address)
    parts.append(escape(text[at:]))
    return mark_safe("".join(parts))  # noqa: S308 — every part was escaped above


@register.filter
def told_us(text: str) -> str:
    """A line of the system, to whoever sits at the desk."""
    return for_us(text)


@register.filter
def stars(rating: int | None) -> str:
    return "★" * (rating or 0) + "☆" * (5 - (rating or 0))
