"""The closure panel, its acts, and the library of cases."""

from huiyin.journey.closure.views.cases import (
    case,
    case_acceptance,
    case_proposal,
    case_refusal,
    cases,
)
from huiyin.journey.closure.views.mediation import mediations
from huiyin.journey.closure.views.mediation import outcome as mediation_outcome
from huiyin.journey.closure.views.panels import (
    alternatives,
    cancellation,
    closure,
    feedback,
    panel,
    refusal,
    reopening,
    rework,
    sign_asking,
    sign_off,
    sign_refusal,
    taking_up,
    visits,
    waiving,
    withdrawal,
)

__all__ = [
    "alternatives",
    "cancellation",
    "case",
    "case_acceptance",
    "case_proposal",
    "case_refusal",
    "cases",
    "closure",
    "feedback",
    "mediation_outcome",
    "mediations",
    "panel",
    "refusal",
    "reopening",
    "rework",
    "sign_asking",
    "sign_off",
    "sign_refusal",
    "taking_up",
    "visits",
    "waiving",
    "withdrawal",
]
