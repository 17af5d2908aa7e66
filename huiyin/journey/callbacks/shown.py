"""What a card shows of a call, and what is said in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from huiyin.ground import moment
from huiyin.ground.knowledge import actions as knowledge
from huiyin.ground.people.models import User
from huiyin.journey.callbacks import rules
from huiyin.journey.callbacks.models import Callback, Script, Try
from huiyin.journey.callbacks.permissions import can_arrange, can_call
from huiyin.journey.callbacks.words import CallbackKind, Result, Step

MOST_SCRIPTS = 4
STEP = "visit"  # 回访, as the knowledge calls this step of the process


@dataclass(frozen=True)
class Line:
    """One thing to say, and from where it comes."""

    title: str
    text: str
    source: str = ""


def script(callback: Callback, reader: User) -> list[Line]:
    """What the knowledge has for this category; where that is little, our own lines before it."""
    category = callback.complaint.category
    found = []
    if callback.kind == CallbackKind.VISIT:
        found = knowledge.find(
            reader, "", kinds=("script",), category=category, step=STEP, limit=MOST_SCRIPTS
        )
    said = [Line(one.title, one.body, one.basis) for one in found]
    return [*own_script(callback.kind, category), *said] if len(said) < MOST_SCRIPTS else said


def own_script(kind: str, category: str) -> list[Line]:
    by_step: dict[str, Script] = {}
    for one in Script.objects.filter(kind=kind, enabled=True).order_by("category_prefix", "pk"):
        prefix = one.category_prefix
        if not prefix or category == prefix or category.startswith(f"{prefix}."):
            by_step[one.step] = one  # the longer prefix comes later
    return [
        Line(str(step.label), by_step[step].text, by_step[step].source)
        for step in Step
        if step in by_step
    ]


@dataclass(frozen=True)
class Card:
    it: Callback
    tries: list[Try]
    lines: list[Line]
    may_call: bool
    mine: bool  # claimed by the reader, just now
    taken_by: str  # somebody else who calls just now
    may_cancel: bool
    results: list[tuple[str, Any]]
    late: bool


def card(callback: Callback, reader: User) -> Card:
    now = moment.now()
    taken = callback.claimed_by_another(reader, now)
    may = callback.is_open and can_call(reader, callback)
    claimed = callback.claimed_by_id == reader.pk and callback.claimed_until is not None
    arranged = callback.is_open and callback.kind != CallbackKind.VISIT
    return Card(
        it=callback,
        tries=list(callback.all_tries.select_related("by", "recording")[:20]),
        lines=script(callback, reader) if may else [],
        may_call=may and not taken,
        mine=claimed and not taken and callback.claimed_until > now,  # type: ignore[operator]
        taken_by=callback.claimed_by.name if taken and callback.claimed_by else "",
        may_cancel=arranged and can_arrange(reader, callback.complaint),
        results=[(str(one), Result(one).label) for one in rules.results_of(callback.kind)],
        late=callback.is_late(now),
    )
