"""Who decides an offer: for whom it waits, in whose name somebody may decide, and who may not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from huiyin.ground.customers.rules import normalise_email
from huiyin.ground.customers.words import ContactKind
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.models import Complaint, ComplaintAccess
from huiyin.journey.complaint.words import Sight
from huiyin.journey.resolution import rules
from huiyin.journey.resolution.actions.authority import (
    hold_month_of,
    limits,
    over_budget,
    promised_by_kind,
    verdict,
)
from huiyin.journey.resolution.demanding import Wanted, demanded
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.people import names
from huiyin.journey.resolution.permissions import can_decide
from huiyin.journey.resolution.words import OfferState

OF_A_TEAM = (Role.LEAD, Role.SUPERVISOR)


@dataclass(frozen=True)
class Waiting:
    """For whom an offer waits: one of `roles`; or, `jointly`, for each of them. `asked`: of whom
    several are asked, signed or not; `why`: the rule or the bound that asks them."""

    roles: tuple[str, ...]
    jointly: bool = False
    asked: tuple[str, ...] = ()
    why: str = ""

    def __str__(self) -> str:
        names = "、".join(str(Role(role).label) for role in self.roles)
        return _("%(roles)s会签") % {"roles": names} if self.jointly else names


@dataclass(frozen=True)
class Standing:
    """In whose name somebody decides: his own (`principal` None), or as the deputy of who is away.

    `role`: as what he signs, where several sign; `refusal`: why he can not.
    """

    refusal: str = ""
    principal: User | None = None
    role: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


class About:
    """What all options of one round ask alike, asked once."""

    def __init__(self, offer: Offer) -> None:
        self.complaint, self.round = offer.complaint, offer.round

    @cached_property
    def limits(self) -> list[rules.Limit]:
        return limits()

    @cached_property
    def sums(self) -> dict[str, int]:
        """What was promised already, without this round."""
        return promised_by_kind(self.complaint, but=self.round)

    @cached_property
    def out(self) -> set[int]:
        """Who has to do with the case: he decides none of its offers."""
        return _have_to_do_with(self.complaint)

    @cached_property
    def people(self) -> list[User]:
        """All who may decide offers somewhere."""
        roles = (*rules.DECIDERS, *rules.JOINT)
        return list(User.objects.active().with_role(*roles).prefetch_related("memberships"))


# --- for whom it waits ---------------------------------------------------------------------------


def waiting(offer: Offer, about: About | None = None) -> Waiting:
    """Who can still decide this offer. `about`: for several options of one round."""
    about = about or About(offer)
    if offer.is_unseen:
        return Waiting(())
    if demands := demanded_of(offer):
        asked = tuple(dict.fromkeys(role for _name, roles in demands for role in roles))
        return _jointly(offer, asked, "、".join(name for name, _roles in demands))
    roles, taken = _alone(offer, about), _taken(offer, about)
    if roles and not taken.issuperset(roles):
        return Waiting(tuple(roles), why=_why(offer))
    # Where all who could sign as something must stand aside, the others do, two at least.
    left = tuple(role for role in rules.JOINT if role not in taken)
    return _jointly(offer, left if len(left) > 1 else rules.JOINT)


def waiting_round(offers: Sequence[Offer]) -> list[str]:
    """The roles that a round waits for: those of all its options that wait."""
    waits = [one for one in offers if one.state == OfferState.WAITING]
    if not waits:
        return []
    about = About(waits[0])
    return list(dict.fromkeys(role for one in waits for role in waiting(one, about).roles))


def demanded_of(offer: Offer) -> list[tuple[str, list[str]]]:
    """The rules that ask several to sign: those of the day it was made, and those of today."""
    made = offer.authority.get("joint", ())
    found = {row["code"]: (row["name"], row["roles"]) for row in made}
    for rule in demanded(offer.complaint, Wanted.of(offer)):
        found.setdefault(rule.code, (rule.shown_name, list(rule.roles)))
    return list(found.values())


def _alone(offer: Offer, about: About) -> list[str]:
    """Roles of whom one suffices. Above a budget: a manager, or finance where only the budget
    stands in the way."""
    known, sums = about.limits, about.sums
    enough = [
        limit
        for limit in rules.rows_for(known, offer.money_kind)
        if limit.role in rules.DECIDERS
        and limit.covers(rules.counted_fen(sums, limit, known) + offer.value_fen, offer.order_fen)
    ]
    enough.sort(key=lambda limit: (limit.per_case_fen is None, limit.per_case_fen or 0))
    roles = [limit.role for limit in enough]
    if not over_budget(offer.complaint, offer.value_fen, but=offer):
        return roles
    roles = [role for role in roles if role in rules.OVER_BUDGET]
    return [*roles, Role.FINANCE] if offer.authority.get("own") else roles


def _jointly(offer: Offer, asked: Collection[str], why: str = "") -> Waiting:
    signed = set(offer.signatures.values_list("role", flat=True))
    left = tuple(role for role in asked if role not in signed)
    return Waiting(left, jointly=True, asked=tuple(asked), why=why or _("超出每个人单独的权限"))


def _why(offer: Offer) -> str:
    return {
        "month": _("超出提出人本月额度"),
        "four_eyes": _("在权限内，但需要第二个人同意"),
        "budget": _("超出预算"),
    }.get(offer.authority.get("bound", ""), _("超出提出人权限"))


def _taken(offer: Offer, about: About) -> set[str]:
    """Roles whose holders are there, but must all stand aside: the next are asked."""
    out, team = conflicted(offer, about), offer.complaint.team_id
    free: set[str] = set()
    taken: set[str] = set()
    for person in about.people:
        near = team is None or team in {one.team_id for one in person.memberships.all()}
        roles = {role for role in person.roles if near or role not in OF_A_TEAM}
        (taken if person.pk in out else free).update(roles)
    return taken - free


# --- who must not decide -------------------------------------------------------------------------


def conflicted(offer: Offer, about: About | None = None) -> set[int]:
    """Who must not decide it: who proposed it, who has or had the case or established its facts,
    who is barred from it (回避), and whoever complains himself."""
    return {offer.by_id, *(about or About(offer)).out}


def _have_to_do_with(complaint: Complaint) -> set[int]:
    barred = ComplaintAccess.objects.filter(complaint=complaint, sight=Sight.BARRED)
    had = complaint.assignments.exclude(assignee=None).exclude(accepted_at=None)
    ids = barred.values_list("user").union(
        had.order_by().values_list("assignee"), complaint.findings.order_by().values_list("by")
    )
    found = {pk for (pk,) in ids} | _who_complain(complaint)
    return found | ({complaint.assignee_id} if complaint.assignee_id is not None else set())


def _who_complain(complaint: Complaint) -> set[int]:
    """Colleagues whose own address is one of the customer's."""
    points = complaint.customer.contact_points.filter(kind=ContactKind.EMAIL)
    mails = list(points.values_list("value", flat=True))
    if not mails:
        return set()
    asked = Q()
    for mail in mails:
        asked |= Q(email__iexact=mail)
    people = User.objects.filter(asked).values_list("pk", "email")
    return {pk for pk, mail in people if normalise_email(mail) in mails}


# --- in whose name -------------------------------------------------------------------------------


def standing(offer: Offer, by: User, *, hold: bool = False, about: About | None = None) -> Standing:
    """Whether and in whose name this person decides the offer; `hold` his month until commit.

    A deputy gains the other's authority, never a second pair of eyes: what he may not decide
    himself because it is his own, he decides in nobody's name.
    """
    if by.is_system:
        return Standing(str(can_decide.sentence))
    if offer.is_unseen:
        return Standing(_("已经修改并批准，等待提出人确认"))
    about = about or About(offer)
    out = conflicted(offer, about)
    if by.pk in out:
        return Standing(_("您提出、办理过或应当回避这件投诉，请由其他人审批"))
    awaited = waiting(offer, about)
    own = [one for one in names(by) if one.pk not in out]
    if awaited.jointly:
        return _signing(offer, by, own, awaited)
    return _deciding(offer, own, awaited, about, hold=hold)


def _signing(offer: Offer, by: User, own: Sequence[User], awaited: Waiting) -> Standing:
    rows = list(offer.signatures.values_list("role", "by", "for_whom"))
    if any(by.pk == one for _role, one, _for in rows):
        return Standing(_("您已会签，还在等待：%(who)s") % {"who": awaited})
    spoken = {pk for _role, one, name in rows for pk in (one, name) if pk}
    for one in own:
        role = rules.signs_as(one.roles, {role for role, _by, _for in rows}, awaited.asked)
        if role and one.pk not in spoken:
            return Standing(principal=one if one.pk != by.pk else None, role=role)
    return Standing(_beyond(offer, awaited))


def _deciding(
    offer: Offer, own: Sequence[User], awaited: Waiting, about: About, *, hold: bool
) -> Standing:
    refusal = ""
    for one in own:
        if not one.has_role(*awaited.roles):
            continue
        if hold:
            hold_month_of(one)
        if one.has_role(Role.FINANCE) and Role.FINANCE in awaited.roles:
            # Only the budget stands in the way: the sum is within the proposer's own limits.
            facts = {"limit": None, "bound": "budget"}
            return Standing(principal=one if one != own[0] else None, facts=facts)
        found = verdict(
            one,
            offer.complaint,
            offer.value_fen,
            kind=offer.money_kind,
            order_fen=offer.order_fen,
            eyes=True,
            sums=about.sums,
        )
        if found.within:
            principal = one if one != own[0] else None
            return Standing(principal=principal, facts=found.facts or {})
        if found.bound == "month":
            refusal = _("您本月的审批额度 %(limit)s 已不够，可由 %(who)s 审批") % {
                "limit": rules.yuan(found.limit_fen),
                "who": awaited,
            }
    return Standing(refusal or _beyond(offer, awaited))


def _beyond(offer: Offer, awaited: Waiting) -> str:
    return _("金额 %(amount)s（含该客户 30 天内的其他承诺）超出您的审批权限，可由 %(who)s 审批") % {
        "amount": rules.yuan(offer.value_fen),
        "who": awaited,
    }
