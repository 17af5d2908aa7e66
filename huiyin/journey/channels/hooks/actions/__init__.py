"""The verbs of hooks: keeping what comes in, taking it from what was kept, setting systems up."""

from huiyin.journey.channels.hooks.actions.keeping import (
    LARGEST,
    keep,
    keep_more,
    receive,
    received,
)
from huiyin.journey.channels.hooks.actions.setting_up import (
    Original,
    address_of,
    drop_earlier,
    faults_of,
    put_in,
    read_raw,
    rotate,
    set_up,
    take_again,
    tried,
    try_out,
    went_out,
)
from huiyin.journey.channels.hooks.actions.taking import again, lanes, take_due, take_now

__all__ = [
    "LARGEST",
    "Original",
    "address_of",
    "again",
    "drop_earlier",
    "faults_of",
    "keep",
    "keep_more",
    "lanes",
    "put_in",
    "read_raw",
    "receive",
    "received",
    "rotate",
    "set_up",
    "take_again",
    "take_due",
    "take_now",
    "tried",
    "try_out",
    "went_out",
]
