"""A remedy's own fields between a page and what is kept: how they are asked, how they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from huiyin.ground.language import in_own
from huiyin.ground.refusal import Invalid
from huiyin.journey.resolution import rules, shapes
from huiyin.journey.resolution.models import Remedy
from huiyin.journey.resolution.words import FieldType


def asked(remedy: Remedy, typed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields in the reader's language, each with what stands in it already."""
    return [
        {
            **one,
            "label": in_own(one["label_zh"], one["label_en"]),
            "options": [(row["value"], in_own(row["zh"], row["en"])) for row in one["choices"]],
            "value": typed.get(one["name"], ""),
        }
        for one in remedy.fields
    ]


def as_typed(remedy: Remedy, kept: Mapping[str, Any]) -> dict[str, str]:
    """What an offer keeps in them, as somebody would type it: money in yuan."""
    money = {one["name"] for one in remedy.fields if one["type"] == FieldType.MONEY}
    return {
        name: rules.plain(value) if name in money and isinstance(value, int) else str(value)
        for name, value in kept.items()
    }


def read(remedy: Remedy, typed: Mapping[str, str], *, at: str, else_at: str) -> dict[str, Any]:
    """What was typed, as an offer keeps it: money as fen. A refusal names the box: `at` and the
    name of the field; `else_at` where it is about no field."""
    said: dict[str, Any] = dict(typed)
    for one in remedy.fields:
        if one["type"] == FieldType.MONEY and said.get(one["name"]):
            said[one["name"]] = money(said[one["name"]], f"{at}{one['name']}")
    try:
        return shapes.filled(remedy.fields, {n: v for n, v in said.items() if v != ""})
    except shapes.Wrong as wrong:
        raise Invalid(
            str(wrong), **{f"{at}{wrong.name}" if wrong.name else else_at: str(wrong)}
        ) from wrong


def money(text: str, name: str) -> int:
    fen = rules.read_yuan(text)
    if fen is None:
        sentence = _("金额不对，请填写 0 以上、最多两位小数的金额，例如 58 或 58.50")
        raise Invalid(sentence, **{name: sentence})
    return fen
