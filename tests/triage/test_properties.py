"""Truths about every text, whatever it holds."""

import random
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from huiyin.journey.triage import rules
from huiyin.journey.triage.rules.lexicon import Scanner
from huiyin.journey.triage.rules.normalise import HEAD, normalise
from tests.triage.conftest import CATEGORIES, LEXICON, POINTS, read, table

# Words that mean something, so that random texts are not read as nothing at all.
WORDS = [
    *[row["text"] for row in table("risk_texts")][::7],
    "漏电", "没有", "如果", "１２３１５", "曝光", "！！！", "😡", "三万五", "¥12,000", "孩子",
    "ＡＰＰ", "e\u0301", "\u200b", "\ufeff", "\x00", "\u202e", "ﬁ", "㍿", "①", "ｶﾞ",
    "\r\n", " ", "…", "?", "不想活",
]  # fmt: skip
ANY = st.text(max_size=120)
SPEECH = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=12).map("".join)
TEXT = st.one_of(ANY, SPEECH)


@given(TEXT)
@example("漏\u200b电")
@example("㍿漏电")
@example("１２３\u030115曝光")
@example("\ud800漏电\udfff")
def test_evidence_lies_inside_the_text_and_quotes_it(text):
    for one in read(text).evidence:
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.words


@given(TEXT, st.integers(1, 99), st.sampled_from(["", "DL.01.01", "no such", "PD"]))
def test_a_reading_is_always_complete(text, contacts, category):
    reading = read(text, contact_count=contacts, category=category)
    assert reading.severity in (1, 2, 3, 4)
    assert 0 <= reading.intensity <= 100
    assert 0 <= reading.score <= 10
    assert 1 <= len(reading.guesses) <= 3
    assert all(0 <= guess.confidence <= 1 for guess in reading.guesses)
    assert reading.contacts >= contacts
    assert len({(e.start, e.end, e.group) for e in reading.evidence}) == len(reading.evidence)


@given(TEXT)
def test_the_same_text_is_read_the_same_twice(text):
    assert read(text) == read(text)


@given(TEXT)
def test_the_normal_spelling_is_normal_and_leads_back(text):
    normal = normalise(text)
    assert normalise(normal.text).text == normal.text
    for at in range(len(normal.text)):
        start, end = normal.span(at, at + 1)
        assert 0 <= start < end <= len(text)


@given(SPEECH)
def test_another_form_of_the_same_characters_says_the_same(text):
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert read(wide).risks == read(text).risks


@given(TEXT, st.sampled_from(["孩子被烫伤了。", "我不想活了。", "被盗刷了三千元。"]))
def test_what_is_said_before_a_full_stop_undoes_no_danger_after_it(text, danger):
    alone = set(read(danger).risks)
    assert alone <= set(read(f"{text.strip('。')}。\n{danger}").risks) or _is_told(text)


def _is_told(text):
    """Praise turns finds into hints; hearsay and long settled matters reach over a sentence."""
    return any(word in text for word in ("谢", "表扬", "满意", "夸", "赞"))


@given(st.lists(st.sampled_from(sorted(CATEGORIES)), max_size=3), TEXT)
def test_a_category_that_a_person_chose_stands(codes, text):
    for code in codes:
        reading = read(text, category=code)
        assert (reading.category, reading.settled, reading.confidence) == (code, True, 1.0)


@given(TEXT)
def test_a_row_of_points_never_makes_it_milder(text):
    fewer = tuple(row for row in POINTS if row.part not in ("floor", "spread"))
    less = rules.read(text, lexicon=LEXICON, categories=CATEGORIES, table=fewer)
    assert read(text).severity <= less.severity


HOSTILE = {
    "one character": "漏",
    "gaps without an end": "孩子孩子孩子烫烫烫",
    "negations": "没有没有不是不是并没有",
    "numbers": "1,234,567,890.12一二三四五六七八九十百千万",
    "exclamations": "!!!???!!!",
    "clauses": "，。，。，。",
    "invisible": "\u200b\u200b漏\ufeff电",
    "combining": "e\u0301\u0302\u0303",
    "no clause ever ends": "如果要是万一可能会起诉曝光触电",
    "quoted": '"""“”‘’（（（）））',
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_megabyte_of_anything_is_read(piece):
    text = piece * (1_000_000 // len(piece))
    reading = read(text)
    assert all(text[e.start : e.end] == e.words for e in reading.evidence)
    assert len(reading.evidence) <= 60
    assert max((e.end for e in reading.evidence), default=0) <= HEAD


class Count:
    """Counts the lines the interpreter runs: work, not time."""

    def __init__(self):
        self.lines = 0

    def __enter__(self):
        self.before = sys.gettrace()
        sys.settrace(self._call)
        return self

    def __exit__(self, *_failure):
        sys.settrace(self.before)

    def _call(self, frame, event, _argument):
        if "triage" not in frame.f_code.co_filename:
            return None
        return self._line

    def _line(self, _frame, event, _argument):
        self.lines += event == "line"
        return self._line


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_four_times_the_text_is_four_times_the_work(piece):
    read("热身")  # the table of characters is filled as characters are met

    def work(length):
        with Count() as count:
            read((piece * (length // len(piece) + 1))[:length])
        return count.lines

    assert work(16_000) <= 5 * work(4_000) + 2_000


def test_the_scanner_finds_what_a_search_finds():
    """The table of pairs is a shortcut: compared with looking for every phrase everywhere."""
    dice = random.Random(7)
    alphabet = "漏电没有孩子烫伤，。"
    phrases = ["漏电", "孩子…烫伤", "电", "没有/没", "烫伤"]
    for _turn in range(200):
        text = "".join(dice.choices(alphabet, k=12))
        scanner = Scanner((phrase, phrase) for phrase in phrases)
        found = {(hit.key, hit.start) for hit in scanner.find(text) if hit.literal}
        for word in ("漏电", "电", "没有", "烫伤"):
            at = {i for i in range(len(text)) if text.startswith(word, i)}
            key = "没有/没" if word == "没有" else word
            assert at <= {start for said, start in found if said == key}
