"""When something may still be found. Pure."""

from __future__ import annotations

from huiyin.journey.complaint.lifecycle import WORKING
from huiyin.journey.complaint.words import Status

# From the signature to the closing: whoever forgot it can still write it before he closes.
FINDABLE = frozenset(
    {*WORKING, Status.RWK, Status.PAP, Status.EXE, Status.RES, Status.FUV},
)


def may_be_found(status: str) -> bool:
    return status in FINDABLE
