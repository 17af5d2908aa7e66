"""No text makes a pattern slow (V59): four times the text costs some four times as much.

Most patterns read what strangers wrote. One that begins with `\\d+` or `\\s*` looks, at each digit
of a long run, to the end of the run: twenty thousand digits typed into the portal held a process
for seconds. Bounds (`{1,16}`) cure that. Compared are processor seconds of the same pattern on two
lengths, so neither the machine nor its load decides.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

import huiyin

LENGTHS = (250, 1_000, 4_000, 16_000)  # the worst show at once, and would never end on the longest
# Where a search that begins anew at each place would show: runs of what patterns repeat.
WORDS = """
字 您 的 元 天 一 一1 第1 月1日 ， ： a a. a- a@ @ https://a 1 1, 1.1 86 - _ . = + * # | ' " [ ( {
< <a <!-- & \\
"""
UNITS = (*WORDS.split(), " ", "\t", "\n", "\r\n", "\x00", "A ", "1 ", "> ")
WORTH_A_LOOK = 0.004  # processor seconds
TOO_MUCH = 9.0  # between four, which is linear, and sixteen


def _patterns() -> dict[tuple[Any, int], str]:
    found: dict[tuple[Any, int], str] = {}

    def walk(value: object, name: str, depth: int = 0) -> None:
        if isinstance(value, re.Pattern):
            found.setdefault((value.pattern, value.flags), name)
        elif depth < 3 and isinstance(value, list | tuple | set | frozenset | dict):
            inner = value.values() if isinstance(value, dict) else value
            for one in list(inner)[:500]:
                walk(one, name, depth + 1)

    for module in pkgutil.walk_packages(huiyin.__path__, "huiyin."):
        if ".migrations." in module.name or module.name.endswith((".asgi", ".wsgi", "__main__")):
            continue
        for name, value in list(vars(importlib.import_module(module.name)).items()):
            walk(value, f"{module.name}.{name}")
    return found


def _cost(pattern: re.Pattern[Any], unit: str, tail: str, size: int) -> float:
    text: Any = unit * (size // len(unit)) + tail
    if isinstance(pattern.pattern, bytes):
        text = text.encode()
    begun = time.process_time()
    for _found in pattern.finditer(text):
        pass
    pattern.match(text)
    pattern.fullmatch(text)
    return time.process_time() - begun


def _slow(pattern: re.Pattern[Any]) -> Iterator[str]:
    for unit in UNITS:
        for tail in ("", "!x"):
            if any(_grows(pattern, unit, tail, *pair) for pair in pairwise(LENGTHS)):
                yield f"{unit!r} … {tail!r}"


def _grows(pattern: re.Pattern[Any], unit: str, tail: str, short: int, long: int) -> bool:
    if _cost(pattern, unit, tail, long) < WORTH_A_LOOK * TOO_MUCH:
        return False
    before = max(_cost(pattern, unit, tail, short) for _ in range(3))
    return min(_cost(pattern, unit, tail, long) for _ in range(3)) > TOO_MUCH * before


def test_no_run_of_anything_makes_a_pattern_slow():
    patterns = _patterns()
    assert len(patterns) > 300
    slow = {name: list(_slow(re.compile(*key))) for key, name in patterns.items()}
    assert {name: units for name, units in slow.items() if units} == {}


@pytest.mark.parametrize("pattern", (r"\d+元", r"\s*,", r"[\w.]+@\w+"))
def test_it_finds_such_a_pattern(pattern):
    assert next(_slow(re.compile(pattern)), "")
