"""What can wait for a decision: one line for each kind, and how its stage decides it.

A stage gives `waiting_for(user)`; here stands only how a row is told, and which act decides it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.resolution import actions as resolution
from huiyin.journey.resolution.actions.awaiting import waiting_for as offers_for
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.permissions import can_decide, can_deny
from huiyin.journey.resolution.rules import yuan
from huiyin.journey.resolution.words import OfferState

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Data = Mapping[str, str]


@dataclass(frozen=True)
class Item:
    """One row of the inbox, whatever its kind."""

    kind: Kind
    pk: int
    complaint: Complaint
    by: str
    why: str
    asked: str  # the sum, the time, the department: what a yes would give
    since: datetime
    due_at: datetime | None


@dataclass(frozen=True)
class Kind:
    """`complaint`, `since`, `person`: where its rows keep the complaint, since when they wait, and
    who asks. `decide` does the act of the stage and says in a sentence what came of it; `many`
    decides one of a selection, where that is safe."""

    key: str
    title: str | _StrPromise
    icon: str
    waiting: Callable[[User], QuerySet[Any]]
    rows: Callable[[], QuerySet[Any]]
    complaint: str
    since: str
    person: str
    tell: Callable[[Any], Item]
    detail: Callable[[Any, User], dict[str, Any]]
    form: str
    decide: Callable[[Any, User, Data], str]
    many: Callable[[Any, User], str] | None = None

    def seen(self, user: User) -> QuerySet[Any]:
        """Rows of complaints that this person sees, decided or not: a link may be old."""
        visible = Complaint.objects.visible_to(user)
        return self.rows().filter(**{f"{self.complaint}__in": visible.values("pk")})


# --- offers ----------------------------------------------------------------------------------


def _offer(offer: Offer) -> Item:
    amount = f" {yuan(offer.amount_fen)}" if offer.amount_fen else ""
    return Item(
        kind=BY_KEY["offer"],
        pk=offer.pk,
        complaint=offer.complaint,
        by=offer.by.shown_name,
        why=offer.basis,
        asked=f"{offer.remedy.name}{amount}",
        since=offer.at,
        due_at=offer.complaint.next_due_at,
    )


def _offer_in_full(offer: Offer, user: User) -> dict[str, Any]:
    waits = offer.state == OfferState.WAITING
    refusal = resolution.cannot_decide(offer, user) if waits else ""
    return {
        "offer": offer,
        "open": waits,
        "outcome": offer.get_state_display(),
        "decided_by": offer.decided_by,
        "decided_at": offer.decided_at,
        "waits_for": resolution.waiting(offer) if waits else None,
        "promised": resolution.promised_fen(offer.complaint, but=offer.pk),
        "signatures": list(offer.signatures.select_related("by")),
        "refusal": refusal if can_decide(user, offer) else str(can_decide.sentence),
        "may_refuse": waits and can_deny(user, offer) and can_decide(user, offer),
    }


def _decide_offer(offer: Offer, by: User, data: Data) -> str:
    approve = data.get("approve") == "1"
    resolution.decide(offer, by=by, approve=approve, note=data.get("note", ""))
    if approve and offer.state == OfferState.WAITING:
        return _("已会签，还在等待：%(who)s") % {"who": resolution.waiting(offer)}
    return _("已批准") if approve else _("已驳回")


KINDS: tuple[Kind, ...] = (
    Kind(
        key="offer",
        title=gettext_lazy("方案审批"),
        icon="scale",
        waiting=offers_for,
        rows=lambda: Offer.objects.select_related(
            "complaint__customer", "remedy", "by", "decided_by"
        ),
        complaint="complaint",
        since="at",
        person="by__name",
        tell=_offer,
        detail=_offer_in_full,
        form="inbox/forms/offer.html",
        decide=_decide_offer,
    ),
)
BY_KEY: dict[str, Kind] = {kind.key: kind for kind in KINDS}
