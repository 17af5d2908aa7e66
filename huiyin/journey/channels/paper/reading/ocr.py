"""Inside of the child: lines of a page by RapidOCR, whichever way it was put on the glass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Box = tuple[float, float, float, float]  # x, y, width, height in pixels of the turned picture
SURE = 0.8  # mean certainty below which it may stand on its head
THREADS = 2


@dataclass
class Bit:
    text: str
    sure: float
    box: Box


def engine() -> Any:
    from rapidocr import RapidOCR

    runtime = "EngineConfig.onnxruntime"
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            f"{runtime}.intra_op_num_threads": THREADS,
            f"{runtime}.inter_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": 1280,
        }
    )


def recognise(image: Any) -> dict[str, Any]:
    """Lines from above to below. A page that lies is set upright first; one that reads badly is
    tried on its head, and the better of both counts."""
    reader = engine()
    pixels = np.asarray(image)[:, :, ::-1]
    turn = 90 if _lies(reader, pixels) else 0
    best = _read(reader, pixels, turn)
    if best[1] < SURE:
        other = _read(reader, pixels, turn + 180)
        if other[1] > best[1]:
            best, turn = other, turn + 180
    height, width = pixels.shape[:2]
    lines = [
        {
            "text": bit.text,
            "sure": round(bit.sure, 3),
            "box": [round(one, 5) for one in _back(bit.box, turn, width, height)],
        }
        for bit in rows(best[0])
    ]
    return {"turn": turn, "lines": lines}


def _lies(reader: Any, pixels: Any) -> bool:
    """Whether most lines are higher than they are wide."""
    found = reader(np.ascontiguousarray(pixels), use_det=True, use_cls=False, use_rec=False)
    if found.boxes is None:
        return False
    sizes = [(np.ptp(box[:, 0]), np.ptp(box[:, 1])) for box in found.boxes]
    high = sum(h for w, h in sizes if h > 1.5 * w)
    wide = sum(w for w, h in sizes if w > 1.5 * h)
    return bool(high > wide)


def _read(reader: Any, pixels: Any, turn: int) -> tuple[list[Bit], float]:
    """Every piece of text, and how certain they are, longer ones counting more."""
    upright = np.ascontiguousarray(np.rot90(pixels, -turn // 90))
    found = reader(upright, use_det=True, use_cls=False, use_rec=True)
    bits = []
    if found.boxes is None or found.txts is None:
        return [], 0.0
    for box, text, sure in zip(found.boxes, found.txts, found.scores, strict=True):
        x, y = float(box[:, 0].min()), float(box[:, 1].min())
        size = float(np.ptp(box[:, 0])), float(np.ptp(box[:, 1]))
        bits.append(Bit(str(text), float(sure), (x, y, *size)))
    weight = sum(len(bit.text) for bit in bits)
    return bits, sum(bit.sure * len(bit.text) for bit in bits) / weight if weight else 0.0


def rows(bits: list[Bit]) -> list[Bit]:
    """Pieces that stand beside one another are one line."""
    made: list[list[Bit]] = []
    for bit in sorted(bits, key=lambda one: one.box[1] + one.box[3] / 2):
        middle = bit.box[1] + bit.box[3] / 2
        last = made[-1] if made else []
        if last and _beside(last, bit, middle):
            last.append(bit)
        else:
            made.append([bit])
    return [_joined(sorted(row, key=lambda one: one.box[0])) for row in made]


def _beside(row: list[Bit], bit: Bit, middle: float) -> bool:
    """In one height with the row, and upon none of its pieces."""
    mean = sum(one.box[1] + one.box[3] / 2 for one in row) / len(row)
    low = min(bit.box[3], *(one.box[3] for one in row))
    apart = all(
        bit.box[0] >= one.box[0] + one.box[2] * 0.9 or one.box[0] >= bit.box[0] + bit.box[2] * 0.9
        for one in row
    )
    return apart and abs(middle - mean) < low * 0.5


def _joined(row: list[Bit]) -> Bit:
    x, y = min(one.box[0] for one in row), min(one.box[1] for one in row)
    right = max(one.box[0] + one.box[2] for one in row)
    below = max(one.box[1] + one.box[3] for one in row)
    return Bit(
        " ".join(one.text for one in row),
        min(one.sure for one in row),
        (x, y, right - x, below - y),
    )


def _back(box: Box, turn: int, width: int, height: int) -> Box:
    """In parts of the page as it came: `width` and `height` are its own."""
    x, y, w, h = box
    if turn == 90:
        x, y, w, h = y, height - x - w, h, w
    elif turn == 180:
        x, y = width - x - w, height - y - h
    elif turn == 270:
        x, y, w, h = width - y - h, x, h, w
    return x / width, y / height, w / width, h / height
