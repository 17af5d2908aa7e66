"""A panel of the complaint page: a title, a template, and what it needs to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet

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


def rows(
    subject: Model, relation: str, how: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
) -> list[Any]:
    """All rows of a relation, asked for once however many panels of one page want them.

    `how` adds what is read with them; who needs nothing besides asks late (drawn, not prepared).
    """
    read: dict[str, list[Any]] = subject.__dict__.setdefault("rows_read", {})
    if relation not in read:
        found = getattr(subject, relation).all()
        read[relation] = list(how(found) if how else found)
    return read[relation]
