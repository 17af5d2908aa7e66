"""The verbs of webhooks: asking, sending, asking after it, hearing reports, setting systems up."""

from huiyin.ground.webhooks.actions.calling import (
    ask,
    ask_due,
    cancel,
    send_again,
    send_due_calls,
    tell_askers,
)
from huiyin.ground.webhooks.actions.hearing import (
    drop_earlier,
    forget_heard,
    hear,
    open_calls,
    received,
    rotate,
    try_out,
)

__all__ = [
    "ask",
    "ask_due",
    "cancel",
    "drop_earlier",
    "forget_heard",
    "hear",
    "open_calls",
    "received",
    "rotate",
    "send_again",
    "send_due_calls",
    "tell_askers",
    "try_out",
]
