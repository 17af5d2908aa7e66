"""From lanes of frames to figures, each with the places it was counted from. Pure.

Places are [begin, end] in seconds; of two lanes, 0 is left and 1 is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from huiyin.journey.channels.recordings.rules import activity
from huiyin.journey.channels.recordings.rules.frames import FRAME_SECONDS, Floats, decibels

MOST_PEAKS = 4000  # columns of the waveform
MOST_POINTS = 1800  # of a curve
PACE_WINDOW = 5.0  # seconds that a pace is counted over
NUCLEUS_DIP = 2.0  # dB that a syllable stands out of its surroundings (de Jong & Wempe 2009)
NUCLEUS_APART = 0.08  # seconds: nobody speaks faster than twelve syllables a second
TURN_GAP = 0.7  # seconds within which somebody who goes on has not stopped
LOUDER = 8.0  # dB over the lane's own usual loudness
GATE, RELATIVE_GATE = -70.0, -10.0  # of loudness, as in ITU-R BS.1770, without its weighting
MOST_PLACES = 500


@dataclass(frozen=True)
class Standard:
    """From when on something counts; seconds. Rows of the console (`models.Standard`)."""

    pause: float = 2.0
    hold: float = 15.0
    music: float = 10.0
    overlap: float = 0.3
    interruption: float = 0.5


@dataclass
class Lane:
    """One channel as frames of 10 ms; pitch has one value for two frames."""

    levels: Floats
    peaks: Floats
    pitch: Floats
    voice: Floats
    clipped: float = 0.0  # share of samples at the end of the scale
    speech: Floats = field(default_factory=lambda: np.zeros(0, dtype=bool))
    music: Floats = field(default_factory=lambda: np.zeros(0, dtype=bool))


def measured(lanes: Sequence[Lane], standard: Standard) -> dict[str, Any]:
    """Everything that is told of a recording. Fills in each lane's speech and music."""
    _listen(lanes, standard)
    frames = len(lanes[0].levels)
    anyone = np.logical_or.reduce([lane.speech for lane in lanes])
    holds = _holds(lanes, anyone, standard)
    spoken = [float(lane.speech.sum() * FRAME_SECONDS) for lane in lanes]
    whole = sum(spoken)
    pauses = _pauses(anyone, holds, standard)
    overlaps, interruptions = _together(lanes, standard)
    louder = [place for at, lane in enumerate(lanes) for place in _louder(lane, at)]
    places = {
        "pauses": pauses,
        "holds": holds,
        "overlaps": overlaps,
        "interruptions": interruptions,
        "louder": sorted(louder),
        "longest_pause": sorted(pauses, key=lambda one: one[0] - one[1])[:1],
    }
    figures: dict[str, Any] = {
        "lanes": len(lanes),
        "speech": [round(one, 2) for one in spoken],
        "share": [round(one / whole, 4) if whole else 0.0 for one in spoken],
        "silence": round(float((~anyone).sum() * FRAME_SECONDS), 2),
        "pauses": len(pauses),
        "pause_longest": round(max((b - a for a, b in pauses), default=0.0), 2),
        "pause_total": round(sum(b - a for a, b in pauses), 2),
        "overlaps": len(overlaps),
        "overlap_total": round(sum(one[1] - one[0] for one in overlaps), 2),
        "interruptions": len(interruptions),
        "interruptions_by": [sum(one[2] == lane for one in interruptions) for lane in (0, 1)],
        "holds": len(holds),
        "hold_total": round(sum(one[1] - one[0] for one in holds), 2),
        "louder": len(louder),
        "loudness": [_rounded(loudness(lane.levels)) for lane in lanes],
        "pitch": [_rounded(_median(_voiced(lane))) for lane in lanes],
        "pace": [_rounded(_pace(lane)) for lane in lanes],
        "clipped": [round(lane.clipped, 5) for lane in lanes],
    }
    return {
        "figures": figures,
        "places": {name: found[:MOST_PLACES] for name, found in places.items()},
        "speech": [_in_seconds(activity.spans_of(lane.speech)) for lane in lanes],
        "curves": _curves(lanes, frames),
        "peaks": [_columns(lane.peaks) for lane in lanes],
    }


def _listen(lanes: Sequence[Lane], standard: Standard) -> None:
    for lane in lanes:
        other = next((one.levels for one in lanes if one is not lane), None)
        there = activity.sounding(lane.levels, other)
        lane.music = activity.music(lane.levels, there, standard.music)
        lane.speech = activity.speech(there, lane.voice, lane.music)


def _in_seconds(spans: Sequence[activity.Span]) -> list[list[float]]:
    return [[round(a * FRAME_SECONDS, 2), round(b * FRAME_SECONDS, 2)] for a, b in spans]


def _holds(lanes: Sequence[Lane], anyone: Floats, standard: Standard) -> list[list[Any]]:
    """Music, or a silence of both that is too long for a pause."""
    music = np.logical_or.reduce([lane.music for lane in lanes])
    found: list[list[Any]] = [[*one, "music"] for one in _in_seconds(activity.spans_of(music))]
    # The seconds before the first word and after the last one are no hold.
    talk = activity.spans_of(anyone | music)
    if talk:
        quiet = ~(anyone | music)
        quiet[: talk[0][0]] = quiet[talk[-1][1] :] = False
        for a, b in _in_seconds(activity.spans_of(quiet)):
            if b - a >= standard.hold:
                found.append([a, b, "silence"])
    return sorted(found)


def _pauses(anyone: Floats, holds: list[list[Any]], standard: Standard) -> list[list[float]]:
    """Nobody speaks, between two words, and nobody is on hold."""
    talk = activity.spans_of(anyone)
    found = []
    for (_a, before), (after, _b) in pairwise(talk):
        begin, end = round(before * FRAME_SECONDS, 2), round(after * FRAME_SECONDS, 2)
        held = any(one[0] < end and begin < one[1] for one in holds)
        if end - begin >= standard.pause and not held:
            found.append([begin, end])
    return found


def _turns(lane: Lane) -> list[activity.Span]:
    gap = int(TURN_GAP / FRAME_SECONDS)
    return activity.spans_of(activity.closed(lane.speech, gap=gap, shortest=1))


def _together(
    lanes: Sequence[Lane], standard: Standard
) -> tuple[list[list[float]], list[list[Any]]]:
    """Where both speak; and who took the word while the other had it.

    An interruption: the other has spoken for half a second and goes on, one begins, both are heard
    for `interruption` seconds, and one goes on for a second at least. “嗯” and “好的” are none.
    """
    if len(lanes) < 2:
        return [], []
    both = lanes[0].speech & lanes[1].speech
    overlaps = [
        one for one in _in_seconds(activity.spans_of(both)) if one[1] - one[0] >= standard.overlap
    ]
    turns = [_turns(lane) for lane in lanes]
    found: list[list[Any]] = []
    half, second = int(0.5 / FRAME_SECONDS), int(1 / FRAME_SECONDS)
    shortest = int(standard.interruption / FRAME_SECONDS)
    for lane in (0, 1):
        for a, b in turns[lane]:
            had = [(c, d) for c, d in turns[1 - lane] if c + half <= a < d]
            for _c, d in had[:1]:
                if min(b, d) - a >= shortest and b - a >= second:
                    place = _in_seconds([(a, min(b, d))])[0]
                    found.append([*place, lane])
    return overlaps, sorted(found)


def _louder(lane: Lane, at: int) -> list[list[Any]]:
    """A second and more that is much louder than this person usually is here."""
    if lane.speech.sum() < 300:
        return []
    usual = float(np.median(lane.levels[lane.speech]))
    power = np.where(lane.speech, 10 ** (lane.levels / 10), 0)
    window = np.ones(100) / 100
    smooth = decibels(np.convolve(power, window, mode="same"))
    spans = activity.spans_of(activity.closed(smooth > usual + LOUDER, gap=50, shortest=100))
    return [[*one, at] for one in _in_seconds(spans)]


def loudness(levels: Floats) -> float | None:
    """Mean power in dBFS of blocks of 400 ms that pass two gates (BS.1770), unweighted."""
    whole = len(levels) // 40
    if not whole:
        return None
    blocks = (10 ** (levels[: whole * 40] / 10)).reshape(whole, 40).mean(axis=1)
    heard = blocks[decibels(blocks) > GATE]
    if not len(heard):
        return None
    kept = heard[decibels(heard) > float(decibels(heard.mean())) + RELATIVE_GATE]
    return float(decibels(kept.mean()))


def _voiced(lane: Lane) -> Floats:
    """F0 of voiced frames within speech."""
    spoken = lane.speech[::2][: len(lane.pitch)]
    pitch = lane.pitch[: len(spoken)]
    return pitch[(pitch > 0) & spoken]


def nuclei(lane: Lane) -> Floats:
    """Moments of syllables in seconds: peaks of the smoothed level that stand out and have a voice.

    In Chinese one syllable is one character. Fast or mumbled speech has fewer peaks than syllables.
    """
    if len(lane.levels) < 10:
        return np.zeros(0)
    window = np.hanning(9)
    power = np.convolve(10 ** (lane.levels / 10), window / window.sum(), mode="same")
    level = decibels(power)
    if not lane.speech.any():
        return np.zeros(0)
    bound = float(np.percentile(level[lane.speech], 95)) - 25
    tops = np.flatnonzero((level[1:-1] >= level[:-2]) & (level[1:-1] > level[2:])) + 1
    voiced = activity.near(np.repeat(lane.pitch > 0, 2)[: len(level)], 3)
    voiced = np.concatenate([voiced, np.zeros(max(0, len(level) - len(voiced)), dtype=bool)])
    found: list[int] = []
    for top in tops:
        if not (lane.speech[top] and voiced[top] and level[top] > bound):
            continue
        if found:
            last = found[-1]
            dip = float(level[last:top].min())
            if min(level[last], level[top]) - dip < NUCLEUS_DIP or (
                (top - last) * FRAME_SECONDS < NUCLEUS_APART
            ):
                if level[top] > level[last]:
                    found[-1] = int(top)
                continue
        found.append(int(top))
    return np.array(found) * FRAME_SECONDS


def _pace(lane: Lane) -> float | None:
    """Syllables in a second of speech."""
    seconds = float(lane.speech.sum() * FRAME_SECONDS)
    return len(nuclei(lane)) / seconds if seconds >= 1 else None


def _median(values: Floats) -> float | None:
    return float(np.median(values)) if len(values) else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _curves(lanes: Sequence[Lane], frames: int) -> dict[str, Any]:
    """One value for each `step` seconds: loudness in dBFS, pitch in Hz, pace in syllables/s; None
    where nobody speaks."""
    seconds = frames * FRAME_SECONDS
    step = max(1, int(np.ceil(seconds / MOST_POINTS)))
    count = max(1, int(np.ceil(seconds / step)))
    told: dict[str, Any] = {"step": step, "loudness": [], "pitch": [], "pace": []}
    width = int(step / FRAME_SECONDS)
    for lane in lanes:
        beats = nuclei(lane)
        loud: list[float | None] = []
        high: list[float | None] = []
        pace: list[float | None] = []
        for at in range(count):
            part = slice(at * width, (at + 1) * width)
            spoken = lane.speech[part]
            power = 10 ** (lane.levels[part] / 10)
            enough = spoken.sum() * FRAME_SECONDS >= 0.2
            loud.append(_rounded(float(decibels(power[spoken].mean()))) if enough else None)
            tones = lane.pitch[at * width // 2 : (at + 1) * width // 2]
            tones = tones[tones > 0]
            high.append(_rounded(float(np.median(tones))) if enough and len(tones) > 4 else None)
            pace.append(_pace_at(lane, beats, (at + 0.5) * step) if enough else None)
        told["loudness"].append(loud)
        told["pitch"].append(high)
        told["pace"].append(pace)
    return told


def _pace_at(lane: Lane, beats: Floats, middle: float) -> float | None:
    begin, end = middle - PACE_WINDOW / 2, middle + PACE_WINDOW / 2
    part = slice(max(0, int(begin / FRAME_SECONDS)), int(end / FRAME_SECONDS))
    spoken = float(lane.speech[part].sum() * FRAME_SECONDS)
    within = int(((beats >= begin) & (beats < end)).sum())
    return round(within / spoken, 1) if spoken >= 0.8 else None


def _columns(peaks: Floats) -> list[int]:
    """The waveform, at most 4,000 columns, 0 to 255."""
    wide = max(1, int(np.ceil(len(peaks) / MOST_PEAKS)))
    whole = int(np.ceil(len(peaks) / wide))
    padded = np.zeros(whole * wide)
    padded[: len(peaks)] = peaks
    return [int(one) for one in np.clip(padded.reshape(whole, wide).max(axis=1), 0, 1) * 255]
