"""Who may give which role to whom, and what changed between two states. Pure.

The three administrators (三员, GB/T 22239) watch each other: the system administrator runs the
house, the security administrator grants, the auditor reads; nobody lifts himself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SYSADMIN, SECADMIN, AUDITOR = "sysadmin", "secadmin", "auditor"
ADMINISTRATORS = frozenset({SYSADMIN, SECADMIN, AUDITOR})

# Which administrator roles the holder of a role may give or take; business roles both may.
GRANTS: dict[str, frozenset[str]] = {
    SYSADMIN: frozenset({SYSADMIN}),
    SECADMIN: frozenset({SECADMIN, AUDITOR}),
}
# Somebody must always be able to let people in: the last of these cannot go.
NEVER_EMPTY = (SYSADMIN, SECADMIN)


def grantable(actor: Iterable[str], every: Iterable[str]) -> frozenset[str]:
    """The roles a person with the roles `actor` may give or take, out of `every` role."""
    held = set(actor)
    if held.isdisjoint(GRANTS):
        return frozenset()
    administrators = frozenset().union(*(GRANTS[role] for role in held if role in GRANTS))
    return (frozenset(every) - ADMINISTRATORS) | administrators


def not_grantable(
    actor: Iterable[str], *, before: Iterable[str], after: Iterable[str], every: Iterable[str]
) -> frozenset[str]:
    """Roles that would be given or taken although `actor` may not."""
    return (frozenset(before) ^ frozenset(after)) - grantable(actor, every)


def out_of_reach(actor: Iterable[str], target: Iterable[str], every: Iterable[str]) -> bool:
    """True when `target` holds an administrator role that `actor` may not give.

    Who could reset the password of a higher administrator would hold his roles a minute later.
    """
    return bool((frozenset(target) & ADMINISTRATORS) - grantable(actor, every))


def conflict(roles: Iterable[str]) -> bool:
    """The auditor must not run what he audits."""
    held = frozenset(roles)
    return AUDITOR in held and len(held & ADMINISTRATORS) > 1


@dataclass(frozen=True)
class Difference:
    field: str
    before: object
    after: object


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> list[Difference]:
    """What changed, in the order of `after`."""
    return [
        Difference(name, before.get(name), value)
        for name, value in after.items()
        if before.get(name) != value
    ]
