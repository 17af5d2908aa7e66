"""The routing panel and its acts; the condition builder; calls for S1; the team."""

from huiyin.journey.routing.views.acts import (
    acceptance,
    assignment,
    escalation,
    handover,
    owner,
    panel,
    pulling_back,
    resumption,
    returning,
    taking,
    urging,
    waiting,
)
from huiyin.journey.routing.views.builder import builder, preview
from huiyin.journey.routing.views.green import answering, rings
from huiyin.journey.routing.views.team import absence_end, relief, team

__all__ = [
    "absence_end",
    "acceptance",
    "answering",
    "assignment",
    "builder",
    "escalation",
    "handover",
    "owner",
    "panel",
    "preview",
    "pulling_back",
    "relief",
    "resumption",
    "returning",
    "rings",
    "taking",
    "team",
    "urging",
    "waiting",
]
