"""Lists and search go by an index: with enough rows no page reads the table of complaints whole."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.ground.people.models import User, UserManager
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.models import Complaint
from huiyin.surface.bench.generator import generate, texts
from huiyin.surface.composer import precedents
from huiyin.surface.workbench.lists import ORDERS, VIEWS
from tests.conftest import person

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ENOUGH = 3000
READS_IT_WHOLE = (
    "Seq Scan on complaint_complaint "  # fmt: skip — not of the table of who may see it
)

LISTS = [f"/queue/?view={view.key}" for view in VIEWS]
LISTS += [f"/queue/?view=all&sort={key}" for key, order in ORDERS.items() if not order.open_only]
LISTS += ["/queue/?view=open&sort=severity"]
SEARCHES = [f"/queue/?view=all&q={word}" for word in ("退款", "客服", texts.RARE[0], "TS2026-0001")]
PAGES = [*LISTS, *SEARCHES, "/queue/counts/"]


@pytest.fixture(scope="module")
def plans(django_db_setup, django_db_blocker):
    """(who, page) → the plan of each of its questions about complaints."""
    UserManager.forget_system()
    with django_db_blocker.unblock(), transaction.atomic():
        generate(ENOUGH)
        gao = person("gao", "高远", Role.MANAGER)
        li = User.objects.with_role(Role.AGENT).annotate(n=Count("assigned")).latest("n")
        found = {
            (who, page): _plans_of(user, page)
            for who, user in (("agent", li), ("manager", gao))
            for page in PAGES
        }
        found["manager", "/board/"] = _plans_of(gao, "/board/")
        found["manager", "precedents"] = _plans_of_precedents(gao)
        transaction.set_rollback(True)
    UserManager.forget_system()
    return found


def _plans_of(user: User, page: str) -> list[str]:
    client = Client()
    client.force_login(user)
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    asked = [q["sql"] for q in queries if 'FROM "complaint_complaint"' in q["sql"]]
    return [_explained(sql) for sql in asked]


def _plans_of_precedents(user: User) -> list[str]:
    like = Complaint.objects.open().exclude(category="").latest("pk")
    with CaptureQueriesContext(connection) as queries:
        assert precedents.find(user, like).rows
    return [_explained(q["sql"]) for q in queries if 'FROM "composer_precedent"' in q["sql"]]


def _explained(sql: str) -> str:
    with connection.cursor() as cursor:
        # To hash a table of three thousand rows is cheap; of a million it is not. What matters here
        # is that there is a way by key.
        cursor.execute("SET LOCAL enable_hashjoin TO off")
        cursor.execute("SET LOCAL enable_mergejoin TO off")
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())


def test_precedents_are_found_by_their_kind_and_the_last_first(plans):
    asked = plans["manager", "precedents"]
    assert any("precedents_of_" in plan for plan in asked)
    assert [plan for plan in asked if "Seq Scan on composer_precedent" in plan] == []


@pytest.mark.parametrize("who", ["agent", "manager"])
@pytest.mark.parametrize("address", PAGES)
def test_no_list_reads_the_table_whole(who, address, plans):
    asked = plans[who, address]
    assert asked
    assert [plan for plan in asked if READS_IT_WHOLE in plan] == []


def test_the_board_reads_open_rows_and_the_last_month_only(plans):
    assert plans["manager", "/board/"]
    assert [plan for plan in plans["manager", "/board/"] if READS_IT_WHOLE in plan] == []
