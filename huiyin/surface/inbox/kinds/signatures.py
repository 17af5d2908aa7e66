"""Signatures that closing waits for."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.people.models import User
from huiyin.journey.closure import actions
from huiyin.journey.closure.models import SignRequest
from huiyin.journey.closure.permissions import can_sign_off
from huiyin.journey.closure.words import SignState
from huiyin.surface.inbox.kinds.shape import Data, Item, Kind


def _rows() -> QuerySet[SignRequest]:
    return SignRequest.objects.select_related("complaint__assignee", "demand", "asked_by", "by")


def _tell(request: SignRequest) -> Item:
    complaint, handler = request.complaint, request.complaint.assignee
    return Item(
        kind=SIGN_OFF,
        pk=request.pk,
        complaint=complaint,
        by=handler.shown_name if handler else request.asked_by.shown_name,
        why=request.note or request.demand.source,
        asked=request.demand.name,
        since=request.at,
        due_at=complaint.next_due_at,
    )


def _detail(request: SignRequest, user: User) -> dict[str, Any]:
    complaint, demand = request.complaint, request.demand
    may = can_sign_off(user, complaint) and user.has_role(demand.role)
    whose = _("“%(what)s”由%(role)s签核")
    refusal = whose % {"what": demand.name, "role": demand.get_role_display()}
    return {
        "request_to_sign": request,
        "demand": demand,
        "finding": complaint.findings.select_related("by").first(),  # type: ignore[attr-defined]
        "offer": complaint.offers.filter(state="executed").select_related("remedy").first(),  # type: ignore[attr-defined]
        "open": request.state == SignState.ASKED,
        "outcome": request.get_state_display(),
        "decided_by": request.by,
        "decided_at": request.decided_at,
        "refusal": "" if may else refusal,
    }


def _decide(request: SignRequest, by: User, data: Data) -> str:
    complaint, words = request.complaint, data.get("note", "")
    demand = actions.demand_called(request.demand.code)
    if data.get("approve") == "1":
        actions.sign_off(complaint, by=by, demand=demand, words=words)
        return _("已签核")
    actions.refuse_sign_off(complaint, by=by, demand=demand, words=words)
    return _("已记下不同意，处理人会收到")


SIGN_OFF = Kind(
    key="sign-off",
    title=gettext_lazy("结案签核"),
    icon="signature",
    waiting=actions.waiting_for,
    rows=_rows,
    complaint="complaint",
    since="at",
    person="complaint__assignee__name",
    tell=_tell,
    detail=_detail,
    form="inbox/forms/signature.html",
    decide=_decide,
)
