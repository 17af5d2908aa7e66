"""Sound as short frames: level, peak, pitch. Works on 8 kHz, the band of a telephone.

Units: seconds, Hz, dBFS (0 dBFS is a root mean square of 1.0; a full-scale sine has −3.01). Pure.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]

RATE = 8000  # samples a second that everything below is measured at
HOP = 80  # samples: 10 ms, one frame
FRAME_SECONDS = HOP / RATE
PITCH_HOP = 160  # 20 ms
PITCH_WINDOW = 320  # 40 ms: two periods of the lowest voice
LOWEST_F0, HIGHEST_F0 = 60.0, 500.0  # Hz: from a bass to a child that shouts
SHORTEST_LAG, LONGEST_LAG = int(RATE / HIGHEST_F0), int(RATE / LOWEST_F0) + 1
VOICED_BELOW = 0.20  # of YIN's normalised difference; more is no voice
SILENT = -120.0  # dBFS of nothing at all
PITCH_FROM = -60.0  # dBFS: what is softer has no pitch worth telling


def resampled(block: Floats, rate: int) -> Floats:
    """A block at 8 kHz, by its spectrum. Both lengths must be whole: len · 8000 / rate.

    Its edges ring; whoever streams gives a second more on each side and cuts it off.
    """
    if rate == RATE:
        return block
    wanted = round(len(block) * RATE / rate)
    spectrum = np.fft.rfft(block)
    kept = np.zeros(wanted // 2 + 1, dtype=complex)
    shared = min(len(kept), len(spectrum))
    kept[:shared] = spectrum[:shared]
    found: Floats = np.fft.irfft(kept, wanted) * (wanted / len(block))
    return found


def levels(sound: Floats) -> Floats:
    """dBFS of each frame of 10 ms."""
    squares = _framed(sound) ** 2
    return decibels(squares.mean(axis=1))


def peaks(sound: Floats) -> Floats:
    """The largest amplitude of each frame of 10 ms, 0 to 1."""
    found: Floats = np.abs(_framed(sound)).max(axis=1)
    return found


def decibels(power: Floats) -> Floats:
    found: Floats = 10 * np.log10(np.maximum(power, 10 ** (SILENT / 10)))
    return found


def _framed(sound: Floats) -> Floats:
    whole = len(sound) // HOP
    return sound[: whole * HOP].reshape(whole, HOP)


def pitch(sound: Floats) -> Floats:
    """F0 in Hz of each 20 ms by YIN (de Cheveigné & Kawahara 2002); 0 where there is no voice.

    `sound` goes PITCH_WINDOW + LONGEST_LAG samples beyond the last frame, or those frames are 0.
    """
    span = PITCH_WINDOW + LONGEST_LAG
    count = len(sound) // PITCH_HOP
    found = np.zeros(count)
    usable = max(0, min(count, (len(sound) - span) // PITCH_HOP + 1))
    if not usable:
        return found
    windows = np.lib.stride_tricks.sliding_window_view(sound, span)[::PITCH_HOP][:usable]
    loud = decibels((windows[:, :PITCH_WINDOW] ** 2).mean(axis=1)) > PITCH_FROM
    if loud.any():
        found[:usable][loud] = _yin(windows[loud])
    return found


def _yin(windows: Floats) -> Floats:
    """The first dip of the cumulative mean normalised difference, made finer by a parabola."""
    size = 1 << (windows.shape[1] + PITCH_WINDOW - 1).bit_length()
    first = np.fft.rfft(windows[:, :PITCH_WINDOW], size)
    whole = np.fft.rfft(windows, size)
    lags = LONGEST_LAG + 1
    products = np.fft.irfft(np.conj(first) * whole, size)[:, :lags]
    running = np.cumsum(windows**2, axis=1)
    running = np.concatenate([np.zeros((len(windows), 1)), running], axis=1)
    energy = running[:, PITCH_WINDOW : PITCH_WINDOW + lags] - running[:, :lags]
    difference = np.maximum(energy[:, :1] + energy - 2 * products, 0)
    sums = np.cumsum(difference[:, 1:], axis=1)
    normal = np.ones_like(difference)
    normal[:, 1:] = difference[:, 1:] * np.arange(1, lags) / np.maximum(sums, 1e-12)
    searched = normal[:, SHORTEST_LAG:LONGEST_LAG]
    below = searched < VOICED_BELOW
    voiced = below.any(axis=1)
    # From the first value below the bound down to the bottom of that dip.
    start = below.argmax(axis=1)
    rising = np.concatenate(
        [searched[:, 1:] >= searched[:, :-1], np.ones((len(searched), 1), dtype=bool)], axis=1
    )
    after = np.arange(searched.shape[1])[None, :] >= start[:, None]
    bottom = (rising & after).argmax(axis=1) + SHORTEST_LAG
    rows = np.arange(len(normal))
    left, mid, right = (normal[rows, bottom + step] for step in (-1, 0, 1))
    curve = left - 2 * mid + right
    bent = np.abs(curve) > 1e-9
    shift = np.where(bent, 0.5 * (left - right) / np.where(bent, curve, 1), 0)
    hz = RATE / (bottom + np.clip(shift, -0.5, 0.5))
    return np.where(voiced & (hz >= LOWEST_F0) & (hz <= HIGHEST_F0), hz, 0)
