"""The text of a page, read by a child of its own that holds the models (extra `ocr`)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from huiyin.journey.channels.paper.reading.child import ask
from huiyin.journey.channels.paper.reading.shape import USUAL, Limits

# The models' runtime reserves addresses that it never touches: what counts is what it holds.
ROOMY = replace(
    USUAL, cpu=60, wall=240.0, memory=3 * 1024**3, resident=800 * 1024 * 1024, side=2000
)


def read(path: Path, media: str, place: int, limits: Limits = ROOMY) -> dict[str, Any]:
    """{"turn": how it must be turned to be read, "lines": [{"text", "box", "sure"}], "peak"}; the
    boxes in parts of the page as it lies in the scan. Raises Unreadable."""
    order = {"wanted": "read", "path": str(path), "media": media, "place": place}
    answer, _rest = ask(order, limits)
    return answer
