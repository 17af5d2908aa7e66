"""The verbs of surveys: designing, ruling, sending, the link, answering, opting out."""

from huiyin.journey.survey.actions.answering import answer, call_back_low, keep
from huiyin.journey.survey.actions.designing import (
    Words,
    change,
    create,
    draft_of,
    publish,
    put,
)
from huiyin.journey.survey.actions.linking import (
    address,
    address_of,
    invited,
    line_for_letter,
    opened,
    unsealed,
)
from huiyin.journey.survey.actions.opting import opt_in, opt_out
from huiyin.journey.survey.actions.ruling import save_rule
from huiyin.journey.survey.actions.sending import invite, remind_due, send_by_hand, send_due

__all__ = [
    "Words",
    "address",
    "address_of",
    "answer",
    "call_back_low",
    "change",
    "create",
    "draft_of",
    "invite",
    "invited",
    "keep",
    "line_for_letter",
    "opened",
    "opt_in",
    "opt_out",
    "publish",
    "put",
    "remind_due",
    "save_rule",
    "send_by_hand",
    "send_due",
    "unsealed",
]
