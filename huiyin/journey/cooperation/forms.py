"""What is typed when a department is asked."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from huiyin.ground.people.models import Department, User
from huiyin.ground.refusal import Invalid
from huiyin.journey.clocks.rules import read_amount
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.cooperation.models import TaskTemplate


def number(typed: str) -> int | None:
    """A row's id as it stands in a form; None for anything else."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 18 else None


def department_of(typed: str) -> Department | None:
    pk = number(typed)
    return Department.objects.in_use().filter(pk=pk).first() if pk is not None else None


def person_of(typed: str) -> User | None:
    pk = number(typed)
    return User.objects.active().filter(pk=pk).first() if pk is not None else None


def amount_of(typed: str) -> Decimal | None:
    """An amount that was typed; nothing is None, and what is no number is refused."""
    if not typed.strip():
        return None
    found = read_amount(typed)
    if found is None:
        sentence = _("请填写数字，例如 2 或 1.5")
        raise Invalid(sentence, amount=sentence)
    return found


def asked(complaint: Complaint, typed: Mapping[str, str], files: list[str]) -> dict[str, Any]:
    """The form of a new task as the act takes it."""
    template = number(typed.get("template", ""))
    uuids = [one for one in files if len(one) == 36]
    return {
        "department": department_of(typed.get("department", "")),
        "handler": person_of(typed.get("handler", "")),
        "question": typed.get("question", ""),
        "title": typed.get("title", ""),
        "part": typed.get("part", "co"),
        "shows": typed.get("shows", "masked"),
        "contact": typed.get("contact") == "1",
        "amount": amount_of(typed.get("amount", "")),
        "unit": typed.get("unit", ""),
        "template": get_object_or_404(TaskTemplate, pk=template) if template else None,
        "files": list(complaint.evidence.filter(uuid__in=uuids)) if uuids else [],
    }
