"""The verbs of routing: by rule, by people, and waiting, urging, escalating."""

from huiyin.journey.routing.actions.barring import leave_when_barred
from huiyin.journey.routing.actions.by_people import (
    UNSEEN,
    accept,
    dispatch,
    dispatch_many,
    give_back,
    hand_over,
    take,
    tried,
)
from huiyin.journey.routing.actions.by_rule import reroute_on_correction, route_on_triage
from huiyin.journey.routing.actions.choosing import DESK, best_in, team_of
from huiyin.journey.routing.actions.hurrying import (
    escalate,
    resume,
    resume_when_customer_wrote,
    urge,
    wait,
)
from huiyin.journey.routing.actions.owning import change_owner, own_on_receipt
from huiyin.journey.routing.actions.recalling import pull_back
from huiyin.journey.routing.actions.relieving import (
    arrange_absence,
    cancel_absence,
    follow_absences,
    relieve,
)
from huiyin.journey.routing.actions.ringing import answer, pass_rings, ring
from huiyin.journey.routing.actions.settling import settle
from huiyin.journey.routing.people import stand_in, supervisor_on_duty

__all__ = [
    "DESK",
    "UNSEEN",
    "accept",
    "answer",
    "arrange_absence",
    "best_in",
    "cancel_absence",
    "change_owner",
    "dispatch",
    "dispatch_many",
    "escalate",
    "follow_absences",
    "give_back",
    "hand_over",
    "leave_when_barred",
    "own_on_receipt",
    "pass_rings",
    "pull_back",
    "relieve",
    "reroute_on_correction",
    "resume",
    "resume_when_customer_wrote",
    "ring",
    "route_on_triage",
    "settle",
    "stand_in",
    "supervisor_on_duty",
    "take",
    "team_of",
    "tried",
    "urge",
    "wait",
]
