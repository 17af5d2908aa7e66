"""What the story froze in the words of the house reads in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from huiyin.journey.complaint.words import What
from huiyin.surface.workbench.story import sentence

pytestmark = pytest.mark.django_db

FACTS = {"severity": 2, "category": "旧的名字", "code": "SF.02", "clock": "解决", "reason": "解决"}


def test_an_english_reader_gets_english_names(after_sales):
    after_sales.name_en = "After-sales"
    after_sales.save()
    with translation.override("en"):
        told = sentence(What.DISPATCHED, {**FACTS, "team": "售后组"})
    assert "After-sales" in told
    assert "Resolution" in told
    assert "旧的名字" not in told


def test_what_a_person_typed_stays_his():
    with translation.override("en"):
        assert sentence(What.NOTED, {"reason": "解决"}).endswith("解决")


def test_a_chinese_reader_gets_the_words_of_the_house():
    told = sentence(What.DISPATCHED, {"team": "售后组", "clock": "解决"})
    assert told == "派单 · 售后组 · 解决"
