"""How knowledge is drawn: Markdown, states, pieces that are lit up."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from huiyin.ground.knowledge import rules, shown
from huiyin.ground.knowledge.words import State

register = template.Library()

LOOK = {
    State.DRAFT: "",
    State.REVIEW: " chip--warn",
    State.PUBLISHED: " chip--good",
    State.EXPIRED: " chip--bad",
}


@register.filter
def markdown(text: str) -> SafeString:
    return shown.html(text)


@register.filter
def state_chip(version: Any) -> SafeString:
    """The state in a word; published but not yet in force says so."""
    look = LOOK.get(State(version.state), "")
    return format_html('<span class="chip{}">{}</span>', look, version.get_state_display())


@register.filter
def lit(pieces: list[tuple[str, bool]]) -> SafeString:
    """What was asked for, marked."""
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", p) if hit else p,) for p, hit in pieces)
    )


@register.filter
def listed(words: list[str]) -> str:
    return "、".join(map(str, words))


@register.filter
def plainly(text: str) -> str:
    return rules.plain(text)
