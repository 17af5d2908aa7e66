"""Frozen words of the story in the language of whoever reads it.

Events keep the words of the house (`events.frozen`). Where these came from a word list or from a
row with an English name, an English reader gets the English one; what people typed stays theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext

from huiyin.ground.language import in_english
from huiyin.ground.people.models import Department, Team
from huiyin.journey.resolution.models import Remedy
from huiyin.journey.triage.models import Category

FROM_LISTS = ("clock", "outcome", "result", "liability", "cause", "level", "kind_words")
FROM_ROWS = ("team", "department", "remedy")
FRESH_FOR = 60  # seconds


def in_words(fact: str, facts: Mapping[str, Any]) -> str:
    """The fact as it is told to the reader."""
    value = str(facts[fact])
    if fact == "for":
        return gettext("代 %(name)s") % {"name": value}
    if fact == "category":
        code = str(facts.get("code", ""))
        return Category.objects.names([code]).get(code) or value
    if not in_english():
        return value
    if fact in FROM_LISTS:
        return gettext(value)
    return _english_names().get(value, value) if fact in FROM_ROWS else value


def _english_names() -> dict[str, str]:
    found: dict[str, str] | None = cache.get("english_names")
    if found is None:
        pairs = (
            *Team.objects.exclude(name_en="").values_list("name", "name_en"),
            *Department.objects.exclude(name_en="").values_list("name", "name_en"),
            *Remedy.objects.exclude(name_en="").values_list("name_zh", "name_en"),
        )
        found = dict(pairs)
        cache.set("english_names", found, FRESH_FOR)
    return found
