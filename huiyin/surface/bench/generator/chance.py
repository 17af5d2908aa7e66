"""Choosing with weights."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Choice = TypeVar("Choice")


def weighted(chance: Random, table: Sequence[tuple[Choice, int]]) -> Choice:
    return chance.choices([choice for choice, _ in table], [weight for _, weight in table])[0]
