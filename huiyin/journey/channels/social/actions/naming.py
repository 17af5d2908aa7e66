"""What people call themselves, where their words come without it: asked of the system that they
speak through, many at once, and kept. Nothing of theirs waits for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from huiyin.ground import moment
from huiyin.ground.customers import actions as customers
from huiyin.ground.customers import rules
from huiyin.ground.customers.models import ContactPoint
from huiyin.ground.customers.words import ContactKind
from huiyin.ground.people.models import User
from huiyin.journey.channels.hooks.connector import connector_of
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.social.models import Account
from huiyin.journey.conversation.actions import Undelivered

MOST_A_CALL = 100
TRY_AGAIN_AFTER = (1, 5, 15, 45, 240)  # minutes; the platforms tell for 48 hours
TAKEN_FOR = timedelta(minutes=3)


def lanes_of_naming() -> dict[str, Callable[[], int]]:
    """The systems that somebody has to be named by: each is asked by itself."""
    hooks = _due().order_by().values_list("hook", flat=True).distinct()
    return {str(pk): partial(name_due, of=pk) for pk in hooks}


def name_due(*, of: int | None = None) -> int:
    """Ask for whoever is due, of all systems or of one; how many got a name."""
    hooks = _due().order_by().values_list("hook", flat=True).distinct()
    wanted = list(hooks) if of is None else [of]
    return sum(_named_by(Hook.objects.get(pk=pk)) for pk in wanted)


def _due() -> QuerySet[Account]:
    return Account.objects.filter(naming_at__lte=moment.now(), hook__enabled=True)


def _named_by(hook: Hook) -> int:
    connector: Any = connector_of(hook.connector)
    taken = _taken(hook)
    if not taken:
        return 0
    if not hasattr(connector, "names"):
        Account.objects.filter(pk__in=[one.pk for one in taken]).update(naming_at=None)
        return 0
    try:
        names: Mapping[str, str] = connector.names(hook, [one.outer_id for one in taken])
    except Undelivered as missed:
        _later(taken, final=missed.final)
        return 0
    return sum(_keep(one, names.get(one.outer_id, "")) for one in taken)


@transaction.atomic
def _taken(hook: Hook) -> list[Account]:
    """Ours for some minutes; of two workers each is asked for by one."""
    due = _due().filter(hook=hook).order_by("naming_at", "pk")
    taken = list(due.select_for_update(skip_locked=True, of=("self",))[:MOST_A_CALL])
    for one in taken:
        one.naming_tries += 1
        one.naming_at = moment.now() + TAKEN_FOR
    Account.objects.bulk_update(taken, ["naming_tries", "naming_at"])
    return taken


def _later(taken: list[Account], *, final: bool) -> None:
    now = moment.now()
    for one in taken:
        over = final or one.naming_tries > len(TRY_AGAIN_AFTER)
        wait = 0 if over else TRY_AGAIN_AFTER[one.naming_tries - 1]
        one.naming_at = None if over else now + timedelta(minutes=wait)
    Account.objects.bulk_update(taken, ["naming_at"])


@transaction.atomic
def _keep(account: Account, given: str) -> bool:
    """Once. What he is called by whoever knows him stays; one without a name is not asked again."""
    name = rules.folded(" ".join(given.split()))[:80].strip()
    held = Account.objects.select_for_update(of=("self",)).select_related("customer", "hook")
    kept = held.get(pk=account.pk)
    kept.naming_at = None
    if not name or kept.name:
        kept.save(update_fields=["naming_at"])
        return False
    kept.name = name
    kept.save(update_fields=["naming_at", "name"])
    value = f"{kept.hook.code}:{kept.outer_id}"[:254]
    shown = ContactPoint.objects.filter(kind=ContactKind.SOCIAL, value=value)
    if kept.customer is not None and shown.filter(customer=kept.customer).exists():
        shown.update(shown=name)
        customers.learn_name(kept.customer, name, by=User.objects.system())
    return True
