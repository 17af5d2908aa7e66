"""Jobs of letters on paper."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app


@app.task(
    name="draw_scan",
    queue="paper",
    priority=10,  # somebody waits for it
    retry=RetryStrategy(max_attempts=3, exponential_wait=3),
)
def draw_later(scan_id: int) -> None:
    """Draw the pages of a scan."""
    from huiyin.journey.channels.paper.actions.drawing import prepare
    from huiyin.journey.channels.paper.models import Scan

    scan = Scan.objects.filter(pk=scan_id).first()
    if scan is not None:
        prepare(scan)
