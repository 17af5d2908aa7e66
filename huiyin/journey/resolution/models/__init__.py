"""Remedies and limits as data; offers as they were made."""

from huiyin.journey.resolution.models.authority import AuthorityLimit, authority_limits
from huiyin.journey.resolution.models.offers import Offer, OfferQuerySet, Signature
from huiyin.journey.resolution.models.remedies import Remedy, RemedyQuerySet, usable_remedies

__all__ = [
    "AuthorityLimit",
    "Offer",
    "OfferQuerySet",
    "Remedy",
    "RemedyQuerySet",
    "Signature",
    "authority_limits",
    "usable_remedies",
]
