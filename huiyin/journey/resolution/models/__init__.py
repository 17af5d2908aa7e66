"""Remedies and limits as data; offers as they were made."""

from huiyin.journey.resolution.models.authority import (
    AuthorityLimit,
    Budget,
    BudgetQuerySet,
    JointRule,
    JointRuleQuerySet,
    authority_limits,
)
from huiyin.journey.resolution.models.figures import Figure, figures, numbers_on
from huiyin.journey.resolution.models.negotiation import CounterOffer
from huiyin.journey.resolution.models.offers import Offer, OfferQuerySet, Signature
from huiyin.journey.resolution.models.remedies import Remedy, RemedyQuerySet, usable_remedies

__all__ = [
    "AuthorityLimit",
    "Budget",
    "BudgetQuerySet",
    "CounterOffer",
    "Figure",
    "JointRule",
    "JointRuleQuerySet",
    "Offer",
    "OfferQuerySet",
    "Remedy",
    "RemedyQuerySet",
    "Signature",
    "authority_limits",
    "figures",
    "numbers_on",
    "usable_remedies",
]
