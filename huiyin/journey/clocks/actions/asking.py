"""Asking for more time, and deciding it: by level, before expiry, by somebody else."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.clocks.actions.extending import because, checked, grant, level_of, running
from huiyin.journey.clocks.actions.sweeping import facts_of
from huiyin.journey.clocks.models import ExtensionRequest
from huiyin.journey.clocks.permissions import can_ask, can_decide_extension
from huiyin.journey.clocks.words import Level, RequestState
from huiyin.journey.complaint.actions import let_in
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import said
from huiyin.journey.conversation.permissions import can_reply
from huiyin.journey.routing.people import on_duty
from huiyin.journey.routing.words import Post


@transaction.atomic
def ask_extension(
    complaint: Complaint,
    *,
    by: User,
    kind: str,
    amount: Decimal | None,
    reason: str,
    seen: datetime | None = None,
) -> ExtensionRequest:
    """Ask for more time (申请延期): before expiry, within what the policy allows.

    The first is decided by the lead, the second by a manager, of a legal limit by legal. Raises
    Invalid with fields kind, amount, reason.
    """
    can_ask.require(by, complaint)
    complaint.hold()
    clock = running(complaint, kind, seen)
    if clock.requests.filter(state=RequestState.ASKED).exists():
        raise Refused(_("这项时限已经有一份延期申请在等待审批"))
    request = ExtensionRequest.objects.create(
        complaint=complaint,
        clock=clock,
        amount=checked(clock, amount),
        unit=clock.unit,
        reason=because(reason),
        level=level_of(clock),
        by=by,
        at=moment.now(),
    )
    if request.level == Level.LEGAL:
        _call_legal(complaint)
    record(What.EXTENSION_ASKED, complaint, by=by, **_facts(request))
    return request


def _call_legal(complaint: Complaint) -> None:
    """Legal sees no ordinary complaint: whoever is on duty is let in to decide."""
    officer = on_duty(Post.LEGAL, team=complaint.team, now=moment.now())
    if officer is not None and not complaint.restricted:
        let_in(complaint, [officer], by=User.objects.system())


@transaction.atomic
def decide_extension(
    request: ExtensionRequest, *, by: User, approve: bool, words: str = "", channel: str = ""
) -> ExtensionRequest:
    """Grant it, and the customer is told in the same act; or refuse it and say why."""
    complaint = request.complaint
    can_decide_extension.require(by, request)
    complaint.hold()
    request.refresh_from_db()
    if request.state != RequestState.ASKED:
        raise Refused(_("这份申请刚刚已经处理过，请刷新页面"))
    if request.by_id == by.pk:
        raise Refused(_("自己的申请要由别人审批"))
    missing = "" if approve else _("请写明不同意的原因")
    request.words = said(words, name="words", most=300, missing=missing)
    request.decided_by, request.decided_at = by, moment.now()
    if approve:
        clock = running(complaint, request.clock.kind, None)
        request.extension = grant(
            clock,
            by=by,
            amount=checked(clock, request.amount),
            reason=request.reason,
            channel=channel,
            teller=by if can_reply(by, complaint) else request.by,
        )
        request.state = RequestState.GRANTED
        request.save()
        return request
    request.state = RequestState.REFUSED
    request.save()
    facts = {**_facts(request), "reason": request.words, "asked": request.reason}
    facts["limit"] = facts.pop("clock")  # the handler is told why, not which
    record(What.EXTENSION_REFUSED, complaint, by=by, **facts)
    return request


def _facts(request: ExtensionRequest) -> dict[str, object]:
    return {
        **facts_of(request.clock),
        "request": request.pk,
        "amount": request.words_for_amount,
        "post": request.level,  # who decides
        "reason": request.reason,
    }


def extensions_waiting_for(user: User) -> QuerySet[ExtensionRequest]:
    """Requests this person can decide: not his own, not expired, of complaints he sees."""
    if not user.has_role(Role.LEAD, Role.SUPERVISOR, Role.MANAGER, Role.LEGAL):
        return ExtensionRequest.objects.none()
    mine = Q(pk__in=[])
    if user.has_role(Role.LEGAL):
        mine |= Q(level=Level.LEGAL)
    if user.has_role(Role.MANAGER):
        mine |= Q(level__in=(Level.LEAD, Level.MANAGER))
    elif user.has_role(Role.LEAD, Role.SUPERVISOR):
        in_team = Q(complaint__team__in=user.team_ids) | Q(complaint__team=None)
        mine |= Q(level=Level.LEAD) & in_team
    open_ = ExtensionRequest.objects.filter(
        mine,
        state=RequestState.ASKED,
        clock__stopped_at=None,
        clock__due_at__gt=moment.now(),
        complaint__in=Complaint.objects.visible_to(user).values("pk"),
    )
    return open_.exclude(by=user).order_by("at", "pk")
