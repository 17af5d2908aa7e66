"""What can be printed, in which pieces; the eight milestones."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from huiyin.ground.printing.rules import pieces, printable, shortened
from huiyin.surface.dossier import rules
from huiyin.surface.dossier.rules import Happened, milestones

KNOWN = frozenset(map(ord, "abc 电饭煲不加热[]U+0123456789ABCDEF▯×"))
AT = datetime(2026, 9, 28, tzinfo=UTC)


def test_what_has_no_glyph_is_told_and_nothing_disappears():
    assert printable("电饭煲😀", KNOWN) == "电饭煲[U+1F600]"
    assert printable("السلام عليكم", KNOWN) == "▯×6 ▯×5"
    assert printable("a\x00\x07b\u202ec\u200d", KNOWN) == "abc"
    assert printable("a\tb", KNOWN) == "a    b"


@given(st.text())
def test_whatever_comes_only_known_characters_are_drawn(text):
    assert {ord(sign) for sign in printable(text, KNOWN) if sign != "\n"} <= KNOWN


@given(st.text(alphabet="ab\n", max_size=200), st.integers(min_value=1, max_value=9))
def test_pieces_are_short_and_hold_everything(text, size):
    parts = list(pieces(text, size))
    assert all(0 < len(part) <= size for part in parts)
    assert "".join(parts) == text.replace("\n", "")


def test_a_cell_is_cut_with_a_mark():
    assert shortened("x" * 500) == "x" * 399 + "…"
    assert shortened(" a \n b ") == "a b"


def happened(*whats: str) -> list[Happened]:
    return [Happened(what, AT, "李明", {}) for what in whats]


def test_the_milestones_stand_in_their_order_and_those_not_reached_are_empty():
    found = milestones(happened("received", "triaged", "found", "executed"), is_open=True)
    assert [one.key for one in found] == [key for key, _whats, _first in rules.MILESTONES]
    assert [one.key for one in found if one.at] == [
        "acknowledged",
        "assessed",
        "investigated",
        "resolved",
    ]


def test_a_reopened_complaint_is_not_closed():
    told = happened("received", "closed", "reopened")
    assert milestones(told, is_open=True)[-1].at is None
    assert milestones(told, is_open=False)[-1].at == AT
