"""docs/example_channel is copied as a folder, made known by two lines, and its own tests run."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from huiyin.journey.channels.hooks.connector import connectors

EXAMPLE = Path(__file__).parent.parent.parent / "docs" / "example_channel"
TESTS = EXAMPLE / "test_reviews.py"
COPY = "copied_channel"


@pytest.fixture(autouse=True)
def copied(tmp_path, settings, monkeypatch):
    shutil.copytree(EXAMPLE, tmp_path / COPY)
    monkeypatch.syspath_prepend(str(tmp_path))
    settings.CONNECTORS = {**settings.CONNECTORS, "reviews": f"{COPY}.connector"}
    settings.CHANNELS = (*settings.CHANNELS, f"{COPY}.health.rows")
    yield
    for name in [one for one in sys.modules if one.split(".")[0] == COPY]:
        del sys.modules[name]


def test_it_is_known_by_its_two_lines():
    assert str(connectors()["reviews"].LABEL) == "点评网"
    told = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    assert 'CONNECTORS["reviews"]' in told
    assert "reviews.health.rows" in told


# Its own tests and fixtures become this module's.
exec(compile(TESTS.read_text(encoding="utf-8"), str(TESTS), "exec"), globals())
