"""Measures filed under supervision: the officer's word on them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.people.models import User
from huiyin.journey.supervision import actions
from huiyin.journey.supervision.models import Measure
from huiyin.journey.supervision.permissions import can_review
from huiyin.journey.supervision.words import Level, Verdict
from huiyin.surface.inbox.kinds.shape import Data, Item, Kind


def _rows() -> QuerySet[Measure]:
    return Measure.objects.select_related(
        "supervision__complaint__team",
        "supervision__complaint__assignee",
        "supervision__department__head",
        "supervision__department__deputy_head",
        "by",
        "reviewed_by",
    )


def _waiting(user: User) -> QuerySet[Measure]:
    return _rows().filter(pk__in=actions.waiting_for(user).order_by().values("pk"))


def _tell(measure: Measure) -> Item:
    watch = measure.supervision
    return Item(
        kind=MEASURE,
        pk=measure.pk,
        complaint=watch.complaint,
        by=measure.by.shown_name,
        why=measure.text,
        asked=f"{Level(watch.level).label} · {watch.addressee}",
        since=measure.at,
        due_at=watch.complaint.next_due_at,
    )


def _detail(measure: Measure, user: User) -> dict[str, Any]:
    watch, waits = measure.supervision, measure.verdict == Verdict.WAITING
    own = measure.by_id == user.pk
    refusal = _("自己报送的措施，由另一位督办员审核") if own else str(can_review.sentence)
    return {
        "measure": measure,
        "supervision": watch,
        "open": waits,
        "outcome": measure.get_verdict_display(),
        "decided_by": measure.reviewed_by,
        "decided_at": measure.reviewed_at,
        "files": list(measure.files.all()),
        "refusal": "" if can_review(user, watch) and not own else refusal,
    }


def _decide(measure: Measure, by: User, data: Data) -> str:
    accept = data.get("approve") == "1"
    actions.review(measure, by=by, accept=accept, note=data.get("note", ""))
    return _("已采纳措施") if accept else _("已退回，请对方重新报送")


MEASURE = Kind(
    key="measure",
    title=gettext_lazy("督办措施"),
    icon="eye",
    waiting=_waiting,
    rows=_rows,
    complaint="supervision__complaint",
    since="at",
    person="by__name",
    tell=_tell,
    detail=_detail,
    form="inbox/forms/measure.html",
    decide=_decide,
)
