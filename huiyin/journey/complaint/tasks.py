"""Jobs of the spine."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app


@app.task(
    name="follow_later",
    queue="follow",
    retry=RetryStrategy(max_attempts=8, exponential_wait=3),
)
def follow_later(event_id: int) -> None:
    """Carry out what follows later from an event."""
    from huiyin.journey.complaint.events import run_later

    run_later(event_id)
