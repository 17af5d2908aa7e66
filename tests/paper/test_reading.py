"""What the extra reads, proposes, and what comes too late."""

from __future__ import annotations

import pytest

from huiyin.ground.refusal import Refused
from huiyin.journey.channels.paper import actions
from huiyin.journey.channels.paper.actions import reading as reading_actions
from tests.paper import scans
from tests.paper.conftest import SAID

pytestmark = pytest.mark.django_db


def test_without_the_extra_pages_say_so_calmly(settings, li, signed_in, scanned):
    settings.PAPER_READER = ""
    piece = scanned()
    assert set(piece.pages.values_list("reading", flat=True)) == {"none"}
    assert "没有安装文字识别" in signed_in(li).get("/paper/").content.decode()
    with pytest.raises(Refused, match="没有安装"):
        reading_actions.read_again(piece, by=li)


def stand_in(path, media, place):
    """Reads what the tests want to have read."""
    rows = scans.LETTER.splitlines()
    lines = [
        {"text": row, "box": [0.1, 0.05 * at, 0.8, 0.03], "sure": 0.99}
        for at, row in enumerate(rows)
        if row
    ]
    return {"turn": 90, "lines": lines}


def test_what_was_read_is_proposed_at_its_place(settings, li, signed_in, scanned):
    settings.PAPER_READER = "tests.paper.test_reading.stand_in"
    piece = scanned(scans.upload("a.png", scans.picture("PNG")))
    text = signed_in(li).get(f"/paper/{piece.pk}/").content.decode()
    assert "正在识别文字" in text
    assert reading_actions.read_due() == 1
    assert piece.pages.get().reading == "read"
    assert piece.pages.get().turn == 90  # it lay on its side; nobody had turned it
    text = signed_in(li).get(f"/paper/{piece.pk}/").content.decode()
    assert 'data-mark="phone"' in text
    complaint = actions.register(piece, by=li, given=SAID)
    assert complaint.evidence.filter(media_type__startswith="text/plain").count() == 1


def test_reading_is_cancelled_and_what_comes_late_is_not_written(
    settings, li, scanned, monkeypatch
):
    settings.PAPER_READER = "tests.paper.test_reading.stand_in"
    piece = scanned()
    page = piece.pages.first()

    def cancelled_meanwhile(path, media, place):
        reading_actions.cancel(piece, by=li)
        return stand_in(path, media, place)

    monkeypatch.setattr("tests.paper.test_reading.stand_in", cancelled_meanwhile)
    monkeypatch.setattr(
        "huiyin.journey.channels.paper.recognition.reader", lambda: cancelled_meanwhile
    )
    reading_actions.read_due()
    page.refresh_from_db()
    assert (page.reading, page.lines) == ("none", [])
