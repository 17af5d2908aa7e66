"""manage measure_recordings: how right the analysis is, against voices of which all is known."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from huiyin.journey.channels.recordings.listening import Heard, hear
from huiyin.journey.channels.recordings.rules.synthesis import Said, lane, tune, wav

PAGE = Path(__file__).resolve().parents[6] / "docs" / "recordings.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
SECONDS = 70.0
CUSTOMER = (
    Said(1, 6, 210, 4.5, -20),
    Said(14, 5, 210, 5, -20),
    Said(24, 4, 220, 6, -8),
    Said(60, 4, 210, 4.5, -20),
)
AGENT = (Said(8, 5, 120, 4, -24), Said(21, 5, 120, 4, -24), Said(31, 5, 120, 3.5, -24))
SPEECH = (19.0, 15.0)
SYLLABLES = (27 + 25 + 24 + 18, 20 + 20 + 17.5)
PITCH = (210.0, 120.0)
PAUSES = ((19.0, 21.0), (28.0, 31.0))
OVERLAP = (24.0, 26.0)
MUSIC = (38.0, 56.0)
KINDS = (
    ("8 kHz", 8000, False, -70.0),
    ("8 kHz, µ-law", 8000, True, -70.0),
    ("8 kHz, µ-law, noise −45 dBFS", 8000, True, -45.0),
    ("16 kHz", 16_000, False, -70.0),
    ("16 kHz, noise −40 dBFS", 16_000, False, -40.0),
    ("44.1 kHz", 44_100, False, -60.0),
)


class Command(BaseCommand):
    help = (
        "Measure the analysis of recordings against synthetic calls of which speech, pauses, "
        "overlaps, holds, pitch and pace are known, and write the errors into docs/recordings.md. "
        "With --long also what two hours cost."
    )
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--long", action="store_true", help="two hours of sound, too")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = [
            "| sound | speech | pauses | overlap | hold | pitch | pace | CPU, memory |",
            "|---|---|---|---|---|---|---|---|",
            *_rows(),
        ]
        if options["long"]:
            lines += ["", _two_hours()]
        table = "\n".join(lines)
        self.stdout.write(table)
        text = PAGE.read_text(encoding="utf-8")
        before, _begin, rest = text.partition(BEGIN)
        _old, _end, after = rest.partition(END)
        PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


def _rows() -> Iterator[str]:
    for name, rate, law, noise in KINDS:
        sides = [
            lane(turns, SECONDS, rate, noise=noise, seed=number)
            for number, turns in enumerate((CUSTOMER, AGENT), 1)
        ]
        music = tune(MUSIC[1] - MUSIC[0], rate)
        begin = int(MUSIC[0] * rate)
        sides[1][begin : begin + len(music)] += music
        yield f"| {name} | {_errors(_heard(wav(sides, rate, law=law)))} |"


def _heard(data: bytes) -> Heard:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        file.write(data)
        file.flush()
        return hear(Path(file.name))


def _errors(heard: Heard) -> str:
    figures, places = heard.told["figures"], heard.told["places"]
    speech = max(abs(a - b) for a, b in zip(figures["speech"], SPEECH, strict=True))
    pitch = max(abs(a / b - 1) for a, b in zip(figures["pitch"], PITCH, strict=True))
    true = [n / s for n, s in zip(SYLLABLES, SPEECH, strict=True)]
    pace = max(abs(a / b - 1) for a, b in zip(figures["pace"], true, strict=True))
    return " | ".join(
        (
            f"±{speech:.2f} s",
            _edges(places["pauses"], PAUSES),
            _edges(places["overlaps"], (OVERLAP,)),
            _edges(places["holds"], (MUSIC,)),
            f"±{pitch * 100:.1f} %",
            f"±{pace * 100:.0f} %",
            f"{heard.cpu:.1f} s, {heard.peak // 1024 // 1024} MB",
        )
    )


def _edges(found: list[list[Any]], true: tuple[tuple[float, float], ...]) -> str:
    """How far begin and end are off at most; another number of places is told."""
    if len(found) != len(true):
        return f"{len(found)} of {len(true)}"
    pairs = zip(found, true, strict=True)
    return f"±{max(max(abs(a[0] - b[0]), abs(a[1] - b[1])) for a, b in pairs):.2f} s"


def _two_hours() -> str:
    turns = [Said(at, 8, 150, 4, -20) for at in range(0, 7190, 20)]
    others = [Said(at + 10, 8, 220, 4, -20) for at in range(0, 7180, 20)]
    rate = 8000
    heard = _heard(wav([lane(turns, 7200, rate), lane(others, 7200, rate)], rate, law=True))
    return (
        f"Two hours, 8 kHz, two channels: {heard.cpu:.0f} s of CPU, "
        f"{heard.peak // 1024 // 1024} MB at most."
    )
