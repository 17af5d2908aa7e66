"""Whose authority covers a sum, counted over the case, the customer and the month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.resolution import rules
from huiyin.journey.resolution.models import AuthorityLimit, Offer, authority_limits
from huiyin.journey.resolution.words import OfferState


def limits() -> list[rules.Limit]:
    return _in_force(AuthorityLimit.objects.all())


def limits_shown() -> list[rules.Limit]:
    """The same for pages, perhaps some seconds old; an act reads them anew."""
    return _in_force(authority_limits())


def _in_force(rows: Iterable[AuthorityLimit]) -> list[rules.Limit]:
    today = moment.today()
    in_force = (row for row in rows if row.valid_from <= today)
    return [rules.Limit(row.role, row.per_case_fen, row.monthly_fen) for row in in_force]


def promised_fen(complaint: Complaint, *, but: int = 0) -> int:
    """Promised on this case, and within 30 days to this customer on others; without round `but`."""
    lately = Q(complaint__customer=complaint.customer_id, at__gte=moment.now() - rules.SPLIT_WITHIN)
    offers = Offer.objects.promised().filter(Q(complaint=complaint) | lately)
    if but:
        offers = offers.exclude(complaint=complaint, round=but)
    return offers.sum_fen()


def month_fen(user: User) -> int:
    """What this person decided this month: by himself, or by approving what others proposed."""
    begins = rules.month_begins(timezone.localtime(moment.now()))
    alone = Q(by=user, decided_by=None, at__gte=begins) & ~Q(state="waiting")
    approved = Q(decided_by=user, decided_at__gte=begins)
    offers = Offer.objects.promised().filter(alone | approved)
    return offers.sum_fen()


def hold_month_of(user: User) -> None:
    """Until commit nobody else promises as this person: two at once do not both fit his month."""
    list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))


def verdict(user: User, complaint: Complaint, amount_fen: int, *, but: int = 0) -> rules.Verdict:
    """Whether this person may promise this amount on this case. `but`: a round left out."""
    return rules.judge(
        amount_fen,
        limit=rules.widest(limits(), user.roles),
        case_fen=promised_fen(complaint, but=but),
        month_fen=month_fen(user),
    )


@dataclass(frozen=True)
class Waiting:
    """For whom an offer waits: one of `roles`; or, `jointly`, for each of them."""

    roles: tuple[str, ...]
    jointly: bool = False

    def __str__(self) -> str:
        names = "、".join(str(Role(role).label) for role in self.roles)
        return _("%(roles)s会签") % {"roles": names} if self.jointly else names


def waiting(offer: Offer) -> Waiting:
    """Who can still decide this offer."""
    total = promised_fen(offer.complaint, but=offer.round) + offer.value_fen
    if roles := rules.deciders(total, limits()):
        return Waiting(tuple(roles))
    signed = set(offer.signatures.values_list("role", flat=True))
    return Waiting(tuple(role for role in rules.JOINT if role not in signed), jointly=True)


def waiting_round(offers: Sequence[Offer]) -> list[str]:
    """The roles that a round waits for: those of all its options that wait."""
    waits = [one for one in offers if one.state == OfferState.WAITING]
    return list(dict.fromkeys(role for one in waits for role in waiting(one).roles))


def may_promise(
    user: User, complaint: Complaint, amount_fen: int, *, kind: str = ""
) -> rules.Verdict:
    """Whether he may promise this on the case by himself. Reads only; nothing is held."""
    return verdict(user, complaint, amount_fen)
