"""The demonstration's call is heard, written down and quoted."""

from __future__ import annotations

import time

import pytest

from huiyin.ground import moment
from huiyin.journey.channels.recordings.actions import current
from huiyin.journey.channels.recordings.models import Recording
from huiyin.surface.demo.story.recording import LINES, recording

pytestmark = pytest.mark.django_db


class Stage:
    """As much of the theatre as these acts need."""

    ends = moment.now()


def test_the_call_of_the_demonstration_has_its_parts(complaint, li):
    began = time.process_time()
    ((_when, acts),) = recording({"li": li}, Stage())  # type: ignore[arg-type]
    assert len(list(acts)) == 2
    assert time.process_time() - began < 2  # of this process; the child takes half a second
    found = Recording.objects.get()
    assert (found.state, found.interruptions) == ("analysed", 1)
    assert found.figures["holds"] == 1
    assert found.evidence.size < 1_000_000
    written = current(found)
    assert written is not None and len(written.lines) == len(LINES)
    assert found.quotes.get().for_finding
