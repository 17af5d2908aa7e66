"""Beginning, talking, passing on, ending."""

from huiyin.journey.channels.chat.actions.beginning import (
    Asked,
    Begun,
    ahead_of,
    begin,
    by_token,
    is_open,
    leave_message,
    opens_at,
    place_of,
)
from huiyin.journey.channels.chat.actions.ending import (
    attach_to,
    end,
    end_by_time,
    end_by_visitor,
    rate,
)
from huiyin.journey.channels.chat.actions.mailing import mail_unseen, send_copy
from huiyin.journey.channels.chat.actions.passing import accept, hand_over
from huiyin.journey.channels.chat.actions.talking import (
    answer,
    here,
    put_file,
    say,
    seen,
    typing,
    went,
    whisper,
)

__all__ = [
    "Asked",
    "Begun",
    "accept",
    "ahead_of",
    "answer",
    "attach_to",
    "begin",
    "by_token",
    "end",
    "end_by_time",
    "end_by_visitor",
    "hand_over",
    "here",
    "is_open",
    "leave_message",
    "mail_unseen",
    "opens_at",
    "place_of",
    "put_file",
    "rate",
    "say",
    "seen",
    "send_copy",
    "typing",
    "went",
    "whisper",
]
