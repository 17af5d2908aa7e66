"""Voices that nobody ever had, with everything about them known: what the analysis is measured by,
and what the demonstration plays. Pure.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from huiyin.journey.channels.recordings.rules.frames import Floats

VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480))  # formants, Hz
STOP = 0.25  # of a syllable: its consonant, softer


@dataclass(frozen=True)
class Said:
    """Somebody speaks: from when, how long, how high (Hz), how fast (syllables/s), how loud.

    `level` is the dBFS of the passage.
    """

    at: float
    seconds: float
    f0: float
    pace: float
    level: float


def voice(said: Said, rate: int, seed: int = 1) -> Floats:
    """A pulse of harmonics through formants, swelling with each syllable."""
    rng = np.random.default_rng(seed)
    count = int(said.seconds * rate)
    time = np.arange(count) / rate
    syllable = (time * said.pace).astype(int)
    sound = np.zeros(count)
    vowels = rng.integers(0, len(VOWELS), int(syllable[-1]) + 1 if count else 1)
    harmonics = int(min(3600, rate * 0.45) // said.f0)
    chosen = np.array([VOWELS[one] for one in vowels], dtype=float)
    for number in range(1, harmonics + 1):
        hz = number * said.f0
        weights = sum(1 / (1 + ((hz - chosen[:, place]) / 120) ** 2) for place in range(3))
        gain = (np.asarray(weights) + 0.03) / number**0.5
        sound += gain[syllable] * np.sin(2 * np.pi * hz * time + number)
    inside = (time * said.pace) % 1
    sine = np.maximum(np.sin(np.pi * (inside - STOP) / (1 - STOP)), 0)
    sound *= np.where(inside < STOP, 0, sine**0.7) + 0.08
    power = float(np.sqrt((sound**2).mean())) if count else 0.0
    return sound * (10 ** (said.level / 20) / power) if power else sound


def lane(
    turns: Sequence[Said], seconds: float, rate: int, *, noise: float = -70.0, seed: int = 1
) -> Floats:
    """One side of a call: its turns over the noise of the line (dBFS)."""
    rng = np.random.default_rng(seed)
    out = rng.normal(0, 10 ** (noise / 20), int(seconds * rate))
    for number, said in enumerate(turns):
        sound = voice(said, rate, seed * 100 + number)
        begin = int(said.at * rate)
        out[begin : begin + len(sound)] += sound[: max(0, len(out) - begin)]
    return out


def tune(seconds: float, rate: int, level: float = -24.0) -> Floats:
    """Music on hold: chords that follow each other without a rest."""
    time = np.arange(int(seconds * rate)) / rate
    roots = (261.6, 220.0, 174.6, 196.0)
    sound = np.zeros(len(time))
    for place, root in enumerate(roots):
        playing = ((time // 1.2).astype(int) % len(roots)) == place
        for step in (1, 1.26, 1.5, 2):
            sound += np.where(playing, np.sin(2 * np.pi * root * step * time), 0)
    return sound * (10 ** (level / 20) / float(np.sqrt((sound**2).mean())))


def wav(lanes: Sequence[Floats], rate: int, *, law: bool = False) -> bytes:
    """A WAV file: 16 bit, or µ-law as exchanges record."""
    frames = np.stack([np.clip(one, -1, 1) for one in lanes], axis=1)
    data = _mu_law(frames).tobytes() if law else (frames * 32767).astype("<i2").tobytes()
    kind, wide = (7, 1) if law else (1, 2)
    channels = len(lanes)
    head = struct.pack(
        "<HHIIHH", kind, channels, rate, rate * channels * wide, channels * wide, wide * 8
    )
    if len(data) % 2:
        data += b"\0"
    body = b"WAVEfmt " + struct.pack("<I", len(head)) + head
    body += b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _mu_law(frames: Floats) -> Floats:
    """G.711: sign, exponent, mantissa, all bits turned."""
    samples = (frames * 32635).astype(np.int32)
    sign = np.where(samples < 0, 0x80, 0)
    value = np.minimum(np.abs(samples), 32635) + 132
    exponent = np.floor(np.log2(value)).astype(np.int32) - 7
    mantissa = (value >> (exponent + 3)) & 0x0F
    coded: Floats = (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)
    return coded
