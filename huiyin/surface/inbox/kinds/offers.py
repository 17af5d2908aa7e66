"""Offers above somebody's limit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.people.models import User
from huiyin.journey.resolution import actions
from huiyin.journey.resolution.actions.awaiting import waiting_for
from huiyin.journey.resolution.forms import ChangeForm, to_change
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
    about = actions.About(offer)
    found = actions.standing(offer, user, about=about) if waits else actions.Standing()
    may = can_decide(user, offer)
    may_change = waits and may and not found.refusal and not found.role
    awaited = actions.waiting(offer, about) if waits else None
    return {
        "offer": offer,
        "fields": offer.remedy.shown(offer.fields),
        "others": _others(offer),
        "open": waits,
        "outcome": offer.get_state_display(),
        "decided_by": offer.decided_by,
        "decided_at": offer.decided_at,
        "waits_for": awaited,
        "promised": sum(about.sums.values()),
        "budgets": offer.authority.get("budgets", ()),
        "signatures": list(offer.signatures.select_related("by", "for_whom")),
        "refusal": found.refusal if may else str(can_decide.sentence),
        "in_name_of": found.principal if may else None,
        "may_refuse": waits and can_deny(user, offer) and may,
        "may_change": may_change,
        "change": to_change(offer) if may_change else {},
    }


def _others(offer: Offer) -> list[Offer]:
    """The other options that the customer gets in the same round."""
    options = offer.complaint.offers.filter(round=offer.round).exclude(pk=offer.pk)
    return list(options.exclude(state=OfferState.CHANGED).select_related("remedy"))


def _decide(offer: Offer, by: User, data: Data) -> str:
    word, note = data.get("approve", ""), data.get("note", "")
    if word == "change":
        actions.change(offer, by=by, draft=ChangeForm(data).draft(offer), reason=note)
        return _("已修改并批准，等提出人看过后告知客户")
    if word == "recuse":
        actions.recuse(offer, by=by, reason=note)
        return _("已回避，审批转给下一位")
    approve = word == "1"
    actions.decide(offer, by=by, approve=approve, note=note)
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
