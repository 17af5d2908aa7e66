"""Whoever keeps the money hears when a budget comes to its mark, and when it is used up: once for
each budget, month and mark, however many promises pass it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.journey.complaint.models import Event
from huiyin.journey.resolution.actions import budget_state, budgets_of
from huiyin.journey.resolution.models import Budget
from huiyin.journey.resolution.people import keepers_of
from huiyin.journey.resolution.rules import USED_UP, BudgetState, yuan
from huiyin.surface.notices.models import Notice
from huiyin.surface.notices.plain import tell_once


def warn(event: Event) -> None:
    """Follow a promise: the budgets that pay for its complaint."""
    for budget in budgets_of(event.complaint):
        _warn(budget)


def warn_all() -> None:
    """What came to its mark without a promise: another amount was written, another mark."""
    for budget in Budget.objects.on(moment.today()).order_by("pk"):
        _warn(budget)


def _warn(budget: Budget) -> None:
    state = budget_state(budget)
    mark = state.mark
    if not mark or (mark < USED_UP and _is_told(budget, USED_UP)):
        return
    address = reverse("resolution:budget", args=[budget.pk])
    tell_once(_key(budget, mark), keepers_of(budget), lambda: _words(budget, state), address)


def _key(budget: Budget, mark: int) -> str:
    return f"budget:{budget.pk}:{moment.today():%Y-%m}:{mark}"


def _is_told(budget: Budget, mark: int) -> bool:
    return Notice.objects.filter(key=_key(budget, mark)).exists()


def _words(budget: Budget, state: BudgetState) -> str:
    told = {
        "name": budget,
        "used": yuan(state.used_fen),
        "amount": yuan(state.amount_fen),
        "percent": state.percent,
    }
    if state.mark == USED_UP:
        return _("预算已经用完：%(name)s，已用 %(used)s，共 %(amount)s") % told
    return _("预算即将用完：%(name)s，已用 %(percent)s%%（%(used)s，共 %(amount)s）") % told
