"""Sounds as telephones make them, encoded here: amr of WeChat, m4a of an iPhone, 3gp, aac, mka."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest

from huiyin.journey.channels.recordings.listening import can_copy
from huiyin.journey.channels.recordings.rules.synthesis import Said, lane

installed = pytest.mark.skipif(
    not can_copy(), reason="the extra `audio` is not installed (HUIYIN_EXTRAS=audio)"
)
SECONDS = 20
SAID = (Said(1, 5, 150, 4, -20), Said(9, 6, 150, 4, -20))
OTHER = (Said(6.5, 2, 210, 4, -20),)
RATES = {"libopencore_amrnb": 8000, "aac": 44100, "libopus": 48000}


def encoded(container: str, codec: str, *, sides: int = 1, film: bool = False) -> bytes:
    """The same words as `sounds.mono`, in a container and by a codec."""
    import av

    rate = RATES[codec]
    lanes = [lane(SAID, SECONDS, rate), lane(OTHER, SECONDS, rate, seed=5)][:sides]
    samples = (np.clip(np.stack(lanes, axis=1), -1, 1) * 32767).astype("<i2")
    out = io.BytesIO()
    layout = "stereo" if sides == 2 else "mono"
    with av.open(out, "w", format=container) as file:
        picture = _picture(file) if film else None
        sound: Any = file.add_stream(codec, rate=rate, layout=layout)
        if codec == "libopencore_amrnb":
            sound.bit_rate = 12_200
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate, frame.pts = rate, 0
        if picture is not None:
            for number in range(10):
                black = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), "u1"), format="rgb24")
                black.pts = number
                file.mux(picture.encode(black))
            file.mux(picture.encode(None))
        file.mux(sound.encode(frame))
        file.mux(sound.encode(None))
    return out.getvalue()


def _picture(file: Any) -> Any:
    stream = file.add_stream("mpeg4", rate=10)
    stream.width = stream.height = 32
    stream.pix_fmt = "yuv420p"
    return stream


def voice() -> bytes:
    """A voice message of WeChat."""
    return encoded("amr", "libopencore_amrnb")


def memo(**more: Any) -> bytes:
    """A recording of an iPhone."""
    return encoded("ipod", "aac", **more)
