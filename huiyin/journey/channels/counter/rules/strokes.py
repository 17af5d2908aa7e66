"""A signature as strokes: checked, thinned, smoothed. Pure.

The surface is 3000 wide and 1000 high; a point is [x, y]. Nothing else is taken from a browser:
the picture of a signature is drawn here, from these numbers.
"""

from __future__ import annotations

import json
from typing import Any

WIDTH, HEIGHT = 3000, 1000
MOST_BYTES = 300_000
MOST_STROKES = 200
MOST_POINTS = 20_000  # as they come; a signature has some hundreds
NEAR = 6  # points closer than this say nothing new
LEAST_SPAN = 120  # a dot is no signature

Point = tuple[int, int]


class Unsigned(ValueError):  # noqa: N818 — an answer about the signature
    """Why it is no signature, in a word: missing, long, broken."""


def read(typed: str) -> list[list[Point]]:
    """Strokes out of what a page sent. Raises Unsigned."""
    if not typed.strip():
        raise Unsigned("missing")
    if len(typed) > MOST_BYTES:
        raise Unsigned("long")
    try:
        found = json.loads(typed)
    except (ValueError, RecursionError) as error:
        raise Unsigned("broken") from error
    return cleaned(found)


def cleaned(found: Any) -> list[list[Point]]:
    if not isinstance(found, list) or not all(isinstance(one, list) for one in found):
        raise Unsigned("broken")
    if len(found) > MOST_STROKES or sum(len(one) for one in found) > MOST_POINTS:
        raise Unsigned("long")
    strokes = [_thinned([_point(one) for one in stroke]) for stroke in found if stroke]
    points = [point for stroke in strokes for point in stroke]
    if not points:
        raise Unsigned("missing")
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    if max(xs) - min(xs) + max(ys) - min(ys) < LEAST_SPAN:
        raise Unsigned("missing")
    return strokes


def _point(one: Any) -> Point:
    if not isinstance(one, list) or len(one) < 2:
        raise Unsigned("broken")
    x, y = one[0], one[1]
    for value in (x, y):
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            raise Unsigned("broken")
    return _within(x, WIDTH), _within(y, HEIGHT)


def _within(value: float, most: int) -> int:
    return round(min(max(value, 0), most))


def _thinned(points: list[Point]) -> list[Point]:
    kept = points[:1]
    for point in points[1:-1]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= NEAR:
            kept.append(point)
    return kept + points[-1:] if len(points) > 1 else kept


def smoothed(points: list[Point], steps: int = 6) -> list[tuple[float, float]]:
    """A curve through the middles between neighbours (quadratic), so that no corner is left."""
    if len(points) < 3:
        return [(float(x), float(y)) for x, y in points]
    curve: list[tuple[float, float]] = [(float(points[0][0]), float(points[0][1]))]
    begin: tuple[float, float] = curve[0]
    for at in range(1, len(points) - 1):
        bend, after = points[at], points[at + 1]
        end = ((bend[0] + after[0]) / 2, (bend[1] + after[1]) / 2)
        for step in range(1, steps + 1):
            t = step / steps
            curve.append(
                (
                    (1 - t) ** 2 * begin[0] + 2 * (1 - t) * t * bend[0] + t**2 * end[0],
                    (1 - t) ** 2 * begin[1] + 2 * (1 - t) * t * bend[1] + t**2 * end[1],
                )
            )
        begin = end
    curve.append((float(points[-1][0]), float(points[-1][1])))
    return curve
