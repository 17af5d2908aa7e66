"""Filling a template from a fixed table. Pure: nothing a user wrote is ever compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping

PLACEHOLDERS = (
    "number",
    "code",
    "name",
    "organisation",
    "due",
    "status",
    "follow_url",
)
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def filled(template: str, values: Mapping[str, str]) -> str:
    """`{number}` and its like replaced; an unknown placeholder stays as it is written."""
    return PLACEHOLDER.sub(
        lambda found: values.get(found[1], "") if found[1] in PLACEHOLDERS else found[0], template
    )


def unknown_placeholders(template: str) -> list[str]:
    return sorted({name for name in PLACEHOLDER.findall(template) if name not in PLACEHOLDERS})
