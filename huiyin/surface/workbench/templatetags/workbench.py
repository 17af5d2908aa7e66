"""Tags of the lists and of the complaint page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.web.templatetags.frame import exact, icon, span_in_words
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.triage.models import group_label
from huiyin.journey.triage.words import Risk

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


@register.filter
def first_risk(risks: list[str]) -> str:
    """The gravest risk by name, and how many more there are."""
    grave = sorted(risks, key=lambda one: Risk.values.index(one) if one in Risk.values else 99)
    more = f" +{len(grave) - 1}" if len(grave) > 1 else ""
    return group_label(grave[0]) + more


@register.filter
def ticking(timed: Any) -> SafeString:
    """A clock that counts down; its colour says which share of its time is left."""
    due: datetime = timed.due_at
    began: datetime | None = getattr(timed, "started_at", None) or getattr(timed, "since", None)
    local = timezone.localtime(due)
    return format_html(
        '<time class="clock" datetime="{}" data-due data-from="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        timezone.localtime(began).isoformat(timespec="seconds") if began else "",
        local.strftime("%Y-%m-%d %H:%M"),
        exact(due),
    )


@register.filter
def took(clock: Any) -> str:
    """How long a stopped clock ran: “12 分钟”."""
    return span_in_words(clock.stopped_at - clock.started_at) if clock.stopped_at else _("未停")
