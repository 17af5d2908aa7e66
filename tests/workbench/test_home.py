"""Where a person's work lies is where he begins."""

from __future__ import annotations

import pytest

from huiyin.ground.people.words import Role
from tests.conftest import person


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.AGENT, "/queue/"),
        (Role.VISITOR, "/queue/?view=visit"),
        (Role.SUPERVISION, "/board/"),
        (Role.SYSADMIN, "/console/"),
        (Role.SECADMIN, "/console/"),
        (Role.AUDITOR, "/console/"),
        (Role.FINANCE, "/queue/"),
    ],
)
def test_everybody_begins_where_his_work_lies(client, role, place):
    client.force_login(person("somebody", "某人", role))
    assert client.get("/").headers["Location"] == place


@pytest.mark.django_db
def test_who_has_two_roles_begins_with_the_complaints(client):
    client.force_login(person("both", "两职", Role.SYSADMIN, Role.MANAGER))
    assert client.get("/").headers["Location"] == "/queue/"


@pytest.mark.django_db
def test_a_stranger_begins_at_the_portal(client):
    assert client.get("/").headers["Location"] == "/portal/"
