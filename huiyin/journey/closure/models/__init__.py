"""What was told, asked, decided and opened again; and the rows that say what must be."""

from huiyin.journey.closure.models.alternatives import Telling, Way
from huiyin.journey.closure.models.cases import Case
from huiyin.journey.closure.models.demands import Demand, SignOff, SignRequest
from huiyin.journey.closure.models.mediations import (
    Mediation,
    MediationEnd,
    MediationPaper,
    Mediator,
)
from huiyin.journey.closure.models.records import Closing, Feedback, Reopening, Visit
from huiyin.journey.closure.models.seals import Seal
from huiyin.journey.closure.models.visits import VisitRule

__all__ = [
    "Case",
    "Closing",
    "Demand",
    "Feedback",
    "Mediation",
    "MediationEnd",
    "MediationPaper",
    "Mediator",
    "Reopening",
    "Seal",
    "SignOff",
    "SignRequest",
    "Telling",
    "Visit",
    "VisitRule",
    "Way",
]
