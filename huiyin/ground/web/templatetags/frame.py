"""Tags of the frame: icons, moments, severities. One look for one thing everywhere."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.worktime.models import calendar
from huiyin.ground.worktime.rules import Lights, lights

register = template.Library()


@cache
def drawn(name: str) -> str:
    """The inside of a lucide icon; empty for an unknown name."""
    if not re.fullmatch(r"[a-z0-9-]+", name):
        return ""
    path = settings.ICONS_DIR / f"{name}.svg"
    if not path.is_file():
        return ""
    svg = path.read_text(encoding="utf-8")
    return svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")].strip()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """{% icon "phone" %} — decoration; with a label it speaks for itself."""
    says = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return mark_safe(  # noqa: S308 — our own file, and a label that format_html escaped
        '<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round" {says}>{drawn(str(name))}</svg>'
    )


@register.filter
def ago(at: datetime | None) -> SafeString | str:
    """“3 分钟前” with the exact moment on hover; the browser keeps it fresh."""
    if not at:
        return "—"
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>',
        local.isoformat(timespec="seconds"),
        local.strftime("%Y-%m-%d %H:%M:%S"),
        _near(local),
    )


def _near(local: datetime) -> str:
    passed = moment.now() - local
    if timedelta(0) <= passed < timedelta(minutes=1):
        return _("刚刚")
    if timedelta(0) <= passed < timedelta(hours=1):
        return _("%(count)s 分钟前") % {"count": int(passed.total_seconds() // 60)}
    if timedelta(0) <= passed < timedelta(hours=12):
        return _("%(count)s 小时前") % {"count": int(passed.total_seconds() // 3600)}
    return exact(local)


@register.filter
def exact(at: datetime | None) -> str:
    """11-22 09:12, with the year when it is another one."""
    if not at:
        return "—"
    local = timezone.localtime(at)
    this_year = local.year == moment.local_year(moment.now())
    return local.strftime("%m-%d %H:%M" if this_year else "%Y-%m-%d %H:%M")


@register.filter
def day(value: Any) -> str:
    return date_format(value, "Y-m-d") if value else "—"


@register.filter
def remaining(due: Any) -> SafeString | str:
    """The time left as a ticking clock: colour and word say how it stands (never colour alone).

    Of a clock, whose start and calendar are known, by `worktime.rules.lights`: a long limit turns
    amber five and red two working days before its end. Of a bare moment by hours.
    """
    if not due:
        return format_html('<span class="clock clock--none">{}</span>', "—")
    due_at: datetime = getattr(due, "due_at", due)
    now = moment.now()
    turns = _lights(due) if due is not due_at else _by_hours(due_at)
    over = due_at <= now
    words = _span(abs(due_at - now))
    return format_html(
        '<time class="clock clock--{}" datetime="{}" data-due data-amber="{}" data-red="{}" '
        'title="{}">{}</time>',
        turns.at(now, due_at),
        timezone.localtime(due_at).isoformat(timespec="seconds"),
        turns.amber_at.isoformat(timespec="seconds"),
        turns.red_at.isoformat(timespec="seconds"),
        timezone.localtime(due_at).strftime("%Y-%m-%d %H:%M"),
        _("已超 %(span)s") % {"span": words} if over else _("剩 %(span)s") % {"span": words},
    )


def _lights(clock: Any) -> Lights:
    return lights(clock.started_at, clock.due_at, calendar(clock.calendar_code))


def _by_hours(due_at: datetime) -> Lights:
    return Lights(due_at - timedelta(hours=24), due_at - timedelta(hours=4))


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _("%(days)s 天 %(hours)02d:%(minutes)02d") % {
            "days": days,
            "hours": hours,
            "minutes": minutes,
        }
    return f"{hours:02d}:{minutes:02d}"


def span_in_words(span: timedelta) -> str:
    """“12 分钟”, “3 小时 5 分”, “2 天 4 小时”."""
    minutes = max(0, int(span.total_seconds() // 60))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _("%(days)s 天 %(hours)s 小时") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)s 小时 %(minutes)s 分") % {"hours": hours, "minutes": rest}
    return _("%(minutes)s 分钟") % {"minutes": rest}


@register.simple_tag
def severity(value: int | None) -> SafeString:
    """S1 to S4 as one badge that never wraps."""
    if not value:
        return format_html('<span class="sev sev--none">{}</span>', "—")
    return format_html('<span class="sev sev--{}">S{}</span>', value, value)


@register.filter
def yuan(fen: int | None) -> str:
    """5800 → ¥58.00."""
    return "—" if fen is None else f"¥{fen // 100:,}.{fen % 100:02d}"
