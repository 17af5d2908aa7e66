"""Whether whoever is spoken with is the customer whose line broke. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Party:
    """Who is on the line, as far as we know: number, customer, complaint."""

    number: str
    customer: int | None
    complaint: int | None


def is_same(one: Party, other: Party) -> bool:
    """The same number, and the same complaint or customer: of a number that several people use
    the one says nothing of the other, and a number that is not shown says nothing at all."""
    if not one.number or one.number != other.number:
        return False
    if one.complaint is not None and one.complaint == other.complaint:
        return True
    return one.customer is not None and one.customer == other.customer
