"""The verbs of cooperation: asking, working on it, deciding, talking, links, following."""

from huiyin.journey.cooperation.actions.asking import departments_that_owe, proposals, send
from huiyin.journey.cooperation.actions.deciding import (
    accept,
    cancel,
    decide_more_time,
    more_time_for,
    redo,
    rule,
    send_on,
    waiting_for,
)
from huiyin.journey.cooperation.actions.following import cancel_open, count_late
from huiyin.journey.cooperation.actions.linking import issue, opened, revoke
from huiyin.journey.cooperation.actions.talking import remark
from huiyin.journey.cooperation.actions.working import (
    answer,
    ask_more_time,
    dispute,
    forward,
    give_back,
    hand,
    sign,
)

__all__ = [
    "accept",
    "answer",
    "ask_more_time",
    "cancel",
    "cancel_open",
    "count_late",
    "decide_more_time",
    "departments_that_owe",
    "dispute",
    "forward",
    "give_back",
    "hand",
    "issue",
    "more_time_for",
    "opened",
    "proposals",
    "redo",
    "remark",
    "revoke",
    "rule",
    "send",
    "send_on",
    "sign",
    "waiting_for",
]
