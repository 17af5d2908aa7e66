"""One load for all tests of the demonstration: in the night after New Year, the hardest moment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from psycopg.conninfo import conninfo_to_dict

from huiyin.ground import moment
from huiyin.ground.people.models import User, UserManager
from huiyin.ground.throwaway import throwaway
from huiyin.surface.demo import actions
from tests.conftest import at

NOW = "2027-01-02 03:15"
PASSWORD = "only for tests"


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """Loaded into a database of its own, act by act as `dev.py run` does: in one transaction each
    row would drag all its earlier versions along. It is gone when the module is through."""
    files = tmp_path_factory.mktemp("evidence")
    told: list[int] = []
    with (
        django_db_blocker.unblock(),
        elsewhere(),
        override_settings(DEMO=True, DEMO_PASSWORD=PASSWORD, EVIDENCE_DIR=files),
        moment.at(at(NOW)),
    ):
        UserManager.forget_system()
        count = actions.load(progress=told.append)
        yield SimpleNamespace(count=count, progress=told, files=files, now=at(NOW))
    UserManager.forget_system()


@contextmanager
def elsewhere() -> Iterator[None]:
    """The connection leads to a copy of the tests' template meanwhile."""
    kept = connection.settings_dict["NAME"]
    connection.close()
    template = os.environ.get("HUIYIN_TEST_TEMPLATE") or kept
    with throwaway(settings.DATABASE_DSN, "demo", template) as address:
        connection.settings_dict["NAME"] = conninfo_to_dict(address)["dbname"]
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = kept


@pytest.fixture
def who(demo, db):
    """`who("li")`: somebody of the cast of the demonstration."""
    return lambda username: User.objects.get(username=username)
