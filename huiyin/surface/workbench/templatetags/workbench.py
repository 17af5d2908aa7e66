"""Tags of the lists."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from huiyin.ground import moment
from huiyin.ground.web.templatetags.frame import icon
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel

register = template.Library()

CHANNEL_ICONS = {
    "phone": "phone",
    "email": "mail",
    "chat": "message-circle",
    "social": "share-2",
    "letter": "mail-open",
    "walkin": "store",
    "form": "clipboard-list",
    "regulator": "landmark",
    "portal": "globe",
    "api": "plug",
    "import": "file-up",
}


@register.simple_tag(takes_context=True)
def with_context(context: template.Context, name: str, variables: dict[str, Any]) -> SafeString:
    """A panel's template with its own variables over those of the page."""
    request = context["request"]
    everything = {"complaint": context["complaint"], **variables}
    return render_to_string(name, everything, request=request)


@register.simple_tag
def channel_icon(channel: str) -> SafeString:
    label = Channel(channel).label if channel in Channel.values else ""
    return icon(CHANNEL_ICONS.get(channel, "message-square"), str(label))


@register.filter
def at(mapping: dict[str, Any], key: str) -> Any:
    return mapping.get(key, key or "—")


@register.filter
def is_late(row: Complaint) -> bool:
    return bool(row.is_open and row.next_due_at and row.next_due_at < moment.now())
