"""Jobs of exchange."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app


@app.task(
    name="carry_on_with_import",
    queue="exchange",
    priority=10,  # somebody looks at it; what follows from thousands of rows can wait
    retry=RetryStrategy(max_attempts=8, exponential_wait=3),
)
def carry_on_with(import_id: int) -> None:
    """Check a file or import it; whatever its state asks for."""
    from huiyin.surface.exchange.actions import carry_on
    from huiyin.surface.exchange.models import Import

    one = Import.objects.select_related("by").filter(pk=import_id).first()
    if one is not None:
        carry_on(one)
