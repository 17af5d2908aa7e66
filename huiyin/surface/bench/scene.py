"""Who asks for what: the people, the complaint, the words, and what the answers must hold."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.db.models import Count, Q

from huiyin.ground import moment
from huiyin.ground.people.models import ApiToken, User
from huiyin.ground.people.words import Presence, Role
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status
from huiyin.surface.bench.generator import texts
from huiyin.surface.bench.load import BenchError, Client, Request
from huiyin.surface.workbench.lists import PAGE

COMMON = ("退款", "客服", "处理")
NUMBER = re.compile(rb"TS\d{4}-\d{6,}")


@dataclass(frozen=True)
class Scene:
    agent: User
    manager: User
    number: str
    common: str
    rare: str
    cookies: dict[int, str]
    token: str

    def page(self, path: str, user: User) -> Request:
        cookie = f"{settings.SESSION_COOKIE_NAME}={self.cookies[user.pk]}"
        return Request("GET", path, {"Cookie": cookie})

    def queue(self) -> Request:
        return self.page("/queue/?view=mine", self.agent)

    def open_queue(self) -> Request:
        return self.page("/queue/?view=open", self.manager)

    def complaint(self) -> Request:
        return self.page(f"/complaints/{self.number}/", self.agent)

    def search(self, word: str, user: User) -> Request:
        return self.page(f"/queue/?view=all&q={quote(word)}", user)

    def board(self) -> Request:
        return self.page("/board/", self.manager)

    def intake(self, told: texts.Told, phone: int) -> Request:
        body = {
            "channel": told.channel if told.channel != "portal" else "api",
            "contact": {"name": "王芳", "phone": f"144{phone % 10**8:08d}"},
            "text": told.text,
            "wanted": told.wanted,
        }
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid.uuid4()),
        }
        return Request("POST", "/api/v1/complaints", headers, json.dumps(body).encode())


@contextmanager
def scene() -> Iterator[Scene]:
    """Everything that the loads need; sessions and token end with the block."""
    agent, manager = _busiest_agent(), _manager()
    sessions = {user.pk: _session(user) for user in (agent, manager)}
    token, secret = ApiToken.issue(agent, "bench")
    mine = Complaint.objects.visible_to(agent).filter(assignee=agent)
    working = mine.filter(status__in=(Status.HND, Status.EXE, Status.RES)).order_by("-pk")
    shown = working.first() or Complaint.objects.visible_to(agent).order_by("-pk").first()
    if shown is None:
        raise BenchError("there is no complaint to look at; generate some first")
    try:
        yield Scene(
            agent=agent,
            manager=manager,
            number=shown.number,
            common=max(COMMON, key=_hits),
            rare=_rare(),
            cookies={pk: str(session.session_key) for pk, session in sessions.items()},
            token=secret,
        )
    finally:
        for session in sessions.values():
            session.delete()
        ApiToken.objects.filter(pk=token.pk).update(revoked_at=moment.now())


def _busiest_agent() -> User:
    carries = Count("assigned", filter=Q(assigned__in=Complaint.objects.open()))
    agents = User.objects.active().with_role(Role.AGENT).annotate(carries=carries)
    found: User | None = agents.order_by("-carries", "pk").first()
    if found is None:
        raise BenchError("there is no agent; generate some complaints first")
    return found


def _manager() -> User:
    """Sees everything; has no password, so that nobody can sign in with it."""
    found = User.objects.filter(username="bench-manager").first()
    made: User = found or User.objects.create_user(
        "bench-manager", name="压测经理", roles=[Role.MANAGER], presence=Presence.AWAY
    )
    return made


def _session(user: User) -> SessionStore:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session


def _hits(word: str) -> int:
    return Complaint.objects.search(word).count()


def _rare() -> str:
    """The word that the fewest complaints hold, but some."""
    found = {word: hits for word in texts.RARE if (hits := _hits(word))}
    return min(found, key=lambda word: found[word], default=texts.RARE[0])


def check_search(client: Client, scene: Scene, word: str) -> int:
    """How many hold the word; BenchError unless search and LIKE agree and the page shows them."""
    with connection.cursor() as cursor:
        cursor.execute(LIKE, {"word": f"%{word}%"})
        holding = {number for (number,) in cursor.fetchall()}
    found = set(Complaint.objects.search(word).values_list("number", flat=True))
    if found != holding:
        raise BenchError(f"search for {word} finds {len(found)}, LIKE {len(holding)}")
    page = {n.decode() for n in NUMBER.findall(client.ask(scene.search(word, scene.manager)))}
    if len(page) != min(PAGE, len(holding)) or not page <= holding:
        raise BenchError(f"the page shows {len(page)} of the {len(holding)} complaints with {word}")
    return len(holding)


LIKE = """
SELECT c.number FROM complaint_complaint c JOIN customers_customer p ON p.id = c.customer_id
WHERE c.subject LIKE %(word)s OR c.text LIKE %(word)s OR c.wanted LIKE %(word)s
   OR c.order_no LIKE %(word)s OR p.name LIKE %(word)s
"""
