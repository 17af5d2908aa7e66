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
from huiyin.journey.routing.actions.by_rule import (
    DESK,
    reroute_on_correction,
    route_on_triage,
    team_of,
)
from huiyin.journey.routing.actions.hurrying import (
    escalate,
    resume,
    resume_when_customer_wrote,
    urge,
    wait,
)
from huiyin.journey.routing.people import stand_in, supervisor_on_duty

__all__ = [
    "DESK",
    "UNSEEN",
    "accept",
    "dispatch",
    "dispatch_many",
    "escalate",
    "give_back",
    "hand_over",
    "leave_when_barred",
    "reroute_on_correction",
    "resume",
    "resume_when_customer_wrote",
    "route_on_triage",
    "stand_in",
    "supervisor_on_duty",
    "take",
    "team_of",
    "tried",
    "urge",
    "wait",
]
