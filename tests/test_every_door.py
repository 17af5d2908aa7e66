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
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from huiyin.api import api as huiyin_api
from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.models import Complaint, ComplaintAccess
from tests.conftest import person
from tests.doors import DOORS, EVERYBODY, STAFF, Complaints, Nobody, Only

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


def filled(path: str, number: str, customer: int) -> str:
    """The path with a real number in it; other ids are some that exist nowhere."""
    path = re.sub(r"<str:number>|\{number\}", number, path)
    path = re.sub(r"<int:customer\w*>|\{customer\w*\}", str(customer), path)
    path = re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", path)
    path = re.sub(r"<int:\w+>", "999999", path)
    path = re.sub(r"<(?:str|slug):\w+>|<path:\w+>", "nothing", path)
    path = re.sub(r"\{\w+\}", "999999", path)
    return "/" + path.lstrip("/")


@pytest.fixture
def scene(make_complaint, after_sales, logistics, li, sun):
    """Complaints of every relation to 小李, and a person of every role beside her."""
    mate = person("mate", "同组", Role.AGENT, teams=[after_sales])
    now = moment.now()
    complaints = {
        "own": make_complaint(team=after_sales, assignee=li, status="HND"),
        "group": make_complaint(team=after_sales, assignee=mate, status="HND"),
        "other group": make_complaint(team=logistics, assignee=sun, status="HND"),
        "restricted": make_complaint(team=after_sales, assignee=li, status="HND", restricted=True),
        "named": make_complaint(team=logistics, assignee=sun, status="HND", restricted=True),
    }
    ComplaintAccess.objects.create(complaint=complaints["named"], user=li, by=sun, at=now)
    people = {"li": li, "sun": sun, "mate": mate}
    for role in Role.values:
        people[role] = person(f"the_{role}", role, role, teams=[after_sales])
    people["teamless"] = person("teamless", "无组", Role.AGENT)
    return complaints, people


def ask(client: Client, method: str, path: str):
    if method == "GET":
        return client.get(path)
    return client.generic(method, path, data="{}", content_type="application/json")


COMPLAINT_PAGES = [name for name in ROUTES if isinstance(DOORS.get(name), Complaints)]
COMPLAINT_OPERATIONS = [name for name in OPERATIONS if isinstance(DOORS.get(name), Complaints)]


@pytest.mark.parametrize("name", COMPLAINT_PAGES)
def test_a_page_of_a_complaint_opens_to_who_sees_it_only(name, scene):
    complaints, people = scene
    path = ROUTES[name].path
    for who, user in people.items():
        client = Client()
        client.force_login(user)
        for relation, complaint in complaints.items():
            sees = Complaint.objects.visible_to(user).filter(pk=complaint.pk).exists()
            for method in DOORS[name].methods:
                url = filled(path, complaint.number, complaint.customer_id)
                status = ask(client, method, url).status_code
                if not sees:
                    assert status == 404, (who, relation, method, url)
                elif not DOORS[name].deeper:  # a deeper id that does not exist is 404 to all
                    assert status not in (404, 500), (who, relation, method, url)


@pytest.mark.parametrize("name", COMPLAINT_OPERATIONS)
def test_an_operation_on_a_complaint_answers_who_sees_it_only(name, scene, api):
    complaints, people = scene
    method, _, path = name.partition(" ")
    for who, user in people.items():
        client = api(user)
        for relation, complaint in complaints.items():
            sees = Complaint.objects.visible_to(user).filter(pk=complaint.pk).exists()
            url = filled(path, complaint.number, complaint.customer_id)
            status = ask(client, method, url).status_code
            if not sees:
                # The body is read first: 422 says nothing about the complaint.
                assert status in (404, 422), (who, relation, method, url, status)
            elif not DOORS[name].deeper:
                assert status not in (404, 500), (who, relation, method, url)


@pytest.mark.parametrize("name", [n for n in ROUTES if isinstance(DOORS.get(n), Only)])
def test_a_page_for_some_roles_is_closed_to_the_others(name, scene):
    _complaints, people = scene
    door = DOORS[name]
    for who, user in people.items():
        client = Client()
        client.force_login(user)
        for method in door.methods:
            url = filled(ROUTES[name].path, "TS2026-999999", 999999)
            status = ask(client, method, url).status_code
            if door.roles.isdisjoint(user.roles):
                assert status in (403, 404), (who, method, url, status)
            else:
                assert status not in (403, 500), (who, method, url, status)


@pytest.mark.parametrize("name", [n for n in ROUTES if not isinstance(DOORS.get(n), EVERYBODY)])
def test_a_stranger_is_sent_to_sign_in(name, scene):
    complaints, _people = scene
    complaint = complaints["own"]
    for method in DOORS[name].methods:
        url = filled(ROUTES[name].path, complaint.number, complaint.customer_id)
        answer = ask(Client(), method, url)
        assert answer.status_code in (302, 401, 403, 404), (method, url, answer.status_code)
        if answer.status_code == 302:
            assert "/sign-in/" in answer["Location"] or "/portal/" in answer["Location"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_without_a_token_no_operation_answers(name, scene):
    complaints, _people = scene
    method, _, path = name.partition(" ")
    url = filled(path, complaints["own"].number, 1)
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
def test_no_get_changes_anything(who, scene, api):
    complaints, people = scene
    client = Client()
    client.force_login(people[who])
    program = api(people[who])
    client.get("/healthz")
    before = fingerprint()
    for name, route in {**ROUTES, **OPERATIONS}.items():
        if name == "live" or (name in OPERATIONS and not name.startswith("GET ")):
            continue
        url = filled(route.path, complaints["own"].number, complaints["own"].customer_id)
        caller = program if name in OPERATIONS else client
        assert caller.get(url).status_code < 500, url
    after = fingerprint()
    assert {t for t in after if after[t] != before.get(t)} == set()


def test_the_row_kinds_are_all_used():
    kinds = {type(door) for door in DOORS.values()}
    assert kinds >= {Complaints, Only, Nobody, STAFF.__class__} - {Nobody}
