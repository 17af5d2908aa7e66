"""Every URL and every API operation, tried as every role. A route without a row here fails.

A row says who gets in. Complaint routes follow one rule: whoever does not see the complaint gets
404, exactly as if it did not exist; whoever sees it gets anything but 404. Other routes name the
roles that pass; everybody else signed in gets 403, and strangers are sent to sign in (401 for the
API).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from huiyin.api import api as huiyin_api
from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.people.models import ApiToken, Team, User, UserManager
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.models import Complaint, ComplaintAccess
from huiyin.journey.complaint.words import Status
from tests.conftest import person, team
from tests.doors import DOORS, EVERYBODY, PARTS, STAFF, Complaints, Nobody, Only

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Route:
    name: str
    path: str  # with <converter:name> placeholders


def routes(patterns=None, prefix="", namespace="") -> Iterator[Route]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = ":".join(p for p in (namespace, pattern.namespace) if p)
            if pattern.namespace != "api":
                yield from routes(pattern.url_patterns, path, inside)
        elif isinstance(pattern, URLPattern):
            yield Route(":".join(p for p in (namespace, pattern.name or path) if p), path)


def operations() -> Iterator[Route]:
    for path, methods in huiyin_api.get_openapi_schema()["paths"].items():
        for method in methods:
            yield Route(f"{method.upper()} {path}", path)


ROUTES = {route.name: route for route in routes()}
OPERATIONS = {operation.name: operation for operation in operations()}


def test_every_route_has_a_row_and_every_row_a_route():
    there = set(ROUTES) | set(OPERATIONS)
    assert sorted(there - set(DOORS)) == []
    assert sorted(set(DOORS) - there) == []


def test_no_row_stands_in_two_parts():
    assert sum(len(part.DOORS) for part in PARTS) == len(DOORS)


def filled(path: str, number: str, customer: int) -> str:
    """The path with a real number in it; other ids are some that exist nowhere."""
    path = re.sub(r"<str:number>|\{number\}", number, path)
    path = re.sub(r"<int:customer\w*>|\{customer\w*\}", str(customer), path)
    path = re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", path)
    path = re.sub(r"<int:\w+>", "999999", path)
    path = re.sub(r"<(?:str|slug):\w+>|<path:\w+>", "nothing", path)
    path = re.sub(r"\{\w+\}", "999999", path)
    return "/" + path.lstrip("/")


@dataclass
class Scene:
    """Complaints of every relation to 小李, and a person of every role beside her, signed in."""

    complaints: dict[str, Complaint]
    people: dict[str, User]
    browsers: dict[str, Client]
    programs: dict[str, Client]
    seen: dict[str, set[int]]

    def visits(self, methods: tuple[str, ...]) -> Iterator[tuple[str, str, str, Complaint, bool]]:
        for who in self.people:
            for relation, complaint in self.complaints.items():
                for method in methods:
                    yield who, relation, method, complaint, complaint.pk in self.seen[who]


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker) -> Iterator[Scene]:
    """Set up once: what a request changes is taken back at once (`asked`)."""
    with django_db_blocker.unblock():
        UserManager.forget_system()
        with transaction.atomic():
            yield _scene()
            transaction.set_rollback(True)
        UserManager.forget_system()


def _scene() -> Scene:
    after_sales, logistics = team("aftersales", "售后组"), team("logistics", "物流组")
    li = person("li", "李明", Role.AGENT, teams=[after_sales])
    mate = person("mate", "同组", Role.AGENT, teams=[after_sales])
    sun = person("sun", "孙浩", Role.AGENT, teams=[logistics])
    complaints = {
        "own": _complaint(after_sales, li),
        "group": _complaint(after_sales, mate),
        "other group": _complaint(logistics, sun),
        "restricted": _complaint(after_sales, li, restricted=True),
        "named": _complaint(logistics, sun, restricted=True),
        "nobody": _complaint(None, None),
    }
    ComplaintAccess.objects.create(complaint=complaints["named"], user=li, by=sun, at=moment.now())
    people = {"li": li, "sun": sun, "mate": mate}
    for role in Role.values:
        people[role] = person(f"the_{role}", role, role, teams=[after_sales])
    people["teamless"] = person("teamless", "无组", Role.AGENT)
    browsers, programs = {}, {}
    for who, user in people.items():
        browsers[who] = Client()
        browsers[who].force_login(user)
        _token, secret = ApiToken.issue(user, "test")
        programs[who] = Client(headers={"Authorization": f"Bearer {secret}"})
    seen = {
        who: set(Complaint.objects.visible_to(user).values_list("pk", flat=True))
        for who, user in people.items()
    }
    return Scene(complaints, people, browsers, programs, seen)


def _complaint(of: Team | None, assignee: User | None, **fields) -> Complaint:
    customer = find_or_create(Contact(name="王芳", phone="138 0013 8000", email="wf@example.com"))
    complaint = Complaint.begin(
        customer=customer,
        text="上周买的电饭煲不加热，客服一直不处理。",
        subject="电饭煲不加热",
        channel="phone",
        team=of,
        assignee=assignee,
        **fields,
    )
    complaint.status = Status.HND
    complaint.arrive()
    return complaint


def ask(client: Client, method: str, path: str):
    if method == "GET":
        return client.get(path)
    return client.generic(method, path, data="{}", content_type="application/json")


def asked(client: Client, method: str, path: str) -> int:
    """The status of the answer; what the request changed is taken back."""
    with transaction.atomic():
        status = ask(client, method, path).status_code
        transaction.set_rollback(True)
    return status


COMPLAINT_PAGES = [name for name in ROUTES if isinstance(DOORS.get(name), Complaints)]
COMPLAINT_OPERATIONS = [name for name in OPERATIONS if isinstance(DOORS.get(name), Complaints)]


@pytest.mark.parametrize("name", COMPLAINT_PAGES)
def test_a_page_of_a_complaint_opens_to_who_sees_it_only(name, scene):
    door = DOORS[name]
    for who, relation, method, complaint, sees in scene.visits(door.methods):
        url = filled(ROUTES[name].path, complaint.number, complaint.customer_id)
        status = asked(scene.browsers[who], method, url)
        if not sees:
            assert status == 404, (who, relation, method, url)
        elif not door.deeper:  # a deeper id that does not exist is 404 to all
            assert status not in (404, 500), (who, relation, method, url)


@pytest.mark.parametrize("name", COMPLAINT_OPERATIONS)
def test_an_operation_on_a_complaint_answers_who_sees_it_only(name, scene):
    method, _, path = name.partition(" ")
    for who, relation, _method, complaint, sees in scene.visits((method,)):
        url = filled(path, complaint.number, complaint.customer_id)
        status = asked(scene.programs[who], method, url)
        if not sees:
            # The body is read first: 422 says nothing about the complaint.
            assert status in (404, 422), (who, relation, method, url, status)
        elif not DOORS[name].deeper:
            assert status not in (404, 500), (who, relation, method, url)


@pytest.mark.parametrize("name", [n for n in ROUTES if isinstance(DOORS.get(n), Only)])
def test_a_page_for_some_roles_is_closed_to_the_others(name, scene):
    door = DOORS[name]
    url = filled(ROUTES[name].path, "TS2026-999999", 999999)
    for who, user in scene.people.items():
        for method in door.methods:
            status = asked(scene.browsers[who], method, url)
            if door.roles.isdisjoint(user.roles):
                assert status in (403, 404), (who, method, url, status)
            else:
                assert status not in (403, 500), (who, method, url, status)


@pytest.mark.parametrize("name", [n for n in ROUTES if not isinstance(DOORS.get(n), EVERYBODY)])
def test_a_stranger_is_sent_to_sign_in(name, scene):
    complaint = scene.complaints["own"]
    for method in DOORS[name].methods:
        url = filled(ROUTES[name].path, complaint.number, complaint.customer_id)
        answer = ask(Client(), method, url)
        assert answer.status_code in (302, 401, 403, 404), (method, url, answer.status_code)
        if answer.status_code == 302:
            assert "/sign-in/" in answer["Location"] or "/portal/" in answer["Location"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_without_a_token_no_operation_answers(name, scene):
    method, _, path = name.partition(" ")
    url = filled(path, scene.complaints["own"].number, 1)
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer hy_wrong"}):
        answer = Client(headers=headers).generic(method, url, "{}", "application/json")
        assert answer.status_code == 401, (method, url, headers)


def fingerprint() -> dict[str, str]:
    """A hash of every table but sessions (which note that somebody is there)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = sorted(row[0] for row in cursor.fetchall())
        found = {}
        for table in tables:
            if table in {"django_session", "people_apitoken"}:
                continue
            cursor.execute(
                f"SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM \"{table}\" t"
            )
            found[table] = cursor.fetchone()[0]
        return found


@pytest.mark.parametrize("who", ["li", "supervisor", "manager", "sysadmin"])
def test_no_get_changes_anything(who, scene):
    complaint = scene.complaints["own"]
    scene.browsers[who].get("/healthz")
    before = fingerprint()
    for name, route in {**ROUTES, **OPERATIONS}.items():
        if name == "live" or (name in OPERATIONS and not name.startswith("GET ")):
            continue
        url = filled(route.path, complaint.number, complaint.customer_id)
        caller = (scene.programs if name in OPERATIONS else scene.browsers)[who]
        assert caller.get(url).status_code < 500, url
    after = fingerprint()
    assert {t for t in after if after[t] != before.get(t)} == set()


def test_the_row_kinds_are_all_used():
    kinds = {type(door) for door in DOORS.values()}
    assert kinds >= {Complaints, Only, Nobody, STAFF.__class__} - {Nobody}
