"""Filling a template from a fixed table; when to be quiet, and when many become one. Pure: nothing
a user wrote is ever compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

PLACEHOLDERS = (
    "number",
    "code",
    "name",
    "organisation",
    "due",
    "resolve_by",
    "status",
    "follow_url",
    "reason",
    "other_ways",
    "promise",
    "promise_due",
)
# A phrase is read by colleagues first: neither the customer's key nor his name behind the mask.
PHRASE_PLACEHOLDERS = ("number", "organisation", "due")
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def filled(template: str, values: Mapping[str, str]) -> str:
    """`{number}` and its like replaced; an unknown placeholder stays as it is written."""
    return PLACEHOLDER.sub(
        lambda found: values.get(found[1], "") if found[1] in PLACEHOLDERS else found[0], template
    )


def unknown_placeholders(template: str, known: tuple[str, ...] = PLACEHOLDERS) -> list[str]:
    return sorted({name for name in PLACEHOLDER.findall(template) if name not in known})


def sample_values() -> dict[str, str]:
    """What a preview is filled with."""
    return {
        "number": "TS2026-000123",
        "code": "ABCDE-FGHJK-MNPQR-STUVW-XYZ234",
        "name": _("王芳"),
        "organisation": _("云朵家电"),
        "due": "2026-11-25 18:00",
        "resolve_by": "2026-11-27 18:00",
        "status": _("处理中"),
        "follow_url": "https://example.com/portal/",
        "reason": _("不属于本企业"),
        "other_ways": _("可拨打 12315 热线，或申请调解"),
    }


STILL = timedelta(seconds=30)  # a flood is over when nothing came for so long
AT_LAST = timedelta(minutes=3)  # and is told anyway after so long


def quiet_until(now: datetime, begins: time, ends: time) -> datetime | None:
    """When the quiet hours end that lie over `now` (local, aware); None outside them."""
    if begins == ends:
        return None
    at, today = now.time(), now.date()
    if begins < ends:
        return _on(now, today, ends) if begins <= at < ends else None
    if at >= begins:
        return _on(now, today + timedelta(days=1), ends)
    return _on(now, today, ends) if at < ends else None


def _on(now: datetime, day: object, at: time) -> datetime:
    return datetime.combine(day, at, now.tzinfo)  # type: ignore[arg-type]


def is_flood(waiting: int, lately: int, most: int) -> bool:
    """Whether somebody is told of so much that it becomes one."""
    return waiting > 1 and waiting + lately > most


def is_over(first: datetime, last: datetime, now: datetime) -> bool:
    """Whether a flood has come to its end, so that one digest holds all of it."""
    return now - last >= STILL or now - first >= AT_LAST
