"""manage check_files: hostile files through the door that evidence comes in by."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import rules, views
from huiyin.journey.conversation.management.commands import check_files

pytestmark = pytest.mark.django_db

SCRIPT = b"<script>alert(1)</script>"
HOSTILE = {
    "page.html": b"<!doctype html><html>" + SCRIPT,
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "entity.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "polyglot.gif": b"GIF89a/*" + b"\x00" * 40 + b"*/=1;alert(1)//",
    "shell.php": b"<?php system($_GET['c']); ?>",
    "empty": b"",
    "nul\u202egpj.exe": b"MZ\x90\x00" + b"\x00" * 60,
    "..": b"x",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, (name, data) in enumerate(HOSTILE.items()):
        (tmp_path / f"{number}-{name}").write_bytes(data)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("../../etc/passwd", "x")
    (tmp_path / "slip.zip").write_bytes(made.getvalue())
    return tmp_path


def test_each_is_taken_inert_or_refused_with_a_sentence_and_nothing_stays(folder, capsys):
    before = Complaint.objects.count()
    call_command("check_files", folder)
    said = capsys.readouterr().out
    assert "9 files, 72 tries:" in said
    assert "0 active, 0 without a sentence" in said
    assert Complaint.objects.count() == before


def test_it_finds_a_page_that_would_run(folder, monkeypatch, capsys):
    monkeypatch.setitem(rules.TYPES, "txt", "text/html; charset=utf-8")
    with pytest.raises(CommandError):
        call_command("check_files", folder)


def test_it_finds_what_would_be_shown_inline(folder, monkeypatch):
    real = views.served

    def inline(evidence):
        answer = real(evidence)
        answer["Content-Disposition"] = "inline"
        return answer

    monkeypatch.setattr(check_files, "served", inline)
    with pytest.raises(CommandError):
        call_command("check_files", folder)
