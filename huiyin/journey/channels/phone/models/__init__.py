"""Extensions, calls with everything told of them, recordings, and the figures people set."""

from huiyin.journey.channels.phone.models.calls import (
    Act,
    Call,
    CallEvent,
    PhoneCallQuerySet,
    Recording,
)
from huiyin.journey.channels.phone.models.settings import (
    Extension,
    Limit,
    Rung,
    ladder,
    limits,
    phones,
)

__all__ = [
    "Act",
    "Call",
    "CallEvent",
    "Extension",
    "Limit",
    "PhoneCallQuerySet",
    "Recording",
    "Rung",
    "ladder",
    "limits",
    "phones",
]
