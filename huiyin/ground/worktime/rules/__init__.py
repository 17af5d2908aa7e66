"""Work time, pure: `calendars` says when we work, `deadlines` when an allowance has passed."""

from huiyin.ground.worktime.rules.calendars import (
    NoWorkTime,
    Shift,
    WorkCalendar,
    plain_week,
    read_time,
    read_week,
)
from huiyin.ground.worktime.rules.deadlines import (
    Deadline,
    Pause,
    PauseRule,
    Step,
    Unit,
    deadline,
    due_at,
)

__all__ = [
    "Deadline",
    "NoWorkTime",
    "Pause",
    "PauseRule",
    "Shift",
    "Step",
    "Unit",
    "WorkCalendar",
    "deadline",
    "due_at",
    "plain_week",
    "read_time",
    "read_week",
]
