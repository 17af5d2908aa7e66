"""What a page shows of an improvement, and what this reader may do with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.improvement import actions
from huiyin.journey.improvement.models import Bulletin, Check, Improvement, Line, PlanStep, Report
from huiyin.journey.improvement.permissions import (
    can_judge,
    can_publish,
    can_steer,
    can_verify,
    can_work,
)
from huiyin.journey.improvement.words import Stage
from huiyin.journey.intake.models import Field
from huiyin.journey.investigation.models import Finding
from huiyin.journey.triage import knowledge

MOST_FINDINGS = 3
MOST_LINES = 200


@dataclass(frozen=True)
class Shown:
    """One improvement as its reader sees it."""

    it: Improvement
    sources: list[Complaint]  # those he sees
    hidden: int  # how many more there are
    steps: list[PlanStep]
    reports: list[Report]
    lines: list[Line]
    findings: list[Finding]
    bulletins: list[Bulletin]
    check: Check | None
    measure: str
    category_name: str
    may: dict[str, bool] = field(default_factory=dict)

    @property
    def waiting(self) -> Report | None:
        return next((one for one in self.reports if one.verified_at is None), None)

    @property
    def left(self) -> int:
        """Steps that are not done yet."""
        return sum(one.done_at is None for one in self.steps)

    @property
    def bars(self) -> list[dict[str, Any]]:
        """The two periods side by side, the larger rate 100 high."""
        if self.check is None:
            return []
        rates = (self.check.before_rate, self.check.after_rate)
        top = max(*rates, 0.1)
        return [
            {
                "rate": rate,
                "height": round(rate / top * 100, 1),
                "y": round(100 - rate / top * 100, 1),
            }
            for rate in rates
        ]


def shown(it: Improvement, reader: User) -> Shown:
    """With its steps, reports, sources and story."""
    keys = list(it.sources.values_list("complaint", flat=True))
    seen = Complaint.objects.visible_to(reader).filter(pk__in=keys)
    sources = list(seen.for_list().order_by("-received_at", "-pk"))
    findings = Finding.objects.filter(complaint__in=[one.pk for one in sources])
    reports = it.reports.select_related("by", "verified_by").prefetch_related("files")  # type: ignore[attr-defined]
    return Shown(
        it,
        sources,
        len(keys) - len(sources),
        list(it.steps.select_related("done_by")),  # type: ignore[attr-defined]
        list(reports[:20]),
        list(it.lines.select_related("by").order_by("-pk")[:MOST_LINES]),  # type: ignore[attr-defined]
        _latest(findings),
        list(Bulletin.objects.visible_to(reader).filter(improvement=it)[:20]),
        Check.objects.filter(improvement=it).first(),
        measure_of(it),
        knowledge.current().path(it.category) if it.category else "",
        _may(it, reader),
    )


def _latest(findings: Any) -> list[Finding]:
    """The last finding of each of some sources: where the whys come from."""
    found: dict[int, Finding] = {}
    for one in findings.select_related("complaint", "by").order_by("-pk")[:50]:
        found.setdefault(one.complaint_id, one)
    return list(found.values())[:MOST_FINDINGS]


def measure_of(it: Improvement) -> str:
    """By which object the effect is measured, in words; "" where by the category alone."""
    if not it.object_field:
        return ""
    known = Field.objects.filter(key=it.object_field).first()
    return f"{known.shown_label if known else it.object_field} {it.object_value}"


def _may(it: Improvement, reader: User) -> dict[str, bool]:
    working = it.stage == Stage.WORKING
    return {
        "confirm": it.stage == Stage.PROPOSED and can_steer(reader, it),
        "dismiss": it.stage in (Stage.PROPOSED, Stage.WORKING) and can_steer(reader, it),
        "change": working and can_steer(reader, it),
        "work": working and can_work(reader, it),
        "verify": it.stage == Stage.DONE and can_verify(reader, it),
        "judge": it.stage == Stage.JUDGING and can_judge(reader, it),
        "publish": can_publish(reader, None),
        "rows": it.done_at is not None,
    }


def effect_rows(
    it: Improvement, reader: User, part: str, after: int | None, size: int
) -> tuple[list[Complaint], int, int | None]:
    """The complaints that were counted in `part`, as far as this reader sees them: a page of rows,
    how many were counted, and the id of the last row if more follow."""
    both = actions.compared(it)
    if both is None:
        return [], 0, None
    span = both.before if part == "before" else both.after
    check = Check.objects.filter(improvement=it).first()
    alike = actions.alike_in(it, span)
    counted = alike.count() if check is None else getattr(check, part)
    seen = alike.filter(pk__in=Complaint.objects.visible_to(reader).values("pk"))
    if after:
        seen = seen.filter(pk__lt=after)
    rows = list(seen.for_list().order_by("-pk")[: size + 1])
    return rows[:size], counted, rows[size - 1].pk if len(rows) > size else None
