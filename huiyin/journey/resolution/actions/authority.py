"""Whose authority covers a sum, counted over the case, the customer, the month and the budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.customers.models import Customer
from huiyin.ground.people.models import Department, User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.grouping.models import Bond
from huiyin.journey.grouping.words import BondKind
from huiyin.journey.resolution import rules
from huiyin.journey.resolution.demanding import Wanted, demanded
from huiyin.journey.resolution.models import (
    AuthorityLimit,
    Budget,
    JointRule,
    Offer,
    OfferQuerySet,
    authority_limits,
)

FARTHEST = 5  # merges and splits are followed so many steps


# --- the limits ----------------------------------------------------------------------------------


def limits() -> list[rules.Limit]:
    return _in_force(AuthorityLimit.objects.all())


def limits_shown() -> list[rules.Limit]:
    """The same for pages, perhaps some seconds old; an act reads them anew."""
    return _in_force(authority_limits())


def _in_force(rows: Iterable[AuthorityLimit]) -> list[rules.Limit]:
    """Of each role and kind the newest row whose day has come."""
    today = moment.today()
    found: dict[tuple[str, str], AuthorityLimit] = {}
    for row in sorted(rows, key=lambda row: (row.valid_from, row.pk)):
        if row.valid_from <= today:
            found[row.role, row.kind] = row
    return [
        rules.Limit(
            row.role,
            row.per_case_fen,
            row.monthly_fen,
            kind=row.kind,
            percent=row.percent,
            alone_fen=row.alone_fen,
            row=row.pk,
            version=row.version,
        )
        for row in found.values()
    ]


# --- what was promised already -------------------------------------------------------------------


def promised_fen(complaint: Complaint, *, but: int = 0) -> int:
    """Promised on this case, and within 30 days to this customer on others; without round `but`."""
    return sum(promised_by_kind(complaint, but=but).values())


def promised_by_kind(complaint: Complaint, *, but: int = 0) -> dict[str, int]:
    """The same for each kind of money.

    Whatever was merged into this case or split off it is this case; within 30 days whatever was
    promised to one of its customers, or on the same order, counts with it.
    """
    group = one_case(complaint)
    lately = moment.now() - rules.SPLIT_WITHIN
    offers = Offer.objects.promised().filter(
        Q(complaint__in=group) | Q(complaint__in=_same_customer(complaint, group), at__gte=lately)
    )
    if but:
        offers = offers.exclude(complaint=complaint, round=but)
    return _by_kind(offers)


def one_case(complaint: Complaint) -> set[int]:
    """This complaint and those merged into it or split off it, also where it was undone later."""
    found, asked = {complaint.pk}, {complaint.pk}
    kinds = (BondKind.MERGE, BondKind.SPLIT)
    for _step in range(FARTHEST):
        bonds = Bond.objects.filter(kind__in=kinds).filter(
            Q(complaint__in=asked) | Q(other__in=asked)
        )
        ends = {pk for pair in bonds.values_list("complaint", "other") for pk in pair}
        asked = ends - found
        if not asked:
            break
        found |= asked
    return found


def _same_customer(complaint: Complaint, group: set[int]) -> list[int]:
    same = Q(customer=complaint.customer_id)
    if len(group) > 1:
        same |= Q(customer__in=Complaint.objects.filter(pk__in=group).values("customer"))
    if complaint.order_no:
        same |= Q(order_no=complaint.order_no)
    return list(Complaint.objects.filter(same).order_by().values_list("pk", flat=True))


def _by_kind(offers: QuerySet[Offer]) -> dict[str, int]:
    """Options of one round are alternatives: of each kind the dearest counts."""
    found: dict[str, int] = {}
    rounds = offers.order_by().values("complaint", "round", "money_kind")
    for row in rounds.annotate(most=Max("value_fen")):
        found[row["money_kind"]] = found.get(row["money_kind"], 0) + row["most"]
    return found


def month_by_kind(user: User) -> dict[str, int]:
    """What this person decided this month, of each kind: by himself, by approving what others
    proposed, or through his deputy."""
    begins = rules.month_begins(timezone.localtime(moment.now()))
    alone = Q(by=user, decided_at=None, at__gte=begins) & ~Q(state="waiting")
    approved = Q(decided_by=user, decided_for=None) | Q(decided_for=user)
    return _by_kind(Offer.objects.promised().filter(alone | (approved & Q(decided_at__gte=begins))))


def month_fen(user: User) -> int:
    return sum(month_by_kind(user).values())


# --- keeping still what is counted ---------------------------------------------------------------


def hold_customers_of(complaint: Complaint) -> None:
    """Until commit nobody else promises to these people: two at once are not split sums."""
    of_case = Complaint.objects.filter(pk__in=one_case(complaint)).values("customer")
    rows = Customer.objects.select_for_update(no_key=True).filter(pk__in=of_case)
    list(rows.order_by("pk").values_list("pk"))


def hold_month_of(user: User) -> None:
    """Until commit nobody else promises as this person: two at once do not both fit his month."""
    list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))


# --- the verdict ---------------------------------------------------------------------------------


def verdict(
    user: User,
    complaint: Complaint,
    amount_fen: int,
    *,
    kind: str = "",
    order_fen: int | None = None,
    but: int = 0,
    eyes: bool = False,
    sums: Mapping[str, int] | None = None,
) -> rules.Verdict:
    """Whether this person may promise this amount on this case. `but`: a round left out; `eyes`:
    somebody else proposed it; `sums`: what was promised already, where the caller has asked."""
    known = limits()
    limit = rules.widest(known, user.roles, kind)
    if sums is None:
        sums = promised_by_kind(complaint, but=but) if amount_fen else {}
    case_fen = rules.counted_fen(sums, limit, known) if limit else sum(sums.values())
    month = month_by_kind(user) if amount_fen and limit else {}
    month_fen = month.get(kind, 0) if limit and limit.kind else sum(month.values())
    found = rules.judge(
        amount_fen,
        limit=limit,
        case_fen=case_fen,
        month_fen=month_fen,
        order_fen=order_fen,
        eyes=eyes,
    )
    if found.within and limit is not None and limit.kind and amount_fen:
        found = _in_the_whole_month(found, user, known, amount_fen, sum(month.values()))
    counted = {"case_fen": case_fen, "month_fen": month_fen, "order_fen": order_fen}
    facts = {"limit": asdict(limit) if limit else None, **counted, "bound": found.bound}
    return replace(found, facts=facts)


def _in_the_whole_month(
    found: rules.Verdict,
    user: User,
    known: list[rules.Limit],
    amount_fen: int,
    month_fen: int,
) -> rules.Verdict:
    """A kind with a row of its own still counts in the month of all kinds."""
    general = rules.widest(known, user.roles)
    cap = general.monthly_fen if general and not general.kind else None
    if cap is None or month_fen + amount_fen <= cap:
        return found
    return rules.Verdict(within=False, bound="month", limit_fen=cap)


def may_promise(
    user: User, complaint: Complaint, amount_fen: int, *, kind: str = ""
) -> rules.Verdict:
    """Whether he may promise this on the case by himself. Reads only; nothing is held."""
    if demanded(complaint, Wanted(amount_fen=amount_fen, money_kind=kind)):
        return rules.Verdict(within=False, bound="joint")
    found = verdict(user, complaint, amount_fen, kind=kind)
    if found.within and over_budget(complaint, amount_fen):
        return rules.Verdict(within=False, bound="budget")
    return found


# --- budgets -------------------------------------------------------------------------------------


def budgets_of(complaint: Complaint, *, hold: bool = False) -> list[Budget]:
    """Those that a promise on this complaint is charged to today; `hold`: until commit."""
    found = Budget.objects.on(moment.today()).paying_for(complaint.team).order_by("pk")
    return list(found.select_for_update(no_key=True, of=("self",)) if hold else found)


def budget_state(budget: Budget, *, but: Offer | None = None) -> rules.BudgetState:
    """What of it is gone: all that binds us and was promised in its days by whom it pays for."""
    used = spent(budget)
    if but is not None:
        used = used.exclude(complaint=but.complaint_id, round=but.round)
    return rules.BudgetState(budget.amount_fen, used.sum_fen(), budget.warn_percent)


def spent(budget: Budget) -> OfferQuerySet:
    """The offers that a budget is used up by."""
    begins, ends = _midnight(budget.first_day), _midnight(budget.last_day + timedelta(days=1))
    offers = Offer.objects.promised().filter(at__gte=begins, at__lt=ends)
    if budget.team_id is not None:
        return offers.filter(team=budget.team_id)
    if budget.department_id is not None:
        return offers.filter(team__department__in=_with_those_below(budget.department_id))
    return offers


def _with_those_below(department: int) -> set[int]:
    found, asked = {department}, {department}
    while asked:
        children = Department.objects.filter(parent__in=asked).values_list("pk", flat=True)
        asked = set(children) - found
        found |= asked
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def over_budget(
    complaint: Complaint, fen: int, *, but: Offer | None = None, hold: bool = False
) -> bool:
    """Whether one of its budgets does not hold this sum any more."""
    if not fen:
        return False
    found = budgets_of(complaint, hold=hold)
    return any(budget_state(one, but=but).exceeded_by(fen) for one in found)


def charged(complaint: Complaint, fen: int) -> list[dict[str, Any]]:
    """The budgets that this sum is charged to, held until commit, as an offer keeps them."""
    if not fen:
        return []
    rows = [(one, budget_state(one)) for one in budgets_of(complaint, hold=True)]
    return [
        {
            "budget": one.pk,
            "name": str(one),
            "amount_fen": state.amount_fen,
            "used_fen": state.used_fen,
            "over": state.exceeded_by(fen),
            "warns": state.warned_by(fen),
        }
        for one, state in rows
    ]


def as_facts(found: Iterable[JointRule]) -> list[dict[str, Any]]:
    """Rules that demand several signatures, as an offer keeps them."""
    return [
        {"code": one.code, "name": one.name, "version": one.version, "roles": list(one.roles)}
        for one in found
    ]
