"""The verbs of the clocks: planning, following the road, sweeping, planning anew, extending."""

from huiyin.journey.clocks.actions.attaching import attach, detach
from huiyin.journey.clocks.actions.extending import extend
from huiyin.journey.clocks.actions.following import (
    fed_back,
    go_on,
    pause,
    replan,
    resolved,
    start_again,
    start_for_triage,
    start_sign_in,
    stop_all,
    stop_first_response,
    stop_sign_in,
    visited,
)
from huiyin.journey.clocks.actions.lending import extend_for, run_for, stop_for
from huiyin.journey.clocks.actions.planning import due_of, explained, limits_for, planned
from huiyin.journey.clocks.actions.replanning import follow_edits, progress
from huiyin.journey.clocks.actions.sweeping import sweep

__all__ = [
    "attach",
    "detach",
    "due_of",
    "explained",
    "extend",
    "extend_for",
    "fed_back",
    "follow_edits",
    "go_on",
    "limits_for",
    "pause",
    "planned",
    "progress",
    "replan",
    "resolved",
    "run_for",
    "start_again",
    "start_for_triage",
    "start_sign_in",
    "stop_all",
    "stop_first_response",
    "stop_for",
    "stop_sign_in",
    "sweep",
    "visited",
]
