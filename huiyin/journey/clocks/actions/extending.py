"""Granting more time."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, Permission, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks import rules
from huiyin.journey.clocks.actions.planning import carry_next, due_with, set_due
from huiyin.journey.clocks.actions.sweeping import facts_of
from huiyin.journey.clocks.models import Clock, Extension, is_law
from huiyin.journey.clocks.permissions import can_extend, can_extend_again, can_extend_by_law
from huiyin.journey.clocks.words import Level
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import reply, said
from huiyin.journey.conversation.permissions import can_reply


@transaction.atomic
def extend(
    complaint: Complaint,
    *,
    by: User,
    kind: str,
    amount: Decimal | None,
    reason: str,
    seen: datetime | None = None,
    channel: str = "",
) -> Extension:
    """Grant more time (延期): before expiry only, with a reason, and the customer is told.

    `seen` is the due date the person looked at. Raises Invalid with fields kind, amount, reason.
    """
    if not by.has_role(Role.LEGAL):
        can_extend.require(by, complaint)
    complaint.hold()
    clock = running(complaint, kind, seen)
    required(clock).require(by, complaint)
    return grant(
        clock,
        by=by,
        amount=checked(clock, amount),
        reason=because(reason),
        channel=channel,
        teller=by if can_reply(by, complaint) else complaint.assignee,
    )


def required(clock: Clock) -> Permission[Complaint]:
    """Who may grant this clock more time: by law, the second time, the first time."""
    match level_of(clock):
        case Level.LEGAL:
            return can_extend_by_law
        case Level.MANAGER:
            return can_extend_again
        case _first:
            return can_extend


def level_of(clock: Clock) -> Level:
    if is_law(clock.policy):
        return Level.LEGAL
    return Level.MANAGER if clock.extensions.exists() else Level.LEAD


def because(reason: str) -> str:
    sentence = _("请写明延期原因，客户会看到")
    return said(reason, name="reason", most=300, missing=sentence)


def grant(
    clock: Clock,
    *,
    by: User,
    amount: Decimal,
    reason: str,
    channel: str = "",
    teller: User | None = None,
) -> Extension:
    """Write it down and tell the customer, by `teller` where whoever grants writes to none."""
    complaint = clock.complaint
    due = due_with(clock, extra=float(amount))
    text = letter(clock, reason, due)
    told = reply(complaint, by=teller or by, text=text, channel=channel, fixed=True)
    extension = Extension.objects.create(
        clock=clock,
        amount=amount,
        unit=clock.unit,
        reason=reason,
        approved_by=by,
        told=told,
        at=moment.now(),
    )
    before = clock.due_at
    set_due(clock)
    carry_next(complaint)
    record(
        What.EXTENDED,
        complaint,
        by=by,
        **facts_of(clock),
        reason=reason,
        old=before.isoformat(),
    )
    return extension


def letter(clock: Clock, reason: str, due: datetime) -> str:
    """What the customer reads."""
    return _(
        "您好，您的投诉 %(number)s 还需要一些时间：%(reason)s\n"
        "我们会在 %(due)s 前给您结果。给您带来不便，非常抱歉。"
    ) % {
        "number": clock.complaint.number,
        "reason": reason,
        "due": timezone.localtime(due).strftime("%Y-%m-%d %H:%M"),
    }


def running(complaint: Complaint, kind: str, seen: datetime | None) -> Clock:
    clock = complaint.clocks.own().filter(kind=kind, stopped_at=None).first()
    if clock is None:
        raise Refused(_("没有正在计时的这项时限，请刷新页面查看最新进展"))
    if seen is not None and seen != clock.due_at:
        raise Refused(_("这项时限刚刚变过，请查看最新的期限后再决定"))
    if clock.due_at <= moment.now():
        raise Refused(_("这项时限已经到期，不能再延期；请尽快办理并向客户说明"))
    return clock


def checked(clock: Clock, amount: Decimal | None) -> Decimal:
    unit = Unit(clock.unit).label
    left = clock.left
    if left <= 0:
        raise Refused(
            _("%(policy)s 的这项时限已不能再延长") % {"policy": clock.policy}
            if clock.most_extra
            else _("%(policy)s 不允许延长这项时限") % {"policy": clock.policy}
        )
    if amount is None or not rules.is_amount(float(amount), clock.unit) or float(amount) > left:
        sentence = _("请填写 1 到 %(most)s 之间的%(unit)s数") % {"most": f"{left:g}", "unit": unit}
        raise Invalid(sentence, amount=sentence)
    return amount
