"""Taking rows in, carrying a file through, and taking lists out."""

from huiyin.surface.exchange.actions.exports import MOST_EXPORTED, begin_export
from huiyin.surface.exchange.actions.imports import (
    Told,
    carry_on,
    choose,
    discard,
    halt,
    run,
    sweep_imports,
    upload,
)
from huiyin.surface.exchange.actions.rows import (
    Known,
    Reading,
    Result,
    check,
    known,
    many_commits,
    take,
)

__all__ = [
    "MOST_EXPORTED",
    "Known",
    "Reading",
    "Result",
    "Told",
    "begin_export",
    "carry_on",
    "check",
    "choose",
    "discard",
    "halt",
    "known",
    "many_commits",
    "run",
    "sweep_imports",
    "take",
    "upload",
]
