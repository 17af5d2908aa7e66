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


SUPERVISORS = (Role.LEAD, Role.SUPERVISOR, Role.MANAGER, Role.SUPERVISION)
CONSOLE = (
    Role.SYSADMIN,
    Role.SECADMIN,
    Role.AUDITOR,
    Role.MANAGER,
    Role.SUPERVISOR,
    Role.PRIVACY,
    Role.FINANCE,
)

DOORS: dict[str, object] = {
    "healthz": Anyone(),
    "readyz": Anyone(),
    "set_language": Anyone(POST),
    "live": SignedIn(),
    "api_docs": Anyone(),
    "complaint:restriction": Complaints(POST),
    "GET /api/v1/complaints/{number}/customer": Complaints(),
    "PUT /api/v1/complaints/{number}/customer": Complaints(("PUT",)),
    "POST /api/v1/complaints/{number}/customer/contacts": Complaints(POST),
    "POST /api/v1/complaints/{number}/customer/reveal": Complaints(POST),
    "complaint:lifting": Complaints(POST),
    "complaint:barring": Complaints(POST),
    "complaint:unbarring": Complaints(POST, deeper=True),
    "GET /api/v1/complaints/{number}/restriction/barring": Complaints(),
    "POST /api/v1/complaints/{number}/restriction/barring": Complaints(POST),
    "POST /api/v1/complaints/{number}/restriction/unbarring": Complaints(POST, deeper=True),
    "POST /api/v1/complaints/{number}/restriction": Complaints(POST),
    "POST /api/v1/complaints/{number}/restriction/lifting": Complaints(POST),
    "conversation:messages": Complaints(POST),
    "conversation:evidence": Complaints(POST),
    "conversation:evidence_file": SignedIn(),
    "conversation:description": SignedIn(POST),
    "conversation:hold": SignedIn(POST),
    "conversation:release": SignedIn(POST),
    "PUT /api/v1/evidence/{uuid}/description": SignedIn(("PUT",)),
    "POST /api/v1/evidence/{uuid}/hold": SignedIn(POST),
    "POST /api/v1/evidence/{uuid}/release": SignedIn(POST),
    "GET /api/v1/evidence/{uuid}/custody": SignedIn(),
    "people:sign_in": Anyone(BOTH),
    "people:sign_out": SignedIn(POST),
    "people:profile": SignedIn(BOTH),
    "people:password": SignedIn(BOTH),
    "people:presence": SignedIn(POST),
    "customers:customer": SignedIn(),
    "customers:description": SignedIn(POST),
    "customers:contacts": SignedIn(POST),
    "privacy:reveal": SignedIn(BOTH),
    "triage:triage": Complaints(POST),
    "triage:rejection": Complaints(POST),
    "routing:assignment": Complaints(POST),
    "routing:acceptance": Complaints(POST),
    "routing:taking": Complaints(POST),
    "routing:return": Complaints(POST),
    "routing:handover": Complaints(POST),
    "routing:waiting": Complaints(POST),
    "routing:resumption": Complaints(POST),
    "routing:urging": Complaints(POST),
    "routing:escalation": Complaints(POST),
    "routing:builder": SignedIn(),
    "routing:preview": SignedIn(POST),
    "supervision:supervisions": SignedIn(),
    "supervision:supervision": SignedIn(),
    "supervision:level": SignedIn(POST),
    "supervision:measures": SignedIn(POST),
    "supervision:review": SignedIn(POST),
    "supervision:lifting": SignedIn(POST),
    "supervision:file": SignedIn(),
    "supervision:beginning": Complaints(POST),
    "GET /api/v1/supervisions": SignedIn(),
    "GET /api/v1/supervisions/{supervision}": SignedIn(),
    "PUT /api/v1/supervisions/{supervision}/level": SignedIn(("PUT",)),
    "GET /api/v1/supervisions/{supervision}/measures": SignedIn(),
    "POST /api/v1/supervisions/{supervision}/measures": SignedIn(POST),
    "POST /api/v1/supervisions/{supervision}/review": SignedIn(POST),
    "POST /api/v1/supervisions/{supervision}/lifting": SignedIn(POST),
    "GET /api/v1/complaints/{number}/supervisions": Complaints(),
    "POST /api/v1/complaints/{number}/supervisions": Complaints(POST),
    "investigation:findings": Complaints(POST),
    "resolution:offers": Complaints(POST),
    "resolution:approval": Complaints(POST, deeper=True),
    "resolution:telling": Complaints(POST, deeper=True),
    "resolution:answer": Complaints(POST, deeper=True),
    "resolution:execution": Complaints(POST, deeper=True),
    "closure:feedback": Complaints(POST),
    "closure:visits": Complaints(POST),
    "closure:closure": Complaints(POST),
    "closure:reopening": Complaints(POST),
    "closure:rework": Complaints(POST),
    "closure:taking_up": Complaints(POST),
    "closure:withdrawal": Complaints(POST),
    "closure:cancellation": Complaints(POST),
    "notices:bell": SignedIn(),
    "notices:reading": SignedIn(POST),
    "notices:phrases": Complaints(),
    "workbench:home": SignedIn(),
    "workbench:queue": SignedIn(),
    "workbench:counts": SignedIn(),
    "workbench:assignments": SignedIn(POST),
    "workbench:own_views": SignedIn(POST),
    "workbench:own_view": SignedIn(POST),
    "workbench:columns": SignedIn(POST),
    "workbench:palette": SignedIn(),
    "workbench:registration": SignedIn(BOTH),
    "workbench:registration_hints": SignedIn(POST),
    "workbench:registration_draft": SignedIn(POST),
    "workbench:registration_discard": SignedIn(POST),
    "workbench:registration_files": SignedIn(POST),
    "workbench:registration_file_removal": SignedIn(POST),
    "workbench:registration_attachment": Complaints(POST),
    "workbench:registration_done": Complaints(deeper=True),  # whoever took it in
    "workbench:complaint": Complaints(),
    "workbench:look": Complaints(POST),
    "workbench:header": Complaints(),
    "workbench:panel": Complaints(deeper=True),
    "workbench:story": Complaints(),
    "oversight:board": only(*SUPERVISORS),
    "inbox:inbox": SignedIn(),
    "inbox:one": SignedIn(BOTH),
    "inbox:selected": SignedIn(POST),
    "GET /api/v1/inbox": SignedIn(),
    "console:index": only(*CONSOLE),
    "console:settings": only(Role.SYSADMIN),
    "console:import_days": only(Role.SYSADMIN, Role.MANAGER, methods=POST),
    "console:trial": only(Role.SYSADMIN, Role.MANAGER, Role.SUPERVISOR, methods=POST),
    "console:section": only(*CONSOLE),
    "console:new": only(*CONSOLE, methods=BOTH),
    "console:row": only(*CONSOLE, methods=BOTH),
    "console:state": only(*CONSOLE, methods=POST),
    "console:act": only(*CONSOLE, methods=POST),
    "exchange:imports": only(Role.MANAGER, Role.SUPERVISOR, methods=BOTH),
    "exchange:import": only(Role.MANAGER, Role.SUPERVISOR),
    "exchange:mapping": only(Role.MANAGER, Role.SUPERVISOR, methods=POST),
    "exchange:run": only(Role.MANAGER, Role.SUPERVISOR, methods=POST),
    "exchange:halt": only(Role.MANAGER, Role.SUPERVISOR, methods=POST),
    "exchange:removal": only(Role.MANAGER, Role.SUPERVISOR, methods=POST),
    "exchange:errors": only(Role.MANAGER, Role.SUPERVISOR),
    "exchange:exports": only(*SUPERVISORS, methods=POST),
    "exchange:export": only(*SUPERVISORS),
    "portal:start": Anyone(),
    "portal:complain": Anyone(BOTH),
    "portal:received": Nobody(),
    "portal:follow": Anyone(BOTH),
    "portal:privacy": Anyone(),
    "portal:leave": Anyone(POST),
    "portal:mine": Nobody(),
    "portal:add": Nobody(POST),
    "portal:urge": Nobody(POST),
    "portal:escalate": Nobody(POST),
    "portal:judge": Nobody(POST),
    "portal:answer": Nobody(POST),
    "portal:evidence": Nobody(),
    "GET /api/v1/categories": SignedIn(),
    "GET /api/v1/fields": SignedIn(),
    "GET /api/v1/remedies": SignedIn(),
    "GET /api/v1/notices": SignedIn(),
    "POST /api/v1/notices/reading": SignedIn(POST),
    "GET /api/v1/drafts": SignedIn(),
    "PUT /api/v1/drafts/{key}": SignedIn(("PUT",)),
    "DELETE /api/v1/drafts/{key}": SignedIn(("DELETE",)),
    "POST /api/v1/triage/preview": SignedIn(POST),
    "GET /api/v1/complaints": SignedIn(),
    "POST /api/v1/complaints": SignedIn(POST),
    "POST /api/v1/complaints/similar": SignedIn(POST),
    "GET /api/v1/complaints/{number}": Complaints(),
    "GET /api/v1/complaints/{number}/answers": Complaints(),
    "GET /api/v1/complaints/{number}/assignments": Complaints(),
    "GET /api/v1/complaints/{number}/clocks": Complaints(),
    "POST /api/v1/complaints/{number}/extensions": Complaints(POST),
    "clocks:extensions": Complaints(POST),
    "clocks:policies": Complaints(POST),
    "clocks:removal": Complaints(POST),
    "GET /api/v1/complaints/{number}/policies": Complaints(),
    "POST /api/v1/complaints/{number}/policies": Complaints(POST),
    "DELETE /api/v1/complaints/{number}/policies/{code}": Complaints(("DELETE",)),
    "POST /api/v1/assignments": SignedIn(POST),
    "GET /api/v1/conditions/attributes": SignedIn(),
    "POST /api/v1/conditions/preview": SignedIn(POST),
    "GET /api/v1/complaints/{number}/findings": Complaints(),
    "GET /api/v1/complaints/{number}/offers": Complaints(),
    "GET /api/v1/complaints/{number}/triage": Complaints(),
    "GET /api/v1/complaints/{number}/visits": Complaints(),
    "GET /api/v1/complaints/{number}/messages": Complaints(),
    "GET /api/v1/complaints/{number}/evidence": Complaints(),
    "POST /api/v1/complaints/{number}/messages": Complaints(POST),
    "POST /api/v1/complaints/{number}/evidence": Complaints(POST),
    "POST /api/v1/complaints/{number}/triage": Complaints(POST),
    "POST /api/v1/complaints/{number}/rejection": Complaints(POST),
    "POST /api/v1/complaints/{number}/assignment": Complaints(POST),
    "POST /api/v1/complaints/{number}/acceptance": Complaints(POST),
    "POST /api/v1/complaints/{number}/taking": Complaints(POST),
    "POST /api/v1/complaints/{number}/return": Complaints(POST),
    "POST /api/v1/complaints/{number}/handover": Complaints(POST),
    "POST /api/v1/complaints/{number}/waiting": Complaints(POST),
    "POST /api/v1/complaints/{number}/resumption": Complaints(POST),
    "POST /api/v1/complaints/{number}/urging": Complaints(POST),
    "POST /api/v1/complaints/{number}/escalation": Complaints(POST),
    "POST /api/v1/complaints/{number}/findings": Complaints(POST),
    "POST /api/v1/complaints/{number}/offers": Complaints(POST),
    "POST /api/v1/complaints/{number}/feedback": Complaints(POST),
    "POST /api/v1/complaints/{number}/visits": Complaints(POST),
    "POST /api/v1/complaints/{number}/closure": Complaints(POST),
    "POST /api/v1/complaints/{number}/reopening": Complaints(POST),
    "POST /api/v1/complaints/{number}/rework": Complaints(POST),
    "POST /api/v1/complaints/{number}/taking-up": Complaints(POST),
    "POST /api/v1/complaints/{number}/withdrawal": Complaints(POST),
    "POST /api/v1/complaints/{number}/cancellation": Complaints(POST),
    "POST /api/v1/complaints/{number}/offers/{offer_id}/answer": Complaints(POST, deeper=True),
    "POST /api/v1/complaints/{number}/offers/{offer_id}/approval": Complaints(POST, deeper=True),
    "POST /api/v1/complaints/{number}/offers/{offer_id}/execution": Complaints(POST, deeper=True),
    "POST /api/v1/complaints/{number}/offers/{offer_id}/telling": Complaints(POST, deeper=True),
}
