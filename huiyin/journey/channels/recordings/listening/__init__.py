"""A recording listened to in a child process with limits: bytes of others never meet a decoder in
the product's own process.

`hear(path)` → what was measured; `slices(path)` → parts of it as WAV for whoever writes it down.
Nothing here knows Django: the child has numpy and libsndfile, no setting and no secret.
"""

from huiyin.journey.channels.recordings.listening.child import hear, part
from huiyin.journey.channels.recordings.listening.shape import Heard, Limits, Unheard

__all__ = ["Heard", "Limits", "Unheard", "hear", "part"]
