"""Filling a template from a fixed table. Pure: nothing a user wrote is ever compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping

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
