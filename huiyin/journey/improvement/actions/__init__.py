"""The verbs of improvement: opening, working, verifying, counting the effect; bulletins; rules."""

from huiyin.journey.improvement.actions.by_rule import fire_rules
from huiyin.journey.improvement.actions.drafting import Draft, drafted
from huiyin.journey.improvement.actions.effect import alike_in, compared, count_effects, judge
from huiyin.journey.improvement.actions.figures import Figures, figures
from huiyin.journey.improvement.actions.opening import (
    Plan,
    add_sources,
    begin,
    change,
    confirm,
    dismiss,
    propose,
)
from huiyin.journey.improvement.actions.reminding import (
    hands_left,
    readings_for,
    remind_by_hand,
    remind_readers,
    take_note,
    told_as_head,
)
from huiyin.journey.improvement.actions.telling import (
    confirm_reading,
    publish,
    to_read,
    withdraw,
)
from huiyin.journey.improvement.actions.verifying import verify, waiting_for
from huiyin.journey.improvement.actions.working import add_step, follow_clock, report, tick

__all__ = [
    "Draft",
    "Figures",
    "Plan",
    "add_sources",
    "add_step",
    "alike_in",
    "begin",
    "change",
    "compared",
    "confirm",
    "confirm_reading",
    "count_effects",
    "dismiss",
    "drafted",
    "figures",
    "fire_rules",
    "follow_clock",
    "hands_left",
    "judge",
    "propose",
    "publish",
    "readings_for",
    "remind_by_hand",
    "remind_readers",
    "report",
    "take_note",
    "tick",
    "to_read",
    "told_as_head",
    "verify",
    "waiting_for",
    "withdraw",
]
