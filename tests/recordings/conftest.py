from __future__ import annotations

import pytest

from huiyin.journey.channels.recordings.actions import analyse_due, recording_of
from huiyin.journey.complaint.words import Status
from huiyin.journey.conversation.actions import Description, add_evidence
from tests.recordings import sounds

CALL = sounds.call()


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    return make_complaint(team=after_sales, assignee=li, status=Status.HND)


@pytest.fixture
def bring(complaint, li):
    """A sound among the evidence; its row as the worker would find it."""

    def brought(data=CALL, *, name="通话录音.wav", by=None, of=None, heard=True, **described):
        evidence = add_evidence(
            of or complaint,
            by=by or li,
            upload=sounds.upload(data, name),
            described=Description(**described),
        )
        recording = recording_of(evidence)
        if heard:
            analyse_due()
            recording.refresh_from_db()
        return recording

    return brought
