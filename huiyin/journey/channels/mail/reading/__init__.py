"""What a mail says, read in a child process with limits: untrusted bytes never meet the product's
own process (CPython's parser takes 20 s for 50 kB of commas).

`read(raw)` → `Read`: pure data, the same for the same bytes, whatever they are. `part_bytes(raw,
place)` → the bytes of a file in it. Nothing here knows Django: the child imports the standard
library alone, sees no setting and no secret.
"""

from huiyin.journey.channels.mail.reading.child import (
    Measured,
    Unreadable,
    measured,
    part_bytes,
    parts_bytes,
    read,
)
from huiyin.journey.channels.mail.reading.shape import USUAL, Address, File, Limits, Read

__all__ = [
    "USUAL",
    "Address",
    "File",
    "Limits",
    "Measured",
    "Read",
    "Unreadable",
    "measured",
    "part_bytes",
    "parts_bytes",
    "read",
]
