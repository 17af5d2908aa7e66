"""后续任务: what is still to be done on this complaint, by whom, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from huiyin.ground.web.http import HuiyinRequest
from huiyin.ground.web.panels import rows
from huiyin.journey.closure.actions import needs_visit
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import DueKind, Status
from huiyin.journey.resolution.words import OfferState


@dataclass(frozen=True)
class Task:
    """`state` is done, now or ahead."""

    title: str
    state: str
    who: str = ""
    due_at: datetime | None = None
    since: datetime | None = None


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any] | None:
    """The steps from signing in to closing; None once it has ended."""
    if not complaint.is_open:
        return None
    # Worked out when it is drawn: by then the other panels have read what is needed here.
    return {"tasks": SimpleLazyObject(lambda: _tasks(complaint))}


def _tasks(complaint: Complaint) -> list[Task]:
    own = [clock for clock in rows(complaint, "clocks") if not clock.subject]
    clocks = {clock.kind: clock for clock in own}  # the last of each kind
    offers = rows(complaint, "offers")
    who = complaint.assignee.name if complaint.assignee else ""
    newest = {one.state for one in offers if one.round == offers[0].round}
    answered = not newest.isdisjoint((OfferState.AGREED, OfferState.EXECUTED))
    executed = OfferState.EXECUTED in newest
    told = complaint.status == Status.FUV and bool(rows(complaint, "feedbacks"))
    visited = told and bool(rows(complaint, "visits"))
    steps: list[tuple[str, bool, str, str]] = [
        (_("签收"), complaint.step >= 3, who, DueKind.SIGN_IN),
        (_("首次响应客户"), _stopped(clocks, DueKind.FIRST_RESPONSE), who, DueKind.FIRST_RESPONSE),
        (_("核实并写下结论"), bool(rows(complaint, "findings")), who, ""),
        (_("提出方案，客户答复"), answered, who, DueKind.RESOLUTION),
        (_("执行方案"), executed, who, "offer"),
        (_("把结果告诉客户"), told, who, DueKind.FEEDBACK),
    ]
    if needs_visit(complaint):
        steps.append((_("回访"), visited, _("回访员"), DueKind.VISIT))
    steps.append((_("结案"), False, _("经理") if complaint.severity == 1 else who, ""))
    agreed = next((one for one in offers if one.state == OfferState.AGREED), None)
    first = next((i for i, (_title, done, _who, _kind) in enumerate(steps) if not done), -1)
    tasks = []
    for i, (title, done, by, kind) in enumerate(steps):
        clock = clocks.get(kind)
        due = clock.due_at if clock and not clock.stopped_at and not clock.paused_at else None
        if kind == "offer" and agreed:
            due = timezone.make_aware(datetime.combine(agreed.due_on, time.min) + timedelta(days=1))
        since = clock.started_at if clock else None
        state = "done" if done else "now" if i == first else "ahead"
        tasks.append(Task(title, state, by, None if done else due, since))
    return tasks


def _stopped(clocks: dict[str, Any], kind: str) -> bool:
    return kind in clocks and clocks[kind].stopped_at is not None
