"""Offers above somebody's limit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.people.models import User
from huiyin.journey.resolution import actions
from huiyin.journey.resolution.actions.awaiting import waiting_for
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.permissions import can_decide, can_deny
from huiyin.journey.resolution.rules import yuan
from huiyin.journey.resolution.words import OfferState
from huiyin.surface.inbox.kinds.shape import Data, Item, Kind


def _rows() -> Any:
    return Offer.objects.select_related("complaint__customer", "remedy", "by", "decided_by")


def _tell(offer: Offer) -> Item:
    amount = f" {yuan(offer.amount_fen)}" if offer.amount_fen else ""
    return Item(
        kind=OFFER,
        pk=offer.pk,
        complaint=offer.complaint,
        by=offer.by.shown_name,
        why=offer.basis,
        asked=f"{offer.remedy.name}{amount}",
        since=offer.at,
        due_at=offer.complaint.next_due_at,
    )


def _detail(offer: Offer, user: User) -> dict[str, Any]:
    waits = offer.state == OfferState.WAITING
    refusal = actions.cannot_decide(offer, user) if waits else ""
    return {
        "offer": offer,
        "open": waits,
        "outcome": offer.get_state_display(),
        "decided_by": offer.decided_by,
        "decided_at": offer.decided_at,
        "waits_for": actions.waiting(offer) if waits else None,
        "promised": actions.promised_fen(offer.complaint, but=offer.round),
        "signatures": list(offer.signatures.select_related("by")),
        "refusal": refusal if can_decide(user, offer) else str(can_decide.sentence),
        "may_refuse": waits and can_deny(user, offer) and can_decide(user, offer),
    }


def _decide(offer: Offer, by: User, data: Data) -> str:
    approve = data.get("approve") == "1"
    actions.decide(offer, by=by, approve=approve, note=data.get("note", ""))
    if approve and offer.state == OfferState.WAITING:
        return _("已会签，还在等待：%(who)s") % {"who": actions.waiting(offer)}
    return _("已批准") if approve else _("已驳回")


OFFER = Kind(
    key="offer",
    title=gettext_lazy("方案审批"),
    icon="scale",
    waiting=waiting_for,
    rows=_rows,
    complaint="complaint",
    since="at",
    person="by__name",
    tell=_tell,
    detail=_detail,
    form="inbox/forms/offer.html",
    decide=_decide,
)
