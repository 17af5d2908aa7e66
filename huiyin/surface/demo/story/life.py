"""The whole road of a story, stage by stage."""

from __future__ import annotations

from huiyin.journey.complaint.words import Status
from huiyin.surface.demo.story.arrival import arrive, sign
from huiyin.surface.demo.story.ending import end
from huiyin.surface.demo.story.solution import solve
from huiyin.surface.demo.story.story import Story
from huiyin.surface.demo.story.work import work
from huiyin.surface.demo.theatre import Acts


def lived(it: Story) -> Acts:
    """Acts, and between them the moments at which the story wants to go on."""
    yield from _road(it)
    it.theatre.clocks_of(it.complaint.pk)  # what runs on is watched although nobody acts any more


def _road(it: Story) -> Acts:
    yield from arrive(it)
    if not it.complaint.is_open or it.stays:
        return
    yield from sign(it)
    if it.until == Status.DIS:
        return
    yield from work(it)
    while it.complaint.is_open and not it.stays and it.until != Status.HND:
        yield from solve(it)
        if it.status != Status.RES or it.stays:
            return
        yield from end(it)
        if it.status not in (Status.RWK, Status.HND) or it.stays:
            return
