"""A panel of the complaint page: a title, a template, and what it needs to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Panel:
    """`context(request, complaint)` gives the template its variables; None leaves the panel out."""

    name: str
    title: str | _StrPromise
    icon: str
    template: str
    context: Callable[[Any, Any], dict[str, Any] | None]
