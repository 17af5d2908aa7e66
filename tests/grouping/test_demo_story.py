"""The stories of the demonstration about grouping go well at whatever hour it is loaded."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import What
from huiyin.journey.grouping.models import Bond, Incident
from huiyin.surface.demo import cast
from huiyin.surface.demo.story.together import together
from huiyin.surface.demo.theatre import Theatre
from huiyin.surface.operation.facts import differences
from tests.conftest import at

pytestmark = pytest.mark.django_db

SEEN = {
    What.LINKED, What.UNLINKED, What.MERGED, What.UNMERGED, What.SPLIT, What.SPLIT_UNDONE,
    What.INCIDENT_JOINED, What.INCIDENT_LEFT, What.INCIDENT_TOLD,
}  # fmt: skip


@pytest.mark.parametrize("hour", ["2026-11-25 03:10", "2026-11-27 13:15", "2026-11-29 20:40"])
def test_they_are_told_to_the_end(hour, db):
    now = at(hour)
    theatre = Theatre(now - timedelta(days=5), now, None)
    with moment.at(now - timedelta(days=5)):
        people = cast.enter()
    with theatre.queue():
        for when, acts in together(people, theatre):
            theatre.enter(when, acts)
        theatre.play()
    with moment.at(now):
        assert set(Event.objects.values_list("what", flat=True)) >= SEEN
        assert Incident.objects.with_counts().get().members == 4
        assert Bond.objects.merges().count() == 1 and Bond.objects.splits().count() == 2
        statuses = set(Complaint.objects.values_list("status", flat=True))
        assert {"MRG", "CAN"} <= statuses
        assert list(differences()) == []
