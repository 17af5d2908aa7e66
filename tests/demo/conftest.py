"""One load for all tests of the demonstration: in the night after New Year, the hardest moment."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import override_settings

from huiyin.ground import moment
from huiyin.ground.people.models import User, UserManager
from huiyin.surface.demo import actions
from tests.conftest import at

NOW = "2027-01-02 03:15"
PASSWORD = "only for tests"


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """The loaded database; undone when the module is through."""
    files = tmp_path_factory.mktemp("evidence")
    told: list[int] = []
    with (
        django_db_blocker.unblock(),
        override_settings(DEMO=True, DEMO_PASSWORD=PASSWORD, EVIDENCE_DIR=files),
        transaction.atomic(),
        moment.at(at(NOW)),
    ):
        UserManager.forget_system()
        count = actions.load(progress=told.append)
        yield SimpleNamespace(count=count, progress=told, files=files, now=at(NOW))
        transaction.set_rollback(True)
    UserManager.forget_system()


@pytest.fixture
def who(demo, db):
    """`who("li")`: somebody of the cast of the demonstration."""
    return lambda username: User.objects.get(username=username)
