"""What is typed about a promise."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid
from huiyin.journey.resolution.forms import NO_AMOUNT
from huiyin.journey.resolution.rules import read_yuan


def typed_moment(text: str, name: str = "due_at") -> datetime | None:
    """2026-12-02T18:00 of the browser's field, or 2026-12-02 18:00; None for nothing."""
    text = text.strip()
    if not text:
        return None
    found = moment.read(text)
    if found is None:
        sentence = _("时间请写成 2026-12-02 18:00")
        raise Invalid(sentence, **{name: sentence})
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def typed_amount(text: str) -> int:
    fen = read_yuan(text)
    if fen is None:
        raise Invalid(str(NO_AMOUNT), amount=NO_AMOUNT)
    return fen
