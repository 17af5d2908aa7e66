"""What tests of calls ask of a story, and when a customer may be called."""

from __future__ import annotations

from datetime import timedelta

from huiyin.ground import moment
from tests.conftest import at


def story(complaint):
    return list(complaint.events.order_by("pk").values_list("what", flat=True))


def tomorrow_at_ten():
    return (
        (moment.now() + timedelta(days=1))
        .astimezone(at("2026-11-29 10:00").tzinfo)
        .replace(hour=10, minute=0)
    )
