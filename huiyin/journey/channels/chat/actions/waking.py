"""Other pages than the desk: counts and bells ask again when a visitor waits or was given."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from huiyin.journey.complaint import live

NO_COMPLAINT = -1  # of no complaint: only that lists and counts may have changed


def wake() -> None:
    """After commit; each page is told at most every two seconds."""
    transaction.on_commit(partial(live.tell, NO_COMPLAINT))
