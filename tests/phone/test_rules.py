"""The course of a call from what was told of it; the ladder; what a message says."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from huiyin.journey.channels.phone.rules import machine, reading
from huiyin.journey.channels.phone.rules.ladder import Step, left_out, may_end, next_step
from huiyin.journey.channels.phone.rules.machine import Happened, course

NOON = datetime(2026, 11, 29, 4, 0, tzinfo=UTC)


def told(kind, seconds, *agents, by="", reason=""):
    return Happened(kind, NOON + timedelta(seconds=seconds), agents, by, reason)


WHOLE = (
    told("ringing", 0, "8001", "8002"),
    told("answered", 6, "8001"),
    told("hold", 60),
    told("resume", 130),
    told("hold", 200),
    told("transfer", 260, "8003"),
    told("hangup", 400, by="customer"),
)


def test_a_whole_call():
    found = course(WHOLE)
    assert (found.state, found.extension, found.hung_up_by) == ("ended", "8003", "customer")
    assert found.transfers == ["8001"]
    assert found.held_seconds == 70 + 60
    assert found.talked_seconds == 394
    assert found.ringing == ()
    assert not found.is_dropped


def test_the_order_in_which_it_comes_changes_nothing():
    """Every order of the seven messages, and each of them twice."""
    wanted = course(WHOLE)
    for order in itertools.permutations(WHOLE):
        assert course(order) == wanted
    assert course([*WHOLE, *reversed(WHOLE)]) == wanted


def test_what_is_told_after_the_end_changes_nothing():
    late = told("answered", 500, "8009")
    assert course([*WHOLE, late, told("hold", 510)]) == course(WHOLE)


@pytest.mark.parametrize("gone", range(len(WHOLE) - 1))
def test_a_message_that_is_missing_leaves_a_call_that_makes_sense(gone):
    found = course([one for place, one in enumerate(WHOLE) if place != gone])
    assert found.state == "ended"
    assert found.answered_at is not None
    assert found.held_since is None
    assert 0 <= found.held_seconds <= 394


def test_nobody_answered():
    found = course([told("ringing", 0, "8001"), told("hangup", 20, by="customer")])
    assert (found.state, found.talked_seconds, found.is_dropped) == ("missed", 0, False)


@pytest.mark.parametrize(
    ("by", "reason", "dropped"),
    [
        ("network", "", True),
        ("unknown", "", True),
        ("", "", True),
        ("customer", "", False),
        ("agent", "", False),
        ("unknown", machine.NEVER_TOLD, False),
    ],
)
def test_a_line_that_broke(by, reason, dropped):
    found = course([told("answered", 0, "8001"), told("hangup", 20, by=by, reason=reason)])
    assert found.is_dropped is dropped


def test_of_one_moment_the_end_is_the_last():
    found = course([told("hangup", 5, by="agent"), told("answered", 5, "8001")])
    assert (found.state, found.extension) == ("ended", "8001")


def test_a_hold_that_goes_on_counts_until_now():
    found = course([told("answered", 0, "8001"), told("hold", 10)])
    assert machine.longest_hold(found, NOON + timedelta(seconds=130)) == timedelta(seconds=120)


CALM, FIRST, LAST, END = Step(1, "calm"), Step(2, "warn"), Step(3, "warn"), Step(4, "end")
LADDER = (CALM, FIRST, LAST, END)


@pytest.mark.parametrize(
    ("said", "may"), [((), False), ((1,), False), ((2,), False), ((2, 3), True), ((1, 2, 3), True)]
)
def test_a_call_is_ended_only_after_every_warning(said, may):
    assert may_end(LADDER, said) is may


def test_an_empty_ladder_ends_no_call():
    assert not may_end((), ())
    assert not may_end((CALM, END), (1,))


def test_what_was_left_out():
    assert left_out(LADDER, (), 3) == [2]
    assert left_out(LADDER, (2,), 4) == [3]
    assert next_step(LADDER, (1,)) == FIRST


def message(**more):
    return {"event": "ringing", "call_id": "c1", "at": NOON.isoformat(), **more}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ([], "shape"),
        ("ringing", "shape"),
        (None, "shape"),
        ({}, "event"),
        (message(event=["ringing"]), "event"),
        (message(call_id=""), "call_id"),
        (message(call_id="x" * 121), "call_id"),
        (message(call_id={"a": 1}), "call_id"),
        (message(at="gestern"), "at"),
        (message(at="2026-11-29T12:00:00"), "at"),
        (message(at=1764400000), "at"),
        (message(at="0001-01-01T00:00:00+23:59"), "at"),
        (message(event="recording_ready"), "recording_url"),
        (message(event="recording_ready", recording_url="https://x/" + "a" * 600), "recording_url"),
        (message(sha256="zz"), "sha256"),
    ],
)
def test_what_cannot_be_taken(data, why):
    with pytest.raises(reading.Unreadable) as refused:
        reading.read(data, NOON)
    assert refused.value.why == why


def test_a_kind_we_do_not_know_is_no_error():
    assert reading.read(message(event="whispered"), NOON) is None


def test_a_clock_that_is_wrong_is_not_believed():
    for at in ("2031-01-01T00:00:00+08:00", "1999-01-01T00:00:00+08:00"):
        found = reading.read(message(at=at), NOON)
        assert found is not None
        assert found.at == NOON


def test_outbound_calls_have_the_customer_at_the_other_end():
    found = reading.read(message(direction="out", **{"from": "8001", "to": "13800138000"}), NOON)
    assert found is not None
    assert (found.caller, found.line) == ("13800138000", "8001")


def test_extensions_that_are_none_are_left_out():
    found = reading.read(message(agent=["8001", "8001", "<b>", {"x": 1}, True, "9" * 80]), NOON)
    assert found is not None
    assert found.agents == ("8001",)
