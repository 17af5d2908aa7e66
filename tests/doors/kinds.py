"""What a row says, and the roles that several rows name."""

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


SITTERS = (
    Role.AGENT,
    Role.SPECIALIST,
    Role.TRIAGER,
    Role.LEAD,
    Role.SUPERVISOR,
    Role.MANAGER,
)
SUPERVISORS = (Role.LEAD, Role.SUPERVISOR, Role.MANAGER, Role.SUPERVISION)
KEEPERS = (Role.KNOWLEDGE, Role.MANAGER, Role.LEGAL)
CONSOLE = (
    Role.SYSADMIN,
    Role.SECADMIN,
    Role.AUDITOR,
    Role.MANAGER,
    Role.SUPERVISOR,
    Role.PRIVACY,
    Role.FINANCE,
)

CALLERS = (
    *(Role.AGENT, Role.SPECIALIST, Role.TRIAGER, Role.LEAD, Role.SUPERVISOR, Role.MANAGER),
    *(Role.VISITOR, Role.QA, Role.LEGAL, Role.PUBLIC_RELATIONS, Role.PRIVACY, Role.SUPERVISION),
)

TAKERS = (
    Role.AGENT,
    Role.SPECIALIST,
    Role.TRIAGER,
    Role.LEAD,
    Role.SUPERVISOR,
    Role.MANAGER,
)
CHATTERS = (*(Role.AGENT, Role.SPECIALIST, Role.TRIAGER, Role.LEAD, Role.SUPERVISOR, Role.MANAGER),)
POST_BRINGERS = (
    *(Role.TRIAGER, Role.LEAD, Role.SUPERVISOR, Role.MANAGER),
    Role.PUBLIC_RELATIONS,
)
TEXT_WRITERS = (
    *(Role.AGENT, Role.SPECIALIST, Role.TRIAGER, Role.LEAD, Role.SUPERVISOR, Role.MANAGER),
    Role.VISITOR,
)
POST_READERS = (
    *(*POST_BRINGERS, Role.AGENT, Role.SPECIALIST),
    *(Role.LEGAL, Role.SUPERVISION),
)
CHANNEL_KEEPERS = (Role.SYSADMIN, Role.MANAGER, Role.SUPERVISOR)
MAIL_REVIEWERS = (Role.TRIAGER, Role.LEAD, Role.SUPERVISOR, Role.MANAGER)

# Who telephones, and whose calls are listed.
TALKERS = (
    *(Role.AGENT, Role.SPECIALIST, Role.TRIAGER, Role.LEAD, Role.SUPERVISOR, Role.MANAGER),
    Role.VISITOR,
)

# Who reads what customers say of the handling; who designs the questions.
DESIGNERS = (Role.MANAGER, Role.QA)
SURVEYED = (*DESIGNERS, Role.SUPERVISION, Role.AGENT, Role.SPECIALIST, Role.LEAD, Role.SUPERVISOR)
