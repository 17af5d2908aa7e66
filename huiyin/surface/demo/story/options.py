"""Sums as a calculator gives them: a card that is given back, a part of the price for a defect."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from huiyin.ground import moment
from huiyin.journey.resolution import actions as resolution
from huiyin.journey.resolution.models import Remedy
from huiyin.surface.composer.writing import Option, explained
from huiyin.surface.demo.story.story import Story

COUPON = {"voucher": "致歉券", "face": 2000, "terms": "下次购物满 100 元可用"}


def draft(it: Story, code: str, fen: int, basis: str) -> resolution.Draft:
    """The option of a scene, with its remedy's own fields, and its steps where a sum has some."""
    if code == "RMD.11" and fen and it.complaint.category.startswith("CT.04"):
        code = "RMD.17"
    remedy = Remedy.objects.get(code=code)
    steps, wording = _worked_out(remedy, fen, basis)
    return resolution.Draft(
        remedy,
        basis,
        wording,
        moment.today() + timedelta(days=remedy.days),
        amount_fen=fen,
        fields=COUPON if code == "RMD.05" else None,
        calculation=steps,
    )


def _worked_out(remedy: Remedy, fen: int, basis: str) -> tuple[list[dict[str, str]], str]:
    answers = _answers(remedy.code, fen)
    if not answers:
        return [], ""
    option = Option(remedy.code, basis=basis, calculator=remedy.calculator, answers=answers)
    result = option.worked_out()
    if result is None or result.amount_fen != fen:
        return [], ""
    return result.steps, explained(option, remedy, "zh")


def _answers(code: str, fen: int) -> dict[str, Any]:
    """What was typed, so that the sum of the scene comes out."""
    if not fen:
        return {}
    if code == "RMD.17":  # half of the visits used, the trader's reason
        counts = {"total_count": 20, "used_count": 10, "unit": fen // 8}
        return {"card": "times", "paid": 2 * fen, "fault": "trader", **counts}
    if code == "RMD.04":
        return {"paid": 5 * fen, "degree": "visible"}
    return {}
