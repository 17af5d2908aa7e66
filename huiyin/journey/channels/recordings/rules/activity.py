"""When somebody speaks in a lane: from levels and the second opinion of a voice detector. Pure."""

from __future__ import annotations

import numpy as np

from huiyin.journey.channels.recordings.rules.frames import FRAME_SECONDS, Floats

Span = tuple[int, int]  # frames: from, and the first after it

ABOVE_FLOOR = 8.0  # dB over the noise of the lane that a voice must have
BELOW_LOUD = 10.0  # dB under its loud passages, for a lane that never rests
SOFTEST = -60.0  # dBFS: softer is never speech on a telephone
LEAK = 20.0  # dB softer than the other lane at the same time: it is the other, heard through
VOICE_NEAR = 15  # frames around one that the detector called a voice
CLOSED_GAP = 20  # frames: 200 ms, a stop between syllables
SHORTEST = 10  # frames: 100 ms, a click is no word
MUSIC_WINDOW = 500  # frames: 5 s
MUSIC_FULL = 0.90  # of a window that music fills
# Of a window, frames 6 dB under its mean power: speech has a third and more, music hardly any.
MUSIC_LOW = 0.12


def threshold(levels: Floats) -> float:
    """dBFS from which this lane is not at rest."""
    heard = levels[levels > -100]
    if not len(heard):
        return SOFTEST
    # Digital silence counts as rest: a lane without noise has its floor at nothing.
    floor = float(np.percentile(levels, 10))
    loud = float(np.percentile(heard, 95))
    return max(min(floor + ABOVE_FLOOR, loud - BELOW_LOUD), SOFTEST)


def sounding(levels: Floats, other: Floats | None = None) -> Floats:
    """Frames that are not at rest, without what leaks in from the other lane."""
    there = levels > threshold(levels)
    if other is not None:
        there = there & (levels > other - LEAK)
    return there


def spans_of(frames: Floats) -> list[Span]:
    """Runs of true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], frames.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def closed(frames: Floats, gap: int = CLOSED_GAP, shortest: int = SHORTEST) -> Floats:
    """Short gaps filled, then short bursts dropped."""
    out = frames.copy()
    for a, b in spans_of(~frames):
        if b - a <= gap and a > 0 and b < len(frames):
            out[a:b] = True
    for a, b in spans_of(out):
        if b - a < shortest:
            out[a:b] = False
    return out


def near(frames: Floats, reach: int = VOICE_NEAR) -> Floats:
    """Frames with a true one at most `reach` away."""
    counts = np.convolve(frames.astype(np.int32), np.ones(2 * reach + 1, dtype=np.int32))
    return counts[reach : reach + len(frames)] > 0


def speech(there: Floats, voice: Floats, music: Floats) -> Floats:
    """Sounds that the detector takes for a voice, and that are no music."""
    return closed(there & near(voice) & ~music)


def music(levels: Floats, there: Floats, shortest_seconds: float) -> Floats:
    """Sound that neither rests nor moves as syllables do, for so long at least."""
    count = len(levels)
    found = np.zeros(count, dtype=bool)
    if count < MUSIC_WINDOW:
        return found
    power = 10 ** (levels / 10)
    step = 50
    for begin in range(0, count - MUSIC_WINDOW + 1, step):
        window = slice(begin, begin + MUSIC_WINDOW)
        if there[window].mean() < MUSIC_FULL:
            continue
        mean = power[window].mean()
        if (power[window] < mean / 4).mean() < MUSIC_LOW:
            found[window] = True
    found &= closed(there)  # a window that begins before the music, or ends after it
    for a, b in spans_of(found):
        if (b - a) * FRAME_SECONDS < shortest_seconds:
            found[a:b] = False
    return found
