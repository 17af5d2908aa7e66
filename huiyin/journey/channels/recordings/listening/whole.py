"""A file from its first to its last sample in blocks of ten seconds, whatever its length."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import soundfile
import webrtcvad

from huiyin.journey.channels.recordings.listening.shape import Limits, Unheard
from huiyin.journey.channels.recordings.rules import frames
from huiyin.journey.channels.recordings.rules.figures import Lane, Standard, measured
from huiyin.journey.channels.recordings.rules.frames import Floats

BLOCK = 10  # seconds
AROUND = 1  # seconds more on each side, where a spectrum rings and a pitch looks ahead
RATES = (4000, 192_000)
VAD_FRAME = 240  # samples: 30 ms
VAD_STRICTNESS = 2  # of 0 to 3
SAME = 1e-4  # of two channels: so small a difference is one sound recorded twice
CLIP = 0.999
PCM = {"PCM_16", "PCM_24", "PCM_32", "PCM_U8", "PCM_S8", "ULAW", "ALAW", "FLOAT", "DOUBLE"}


def opened(path: str, limits: Limits) -> soundfile.SoundFile:
    """Raises Unheard where it is no sound, or one that nobody would listen to."""
    try:
        file = soundfile.SoundFile(path)
    except (soundfile.LibsndfileError, RuntimeError, TypeError) as error:
        raise Unheard("unreadable") from error
    if not RATES[0] <= file.samplerate <= RATES[1] or not 1 <= file.channels <= limits.channels:
        raise Unheard("rate")
    return file


def heard(
    path: str, limits: Limits, standard: Standard, tell: Callable[[float], None]
) -> dict[str, Any]:
    file = opened(path, limits)
    with file:
        rate, channels, claimed = file.samplerate, file.channels, file.frames
        lanes, doubts = _lanes(file, limits, lambda share: tell(share * 0.9))
        kind = f"{file.format}/{file.subtype}"
    read = lanes.read
    if not read:
        raise Unheard("empty")
    if 0 < claimed < 1 << 60 and read < claimed * 0.999 and "cut" not in lanes.doubts:
        doubts.append("cut")
    made = lanes.made()
    told = measured(made, standard)
    tell(1.0)
    return {
        "seconds": round(read / rate, 3),
        "channels": channels,
        "rate": rate,
        "format": kind,
        "sha256": digest(path),
        "doubts": doubts + lanes.doubts,
        "told": told,
    }


def digest(path: str) -> str:
    with open(path, "rb") as file:  # noqa: PTH123 — the child has no need of more
        return hashlib.file_digest(file, "sha256").hexdigest()


class Lanes:
    """What is kept of each channel while the sound passes by."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.kept: list[dict[str, list[Floats]]] = [
            {"levels": [], "peaks": [], "pitch": [], "voice": []} for _lane in range(count)
        ]
        self.clipped = [0] * count
        self.read = 0
        self.difference = 0.0
        self.power = 0.0
        self.invalid = False
        self.doubts: list[str] = []
        self.detectors = [webrtcvad.Vad(VAD_STRICTNESS) for _lane in range(count)]
        self.rest: list[Floats] = [np.zeros(0) for _lane in range(count)]

    def take(self, at: int, sound: Floats, ahead: Floats) -> None:
        """Ten seconds at 8 kHz of one lane, and what follows them."""
        kept = self.kept[at]
        kept["levels"].append(frames.levels(sound))
        kept["peaks"].append(frames.peaks(sound))
        count = len(sound) // frames.PITCH_HOP
        kept["pitch"].append(frames.pitch(np.concatenate([sound, ahead]))[:count])
        kept["voice"].append(self._voice(at, sound))

    def _voice(self, at: int, sound: Floats) -> Floats:
        """What the detector says of each 10 ms; it listens in 30."""
        whole = np.concatenate([self.rest[at], sound])
        usable = len(whole) // VAD_FRAME * VAD_FRAME
        self.rest[at] = whole[usable:]
        samples = (np.clip(whole[:usable], -1, 1) * 32767).astype("<i2").tobytes()
        vad, size = self.detectors[at], VAD_FRAME * 2
        said = [
            vad.is_speech(samples[place : place + size], frames.RATE)
            for place in range(0, len(samples), size)
        ]
        return np.repeat(np.array(said, dtype=bool), 3)

    def made(self) -> list[Lane]:
        found = [self._lane(at) for at in range(self.count)]
        if self.invalid:
            self.doubts.append("invalid")
        if self.count == 2 and self.difference <= SAME * max(self.power, 1e-9):
            if self.power > 0:
                self.doubts.append("same")
            return found[:1]
        if self.count == 2 and min(float(lane.levels.max()) for lane in found) < -60:
            self.doubts.append("one_silent")
        return found

    def _lane(self, at: int) -> Lane:
        joined = {name: np.concatenate(parts) for name, parts in self.kept[at].items()}
        size = len(joined["levels"])
        voice = np.zeros(size, dtype=bool)
        said = joined["voice"][:size]
        voice[: len(said)] = said
        pitch = joined["pitch"]
        return Lane(
            levels=joined["levels"],
            peaks=joined["peaks"],
            pitch=pitch,
            voice=voice,
            clipped=self.clipped[at] / max(1, self.read),
        )


def _lanes(
    file: soundfile.SoundFile, limits: Limits, tell: Callable[[float], None]
) -> tuple[Lanes, list[str]]:
    rate = file.samplerate
    lanes = Lanes(2 if file.channels == 2 else 1)
    doubts = ["mixed"] if file.channels > 2 else []
    most = limits.seconds * rate
    whole = max(1, min(file.frames, most) // (BLOCK * rate) + 1)
    before = np.zeros((AROUND * rate, lanes.count))
    blocks = _blocks(file, lanes, most)
    block = next(blocks, None)
    passed = 0
    while block is not None:
        following = next(blocks, None)
        nothing = np.zeros((AROUND * rate, lanes.count))
        after = nothing if following is None else _filled(following[: AROUND * rate], AROUND * rate)
        full = _filled(block, BLOCK * rate)
        around = np.concatenate([before, full, after])
        kept = len(block) * frames.RATE // rate
        for at in range(lanes.count):
            sound = frames.resampled(around[:, at], rate)
            begin = AROUND * frames.RATE
            size = kept if following is None else BLOCK * frames.RATE
            lanes.take(at, sound[begin : begin + size], sound[begin + size :])
        before = full[-AROUND * rate :]
        passed += 1
        tell(min(1.0, passed / whole))
        block = following
    return lanes, doubts


def _filled(block: Floats, size: int) -> Floats:
    if len(block) == size:
        return block
    return np.concatenate([block, np.zeros((size - len(block), block.shape[1]))])


def _blocks(file: soundfile.SoundFile, lanes: Lanes, most: int) -> Iterator[Floats]:
    """Samples as they come; what is no number is silence."""
    size = BLOCK * file.samplerate
    while True:
        block = _block(file, lanes)
        if not len(block):
            return
        lanes.read += len(block)
        if lanes.read > most:
            raise Unheard("long")
        if not np.isfinite(block).all():
            lanes.invalid = True
            block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
        block = np.clip(block, -8, 8).astype(np.float64)
        if file.channels > 2:
            block = block.mean(axis=1, keepdims=True)
        if lanes.count == 2:
            lanes.difference += float(((block[:, 0] - block[:, 1]) ** 2).sum())
            lanes.power += float((block**2).sum())
        for at in range(lanes.count):
            lanes.clipped[at] += int((np.abs(block[:, at]) >= CLIP).sum())
        yield block
        if len(block) < size:
            return


def _block(file: soundfile.SoundFile, lanes: Lanes) -> Floats:
    """Second by second: where a file breaks off, what came before it is heard."""
    pieces: list[Floats] = []
    try:
        for _second in range(BLOCK):
            piece = file.read(file.samplerate, dtype="float32", always_2d=True)
            pieces.append(piece)
            if len(piece) < file.samplerate:
                break
    except (soundfile.LibsndfileError, RuntimeError):
        if "cut" not in lanes.doubts:
            lanes.doubts.append("cut")
    return np.concatenate(pieces) if pieces else np.zeros((0, file.channels))


def part(path: str, limits: Limits, begin: float, end: float, lane: int | None) -> bytes:
    """A part as WAV, 16 kHz at most, one channel; `lane` None mixes them."""
    import io
    import wave

    file = opened(path, limits)
    out = io.BytesIO()
    with file, wave.open(out, "wb") as into:
        rate = file.samplerate
        step = max(1, rate // 16_000)
        into.setnchannels(1)
        into.setsampwidth(2)
        into.setframerate(rate // step)
        file.seek(min(int(begin * rate), file.frames))
        left = int((end - begin) * rate)
        while left > 0:
            block = file.read(min(left, 30 * rate), dtype="float32", always_2d=True)
            if not len(block):
                break
            left -= len(block)
            block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
            sound = block.mean(axis=1) if lane is None else block[:, min(lane, block.shape[1] - 1)]
            whole = len(sound) // step * step
            sound = sound[:whole].reshape(-1, step).mean(axis=1)
            into.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return out.getvalue()
