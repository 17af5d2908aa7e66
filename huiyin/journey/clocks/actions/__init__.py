"""The verbs of the clocks: planning, following the road, sweeping, planning anew, extending,
standing still, and lending clocks to later stages."""

from huiyin.journey.clocks.actions.asking import (
    ask_extension,
    decide_extension,
    extensions_waiting_for,
)
from huiyin.journey.clocks.actions.attaching import attach, detach
from huiyin.journey.clocks.actions.extending import extend
from huiyin.journey.clocks.actions.following import (
    answer_again,
    fed_back,
    go_on,
    hurry_update,
    mediated,
    pause,
    refused,
    replan,
    resolved,
    stand_still,
    start_again,
    start_for_triage,
    start_sign_in,
    stop_all,
    stop_first_response,
    stop_sign_in,
    stop_visit,
    visited,
)
from huiyin.journey.clocks.actions.interim import give_interim
from huiyin.journey.clocks.actions.lending import (
    extend_for,
    move_for,
    run_for,
    run_until,
    stop_for,
)
from huiyin.journey.clocks.actions.planning import due_of, explained, limits_for, planned
from huiyin.journey.clocks.actions.replanning import follow_edits, progress
from huiyin.journey.clocks.actions.suspending import (
    ask_suspension,
    decide_suspension,
    suspensions_waiting_for,
    wake,
    wake_due,
)
from huiyin.journey.clocks.actions.sweeping import sweep

__all__ = [
    "answer_again",
    "ask_extension",
    "ask_suspension",
    "attach",
    "decide_extension",
    "decide_suspension",
    "detach",
    "due_of",
    "explained",
    "extend",
    "extend_for",
    "extensions_waiting_for",
    "fed_back",
    "follow_edits",
    "give_interim",
    "go_on",
    "hurry_update",
    "limits_for",
    "mediated",
    "move_for",
    "pause",
    "planned",
    "progress",
    "refused",
    "replan",
    "resolved",
    "run_for",
    "run_until",
    "stand_still",
    "start_again",
    "start_for_triage",
    "start_sign_in",
    "stop_all",
    "stop_first_response",
    "stop_for",
    "stop_sign_in",
    "stop_visit",
    "suspensions_waiting_for",
    "sweep",
    "visited",
    "wake",
    "wake_due",
]
