"""Who gets in where: one row for each route of the URLconf and each operation of the API."""

from __future__ import annotations

from dataclasses import dataclass, field

from huiyin.ground.people.words import Role


@dataclass(frozen=True)
class Nobody:
    methods: tuple[str, ...] = ("GET",)


@dataclass(frozen=True)
class Anyone:
    """Open without signing in; what it shows is no secret, or asks for a code of its own."""

    methods: tuple[str, ...] = ("GET",)


@dataclass(frozen=True)
class SignedIn:
    """Anybody who has signed in; lists inside are filtered by visible_to."""

    methods: tuple[str, ...] = ("GET",)


@dataclass(frozen=True)
class Complaints:
    """Whoever sees the complaint. `deeper`: the path names a second thing, absent in the scene."""

    methods: tuple[str, ...] = ("GET",)
    deeper: bool = False


@dataclass(frozen=True)
class Only:
    roles: frozenset[str] = field(default_factory=frozenset)
    methods: tuple[str, ...] = ("GET",)


EVERYBODY = Anyone
STAFF = SignedIn()
POST = ("POST",)
BOTH = ("GET", "POST")


def only(*roles: str, methods: tuple[str, ...] = ("GET",)) -> Only:
    return Only(frozenset(roles), methods)


DOORS: dict[str, object] = {
    "healthz": Anyone(),
    "readyz": Anyone(),
    "set_language": Anyone(POST),
    "live": SignedIn(),
    "api_docs": Anyone(),
    "conversation:messages": Complaints(POST),
    "conversation:evidence": Complaints(POST),
    "conversation:evidence_file": SignedIn(),
    "GET /api/v1/complaints": SignedIn(),
    "GET /api/v1/complaints/{number}": Complaints(),
    "GET /api/v1/complaints/{number}/messages": Complaints(),
    "POST /api/v1/complaints/{number}/messages": Complaints(POST),
    "GET /api/v1/complaints/{number}/evidence": Complaints(),
    "POST /api/v1/complaints/{number}/evidence": Complaints(POST),
}

SUPERVISORS = (Role.LEAD, Role.SUPERVISOR, Role.MANAGER, Role.SUPERVISION)
