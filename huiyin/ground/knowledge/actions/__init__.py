"""The verbs of knowledge: finding, writing, reviewing, keeping up to date, importing."""

from huiyin.ground.knowledge.actions.finding import Found, find, suggested
from huiyin.ground.knowledge.actions.importing import REVIEWED_WITHIN, Row, take_in
from huiyin.ground.knowledge.actions.noting import count, missed, settle, sweep_misses
from huiyin.ground.knowledge.actions.reviewing import (
    approve,
    confirm,
    due_for_review,
    send_back,
    submit,
    take_back,
    told,
    turn_due,
    waiting_for,
    withdraw,
)
from huiyin.ground.knowledge.actions.text import Text
from huiyin.ground.knowledge.actions.writing import discard, give, revise, save, write

__all__ = [
    "REVIEWED_WITHIN",
    "Found",
    "Row",
    "Text",
    "approve",
    "confirm",
    "count",
    "discard",
    "due_for_review",
    "find",
    "give",
    "missed",
    "revise",
    "save",
    "send_back",
    "settle",
    "submit",
    "suggested",
    "sweep_misses",
    "take_back",
    "take_in",
    "told",
    "turn_due",
    "waiting_for",
    "withdraw",
    "write",
]
