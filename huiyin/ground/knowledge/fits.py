"""The names of categories and remedies, asked of whoever has them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def fits() -> tuple[dict[str, str], dict[str, str]]:
    """(categories, remedies), code → name."""
    found: Any = import_string(settings.KNOWLEDGE_FITS)
    return found()  # type: ignore[no-any-return]


def named(codes: list[str], names: dict[str, str]) -> list[str]:
    """AS.01 售后服务 / 退货退款, or the bare code where nobody knows it (any more)."""
    return [f"{code} {names[code]}" if code in names else code for code in codes]
