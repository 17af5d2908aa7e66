"""Improvements that are said to be done: another person's word on them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.improvement import actions
from huiyin.journey.improvement.models import Report
from huiyin.journey.improvement.permissions import can_verify
from huiyin.journey.improvement.words import Verdict
from huiyin.surface.inbox.kinds.shape import Data, Item, Kind


def _rows() -> QuerySet[Report]:
    return Report.objects.select_related(
        "improvement__lead__team",
        "improvement__lead__assignee",
        "improvement__department__head",
        "improvement__department__deputy_head",
        "improvement__person",
        "improvement__kind",
        "by",
        "verified_by",
    )


def _waiting(user: User) -> QuerySet[Report]:
    """Of complaints he sees: who verifies without seeing any has the list of improvements."""
    own = actions.waiting_for(user).order_by()
    visible = Complaint.objects.visible_to(user)
    return _rows().filter(
        pk__in=own.filter(improvement__lead__in=visible.values("pk")).values("pk")
    )


def _tell(report: Report) -> Item:
    it = report.improvement
    return Item(
        kind=IMPROVEMENT,
        pk=report.pk,
        complaint=it.lead,
        by=report.by.shown_name,
        why=report.text,
        asked=f"{it.kind.name} · {it.title}",
        since=report.at,
        due_at=it.due_at,
    )


def _detail(report: Report, user: User) -> dict[str, Any]:
    it = report.improvement
    allowed = can_verify(user, it)
    return {
        "report": report,
        "improvement": it,
        "open": report.verdict == Verdict.WAITING,
        "outcome": report.get_verdict_display(),
        "decided_by": report.verified_by,
        "decided_at": report.verified_at,
        "files": list(report.files.all()),  # type: ignore[attr-defined]
        "refusal": "" if allowed else str(can_verify.sentence),
    }


def _decide(report: Report, by: User, data: Data) -> str:
    passed = data.get("approve") == "1"
    actions.verify(report, by=by, passed=passed, note=data.get("note", ""))
    return _("核验通过，开始观察效果") if passed else _("已退回，请对方补充")


IMPROVEMENT = Kind(
    key="improvement",
    title=gettext_lazy("整改核验"),
    icon="wrench",
    waiting=_waiting,
    rows=_rows,
    complaint="improvement__lead",
    since="at",
    person="by__name",
    tell=_tell,
    detail=_detail,
    form="inbox/forms/improvement.html",
    decide=_decide,
)
