"""What is installed beyond the ordinary: asked for once, kept, taken out by asking for nothing."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from launcher import tools
from launcher.talk import Trouble


@pytest.fixture
def places(tmp_path, monkeypatch):
    monkeypatch.delenv("HUIYIN_EXTRAS", raising=False)
    return SimpleNamespace(venv=tmp_path)


def files(places):
    _profile, found = tools._requirements(places, "run")
    return [one.name for one in found]


def test_by_default_nothing_more_is_installed(places):
    assert files(places) == ["run.txt"]


def test_asked_for_once_it_stays_until_taken_out(places, monkeypatch):
    monkeypatch.setenv("HUIYIN_EXTRAS", " ocr, ")
    assert files(places) == ["run.txt", "ocr.txt"]
    tools._write_stamp(places.venv, extras="ocr")
    monkeypatch.delenv("HUIYIN_EXTRAS")
    assert files(places) == ["run.txt", "ocr.txt"]
    monkeypatch.setenv("HUIYIN_EXTRAS", "")
    assert files(places) == ["run.txt"]


def test_several_are_installed_beside_each_other(places, monkeypatch):
    monkeypatch.setenv("HUIYIN_EXTRAS", "ocr, audio")
    assert files(places) == ["run.txt", "audio.txt", "ocr.txt"]


def test_an_extra_that_is_none_is_refused(places, monkeypatch):
    monkeypatch.setenv("HUIYIN_EXTRAS", "ocr,games")
    with pytest.raises(Trouble, match="games"):
        files(places)


def test_each_extra_is_locked_with_hashes():
    for name in tools.EXTRAS:
        text = (tools.REQUIREMENTS / f"{name}.txt").read_text()
        assert "--hash=sha256:" in text
        assert (tools.REQUIREMENTS / f"{name}.in").exists()
