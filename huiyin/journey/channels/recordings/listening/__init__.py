"""A recording listened to in a child process with limits: bytes of others never meet a decoder in
the product's own process.

`hear(path)` → what was measured; `part(path)` → a part of it as WAV for whoever writes it down;
`copy(path)` → the same sound in a format that browsers play, with the extra `audio`.
Nothing here knows Django: the child has numpy and decoders, no setting and no secret.
"""

from huiyin.journey.channels.recordings.listening.child import can_copy, copy, hear, part
from huiyin.journey.channels.recordings.listening.shape import Copied, Heard, Limits, Unheard
from huiyin.journey.channels.recordings.listening.sniffing import FOREIGN, LONGEST_HEAD, kind_of

__all__ = [
    "FOREIGN",
    "LONGEST_HEAD",
    "Copied",
    "Heard",
    "Limits",
    "Unheard",
    "can_copy",
    "copy",
    "hear",
    "kind_of",
    "part",
]
