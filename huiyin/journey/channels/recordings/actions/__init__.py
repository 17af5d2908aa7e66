"""The verbs of recordings: queued, listened to, quoted, written down by people or by a service."""

from huiyin.journey.channels.recordings.actions.analysing import analyse, analyse_due, take_up
from huiyin.journey.channels.recordings.actions.exporting import (
    export,
    file_name,
    take_copy,
    with_reader,
)
from huiyin.journey.channels.recordings.actions.marking import (
    address_of,
    hear_of_call,
    quote,
    swap,
    tell_holds,
)
from huiyin.journey.channels.recordings.actions.queueing import again, queue, recording_of
from huiyin.journey.channels.recordings.actions.transcribing import (
    ask,
    cancel,
    job_again,
    transcribe_due,
)
from huiyin.journey.channels.recordings.actions.writing import (
    current,
    shown_lines,
    token_of,
    write,
)

__all__ = [
    "address_of",
    "again",
    "analyse",
    "analyse_due",
    "ask",
    "cancel",
    "current",
    "export",
    "file_name",
    "hear_of_call",
    "job_again",
    "queue",
    "quote",
    "recording_of",
    "shown_lines",
    "swap",
    "take_copy",
    "take_up",
    "tell_holds",
    "token_of",
    "transcribe_due",
    "with_reader",
    "write",
]
