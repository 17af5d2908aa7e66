"""Jobs of the dossier."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app


@app.task(
    name="draw_dossier",
    queue="dossier",
    priority=10,  # somebody waits for it
    retry=RetryStrategy(max_attempts=3, exponential_wait=3),
)
def draw_later(printing_id: int) -> None:
    """Draw a long case file."""
    from huiyin.surface.dossier.actions import carry_on
    from huiyin.surface.dossier.models import Printing

    one = Printing.objects.select_related("by").filter(pk=printing_id).first()
    if one is not None:
        carry_on(one)
