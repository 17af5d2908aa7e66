"""Pages turned, moved, taken out; letters split and joined."""

from __future__ import annotations

import pytest

from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.channels.paper import actions
from huiyin.journey.channels.paper.actions import arranging
from huiyin.journey.channels.paper.models import Page
from tests.paper import scans

pytestmark = pytest.mark.django_db


def test_pages_are_turned_moved_and_taken_out_by_reason(scanned, li):
    piece = scanned(scans.upload("a.pdf", scans.pdf(3)))
    first, second, third = piece.pages.all()
    assert actions.turn(first, by=li, by_degrees=270) == 270
    assert actions.turn(first, by=li, by_degrees=180) == 90
    with pytest.raises(Invalid):
        actions.turn(first, by=li, by_degrees=45)
    actions.reorder(piece, by=li, order=[third.uuid, first.uuid, second.uuid])
    arranging.move(third, by=li, steps=1)
    assert list(piece.pages.all()) == [first, third, second]
    with pytest.raises(Refused):
        actions.reorder(piece, by=li, order=[third.uuid, first.uuid])
    with pytest.raises(Invalid):
        actions.drop(second, by=li, reason="")
    actions.drop(second, by=li, reason="空白背面")
    assert piece.pages.kept().count() == 2
    assert Page.objects.get(pk=second.pk).dropped_why == "空白背面"
    actions.restore(second, by=li)
    assert piece.pages.kept().count() == 3


def test_letters_are_split_and_joined(scanned, li):
    piece = scanned(scans.upload("a.pdf", scans.pdf(3)))
    pages = list(piece.pages.all())
    other = actions.split(piece, by=li, chosen=[pages[2].uuid])
    assert (piece.pages.count(), other.pages.count()) == (2, 1)
    with pytest.raises(Invalid):
        actions.split(piece, by=li, chosen=[page.uuid for page in pages[:2]])
    actions.join(piece, other, by=li)
    other.refresh_from_db()
    assert piece.pages.count() == 3
    assert other.state == "dismissed"
    with pytest.raises(Refused):
        actions.join(piece, other, by=li)
