"""Filters that several sections share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.surface.console.section import Choice, Filter, Words


def of_choices(name: str, title: Words, choices: Iterable[Any]) -> Filter:
    """A filter by a field that has choices."""
    return Filter(name, title, lambda: list(choices), lambda value: Q(**{name: value}))


def in_use_or_not(*, field: str = "retired_at") -> Filter:
    """In use (the default of every list) or retired."""
    used = Q(retired_at=None) if field == "retired_at" else Q(**{field: True})
    choices: list[Choice] = [("used", _("使用中")), ("retired", _("已停用"))]
    return Filter(
        "state",
        _("状态"),
        lambda: choices,
        lambda value: used if value == "used" else ~used,
        default="used",
    )
