"""Who has a complaint, what decides that, and who is on duty."""

from huiyin.journey.routing.models.duty import Absence, DutyShift, Ring, RingCall, Rung
from huiyin.journey.routing.models.having import Assignment, Urging
from huiyin.journey.routing.models.sorting import PersonSkill, Route, Rule, Skill

__all__ = [
    "Absence",
    "Assignment",
    "DutyShift",
    "PersonSkill",
    "Ring",
    "RingCall",
    "Route",
    "Rule",
    "Rung",
    "Skill",
    "Urging",
]
