"""What is asked (kinds, rules), the improvements with their record, and the bulletins."""

from huiyin.journey.improvement.models.bulletins import Bulletin, HeadTold, Reading
from huiyin.journey.improvement.models.improvements import (
    Check,
    File,
    Improvement,
    ImprovementQuerySet,
    Line,
    PlanStep,
    Report,
    Source,
)
from huiyin.journey.improvement.models.settings import BulletinRule, Kind, Rule

__all__ = [
    "Bulletin",
    "BulletinRule",
    "Check",
    "File",
    "HeadTold",
    "Improvement",
    "ImprovementQuerySet",
    "Kind",
    "Line",
    "PlanStep",
    "Reading",
    "Report",
    "Rule",
    "Source",
]
