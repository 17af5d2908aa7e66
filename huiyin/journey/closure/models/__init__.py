"""What was told, asked, decided and opened again; and the rows that say what must be."""

from huiyin.journey.closure.models.records import Closing, Feedback, Reopening, Visit
from huiyin.journey.closure.models.visits import VisitRule

__all__ = ["Closing", "Feedback", "Reopening", "Visit", "VisitRule"]
