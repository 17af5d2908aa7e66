"""Policies and ladders as the rules read them: kept in the process for a few seconds."""

from __future__ import annotations

import math
import time as clock
from typing import TYPE_CHECKING

from huiyin.ground import remembered

if TYPE_CHECKING:
    from huiyin.journey.clocks.models.policies import Policy, Term
    from huiyin.journey.clocks.models.reminding import Ladder


_kept: dict[str, dict[str, Term]] = {}
_ladders: list[Ladder] = []
_laws: set[str] = set()
_by_condition: list[Policy] = []
_read_at = -math.inf


def forget() -> None:
    global _read_at
    _read_at = -math.inf


def terms_of(code: str) -> dict[str, Term]:
    """Kind → term of an enabled policy."""
    _read()
    return _kept.get(code, {})


def ladders() -> list[Ladder]:
    """Those in use, in order, with their rungs."""
    _read()
    return _ladders


def is_law(code: str) -> bool:
    """Whether a policy is a law: more time for it is legal's to grant."""
    _read()
    return code in _laws


def policies_by_condition() -> list[Policy]:
    """Those in use that choose their complaints by a condition."""
    _read()
    return _by_condition


def _read() -> None:
    from huiyin.journey.clocks.models.policies import Policy, Term
    from huiyin.journey.clocks.models.reminding import Ladder

    global _read_at
    if remembered.fresh(_read_at) and _kept:
        return
    _kept.clear()
    for term in Term.objects.filter(policy__enabled=True).select_related("policy"):
        _kept.setdefault(term.policy.code, {})[term.kind] = term
    _laws.clear()
    _laws.update(Policy.objects.filter(is_law=True).values_list("code", flat=True))
    _by_condition[:] = Policy.objects.filter(enabled=True, condition__isnull=False)
    _ladders[:] = Ladder.objects.filter(enabled=True).prefetch_related("rungs")
    _read_at = clock.monotonic()
