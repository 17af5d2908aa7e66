"""What docs/exchange.md says is so, and the example does what it is there for."""

import pytest

from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, Severity
from huiyin.settings import ROOT
from huiyin.surface.exchange import sources, vocabulary
from huiyin.surface.exchange.words import Column, State

PAGE = (ROOT / "docs/exchange.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "docs/exchange-example.csv"
OFFERED = ROOT / "huiyin/surface/exchange/static/exchange/example.csv"


def test_every_field_state_and_limit_stands_in_the_page():
    assert [c for c in Column.values if f"`{c}`" not in PAGE] == []
    assert [str(s.label) for s in State if str(s.label).split("，")[0] not in PAGE] == []
    limits = (
        f"{sources.LARGEST // sources.MB} MB",
        f"{sources.MOST_ROWS:,} rows",
        f"{sources.MOST_COLUMNS} columns",
        f"{sources.MOST_UNPACKED // sources.MB} MB",
        f"{sources.MOST_SWOLLEN} times",
    )
    assert [limit for limit in limits if limit not in PAGE] == []


def test_words_of_a_file_mean_something_that_exists():
    values = vocabulary.values()
    assert set(values["channel"].values()) == set(Channel.values)
    assert set(values["severity"].values()) == {str(s.value) for s in Severity}


@pytest.mark.django_db
@pytest.mark.usefixtures("now")
def test_the_example_is_imported_whole(imported):
    assert OFFERED.read_bytes() == EXAMPLE.read_bytes()
    out = imported(EXAMPLE)
    assert "已导入 3 条，此前已有 0 条，未导入 0 条" in out
    assert "→ （不导入）" not in out
    assert "!" not in out, "no remark either"
    assert {c.channel for c in Complaint.objects.all()} == {"phone", "walkin", "social"}
