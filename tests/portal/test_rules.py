"""The rules of the portal, as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from huiyin.journey.complaint.words import What
from huiyin.journey.intake.rules import spoken_code
from huiyin.surface.portal import rules
from huiyin.surface.portal.words import TOLD, Counted

CODE = "ABCDEFGHJKLMNPQRSTUVWXYZ23"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (CODE, CODE),
        (spoken_code(CODE), CODE),
        (f"  {CODE.lower()} ", CODE),
        ("ＡＢＣＤＥＦＧＨＪＫＬＭＮＰＱＲＳＴＵＶＷＸＹＺ２３", CODE),
        (CODE[:-1], ""),
        (CODE + "2", ""),
        ("' OR 1=1 --", ""),
        ("", ""),
    ],
)
def test_a_code_is_read_however_it_is_typed(typed, code):
    assert rules.typed_code(typed) == code


@pytest.mark.parametrize(
    ("typed", "kept", "opens"),
    [
        (CODE, CODE, True),
        (CODE, CODE[::-1], False),
        (CODE, None, False),
        ("", None, False),
        ("", "", False),
        (rules.NO_CODE, None, False),
        ("?" * 26, None, False),
        ("二" * 26, CODE, False),
    ],
)
def test_only_the_kept_code_opens(typed, kept, opens):
    assert rules.opens(typed, kept) is opens


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_an_address_stands_for_one_household(address, network):
    assert rules.network_of(address) == network


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (datetime(2026, 11, 23, 18, 0, tzinfo=UTC), "今天 18:00 前"),
        (datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "明天 09:30 前"),
        (datetime(2026, 12, 1, 12, 0, tzinfo=UTC), "12月1日 12:00 前"),
    ],
)
def test_a_moment_is_said_as_people_say_it(due, said):
    assert rules.until(due, NOW) == said


@pytest.mark.parametrize(
    ("status", "closed_days_ago", "may"),
    [
        ("RES", None, True),
        ("FUV", None, True),
        ("CLO", 0, True),
        ("CLO", 30, True),
        ("CLO", 31, False),
        ("HND", None, False),
        ("ARC", 5, False),
        ("REJ", None, False),
    ],
)
def test_when_a_result_can_be_judged(status, closed_days_ago, may):
    closed = None if closed_days_ago is None else NOW - timedelta(days=closed_days_ago)
    assert rules.may_judge(status, closed, NOW) is may


def test_the_same_sentence_twice_in_a_row_is_told_once():
    later = NOW + timedelta(hours=1)
    assert rules.folded([("a", NOW), ("a", later), ("b", NOW), ("a", NOW)]) == [
        ("a", later),
        ("b", NOW),
        ("a", NOW),
    ]


@pytest.mark.parametrize(
    "what",
    [
        What.NOTED,
        What.CLOCK_WARNED,
        What.CLOCK_MISSED,
        What.RESTRICTED,
        What.DENIED,
        What.APPROVED,
        What.RECLASSIFIED,
        What.RETURNED,
    ],
)
def test_what_is_ours_alone_is_not_told(what):
    assert what not in TOLD


def test_everything_counted_has_a_limit():
    assert set(rules.LIMITS) == set(Counted)
