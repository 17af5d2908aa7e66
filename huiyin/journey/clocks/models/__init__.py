"""Policies and ladders as data, and the clocks that run by them."""

from huiyin.journey.clocks.models.asking import ExtensionRequest, Suspension
from huiyin.journey.clocks.models.clocks import (
    Attachment,
    Clock,
    ClockQuerySet,
    Extension,
    Pause,
    Replanning,
    RungFired,
)
from huiyin.journey.clocks.models.memory import (
    forget,
    is_law,
    ladders,
    policies_by_condition,
    terms_of,
)
from huiyin.journey.clocks.models.policies import LONGEST, Policy, Term
from huiyin.journey.clocks.models.reminding import Ladder, Rung, every

__all__ = [
    "LONGEST",
    "Attachment",
    "Clock",
    "ClockQuerySet",
    "Extension",
    "ExtensionRequest",
    "Ladder",
    "Pause",
    "Policy",
    "Replanning",
    "Rung",
    "RungFired",
    "Suspension",
    "Term",
    "every",
    "forget",
    "is_law",
    "ladders",
    "policies_by_condition",
    "terms_of",
]
