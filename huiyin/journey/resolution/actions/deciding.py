"""Approving, signing together, denying, changing: nothing is rewritten, all of it is added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import NotPermitted, Refused
from huiyin.journey.complaint import actions as sight
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import said
from huiyin.journey.resolution import rules
from huiyin.journey.resolution.actions.authority import (
    as_facts,
    hold_customers_of,
    hold_month_of,
    over_budget,
    verdict,
)
from huiyin.journey.resolution.actions.offering import Draft, checked, current_round
from huiyin.journey.resolution.actions.standing import (
    Standing,
    conflicted,
    standing,
    waiting,
    waiting_round,
)
from huiyin.journey.resolution.demanding import Wanted, demanded
from huiyin.journey.resolution.models import Offer, Signature
from huiyin.journey.resolution.people import names
from huiyin.journey.resolution.permissions import can_acknowledge, can_decide, can_deny, has_say
from huiyin.journey.resolution.words import OfferState


@transaction.atomic
def decide(offer: Offer, *, by: User, approve: bool, note: str = "") -> None:
    """Approve or deny what waits; who proposed it may only take it back. Two at once: one wins."""
    (can_decide if approve else can_deny).require(by, offer)
    if by.is_system:
        raise NotPermitted(can_decide.sentence)
    _hold(offer)
    missing = "" if approve else _("请写明原因，让提出的人知道怎样改")
    note = said(note, name="note", most=300, missing=missing)
    if not approve:
        _deny(offer, by=by, note=note)
        return
    found = standing(offer, by, hold=True)
    if found.refusal:
        raise NotPermitted(found.refusal)
    if found.role and not _signed_by_all(offer, found, by=by):
        return
    _settle(offer, OfferState.OFFERED, found, by=by, note=note)


def _hold(offer: Offer) -> None:
    offer.complaint.hold()
    if offer.complaint.status != Status.PAP:
        raise Refused(_("这个方案现在不需要审批，请刷新查看最新进展"))
    hold_customers_of(offer.complaint)


def cannot_decide(offer: Offer, by: User) -> str:
    """Why this person's authority does not cover the offer, in a sentence; "" if it does."""
    return standing(offer, by).refusal


def _deny(offer: Offer, *, by: User, note: str) -> None:
    if offer.decided_at is not None:
        # Approved with changes that who proposed it does not want: the decision stays.
        offer.turn(OfferState.WAITING, OfferState.PASSED)
        _go_on(offer.complaint)
        record(What.DENIED, offer.complaint, by=by, **offer.facts, note=note)
        return
    if by.pk != offer.by_id and by.pk in conflicted(offer):
        raise NotPermitted(_("您提出、办理过或应当回避这件投诉，请由其他人审批"))
    own = by.pk == offer.by_id or has_say(by)
    others = [] if own else [one for one in names(by) if has_say(one)]
    principal = others[0] if others else None
    _settle(offer, OfferState.DENIED, Standing(principal=principal), by=by, note=note)


def _settle(offer: Offer, state: OfferState, found: Standing, *, by: User, note: str) -> None:
    offer.turn(
        OfferState.WAITING,
        state,
        decided_by=by,
        decided_for=found.principal,
        decided_at=moment.now(),
        decision_note=note,
        decided_under=dict(found.facts),
    )
    _go_on(offer.complaint)
    what = What.APPROVED if state == OfferState.OFFERED else What.DENIED
    record(what, offer.complaint, by=by, **offer.facts, note=note, **_in_whose_name(found))


def _in_whose_name(found: Standing) -> dict[str, Any]:
    return {"for": found.principal.name} if found.principal else {}


def _go_on(complaint: Complaint) -> None:
    """To the customer when no option waits any more; back to work when none is left."""
    options = current_round(complaint)
    states = {one.state for one in options}
    if OfferState.WAITING in states:
        complaint.carry(waits_for=waiting_round(options))
        return
    complaint.move_to(Status.EXE if OfferState.OFFERED in states else Status.HND)
    complaint.carry(waits_for=[])


def _signed_by_all(offer: Offer, found: Standing, *, by: User) -> bool:
    """Add this person's signature; True when it was the last that was needed."""
    Signature.objects.create(
        offer=offer, role=found.role, by=by, for_whom=found.principal, at=moment.now()
    )
    left = waiting(offer)
    if left.roles:
        offer.complaint.carry(waits_for=waiting_round(current_round(offer.complaint)))
        label = frozen(Role(found.role).label)
        name = _in_whose_name(found)
        record(What.SIGNED, offer.complaint, by=by, **offer.facts, note=label, **name)
    return not left.roles


# --- changing ------------------------------------------------------------------------------------


@transaction.atomic
def change(offer: Offer, *, by: User, draft: Draft, reason: str) -> Offer:
    """Approve something else in its place, within one's own authority.

    The old one stays as it was; the new one goes to the customer when who proposed has seen it.
    """
    can_decide.require(by, offer)
    _hold(offer)
    missing = _("请写明为什么修改，让提出的人明白")
    reason = said(reason, name="note", most=300, missing=missing)
    option = checked(draft, offer.complaint)
    if all(getattr(offer, name) == value for name, value in option.items()):
        raise Refused(_("没有任何改动；同意请直接批准"))
    found, authority = _allowed(offer, option, by)
    offer.turn(
        OfferState.WAITING,
        OfferState.CHANGED,
        decided_by=by,
        decided_for=found.principal,
        decided_at=moment.now(),
        decision_note=reason,
        decided_under=dict(found.facts),
    )
    changed = Offer.objects.create(
        complaint=offer.complaint,
        round=offer.round,
        choice=offer.choice,
        state=OfferState.WAITING,
        by=offer.by,
        at=moment.now(),
        team_id=offer.team_id,
        authority=authority,
        changed_from=offer,
        decided_by=by,
        decided_for=found.principal,
        decided_at=moment.now(),
        decision_note=reason,
        decided_under=dict(found.facts),
        **option,
    )
    _go_on(offer.complaint)
    record(
        What.OFFER_CHANGED,
        offer.complaint,
        by=by,
        **changed.facts,
        before=offer.facts,
        note=reason,
        people=[offer.by_id],
        **_in_whose_name(found),
    )
    return changed


def _allowed(offer: Offer, option: dict[str, Any], by: User) -> tuple[Standing, dict[str, Any]]:
    """In whose name he may put this in its place. What several sign, nobody changes alone."""
    if offer.is_unseen:
        raise Refused(_("已经修改并批准，等待提出人确认"))
    worth, kind, order = option["value_fen"], option["money_kind"], option["order_fen"]
    words = f"{option['basis']}\n{option['wording']}"
    wanted = Wanted(worth, kind, option["remedy"].pk, order, words)
    joint = as_facts(demanded(offer.complaint, wanted))
    asked = waiting(offer)
    if joint or (asked.jointly and offer.authority.get("joint")):
        raise NotPermitted(_("需要会签的方案不能由一个人修改，请驳回并写明怎样改"))
    for one in _who_may(offer, by):
        hold_month_of(one)
        found = verdict(
            one,
            offer.complaint,
            worth,
            kind=kind,
            order_fen=order,
            but=offer.round,
            eyes=True,
        )
        over = over_budget(offer.complaint, worth, but=offer, hold=True)
        if found.within and not (over and not one.has_role(Role.MANAGER)):
            facts = found.facts or {}
            principal = one if one.pk != by.pk else None
            return Standing(principal=principal, facts=facts), {**facts, "joint": joint}
    raise NotPermitted(_("修改后的方案超出您的审批权限，请驳回并写明怎样改"))


def _who_may(offer: Offer, by: User) -> Sequence[User]:
    """Himself and those whose deputy he is, without whoever must stand aside."""
    out = conflicted(offer)
    if by.pk in out or by.is_system:
        return []
    return [one for one in names(by) if one.pk not in out and one.has_role(*rules.DECIDERS)]


@transaction.atomic
def acknowledge(offer: Offer, *, by: User) -> None:
    """Who proposed has seen what the approver made of it; now it goes to the customer."""
    can_acknowledge.require(by, offer)
    offer.complaint.hold()
    if not offer.is_unseen:
        raise Refused(_("这个方案不需要确认，请刷新查看最新进展"))
    offer.turn(OfferState.WAITING, OfferState.OFFERED, seen_at=moment.now())
    _go_on(offer.complaint)
    record(What.OFFER_CHANGED, offer.complaint, by=by, **offer.facts, seen=True)


# --- standing aside ------------------------------------------------------------------------------


@transaction.atomic
def recuse(offer: Offer, *, by: User, reason: str) -> None:
    """Stand aside (回避): he sees the case no more, and the approval goes to the next."""
    can_decide.require(by, offer)
    offer.complaint.hold()
    if offer.state != OfferState.WAITING or offer.complaint.status != Status.PAP:
        raise Refused(_("这个方案不在这一步，或刚刚被别人处理过，请刷新后再看"))
    sight.bar(offer.complaint, by=by, person=by, reason=reason)


def pass_on(event: Event) -> None:
    """Follow barring and its lifting: whom the open approval waits for is worked out anew."""
    complaint = event.complaint
    if complaint.status != Status.PAP:
        return
    complaint.carry(waits_for=waiting_round(current_round(complaint)))
