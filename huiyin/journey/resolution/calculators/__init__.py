"""Calculators (计算器): sums with every step and where in the law it stands. Pure.

One file each: NAME, ABOUT, QUESTIONS and `calculate(answers, known) -> Result`.
"""

from __future__ import annotations

from types import ModuleType

from huiyin.journey.resolution.calculators import (
    food,
    fraud,
    freight,
    partial,
    prepaid,
    seven_days,
)
from huiyin.journey.resolution.calculators.reckoning import (
    Known,
    Number,
    Question,
    Result,
    read,
)
from huiyin.journey.resolution.words import Calculator

ALL: dict[str, ModuleType] = {
    Calculator.SEVEN_DAYS: seven_days,
    Calculator.PREPAID: prepaid,
    Calculator.FRAUD: fraud,
    Calculator.FOOD: food,
    Calculator.FREIGHT: freight,
    Calculator.PARTIAL: partial,
}

__all__ = ["ALL", "Known", "Number", "Question", "Result", "calculate", "read"]


def calculate(kind: str, typed: object, known: Known) -> Result:
    """Read what was typed and work it out. Raises `shapes.Wrong` with a sentence."""
    one = ALL[kind]
    result: Result = one.calculate(read(one.QUESTIONS, typed), known)
    return result
