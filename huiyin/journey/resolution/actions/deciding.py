"""Approving, signing together, denying."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import NotPermitted, Refused
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import said
from huiyin.journey.resolution import rules
from huiyin.journey.resolution.actions.authority import (
    hold_month_of,
    verdict,
    waiting,
    waiting_round,
)
from huiyin.journey.resolution.actions.offering import current_round
from huiyin.journey.resolution.models import Offer, Signature
from huiyin.journey.resolution.permissions import can_decide, can_deny
from huiyin.journey.resolution.words import OfferState


@transaction.atomic
def decide(offer: Offer, *, by: User, approve: bool, note: str = "") -> None:
    """Approve or deny what waits; who proposed it may only take it back. Two at once: one wins."""
    (can_decide if approve else can_deny).require(by, offer)
    offer.complaint.hold()
    if offer.complaint.status != Status.PAP:
        raise Refused(_("这个方案现在不需要审批，请刷新查看最新进展"))
    missing = "" if approve else _("请写明原因，让提出的人知道怎样改")
    note = said(note, name="note", most=300, missing=missing)
    if not approve:
        _settle(offer, OfferState.DENIED, by=by, note=note)
        return
    hold_month_of(by)
    if sentence := cannot_decide(offer, by):
        raise NotPermitted(sentence)
    if waiting(offer).jointly and not _signed_by_all(offer, by=by):
        return
    _settle(offer, OfferState.OFFERED, by=by, note=note)


def _settle(offer: Offer, state: OfferState, *, by: User, note: str) -> None:
    offer.turn(
        OfferState.WAITING, state, decided_by=by, decided_at=moment.now(), decision_note=note
    )
    _go_on(offer.complaint, current_round(offer.complaint))
    what = What.APPROVED if state == OfferState.OFFERED else What.DENIED
    record(what, offer.complaint, by=by, **offer.facts, note=note)


def _go_on(complaint: Complaint, options: Sequence[Offer]) -> None:
    """To the customer when no option waits any more; back to work when none is left."""
    states = {one.state for one in options}
    if OfferState.WAITING in states:
        complaint.carry(waits_for=waiting_round(options))
        return
    complaint.move_to(Status.EXE if OfferState.OFFERED in states else Status.HND)
    complaint.carry(waits_for=[])


def cannot_decide(offer: Offer, by: User) -> str:
    """Why this person's own authority does not cover the offer, in a sentence; "" if it does."""
    awaited = waiting(offer)
    if awaited.jointly:
        if offer.signatures.filter(by=by).exists():
            return _("您已会签，还在等待：%(who)s") % {"who": awaited}
        signed = set(rules.JOINT) - set(awaited.roles)
        if rules.signs_as(by.roles, signed):
            return ""
    else:
        allowed = verdict(by, offer.complaint, offer.value_fen, but=offer.round)
        if by.has_role(*rules.DECIDERS) and allowed.within:
            return ""
        if allowed.bound == "month":
            return _("您本月的审批额度 %(limit)s 已不够，可由 %(who)s 审批") % {
                "limit": rules.yuan(allowed.limit_fen),
                "who": awaited,
            }
    return _("金额 %(amount)s（含该客户 30 天内的其他承诺）超出您的审批权限，可由 %(who)s 审批") % {
        "amount": rules.yuan(offer.value_fen),
        "who": awaited,
    }


def _signed_by_all(offer: Offer, *, by: User) -> bool:
    """Add this person's signature; True when it was the last that was needed."""
    signed = set(offer.signatures.values_list("role", flat=True))
    role = rules.signs_as(by.roles, signed)
    Signature.objects.create(offer=offer, role=role, by=by, at=moment.now())
    left = waiting(offer)
    if left.roles:
        offer.complaint.carry(waits_for=waiting_round(current_round(offer.complaint)))
        record(What.SIGNED, offer.complaint, by=by, **offer.facts, note=frozen(Role(role).label))
    return not left.roles
