"""How many questions each page asks the database: a budget, and the same for ten times the rows."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.ground import remembered
from huiyin.ground.customers.actions import Contact
from huiyin.ground.people.models import ApiToken, User, UserManager
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.intake.actions import register
from huiyin.journey.routing.actions import accept
from huiyin.surface import kept
from huiyin.surface.bench.generator import generate
from huiyin.surface.workbench import panels
from tests.conftest import person

pytestmark = pytest.mark.django_db

FEW, TEN_TIMES = 80, 800

# Page → the most queries: what it asks today and two more. Knowing who asks costs five of them.
BUDGET = {
    "queue": 18,
    "queue, all": 18,
    "queue, open, as manager": 21,
    "search": 18,
    "counts": 7,
    "complaint": 38,
    "anew": 36,
    "anew, late": 24,
    "late panels": 24,
    "story": 11,
    **{f"panel {name}": 11 for name in panels.BY_NAME},
    "panel clocks": 15,
    "customer": 13,
    "options": 24,
    "palette": 8,
    "bell": 9,
    "registration": 12,
    "hints": 18,
    "board": 24,
    "league": 12,
    "inbox": 21,  # one for each kind that can wait
    "supervisions": 16,
    "call-backs": 14,
    "cases": 12,
    "improvements": 16,
    "bulletins": 12,
    "follow-up form": 16,
    "promises": 20,
    "promises, broken": 20,
    "evidence index": 16,
    "knowledge": 10,
    "knowledge, search": 11,
    "knowledge, article": 15,
    "knowledge, gaps": 14,
    "knowledge, panel": 14,
    "knowledge, passages": 14,
    "portal, help": 4,
    "console": 4,
    "portal, following": 10,
    "api list": 7,
    "api one": 8,
    "api intake": 30,
}
INTAKE = {
    "channel": "phone",
    "contact": {"name": "王芳", "phone": "13912345678"},
    "text": "上周买的电饭煲不加热，客服一直不处理，要求退款。",
}


def pages(one: Complaint) -> dict[str, Callable[[], object]]:
    """Everything in the budget, as its agent, the manager, an administrator, the customer."""
    agent = one.assignee
    assert agent is not None
    li, gao, admin = (
        signed_in(user)
        for user in (agent, User.objects.get(username="gao"), User.objects.get(username="admin"))
    )
    customer = Client()
    code = {"number": one.number, "code": one.tracking_code}
    assert customer.post("/portal/follow/", code).status_code == 302
    asked = {
        "queue": li("/queue/?view=mine"),
        "queue, all": li("/queue/?view=all"),
        "queue, open, as manager": gao("/queue/?view=open"),
        "promises": gao("/promises/"),
        "promises, broken": gao("/promises/?view=broken&days=365"),
        "search": li("/queue/?q=退款"),
        "counts": li("/queue/counts/"),
        "complaint": li(f"/complaints/{one.number}/"),
        "anew": li(f"/complaints/{one.number}/anew/prompt/"),
        "anew, late": li(f"/complaints/{one.number}/anew/late/"),
        "late panels": li(f"/complaints/{one.number}/panels/"),
        "story": li(f"/complaints/{one.number}/story/"),
        **{
            f"panel {name}": li(f"/complaints/{one.number}/panels/{name}/")
            for name in panels.BY_NAME
        },
        "customer": li(f"/customers/{one.customer_id}/"),
        "options": li(f"/complaints/{one.number}/options/"),
        "palette": li("/palette/?q=退款"),
        "bell": li("/notices/bell/"),
        "registration": li("/registration/"),
        "hints": hints_for(agent),
        "board": gao("/board/"),
        "league": gao("/board/league/"),
        "inbox": gao("/inbox/"),
        "supervisions": gao("/supervision/"),
        "call-backs": gao("/callbacks/?whose=team"),
        "cases": gao("/cases/"),
        "improvements": gao("/improvements/"),
        "bulletins": gao("/bulletins/"),
        "follow-up form": printed_by(agent, one.number),
        "evidence index": li(f"/complaints/{one.number}/evidence-index/"),
        "knowledge": li("/knowledge/"),
        "knowledge, search": li("/knowledge/?q=退款"),
        "knowledge, article": gao("/knowledge/articles/AS-01/"),
        "knowledge, gaps": gao("/knowledge/gaps/"),
        "knowledge, panel": li(f"/complaints/{one.number}/guidance/"),
        "knowledge, passages": li(f"/complaints/{one.number}/passages/?q=退款"),
        "portal, help": lambda: customer.get("/portal/help/?q=退"),
        "console": admin("/console/"),
        "portal, following": lambda: customer.get(f"/portal/complaints/{one.number}/"),
    }
    return asked | api_of(agent, one.number)


def signed_in(user: User) -> Callable[[str], Callable[[], object]]:
    client = Client()
    client.force_login(user)
    return lambda path: lambda: client.get(path)


def printed_by(user: User, number: str) -> Callable[[], object]:
    client = Client()
    client.force_login(user)
    return lambda: client.post(f"/complaints/{number}/follow-up/")


def hints_for(user: User) -> Callable[[], object]:
    client = Client()
    client.force_login(user)
    typed = {"text": INTAKE["text"], "phone": "13912345678", "category": "PD.01"}
    return lambda: client.post("/registration/hints/", typed)


def api_of(user: User, number: str) -> dict[str, Callable[[], object]]:
    _token, secret = ApiToken.issue(user, "budget")
    client = Client(headers={"Authorization": f"Bearer {secret}"})

    def intake() -> object:
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        return client.post(
            "/api/v1/complaints", json.dumps(INTAKE), "application/json", headers=headers
        )

    return {
        "api list": lambda: client.get("/api/v1/complaints?limit=50"),
        "api one": lambda: client.get(f"/api/v1/complaints/{number}"),
        "api intake": intake,
    }


def in_work() -> Complaint:
    """One that its agent has signed for."""
    contact = Contact(name="王芳", phone="13912345678")
    said = {"channel": INTAKE["channel"], "text": INTAKE["text"], "contact": contact}
    complaint = register(by=User.objects.get(username="gao"), category="PD.01", **said)
    assert complaint.assignee is not None
    accept(complaint, by=complaint.assignee)
    return complaint


def counted(one: Complaint) -> dict[str, int]:
    found = {}
    for name, ask in pages(one).items():
        ask()  # what a process keeps in memory is read
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = ask()
        assert answer.status_code in (200, 201, 204), (name, answer.status_code)
        found[name] = len(queries)
    return found


@pytest.fixture(scope="module")
def measured(django_db_setup, django_db_blocker):
    """(query counts with few rows, with ten times as many); everything is rolled back.

    What a process keeps in memory stays there however slow the machine is: reading it anew after
    some seconds would count as questions of whichever page came then, or of one page twice.
    """
    UserManager.forget_system()
    day = 86_400
    rows = mock.patch.object(remembered, "KEPT_FOR", float(day))
    figures = mock.patch.object(kept, "FRESH_FOR", day)
    with rows, figures, django_db_blocker.unblock(), transaction.atomic():
        person("gao", "高远", Role.MANAGER)
        person("admin", "郑凯", Role.SYSADMIN)
        generate(FEW, seed=1)
        one = in_work()
        few = counted(one)
        generate(TEN_TIMES - FEW, seed=2)
        many = counted(one)
        transaction.set_rollback(True)
    UserManager.forget_system()
    return few, many


@pytest.mark.parametrize("name", BUDGET)
def test_a_page_keeps_to_its_budget(name, measured):
    _few, many = measured
    assert many[name] <= BUDGET[name]


@pytest.mark.parametrize("name", BUDGET)
def test_a_page_asks_no_more_of_ten_times_the_rows(name, measured):
    few, many = measured
    more = 2 if name == "board" else 1  # columns that were empty; somebody has a history now
    assert many[name] <= few[name] + more


def test_every_measured_page_has_a_budget(measured):
    assert set(measured[1]) == set(BUDGET)
