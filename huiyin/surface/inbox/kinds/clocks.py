"""More time for a complaint, and letting it stand still: both told to the customer at once."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.people.models import User
from huiyin.ground.web.templatetags.frame import day
from huiyin.journey.clocks import actions
from huiyin.journey.clocks.models import ExtensionRequest, Suspension
from huiyin.journey.clocks.permissions import can_decide_extension, can_decide_suspension
from huiyin.journey.clocks.words import RequestState
from huiyin.surface.inbox.kinds.shape import Data, Item, Kind

# --- more time -------------------------------------------------------------------------------


def _extensions() -> QuerySet[ExtensionRequest]:
    return ExtensionRequest.objects.select_related(
        "complaint__customer",
        "complaint__team",
        "complaint__assignee",
        "clock",
        "by",
        "decided_by",
    )


def _extensions_for(user: User) -> QuerySet[ExtensionRequest]:
    asked = actions.extensions_waiting_for(user).order_by().values("pk")
    return _extensions().filter(pk__in=asked)


def _tell_extension(asked: ExtensionRequest) -> Item:
    return Item(
        kind=EXTENSION,
        pk=asked.pk,
        complaint=asked.complaint,
        by=asked.by.shown_name,
        why=asked.reason,
        asked=f"{asked.clock.get_kind_display()} +{asked.words_for_amount}",
        since=asked.at,
        due_at=asked.clock.due_at,
        clock=asked.clock,
    )


def _extension_in_full(asked: ExtensionRequest, user: User) -> dict[str, Any]:
    waits = asked.state == RequestState.ASKED
    may = can_decide_extension(user, asked) and asked.by_id != user.pk
    return {
        "asked": asked,
        "open": waits,
        "outcome": asked.get_state_display(),
        "decided_by": asked.decided_by,
        "decided_at": asked.decided_at,
        "refusal": "" if may else _why_not(asked, user, can_decide_extension),
    }


def _why_not(asked: Any, user: User, permission: Any) -> str:
    own = asked.by_id == user.pk
    return _("自己的申请要由别人审批") if own else str(permission.sentence)


def _decide_extension(asked: ExtensionRequest, by: User, data: Data) -> str:
    approve = data.get("approve") == "1"
    actions.decide_extension(asked, by=by, approve=approve, words=data.get("note", ""))
    return _("已同意延期，已告知客户") if approve else _("已答复：不同意延期")


EXTENSION = Kind(
    key="extension",
    title=gettext_lazy("延期申请"),
    icon="calendar-clock",
    waiting=_extensions_for,
    rows=_extensions,
    complaint="complaint",
    since="at",
    person="by__name",
    tell=_tell_extension,
    detail=_extension_in_full,
    form="inbox/forms/extension.html",
    decide=_decide_extension,
)

# --- standing still --------------------------------------------------------------------------


def _suspensions() -> QuerySet[Suspension]:
    return Suspension.objects.select_related(
        "complaint__customer", "complaint__team", "complaint__assignee", "by", "decided_by"
    )


def _suspensions_for(user: User) -> QuerySet[Suspension]:
    asked = actions.suspensions_waiting_for(user).order_by().values("pk")
    return _suspensions().filter(pk__in=asked)


def _tell_suspension(asked: Suspension) -> Item:
    until = _("挂起至 %(day)s") % {"day": day(asked.wake_on)}
    return Item(
        kind=SUSPENSION,
        pk=asked.pk,
        complaint=asked.complaint,
        by=asked.by.shown_name,
        why=asked.note,
        asked=f"{until} · {asked.get_reason_code_display()}",
        since=asked.at,
        due_at=asked.complaint.next_due_at,
    )


def _suspension_in_full(asked: Suspension, user: User) -> dict[str, Any]:
    waits = asked.state == RequestState.ASKED
    may = can_decide_suspension(user, asked) and asked.by_id != user.pk
    return {
        "asked": asked,
        "open": waits,
        "outcome": asked.get_state_display(),
        "decided_by": asked.decided_by,
        "decided_at": asked.decided_at,
        "refusal": "" if may else _why_not(asked, user, can_decide_suspension),
    }


def _decide_suspension(asked: Suspension, by: User, data: Data) -> str:
    approve = data.get("approve") == "1"
    actions.decide_suspension(asked, by=by, approve=approve, words=data.get("note", ""))
    return _("已同意挂起，已告知客户") if approve else _("已答复：不同意挂起")


SUSPENSION = Kind(
    key="suspension",
    title=gettext_lazy("挂起申请"),
    icon="circle-pause",
    waiting=_suspensions_for,
    rows=_suspensions,
    complaint="complaint",
    since="at",
    person="by__name",
    tell=_tell_suspension,
    detail=_suspension_in_full,
    form="inbox/forms/suspension.html",
    decide=_decide_suspension,
)
