"""What libsndfile does not read (amr, m4a, 3gp, wma, …), decoded by FFmpeg and given out again as
Ogg/Opus, which browsers play and libsndfile reads.

Only in the child, and only with the extra `audio`. FFmpeg is told what the first bytes say and is
let guess nothing: so a playlist, a list of parts or a script is never taken for a sound. It has the
bytes of one file, no protocol by which to ask for others, and the decoders of sounds alone.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import av
from av.error import FFmpegError
from av.stream import Disposition

from huiyin.journey.channels.recordings.listening.shape import Limits, Unheard
from huiyin.journey.channels.recordings.listening.sniffing import LONGEST_HEAD, kind_of
from huiyin.journey.channels.recordings.listening.whole import RATES, digest

CODECS = frozenset(
    {
        *("amrnb", "amrwb", "libopencore_amrnb", "libopencore_amrwb"),
        *("aac", "aac_latm", "alac", "mp3", "mp3float", "mp2", "mp2float"),
        *("opus", "libopus", "vorbis", "libvorbis", "flac", "speex", "libspeex"),
        *("wmav1", "wmav2", "wmapro", "wmalossless", "wmavoice"),
        *("gsm", "gsm_ms", "adpcm_ima_qt", "adpcm_ima_wav", "adpcm_ms"),
        *("pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s32le", "pcm_u8", "pcm_f32le"),
        *("pcm_mulaw", "pcm_alaw"),
    }
)
CALLED = {"mov": "mp4", "matroska": "mkv"}  # as people know them
OPUS_RATES = (8000, 12_000, 16_000, 24_000, 48_000)
BITS = {1: 32_000, 2: 56_000}  # a second, by channels
NARROW = 8000  # samples a second, of a telephone: half of the bits say as much
EFFORT = "5"  # of 10: nobody hears the difference in speech, the processor does
MOST_FAULTS = 50  # packets one after the other that are none: the rest is no sound
TELL_LENGTH = frozenset({"mov", "matroska", "asf", "caf"})  # of others it is only guessed
TOLD_EVERY = 10  # seconds of sound
PIECE = 48 * 1024  # bytes told at a time
BEHIND = 0.98  # of what the file says it has: less is told as cut off


def copied(path: str, limits: Limits, tell: Callable[[float], None]) -> dict[str, Any]:
    """Tells the copy piece by piece and answers what the sound was."""
    with open(path, "rb") as file:  # noqa: PTH123 — the child has no need of more
        kind = kind_of(file.read(LONGEST_HEAD))
        if not kind:
            raise Unheard("unreadable")
        file.seek(0)
        found = _opened(file, kind)
        with found:
            told = _through(found, kind, limits, tell)
    return told | {
        "format": f"{CALLED.get(kind, kind)}/{told['format']}".upper(),
        "sha256": digest(path),
        "by": f"PyAV {av.__version__}, libavcodec {_version('libavcodec')}",
    }


def _version(name: str) -> str:
    return ".".join(str(one) for one in av.library_versions[name])


def _opened(file: Any, kind: str) -> Any:
    """FFmpeg reads what we give it, as what we say it is, and can open nothing else."""
    options = {
        "format_whitelist": kind,
        "protocol_whitelist": "none",
        "codec_whitelist": ",".join(sorted(CODECS)),
    }
    try:
        return av.open(file, "r", format=kind, container_options=options)
    except (FFmpegError, ValueError) as error:
        raise Unheard("unreadable") from error


def _claimed(found: Any) -> float:
    """Seconds, as the file says it has."""
    return found.duration / 1_000_000 if found.duration and found.duration > 0 else 0.0


def _through(
    found: Any, kind: str, limits: Limits, tell: Callable[[float], None]
) -> dict[str, Any]:
    if not found.streams.audio:
        raise Unheard("unreadable")
    stream = found.streams.audio[0]
    codec, rate, channels = stream.codec_context.name, stream.rate or 0, stream.channels or 0
    if codec not in CODECS:
        raise Unheard("unreadable")
    if not RATES[0] <= rate <= RATES[1] or not 1 <= channels <= limits.channels:
        raise Unheard("rate")
    doubts = ["mixed"] if channels > 2 else []
    if any(one.type == "video" and not _is_cover(one) for one in found.streams):
        doubts.append("picture")
    claimed = _claimed(found) if kind in TELL_LENGTH else 0.0
    out = _Out()
    sound = _Encoder(out, rate, 2 if channels == 2 else 1)
    seconds = told = 0.0
    cut: list[str] = []
    for frame in _frames(found, stream, cut):
        seconds += frame.samples / frame.sample_rate
        if seconds > limits.seconds:
            raise Unheard("long")
        sound.take(frame)
        if seconds >= told + TOLD_EVERY:
            told = seconds
            tell(min(0.99, seconds / claimed) if claimed else 0.0)
    if not seconds:
        raise Unheard("unreadable" if cut else "empty")
    sound.end()
    out.flush()
    if cut or seconds < claimed * BEHIND - 1:
        doubts.append("cut")
    return {
        "format": codec,
        "rate": rate,
        "channels": channels,
        "seconds": round(seconds, 3),
        "doubts": doubts,
    }


def _is_cover(stream: Any) -> bool:
    """A picture that belongs to a sound, as of an album, is no film."""
    return bool(stream.disposition & Disposition.attached_pic)


def _frames(found: Any, stream: Any, cut: list[str]) -> Iterator[Any]:
    """What can be decoded, as far as it goes; a packet that is none is left out and told."""
    faults = 0
    packets = found.demux(stream)
    while faults < MOST_FAULTS:
        try:
            packet = next(packets)
            frames = packet.decode()
        except StopIteration:
            return
        except (FFmpegError, ValueError):
            faults += 1
            cut[:] = ["cut"]
            continue
        faults = 0 if frames else faults
        yield from frames


class _Encoder:
    """Frames of any shape → Ogg/Opus. Time is counted by samples: a file's own stamps may lie."""

    def __init__(self, out: _Out, rate: int, channels: int) -> None:
        self.layout = "stereo" if channels == 2 else "mono"
        self.rate = next((one for one in OPUS_RATES if one >= rate), OPUS_RATES[-1])
        self.container = av.open(out, "w", format="ogg")
        self.stream = self.container.add_stream(
            "libopus",
            rate=self.rate,
            layout=self.layout,
            options={"compression_level": EFFORT},
        )
        self.stream.bit_rate = BITS[channels] // (2 if self.rate <= NARROW else 1)
        self.shape: tuple[object, ...] = ()
        self.resampler: Any = None

    def take(self, frame: Any) -> None:
        frame.pts = None
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if shape != self.shape:
            self._drain()
            self.shape = shape
            self.resampler = av.AudioResampler(format="s16", layout=self.layout, rate=self.rate)
        self._write(self.resampler.resample(frame))

    def _drain(self) -> None:
        if self.resampler is not None:
            self._write(self.resampler.resample(None))

    def _write(self, frames: list[Any]) -> None:
        for frame in frames:
            frame.pts = None
            self.container.mux(self.stream.encode(frame))

    def end(self) -> None:
        self._drain()
        self.container.mux(self.stream.encode(None))
        self.container.close()


class _Out:
    """The child writes no file: what it makes goes to the parent line by line."""

    def __init__(self) -> None:
        self.kept = bytearray()

    def write(self, data: bytes) -> int:
        self.kept += data
        if len(self.kept) >= PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self.kept:
            text = base64.b64encode(bytes(self.kept)).decode()
            sys.stdout.write(json.dumps({"piece": text}) + "\n")
            sys.stdout.flush()
            self.kept.clear()
