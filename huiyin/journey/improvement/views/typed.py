"""What was typed into the forms of improvements, as the verbs want it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from huiyin.ground.people.models import Department, User
from huiyin.ground.refusal import Invalid
from huiyin.journey.clocks.rules import read_amount
from huiyin.journey.improvement.actions import Plan


def named(rows: QuerySet[Any], asked: str) -> Any:
    """The row of this id; None where none is asked for, 404 where there is none."""
    if not asked:
        return None
    pk = asked if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0
    found: Model = get_object_or_404(rows, pk=pk)
    return found


def owner(post: QueryDict) -> dict[str, Any]:
    return {
        "department": named(Department.objects.in_use(), post.get("department", "")),
        "person": named(User.objects.active(), post.get("person", "")),
    }


def limit(post: QueryDict) -> dict[str, Any]:
    """The limit as it was typed; none is the kind's own."""
    typed = post.get("amount", "").strip()
    amount: Decimal | None = read_amount(typed) if typed else None
    if typed and amount is None:
        sentence = _("时限请填数字")
        raise Invalid(sentence, amount=sentence)
    return {"amount": amount, "unit": post.get("unit", "")}


def plan(post: QueryDict) -> Plan:
    return Plan(
        kind=post.get("kind", ""),
        title=post.get("title", ""),
        text=post.get("text", ""),
        object_field=post.get("object_field", ""),
        **owner(post),
        **limit(post),
    )
