"""The starter set covers what it must, in both languages, and says how far laws were checked."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.core.management import call_command

import huiyin.journey.triage as triage
from huiyin.ground.knowledge.models import Article, Version
from huiyin.ground.knowledge.reference import load_reference
from huiyin.ground.knowledge.words import Checked, Kind, Step

pytestmark = pytest.mark.django_db

TAXONOMY = Path(triage.__file__).parent / "reference"


def codes(name: str) -> set[str]:
    with (TAXONOMY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"] for row in csv.DictReader(file)}


@pytest.fixture
def live(db):
    return list(Version.objects.in_force().select_related("article"))


def of(live, kind):
    return [one for one in live if one.article.kind == kind]


def test_it_is_as_large_as_it_must_be(live):
    assert len(of(live, Kind.POLICY)) >= 40
    assert len(of(live, Kind.SCRIPT)) >= 60
    assert len(of(live, Kind.LAW)) >= 20


def test_scripts_and_clauses_cover_every_first_level_remedy_and_step(live):
    first_levels = {code for code in codes("categories") if "." not in code}
    remedies = {f"RMD.{n:02}" for n in range(1, 13)}
    for kind in (Kind.POLICY, Kind.SCRIPT):
        ours = of(live, kind)
        covered = {code.split(".")[0] for one in ours for code in one.categories}
        assert first_levels - covered == set(), kind
        assert remedies - {code for one in ours for code in one.remedies} == set(), kind
    steps = {step for one in of(live, Kind.SCRIPT) for step in one.steps}
    assert set(Step.values) - steps == set()


def test_every_code_they_name_is_one_of_ours(live):
    known = codes("categories")
    assert {c for one in live for c in one.categories} - known == set()


def test_both_languages_and_keywords_everywhere(live):
    missing = [
        one.article.code
        for one in live
        if not (one.title_en and one.body_en and one.body and one.keywords)
    ]
    assert missing == []


def test_laws_have_place_and_date_and_say_how_far_they_were_checked(live):
    for one in of(live, Kind.LAW):
        assert one.source and one.clause and one.dated, one.article.code
        assert one.checked in (Checked.TEXT, Checked.SECOND, Checked.OPEN), one.article.code
        assert "不是条文原文" in one.body, one.article.code
        assert one.basis.startswith("《")


def test_clauses_are_proposals_until_the_house_confirms_them(live):
    assert {one.checked for one in of(live, Kind.POLICY)} == {Checked.PROPOSED}


def test_loaded_again_nothing_is_added_and_no_edit_is_lost(live):
    first = Article.objects.get(code="AS-01")
    Article.objects.filter(pk=first.pk).update(review_on="2031-01-01")
    assert load_reference() == 0
    call_command("load_reference", verbosity=0)
    first.refresh_from_db()
    assert str(first.review_on) == "2031-01-01"


def test_words_of_every_trade_find_something(li):
    from huiyin.ground.knowledge.actions import find

    for words in ("退", "退款", "七天无理由", "漏电", "会员卡", "爽约", "发霉", "12315", "泄露"):
        assert find(li, words), words
