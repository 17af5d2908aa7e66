"""Columns that keep sentences: written by one, read by another in his own language."""

from __future__ import annotations

from typing import Any

from django.db import models

from huiyin.ground.sentence import MARK, Sentence, keep, packed, said, unpacked

_ESCAPED = "\\u001e"  # the mark, as PostgreSQL gives it in JSON


class SentenceField(models.TextField):  # type: ignore[type-arg]
    """A sentence, or a text of others. It has no width, so nothing is cut in its middle."""

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(value if value is None else keep(value))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return said(value) if value else value


class FactsField(models.JSONField):
    """JSON in which any text may be a sentence."""

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(packed_facts(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        found = super().from_db_value(value, expression, connection)
        told = isinstance(value, str) and _ESCAPED in value
        return _unpacked_facts(found) if told else found


def packed_facts(value: Any) -> Any:
    """The same with each sentence as message and values."""
    if isinstance(value, Sentence):
        return {MARK: packed(value)}
    if isinstance(value, dict):
        return {name: packed_facts(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [packed_facts(one) for one in value]
    return value


def _unpacked_facts(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {MARK}:
            return unpacked(value[MARK])
        return {name: _unpacked_facts(one) for name, one in value.items()}
    return [_unpacked_facts(one) for one in value] if isinstance(value, list) else value
