"""Keeping scans, drawing and arranging their pages, deciding about letters, posting ours."""

from huiyin.journey.channels.paper.actions.arranging import (
    drop,
    join,
    reorder,
    restore,
    split,
    turn,
)
from huiyin.journey.channels.paper.actions.deciding import Said, attach, dismiss, register
from huiyin.journey.channels.paper.actions.drawing import draw_again, draw_due, prepare
from huiyin.journey.channels.paper.actions.keeping import begin, keep
from huiyin.journey.channels.paper.actions.posting import batch, preview, redraw
from huiyin.journey.channels.paper.actions.sending import (
    come_back,
    marked_posted,
    marked_printed,
    may_be_undone,
    mend_tracking,
    told_of,
    unconfirmed,
    unmark_posted,
    unmark_printed,
)

__all__ = [
    "Said",
    "attach",
    "batch",
    "begin",
    "come_back",
    "dismiss",
    "draw_again",
    "draw_due",
    "drop",
    "join",
    "keep",
    "marked_posted",
    "marked_printed",
    "may_be_undone",
    "mend_tracking",
    "prepare",
    "preview",
    "redraw",
    "register",
    "reorder",
    "restore",
    "split",
    "told_of",
    "turn",
    "unconfirmed",
    "unmark_posted",
    "unmark_printed",
]
