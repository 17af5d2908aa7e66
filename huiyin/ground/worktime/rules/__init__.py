"""Work time, pure: `calendars` says when we work, `deadlines` when an allowance has passed,
`distances` how far it is to a deadline and from it."""

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
from huiyin.ground.worktime.rules.distances import (
    Lights,
    after,
    before,
    lights,
    opening,
    work_days_left,
)

__all__ = [
    "Deadline",
    "Lights",
    "NoWorkTime",
    "Pause",
    "PauseRule",
    "Shift",
    "Step",
    "Unit",
    "WorkCalendar",
    "after",
    "before",
    "deadline",
    "due_at",
    "lights",
    "opening",
    "plain_week",
    "read_time",
    "read_week",
    "work_days_left",
]
