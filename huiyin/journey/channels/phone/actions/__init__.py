"""The verbs of calls: hearing of them, working in them, what follows, recordings, calling out."""

from huiyin.journey.channels.phone.actions.abuse import say, to_say
from huiyin.journey.channels.phone.actions.dialling import can_dial, dial
from huiyin.journey.channels.phone.actions.fetching import fetch_again, fetch_due, lanes_of_fetching
from huiyin.journey.channels.phone.actions.hearing import hear
from huiyin.journey.channels.phone.actions.linking import link, registered, set_aside, to_register
from huiyin.journey.channels.phone.actions.testing import send_test
from huiyin.journey.channels.phone.actions.watching import watch
from huiyin.journey.channels.phone.actions.working import (
    call_back,
    called_back,
    checked,
    close,
    finish,
    help_asked,
    keep_notes,
    notice_given,
)

__all__ = [
    "call_back",
    "called_back",
    "can_dial",
    "checked",
    "close",
    "dial",
    "fetch_again",
    "fetch_due",
    "finish",
    "hear",
    "help_asked",
    "keep_notes",
    "lanes_of_fetching",
    "link",
    "notice_given",
    "registered",
    "say",
    "send_test",
    "set_aside",
    "to_register",
    "to_say",
    "watch",
]
