"""Lines of a transcript, places of a recording. Pure."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

MOST_LINES = 5000
LONGEST_LINE = 2000
LONGEST_RECORDING = 24 * 3600.0
PART_SECONDS = 600.0  # sent at a time: 19.2 MB as 16 kHz WAV, under the 25 MB of these services
SPEAKERS = ("customer", "agent", "other")
HASH_TIME = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)(?:,(\d{1,6}(?:\.\d{1,3})?))?")


class Unwritten(ValueError):  # noqa: N818 — an answer about what was typed
    """What is wrong with a line: (word, number of the line)."""


def lines_of(given: object, seconds: float | None) -> list[dict[str, Any]]:
    """Lines as they are kept, in the order of time; raises Unwritten(word, number)."""
    if not isinstance(given, list):
        raise Unwritten("shape", 0)
    if len(given) > MOST_LINES:
        raise Unwritten("many", MOST_LINES)
    lines = [_line(one, number, seconds) for number, one in enumerate(given, 1)]
    return sorted((line for line in lines if line["text"]), key=lambda line: line["begin"])


def _line(given: object, number: int, seconds: float | None) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise Unwritten("shape", number)
    begin, end = _moment(given.get("begin")), _moment(given.get("end"))
    if begin is None or end is None or end < begin:
        raise Unwritten("time", number)
    if begin > (seconds or LONGEST_RECORDING) + 1:
        raise Unwritten("beyond", number)
    text = given.get("text")
    if not isinstance(text, str):
        raise Unwritten("shape", number)
    text = plain(text)
    if len(text) > LONGEST_LINE:
        raise Unwritten("long", number)
    speaker = given.get("speaker")
    return {
        "begin": begin,
        "end": end,
        "speaker": speaker if speaker in SPEAKERS else "other",
        "text": text,
    }


def plain(text: str) -> str:
    """One line without control characters and lone surrogates."""
    text = text.encode("utf-8", "ignore").decode()
    kept = "".join(c if unicodedata.category(c) not in ("Cc", "Cs") else " " for c in text)
    return " ".join(kept.split())


def _moment(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not math.isfinite(value) or not 0 <= value <= LONGEST_RECORDING:
        return None
    return round(float(value), 2)


def clock(seconds: float) -> str:
    """192.4 → 03:12; from an hour on 1:03:12."""
    whole = int(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    short = f"{minutes:02d}:{whole % 60:02d}"
    return f"{hours}:{short}" if hours else short


def place_of(begin: float, end: float) -> str:
    """03:12–04:05; a second at least, as a place cannot end where it begins."""
    last = max(math.ceil(end), int(begin) + 1)
    return f"{clock(begin)}–{clock(last)}"


def parts_of(seconds: float, lanes: int) -> list[tuple[float, float, int | None]]:
    """What is sent at a time: (begin, end, lane). Two sides go one by one: so it is known who
    speaks."""
    count = max(1, math.ceil(seconds / PART_SECONDS))
    spans = [(n * PART_SECONDS, min(seconds, (n + 1) * PART_SECONDS)) for n in range(count)]
    sides: Sequence[int | None] = (0, 1) if lanes == 2 else (None,)
    return [(begin, end, side) for begin, end in spans for side in sides]


def segments_of(answer: object, begin: float, end: float, speaker: str) -> list[dict[str, Any]]:
    """Lines from a verbose_json answer; one without segments is one line. Raises Unwritten."""
    if not isinstance(answer, dict):
        raise Unwritten("shape", 0)
    segments = answer.get("segments")
    if not isinstance(segments, list):
        if not isinstance(answer.get("text"), str):
            raise Unwritten("shape", 0)
        segments = [{"start": 0, "end": end - begin, "text": answer["text"]}]
    lines = []
    for segment in segments[:MOST_LINES]:
        if not isinstance(segment, dict) or not isinstance(segment.get("text"), str):
            continue
        first, last = _moment(segment.get("start")), _moment(segment.get("end"))
        if first is None:
            continue
        last = max(first, last if last is not None else first)
        text = plain(segment["text"])[:LONGEST_LINE]
        if text:
            lines.append(
                {
                    "begin": round(min(begin + first, end), 2),
                    "end": round(min(begin + last, end), 2),
                    "speaker": speaker,
                    "text": text,
                }
            )
    return lines


def as_text(lines: Iterable[dict[str, Any]], names: dict[str, str]) -> str:
    """[03:12] 客户：……"""
    return "\n".join(
        f"[{clock(one['begin'])}–{clock(one['end'])}] {names.get(one['speaker'], '')}："
        f"{one['text']}"
        for one in lines
    )


def found(lines: Iterable[dict[str, Any]], wanted: str) -> list[int]:
    """Numbers of the lines that hold these words."""
    words = wanted.lower().split()
    return [
        number
        for number, one in enumerate(lines)
        if words and all(word in one["text"].lower() for word in words)
    ]
