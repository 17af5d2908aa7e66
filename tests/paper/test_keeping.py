"""Scans: kept as they came, drawn once, refused with a sentence, never twice."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid
from huiyin.journey.channels.paper import actions
from huiyin.journey.channels.paper.actions import drawing
from huiyin.journey.channels.paper.models import Piece, Scan
from tests.paper import scans
from tests.together import at_once

pytestmark = pytest.mark.django_db


def test_a_scan_is_kept_as_it_came_before_anything_else(li):
    data = scans.pdf(2)
    kept = actions.keep([scans.upload("a/b/来信.pdf", data)], by=li, together=True)
    scan = Scan.objects.get()
    assert (Path(settings.EVIDENCE_DIR) / scan.path).read_bytes() == data
    assert scan.sha256 == hashlib.sha256(data).hexdigest()
    assert (scan.name, scan.state, scan.piece) == ("来信.pdf", "kept", kept.pieces[0])
    with pytest.raises(DatabaseError), transaction.atomic():
        Scan.objects.filter(pk=scan.pk).update(sha256="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        scan.delete()


def test_its_pages_are_drawn_once(scanned):
    piece = scanned(
        scans.upload("a.pdf", scans.pdf(12)), scans.upload("b.png", scans.picture("PNG"))
    )
    assert piece.pages.count() == 13
    assert piece.scans.exclude(state="ready").count() == 0
    assert [page.scan.name for page in piece.pages.all()][-1] == "b.png"
    first = piece.pages.first()
    assert max(first.width, first.height) <= 1640
    assert (Path(settings.EVIDENCE_DIR) / first.picture).read_bytes()[:2] == b"\xff\xd8"
    assert actions.draw_due() == 0


def test_a_child_that_died_between_pages_goes_on(li, monkeypatch):
    kept = actions.keep([scans.upload("a.pdf", scans.pdf(25))], by=li, together=True)
    whole, calls = drawing.drawn, []

    def dies(path, media, begin, end):
        calls.append(begin)
        if begin >= 10 and len(calls) == 2:
            raise RuntimeError("killed")
        return whole(path, media, begin, end)

    monkeypatch.setattr(drawing, "drawn", dies)
    actions.draw_due()
    assert kept.pieces[0].pages.count() == 10
    Scan.objects.update(next_try_at=moment.now())
    actions.draw_due()
    assert kept.pieces[0].pages.count() == 25
    assert calls == [0, 10, 10, 20]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_pictures_of_each_kind(scanned, kind):
    piece = scanned(scans.upload("x", scans.picture(kind)))
    assert piece.pages.count() == 1


def test_a_tiff_has_as_many_pages_as_it_has(scanned):
    assert scanned(scans.upload("x.tif", scans.tiff(3))).pages.count() == 3


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("bomb.png", scans.png_bomb(), "尺寸过大"),
        ("wide.png", scans.png_bomb(30_000)[:3000], "尺寸过大"),
        ("cut.jpg", scans.picture()[:2000], "损坏"),
        ("cut.pdf", scans.pdf(1)[:200], "损坏"),
        ("locked.pdf", scans.pdf(1, password="secret"), "密码"),
        ("many.pdf", scans.pdf(201), "超过 200 页"),
        ("junk.pdf", b"%PDF-1.7\n" + b"\x00\xff" * 5000, "损坏"),
        ("junk.tif", b"II*\x00\x08\x00\x00\x00" + b"\xff" * 400, "损坏"),
    ],
)
def test_what_cannot_be_opened_says_why_and_stays_kept(scanned, name, data, said):
    piece = scanned(scans.upload(name, data))
    scan = piece.scans.get()
    assert (scan.state, piece.pages.count()) == ("failed", 0)
    assert said in scan.error
    assert (Path(settings.EVIDENCE_DIR) / scan.path).stat().st_size == len(data)


def test_nothing_in_a_pdf_is_run(scanned):
    piece = scanned(scans.upload("active.pdf", scans.active_pdf()))
    assert piece.pages.count() == 1


def test_a_page_as_large_as_a_field_is_drawn_small(scanned):
    piece = scanned(scans.upload("wide.pdf", scans.wide_pdf()))
    assert all(page.width <= 1640 for page in piece.pages.all())


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.heic", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "HEIC"),
        ("a.pdf", b"<html><script>alert(1)</script>", "不是 PDF"),
        ("a.pdf", b"", "空文件"),
        ("a.exe", b"MZ" + b"\x00" * 100, "不是 PDF"),
    ],
)
def test_what_is_no_scan_is_refused_and_nothing_is_kept(li, name, data, said):
    good = scans.upload("good.pdf", scans.pdf(1))
    with pytest.raises(Invalid, match=said):
        actions.keep([good, scans.upload(name, data)], by=li, together=False)
    assert not Scan.objects.exists()
    assert not Piece.objects.exists()


def test_one_letter_or_one_each(li):
    for together, letters in ((False, 3), (True, 1)):
        files = [scans.upload(f"{at}.png", scans.picture("PNG", mark=at)) for at in range(3)]
        assert len(actions.keep(files, by=li, together=together).pieces) == letters


def test_too_many_files_and_days_that_cannot_be(li):
    many = [scans.upload("a.pdf", b"%PDF-1.4") for _at in range(21)]
    with pytest.raises(Invalid, match="20"):
        actions.keep(many, by=li, together=True)
    today = timezone.localdate(moment.now())
    for day in (today + datetime.timedelta(days=1), today - datetime.timedelta(days=91)):
        with pytest.raises(Invalid):
            actions.keep(many[:1], by=li, together=True, received_on=day)


def test_an_upload_that_is_sent_again_is_the_same_upload(li, zhou, signed_in, api):
    key = uuid.uuid4()
    for _time in range(2):
        page = signed_in(li).get("/paper/").content.decode()
        assert 'name="key"' in page
        sent = {"files": scans.upload("信.pdf", scans.pdf(1)), "key": str(key)}
        assert signed_in(li).post("/paper/upload/", sent).status_code == 302
    assert (Piece.objects.count(), Scan.objects.count()) == (1, 1)
    mine = uuid.uuid4()

    def send():
        files = [scans.upload(name, scans.pdf(1)) for name in ("a.pdf", "b.pdf")]
        sent = {"together": False, "key": str(mine), "files": files}
        return [one["id"] for one in api(li).post("/api/v1/paper", sent).json()]

    first = send()
    assert len(first) == 2 and send() == first
    with pytest.raises(Invalid):  # another's key opens nothing of his
        actions.keep([scans.upload("c.pdf", scans.pdf(1))], by=zhou, together=True, key=key)
    assert Piece.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_uploads_at_once_under_one_key_one_is_kept(li):
    key = uuid.uuid4()

    def sends() -> list[int]:
        kept = actions.keep([scans.upload("信.pdf", scans.pdf(1))], by=li, together=True, key=key)
        return [piece.pk for piece in kept.pieces]

    first, second = at_once(sends, sends)
    assert first == second == list(Piece.objects.values_list("pk", flat=True))
    assert (Piece.objects.count(), Scan.objects.count()) == (1, 1)


def test_the_same_file_again_is_told(li, signed_in):
    data = scans.pdf(1)
    actions.keep([scans.upload("a.pdf", data)], by=li, together=True)
    again = actions.keep([scans.upload("b.pdf", data)], by=li, together=True)
    assert [twin.name for twin in again.twins] == ["a.pdf"]
    page = signed_in(li).get(f"/paper/{again.pieces[0].pk}/").content.decode()
    assert "以前已经上传过" in page
