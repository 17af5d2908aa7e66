"""Calls of which everything is known."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.journey.channels.recordings.rules.synthesis import Said, lane, tune, wav

SECONDS = 70.0
CUSTOMER = (
    Said(1, 6, 210, 4.5, -20),
    Said(14, 5, 210, 5, -20),
    Said(24, 4, 220, 6, -8),  # breaks in at 24, the agent goes on until 26
    Said(60, 4, 210, 4.5, -20),
)
AGENT = (Said(8, 5, 120, 4, -24), Said(21, 5, 120, 4, -24), Said(31, 5, 120, 3.5, -24))
MUSIC = (38.0, 56.0)
TRUTH = {
    "speech": (19.0, 15.0),
    "pauses": [(28, 31), (19, 21)],  # 7–8 and 13–14 are too short; 36–38, 56–60 belong to the hold
    "interruption": (24.0, 26.0, 0),
    "pitch": (210.0, 120.0),
}


def call(rate: int = 8000, *, noise: float = -70, law: bool = False) -> bytes:
    """Customer left, agent right; music while on hold."""
    customer = lane(CUSTOMER, SECONDS, rate, noise=noise, seed=1)
    agent = lane(AGENT, SECONDS, rate, noise=noise, seed=2)
    music = tune(MUSIC[1] - MUSIC[0], rate)
    begin = int(MUSIC[0] * rate)
    agent[begin : begin + len(music)] += music
    return wav([customer, agent], rate, law=law)


def mono(rate: int = 8000, seconds: float = 20.0) -> bytes:
    said = (Said(1, 5, 150, 4, -20), Said(9, 6, 150, 4, -20))
    return wav([lane(said, seconds, rate)], rate)


def upload(data: bytes, name: str = "通话录音.wav") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "audio/wav")
