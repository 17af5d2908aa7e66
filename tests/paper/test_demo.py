"""The demonstration's letters and visit become what they should."""

from __future__ import annotations

import pytest

from huiyin.ground import moment
from huiyin.journey.channels.counter.models import Walkin
from huiyin.journey.channels.paper.models import Piece, Post
from huiyin.surface.demo.story.papering import papering

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("font")]


class Stage:
    """As much of the theatre as these acts need."""

    ends = moment.now()

    def clocks_of(self, _complaint):
        return {}


def test_each_letter_of_the_demonstration_has_its_part(li):
    ((_when, acts),) = papering({"li": li}, Stage())  # type: ignore[arg-type]
    for when in acts:
        assert when > moment.now()
    assert sorted(Piece.objects.values_list("state", flat=True)) == ["registered", "waiting"]
    assert Post.objects.get().state == "to_print"
    assert Walkin.objects.get().complaint is not None
