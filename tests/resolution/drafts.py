"""Options as tests propose them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from huiyin.ground import moment
from huiyin.journey.resolution.actions import Draft
from huiyin.journey.resolution.models import Remedy


def draft(remedy: str, fen: int = 0, **told: Any) -> Draft:
    return Draft(
        remedy=Remedy.objects.get(code=remedy),
        basis=told.pop("basis", "售后条款 3.2"),
        wording=told.pop("wording", ""),
        due_on=moment.today() + timedelta(days=3),
        amount_fen=fen,
        **told,
    )
