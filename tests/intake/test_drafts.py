"""Drafts and their files: nothing is lost, nothing is anybody else's, nothing strange is kept."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.intake import actions
from huiyin.journey.intake.models import Draft, DraftFile

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(32)
KEY = uuid.UUID("6f0c1f6e-8a2b-4c57-9f1e-0a1b2c3d4e5f")


@pytest.fixture
def draft(li):
    return actions.save_draft(KEY, by=li, content={"text": "写到一半"})


def test_saving_again_keeps_one_draft_with_the_latest_words(draft, li):
    actions.save_draft(KEY, by=li, content={"text": "写完了"})
    assert Draft.objects.of(li).get().content == {"text": "写完了"}


def test_a_registered_draft_is_out_of_sight_and_forgotten_tomorrow(
    draft, li, settings, django_capture_on_commit_callbacks
):
    actions.add_file(draft, upload=SimpleUploadedFile("a.png", PNG))
    actions.registered(draft)
    assert not Draft.objects.of(li).exists()
    assert actions.save_draft(KEY, by=li, content={"text": "迟到"}).content == {"text": "写到一半"}
    assert actions.sweep_drafts() == 0
    tomorrow = moment.at(moment.now() + timedelta(hours=25))
    with tomorrow, django_capture_on_commit_callbacks(execute=True):
        assert actions.sweep_drafts() == 1
    assert not [one for one in Path(settings.EVIDENCE_DIR).rglob("*") if one.is_file()]


def test_who_does_not_register_keeps_no_drafts(admin):
    with pytest.raises(NotPermitted):
        actions.save_draft(KEY, by=admin, content={})


@pytest.mark.parametrize("content", [{"text": "x" * 300_000}, {"text": "a\x00b"}])
def test_a_draft_that_cannot_be_kept_is_refused(li, content):
    with pytest.raises(Invalid):
        actions.save_draft(KEY, by=li, content=content)


def test_there_is_an_end_to_drafts(li):
    for _i in range(actions.MOST_DRAFTS):
        actions.save_draft(uuid.uuid4(), by=li, content={})
    with pytest.raises(Refused, match="草稿太多"):
        actions.save_draft(uuid.uuid4(), by=li, content={})


def test_a_file_becomes_evidence_and_leaves_the_drafts(
    draft, li, said, django_capture_on_commit_callbacks
):
    file = actions.add_file(draft, upload=SimpleUploadedFile("照片.png", PNG))
    path = actions.drafts.path_of(file.key)
    assert path.read_bytes() == PNG

    with django_capture_on_commit_callbacks(execute=True), actions.draft_files(draft) as files:
        complaint = actions.register(**said(by=li, files=files))
        actions.discard(draft)

    assert complaint.evidence.get().name == "照片.png"
    assert not path.exists()
    assert not DraftFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b"<svg onload=alert(1)>"),
        ("a.html", b"<script>"),
        ("a.php", b"<?php"),
        ("a.png", b"MZ\x90\x00"),
        ("a.png.exe", b"MZ\x90\x00"),
        ("a.png", b""),
        ("..", PNG),
        ("", PNG),
    ],
)
def test_strange_files_are_refused_with_their_name(draft, name, content):
    upload = SimpleUploadedFile("x", content)
    upload._name = name
    with pytest.raises(Invalid) as refused:
        actions.add_file(draft, upload=upload)
    assert "files" in refused.value.fields


NAMES = [
    "../../etc/passwd.png",
    "..\\..\\windows\\x.png",
    "/abs/olute.png",
    "a\x00b.png",
    "a\r\nSet-Cookie: x.png",
    "\u202egnp.exe.png",
    "名" * 300 + ".png",
    "CON.png",
    "<img src=x onerror=alert(1)>.png",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_only_a_name(draft, settings, name):
    upload = SimpleUploadedFile("x.png", PNG)
    upload._name = name
    file = actions.add_file(draft, upload=upload)
    assert len(file.name) <= 140
    assert not set(file.name) & set("/\\\x00\r\n\u202e")
    kept = actions.drafts.path_of(file.key)
    assert Path(settings.EVIDENCE_DIR) in kept.parents
    assert kept.stat().st_mode & 0o111 == 0


def test_old_drafts_are_forgotten_with_their_files(draft, django_capture_on_commit_callbacks):
    file = actions.add_file(draft, upload=SimpleUploadedFile("a.png", PNG))
    Draft.objects.update(updated_at=moment.now() - timedelta(days=31))
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.sweep_drafts() == 1
    assert not actions.drafts.path_of(file.key).exists()
    assert actions.sweep_drafts() == 0
