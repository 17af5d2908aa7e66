"""The taxonomy and the words that every installation begins with."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from huiyin.journey.clocks.models import Policy
from huiyin.journey.triage import reference, rules
from huiyin.journey.triage.models import (
    Category,
    EmotionWord,
    Facet,
    HandlingRule,
    RiskPhrase,
    SeverityPoint,
)
from huiyin.journey.triage.reference import load_reference
from huiyin.journey.triage.words import Nature, Risk

ROWS = reference.rows("categories")


def test_the_taxonomy_is_whole():
    assert len(ROWS) == 229
    levels = [row["code"].count(".") for row in ROWS]
    assert [levels.count(level) for level in range(3)] == [12, 55, 162]
    codes = {row["code"] for row in ROWS}
    assert all(row["parent"] in codes for row in ROWS if row["parent"])
    assert all(row["parent"] == row["code"].rpartition(".")[0] for row in ROWS)
    leaves = [row["severity"] for row in ROWS if row["code"].count(".") == 2]
    assert [leaves.count(f"S{n}") for n in (1, 2, 3, 4)] == [19, 52, 71, 20]


def test_every_category_says_what_it_is_in_two_languages_and_what_is_done_with_it():
    rules_there = {row["code"] for row in reference.rows("handling_rules")}
    assert rules_there == {f"H{n:02}" for n in range(1, 19)}
    for row in ROWS:
        for name in ("name_zh", "name_en", "description_zh", "description_en", "owner_dept"):
            assert row[name].strip(), (row["code"], name)
        assert row["description_en"].isascii(), row["code"]
        assert row["handling_rule"] in rules_there
        assert row["nature"] in Nature.values or row["code"].startswith("OT")  # no complaint


def test_the_facets_are_whole():
    rows = reference.rows("facets")
    assert len(rows) == 72
    codes = {row["code"] for row in rows}
    assert all(row["parent"] in codes for row in rows if row["parent"])


@pytest.mark.django_db
def test_every_sla_code_is_a_policy():
    assert {row["default_sla"] for row in ROWS} <= set(
        Policy.objects.values_list("code", flat=True)
    )


@pytest.mark.django_db
def test_everything_is_loaded_once_and_edits_stay():
    assert Category.objects.count() == 229
    assert Facet.objects.count() == 72
    assert HandlingRule.objects.count() == 18
    Category.objects.filter(pk="DL.04.01").update(name_zh="发错货")
    assert load_reference() == 0
    assert Category.objects.get(pk="DL.04.01").name_zh == "发错货"
    assert SeverityPoint.objects.count() == len(reference.rows("severity_points"))
    assert RiskPhrase.objects.count() == len(reference.rows("risk_phrases"))
    assert EmotionWord.objects.count() == len(reference.rows("emotion_words"))


def test_no_word_stands_twice_and_each_can_be_compiled():
    for name, key in (("risk_phrases", ("group", "pattern")), ("emotion_words", ("word",))):
        keys = [tuple(row[k] for k in key) for row in reference.rows(name)]
        assert len(keys) == len(set(keys)), name
    groups = {row["group"].removeprefix("mask:") for row in reference.rows("risk_phrases")}
    assert groups <= {*Risk.values, "conduct", "all"}
    for row in ROWS:
        words = [word for word, _weight in rules.parse_seeds(row["seeds"])]
        assert len(words) == len(set(words)), row["code"]


@pytest.mark.parametrize("pattern", ["…漏电", "#元", "/漏电", "漏电/"])
def test_a_pattern_that_begins_with_nothing_is_refused_with_a_sentence(pattern):
    with pytest.raises(ValidationError, match="要以文字开头"):
        RiskPhrase(group="safety", pattern=pattern).clean_fields(exclude=["group", "weight"])


@pytest.mark.parametrize("code", ["sf", "SF.1.2.3", "SF-01", "安全", "SF.", "SF.001"])
def test_a_code_has_a_form(code):
    with pytest.raises(ValidationError):
        Category(code=code, level=1, name_zh="x").full_clean(exclude=["parent"])


@pytest.mark.django_db
def test_a_new_category_finds_its_place_by_its_code():
    Category(code="SF.04.09", name_zh="电池鼓包", severity=1).save()
    new = Category.objects.get(pk="SF.04.09")
    assert (new.level, new.parent_id) == (3, "SF.04")


# --- the bench ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_bench_reads_texts_of_its_own(capsys):
    call_command("bench_triage", n=20)
    assert re.search(r"20 texts, \d+ characters.*\n\d+ texts/s", capsys.readouterr().out)


@pytest.mark.django_db
def test_the_bench_reads_a_file_and_scores_it(tmp_path, capsys):
    file, pairs = tmp_path / "texts.csv", tmp_path / "map.txt"
    file.write_text("text,label\n快递把杯子摔碎了,物流\n客服骂我,态度\n", encoding="utf-8-sig")
    pairs.write_text("物流=DL\n态度=SV.01\n", encoding="utf-8")
    call_command("bench_triage", file=str(file), labels="label", map=str(pairs))
    assert "macro-F1 1.000" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_bench_says_what_is_missing(tmp_path):
    file = tmp_path / "texts.csv"
    file.write_text("正文\n漏电\n", encoding="utf-8")
    with pytest.raises(CommandError, match="没有“text”这一列"):
        call_command("bench_triage", file=str(file))
    with pytest.raises(CommandError, match="要一起给出"):
        call_command("bench_triage", file=str(file), column="正文", labels="label")
