"""The parser against its table: exact in kind, moment and sum, and fast."""

from __future__ import annotations

import time

import pytest

from huiyin.journey.promises.rules import detect
from tests.promises.scoring import HELD_OUT, cases, figures, office, score

LEAST = {"precision": 0.95, "recall": 0.90}
FLOOR = {"precision": 0.78, "recall": 0.84}  # of texts the rules were never mended on


@pytest.fixture(scope="module")
def works():
    return office()


def test_the_table_is_large_enough_and_each_line_once():
    every = cases()
    assert len(every) >= 300
    assert len({(one.text, one.now) for one in every}) == len(every)
    assert sum(not one.promises for one in every) >= 60  # texts that promise nothing


def test_precision_and_recall_on_the_whole_table(works, capsys):
    found = score(cases(), works)
    with capsys.disabled():
        print("\n" + "\n".join(figures()))
    assert found.precision >= LEAST["precision"], "\n".join(found.wrong)
    assert found.recall >= LEAST["recall"], "\n".join(found.wrong)


def test_texts_that_mended_nothing_are_read_nearly_as_well(works):
    """Only the figures: to print the faults would end its being held out."""
    some = cases(table=HELD_OUT)
    assert len(some) >= 100
    assert not {(one.text, one.now) for one in some} & {(one.text, one.now) for one in cases()}
    found = score(some, works)
    figures_only = {"precision": found.precision, "recall": found.recall}
    del some, found
    assert all(figures_only[name] >= least for name, least in FLOOR.items()), figures_only


def test_offsets_point_into_the_text_as_it_was_written(works):
    for case in cases():
        for one in detect(case.text, case.now, works):
            assert case.text[one.start : one.end] == one.sentence
            assert one.start <= one.verb_at < one.end
            assert case.text[one.verb_at :].startswith(one.verb)


@pytest.mark.parametrize(
    "text",
    [
        "退" * 5000,
        "三个工作日内退款，" * 600,
        "1" * 5000,
        "“" * 5000,
        "后" * 5000,
        "零" * 5000,
        "a " * 2500,
    ],
)
def test_no_text_takes_long(text, works):
    begun = time.process_time()
    detect(text, cases()[0].now, works)
    assert time.process_time() - begun < 2  # some milliseconds on a quiet machine


def test_speed(works, capsys):
    every = cases()
    begun = time.process_time()
    for case in every:
        detect(case.text, case.now, works)
    spent = time.process_time() - begun
    with capsys.disabled():
        print(f"\n{len(every) / spent:,.0f} texts a second")
    assert len(every) / spent > 200
