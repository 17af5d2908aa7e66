"""Questions, branches, answers and figures, on paper."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from huiyin.journey.survey import rules
from huiyin.journey.survey.rules.questions import Wrong

NOW = datetime(2026, 11, 25, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
QUESTIONS = rules.checked(
    [
        {"key": "q1", "ask": "csat", "title_zh": "满意吗", "required": True},
        {
            "key": "q2",
            "ask": "several",
            "title_zh": "缺了什么",
            "required": True,
            "options": [{"key": "slow", "zh": "慢"}, {"key": "rude", "zh": "凶"}],
            "when": {"all": [{"field": "q1", "is": "at_most", "value": 3}]},
        },
        {
            "key": "q3",
            "ask": "line",
            "title_zh": "谁凶",
            "required": True,
            "when": {"all": [{"field": "q2", "is": "has_any", "value": ["rude"]}]},
        },
        {
            "key": "q4",
            "ask": "matrix",
            "title_zh": "逐项",
            "rows": [{"zh": "速度"}, {"zh": "态度"}],
        },
        {"key": "q5", "ask": "yes", "title_zh": "解决了吗"},
        {"key": "q6", "ask": "nps", "title_zh": "推荐吗"},
        {"key": "q7", "ask": "ces", "title_zh": "费力吗"},
        {"key": "q8", "ask": "text", "title_zh": "还有吗"},
    ]
)


def test_a_question_is_shown_when_its_condition_holds_of_what_was_shown_before():
    keys = lambda said: [one["key"] for one in rules.shown(QUESTIONS, said)]  # noqa: E731
    assert "q2" not in keys({"q1": 5})
    assert "q2" in keys({"q1": 3})
    assert "q3" not in keys({"q1": 5, "q2": ["rude"]})  # q2 is hidden: its value does not count
    assert "q3" in keys({"q1": 2, "q2": ["rude"]})


def test_what_is_required_and_hidden_is_not_demanded_and_what_is_hidden_is_not_kept():
    found = rules.taken(QUESTIONS, {"q1": "5", "q2": ["slow"], "q3": "小李"})
    assert found.faults == {}
    assert found.said == {"q1": 5}
    found = rules.taken(QUESTIONS, {"q1": "1"})
    assert set(found.faults) == {"q2"}
    found = rules.taken(QUESTIONS, {"q1": "1", "q2": ["rude"]})
    assert set(found.faults) == {"q3"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("q1", "0"),
        ("q1", "6"),
        ("q1", "-1"),
        ("q1", "5.0"),
        ("q1", "５"),
        ("q1", "99999999999999999999"),
        ("q1", True),
        ("q1", ["5"]),
        ("q2", ["nonsense"]),
        ("q2", [["slow"]]),
        ("q2", [1]),
        ("q4", {"r9": "5"}),
        ("q4", {"r1": "6"}),
        ("q4", "5"),
        ("q5", "perhaps"),
        ("q6", "11"),
        ("q7", "0"),
        ("q7", "8"),
        ("q8", ["text"]),
        ("q8", "长" * 2001),
    ],
)
def test_what_no_page_of_ours_offers_is_refused(key, value):
    raw = {"q1": "2", "q2": ["slow"]} | {key: value}
    assert key in rules.taken(QUESTIONS, raw).faults


def test_a_draft_drops_what_is_wrong_in_silence():
    found = rules.taken(QUESTIONS, {"q1": "9", "q5": "yes"}, whole=False)
    assert (found.said, found.faults) == ({"q5": "yes"}, {})


def test_choices_become_countable_and_text_stays_text():
    raw = {"q1": 2, "q2": ["rude", "slow", "rude"], "q3": "甲\n乙", "q4": {"r1": "4", "r2": "5"}}
    found = rules.taken(QUESTIONS, raw)
    assert found.said["q2"] == ["slow", "rude"]
    assert ("q2", "", "slow") in found.items
    assert ("q4", "r1", "4") in found.items
    assert found.texts == ["甲 乙"]
    assert found.scores == {"csat": 2}


def test_text_is_kept_as_a_database_can():
    found = rules.taken(QUESTIONS, {"q1": 5, "q8": "a\x00b\ud800 "})
    assert found.said["q8"] == "ab?"


@pytest.mark.parametrize(
    "questions",
    [
        "text",
        [{"key": "q1", "ask": "csat", "title_zh": ""}],
        [{"key": "1", "ask": "csat", "title_zh": "x"}],
        [{"key": "q1", "ask": "sql", "title_zh": "x"}],
        [{"key": "q1", "ask": "one", "title_zh": "x", "options": [{"zh": "只有一个"}]}],
        [{"key": "q1", "ask": "one", "title_zh": "x", "options": [{"zh": "a"}, {"zh": "a"}]}],
        [{"key": "q1", "ask": "matrix", "title_zh": "x"}],
        [{"key": "q1", "ask": "csat", "title_zh": "x"}] * 2,
        [{"key": f"q{n}", "ask": "line", "title_zh": "x"} for n in range(1, 40)],
        [{"key": "q1", "ask": "csat", "title_zh": "长" * 201}],
        [
            {
                "key": "q1",
                "ask": "csat",
                "title_zh": "x",
                "when": {"all": [{"field": "q2", "is": "at_most", "value": 3}]},
            },
            {"key": "q2", "ask": "csat", "title_zh": "y"},
        ],
    ],
)
def test_what_is_no_survey_is_refused_with_a_sentence(questions):
    with pytest.raises(Wrong) as wrong:
        rules.checked(questions)
    assert str(wrong.value)


def test_a_survey_whose_every_question_is_hidden_cannot_be_published():
    with pytest.raises(Wrong):
        rules.publishable([])
    with pytest.raises(Wrong):
        rules.publishable([{"when": {"all": [{}]}}])


def test_the_order_changes_by_one_and_ends_stay():
    listed = [{"key": "q1"}, {"key": "q2"}, {"key": "q3"}]
    keys = lambda found: [one["key"] for one in found]  # noqa: E731
    assert keys(rules.moved(listed, "q2", -1)) == ["q2", "q1", "q3"]
    assert keys(rules.moved(listed, "q1", -1)) == ["q1", "q2", "q3"]
    assert keys(rules.moved(listed, "q9", 1)) == ["q1", "q2", "q3"]
    assert rules.next_key(listed) == "q4"


def test_csat_nps_and_ces_are_those_of_the_domain():
    assert rules.csat({5: 3, 4: 1, 3: 2, 1: 2}).value == 50
    assert rules.nps({10: 5, 9: 1, 8: 2, 7: 1, 6: 1, 0: 2}).value == pytest.approx(25)
    assert rules.nps({10: 1, 7: 1, 0: 1}).parts == (1, 1, 1)
    assert rules.ces({7: 2, 4: 1, 1: 1}).value == pytest.approx(4.75)
    assert rules.csat({}).value is None
    assert rules.csat({5: 29}).is_few
    assert not rules.csat({5: 30}).is_few
    assert rules.rate(0, 0) is None
    assert rules.rate(1, 4) == 25


def test_low_is_at_or_below_the_limit_and_nothing_is_low_without_one():
    assert rules.is_low({"csat": 2}, {"csat": 2})
    assert not rules.is_low({"csat": 3}, {"csat": 2})
    assert not rules.is_low({"csat": 1, "nps": 0}, {"csat": None})


def test_the_sample_is_steady_and_near_its_share():
    numbers = [f"TS2026-{n:06d}" for n in range(2000)]
    picked = [n for n in numbers if rules.is_sampled(n, "7", 20)]
    assert picked == [n for n in numbers if rules.is_sampled(n, "7", 20)]
    assert 300 < len(picked) < 500
    assert all(rules.is_sampled(n, "7", 100) for n in numbers)
    assert picked != [n for n in numbers if rules.is_sampled(n, "8", 20)]


def test_who_is_left_in_peace():
    usual: dict[str, Any] = {
        "opted_out": False,
        "restricted": False,
        "sensitive": False,
        "last_sent_at": None,
        "has_result": True,
        "usable": True,
        "now": NOW,
    }
    assert rules.why_not(**usual) == ""
    for name, why in (
        ("opted_out", "opted_out"),
        ("restricted", "restricted"),
        ("sensitive", "sensitive"),
    ):
        assert rules.why_not(**usual | {name: True}) == why
    assert rules.why_not(**usual | {"has_result": False}) == "not_ended"
    assert rules.why_not(**usual | {"usable": False}) == "off"
    nearly = NOW - timedelta(days=30) + timedelta(seconds=1)
    assert rules.why_not(**usual | {"last_sent_at": nearly}) == "lately"
    assert rules.why_not(**usual | {"last_sent_at": NOW - timedelta(days=30)}) == ""
    assert rules.is_sensitive("SF.01.01", [])
    assert rules.is_sensitive("PD.01", ["self_harm"])
    assert not rules.is_sensitive("SFX.01", ["legal_against_us"])
