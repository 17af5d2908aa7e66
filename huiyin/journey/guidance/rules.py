"""How counts change, and places in a script. Pure."""

from __future__ import annotations

from collections.abc import Mapping


def change(before: str, after: str) -> dict[str, int]:
    """By how much the counts of an article move when a verdict becomes another."""
    moved = {"helped": 0, "not_helped": 0}
    if before:
        moved[before] -= 1
    if after:
        moved[after] += 1
    return {name: by for name, by in moved.items() if by}


def filled(text: str, values: Mapping[str, str]) -> str:
    """{number} and {organisation} become what they are; any other brace stays as it was written."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
