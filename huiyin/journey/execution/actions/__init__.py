"""The verbs of execution: planning, working, outside systems, following."""

from huiyin.journey.execution.actions.following import (
    call_off,
    call_off_all,
    done_at_once,
    foresee,
    task_answered,
    task_gone,
    task_returned,
)
from huiyin.journey.execution.actions.outside import heard
from huiyin.journey.execution.actions.planning import forecast, plan, plan_by_hand, told_on
from huiyin.journey.execution.actions.working import (
    complete,
    postpone,
    retry,
    settle_recall,
    take_over,
)

__all__ = [
    "call_off",
    "call_off_all",
    "complete",
    "done_at_once",
    "forecast",
    "foresee",
    "heard",
    "plan",
    "plan_by_hand",
    "postpone",
    "retry",
    "settle_recall",
    "take_over",
    "task_answered",
    "task_gone",
    "task_returned",
    "told_on",
]
