"""The cast. Introduced once, never changed: 小李 agent, 小周 triage, 陈姐 supervisor, 小孙 of
another team who may see nothing, 王芳 the customer."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import settings as hypothesis_settings
from xdist.scheduler import LoadScopeScheduling

from huiyin.ground import moment, remembered
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.people.models import ApiToken, Membership, Team, User, UserManager
from huiyin.ground.people.words import Presence, Role
from huiyin.ground.remembered import Remembered

SHANGHAI = ZoneInfo("Asia/Shanghai")

# The same examples on each machine, and no limit of time: a busy machine is slow, not wrong. Others
# are looked for by `dev.py test … --hypothesis-profile=default`.
hypothesis_settings.load_profile("ci")


def pytest_configure() -> None:
    """What is slow on purpose, or done once per process, and a thousand times in tests.

    Argon2 (tests/test_people_sign_in.py uses it), and a look at every static file by each client.
    """
    from django.conf import settings

    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    settings.WHITENOISE_AUTOREFRESH = True
    # Made by `dev.py test`, with tables and reference rows; without it Django migrates.
    connections.settings["default"]["TEST"]["TEMPLATE"] = os.environ.get("HUIYIN_TEST_TEMPLATE")


class Places(LoadScopeScheduling):
    """What takes long to set up (sixty days of demo, a browser, a generated archive) is set up by
    one worker only; every other test goes to whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        folder = nodeid.split("/")[1]
        return folder if folder in {"demo", "browser", "bench"} else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Places:
    return Places(config, log)


def at(text: str) -> datetime:
    """A Shanghai wall-clock moment: at("2026-09-28 10:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _the_system_user_is_forgotten():
    """Tables are emptied between tests; the remembered system user must go with them."""
    UserManager.forget_system()
    yield
    UserManager.forget_system()


@pytest.fixture(autouse=True)
def _kept_figures_are_forgotten():
    """Counts are kept for some seconds; rows of another test may have the same ids."""
    cache.clear()
    Remembered.forget_all()


@pytest.fixture(autouse=True, scope="session")
def _memory_does_not_age_while_questions_are_counted():
    """However slow the machine is: what is kept for five seconds, read anew, would count."""
    enter, leave = CaptureQueriesContext.__enter__, CaptureQueriesContext.__exit__

    def entered(self: Any) -> Any:
        self.seconds, remembered.KEPT_FOR = remembered.KEPT_FOR, 86_400.0
        return enter(self)

    def left(self: Any, *how: Any) -> None:
        remembered.KEPT_FOR = self.seconds
        leave(self, *how)

    patched = mock.patch.multiple(CaptureQueriesContext, __enter__=entered, __exit__=left)
    with patched:
        yield


@pytest.fixture(autouse=True)
def _files_in_a_folder_of_the_test(settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path / "evidence"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Reference rows once per run, as every installation has them."""
    with django_db_blocker.unblock():
        call_command("load_reference", verbosity=0)
        return _copied_out()


@pytest.fixture(autouse=True)
def _reference_rows_after_a_flush(request):
    """A test with real transactions begins with empty tables: it gets the rows again, by COPY,
    which takes a tenth of the time that the loaders take."""
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        request.getfixturevalue("transactional_db")
        _copied_in(request.getfixturevalue("django_db_setup"))


# What a flush makes anew by itself, or never empties.
DJANGOS = {"django_migrations", "django_content_type", "auth_permission"}


def _copied_out() -> dict[str, bytes]:
    """The rows of every table that has any: table → what COPY says of it."""
    with connection.cursor() as cursor:
        kept = {}
        for table in sorted(set(connection.introspection.table_names(cursor)) - DJANGOS):
            with cursor.copy(f'COPY "{table}" TO STDOUT') as out:
                kept[table] = b"".join(bytes(part) for part in out)
    return {table: rows for table, rows in kept.items() if rows}


def _copied_in(kept: dict[str, bytes]) -> None:
    """Foreign keys are checked at commit, so any order will do; numbers go on where they were.
    Before the first flush everything is there still."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in kept.items():
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
            if cursor.fetchone() == (False,):
                with cursor.copy(f'COPY "{table}" FROM STDIN') as into:
                    into.write(rows)


def person(username: str, name: str, *roles: str, teams=(), **fields) -> User:
    fields.setdefault("presence", Presence.PRESENT)
    user = User.objects.create_user(username, "correct horse", name=name, roles=roles, **fields)
    for team in teams:
        Membership.objects.create(user=user, team=team)
    return user


def team(code: str, name: str) -> Team:
    return Team.objects.get_or_create(code=code, defaults={"name": name})[0]


@pytest.fixture
def after_sales(db):
    return team("aftersales", "售后组")


@pytest.fixture
def logistics(db):
    return team("logistics", "物流组")


@pytest.fixture
def desk(db):
    return team("desk", "投诉专席")


@pytest.fixture
def li(after_sales):
    """小李，售后组坐席。"""
    return person("li", "李明", Role.AGENT, teams=[after_sales])


@pytest.fixture
def zhou(desk):
    """小周，投诉专席分级员。"""
    return person("zhou", "周敏", Role.TRIAGER, teams=[desk])


@pytest.fixture
def chen(after_sales):
    """陈姐，售后组值班主管。"""
    user = person("chen", "陈静", Role.SUPERVISOR, teams=[after_sales])
    Team.objects.filter(pk=after_sales.pk).update(duty_supervisor=user)
    return user


@pytest.fixture
def sun(logistics):
    """小孙，物流组坐席：售后组的事什么也不该看到。"""
    return person("sun", "孙浩", Role.AGENT, teams=[logistics])


@pytest.fixture
def manager(db):
    return person("gao", "高远", Role.MANAGER)


@pytest.fixture
def admin(db):
    """系统管理员：管系统，不看投诉。"""
    return person("admin", "郑凯", Role.SYSADMIN)


@pytest.fixture
def wang_fang(db):
    """王芳，客户。"""
    return find_or_create(Contact(name="王芳", phone="138 0013 8000", email="wf@example.com"))


@pytest.fixture
def make_complaint(wang_fang):
    """A bare complaint on the spine, in any state, without the stages' records."""
    from huiyin.journey.complaint.models import Complaint

    def make(**fields):
        fields.setdefault("customer", wang_fang)
        fields.setdefault("text", "上周买的电饭煲不加热，客服一直不处理。")
        fields.setdefault("subject", "电饭煲不加热")
        fields.setdefault("channel", "phone")
        status = fields.pop("status", None)
        complaint = Complaint.begin(**fields)
        if status:
            complaint.status = status
        complaint.arrive()
        return complaint

    return make


@pytest.fixture
def api():
    """`api(user)` gives a client of the API that calls as this person."""
    from django.test import Client

    def client_of(user: User) -> Client:
        _token, secret = ApiToken.issue(user, "test")
        return Client(headers={"Authorization": f"Bearer {secret}"})

    return client_of


@pytest.fixture
def signed_in():
    """`signed_in(user)` gives a browser without JavaScript that has signed in."""
    from django.test import Client

    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client_of


@pytest.fixture
def clock():
    """`with clock("2026-09-28 10:00"):` moves the product's clock."""
    return lambda text: moment.at(at(text))
