"""More of the cast: 钱会计 of finance, 宁远 of the warehouse, a payment system that answers; and
remedies whose steps these tests name themselves."""

from __future__ import annotations

import pytest

from huiyin.ground.people.models import Department
from huiyin.ground.people.words import Role
from huiyin.ground.webhooks.models import Endpoint
from huiyin.ground.worktime.models import forget as forget_calendars
from huiyin.journey.execution.models import Step
from huiyin.journey.resolution import actions as resolution
from huiyin.journey.resolution.models import Remedy
from tests.conftest import person
from tests.roads import assigned, fresh, propose
from tests.webhooks.standin import Standin


@pytest.fixture(autouse=True)
def _calendars_are_read_again():
    forget_calendars()
    yield
    forget_calendars()


@pytest.fixture
def finance(db):
    return person("qian", "钱会计", Role.FINANCE)


@pytest.fixture
def warehouse(db):
    return Department.objects.get_or_create(code="warehouse", defaults={"name": "仓储物流部"})[0]


@pytest.fixture
def ning(warehouse):
    """宁远，仓储物流部经办。"""
    return person("ning", "宁远", Role.DEPT_HANDLER, department=warehouse)


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    """In 处理中, with 小李 (每件 ¥50，每月 ¥1,000)."""
    return assigned(make_complaint, after_sales, li, order_no="DD20261124001")


@pytest.fixture
def standin(settings):
    with Standin() as server:
        settings.WEBHOOK_INNER_HOSTS = (f"127.0.0.1:{server.port}",)
        yield server


@pytest.fixture
def pay(db, standin):
    made = Endpoint.objects.create(
        code="pay", name="支付系统", url=standin.url, status_url=standin.status_url
    )
    standin.secrets.append(made.secret)
    return made


@pytest.fixture
def agreed(complaint, li):
    """`agreed("finance", "handler")`: an offer of ¥30 that the customer took, with such steps."""

    def make(*doers: str, fen: int = 3000, days: int = 2) -> list[Step]:
        rows = [
            {"what_zh": f"第{n}步", "what_en": f"Step {n}", "by": doer, "days": days}
            for n, doer in enumerate(doers, start=1)
        ]
        Remedy.objects.filter(code="RMD.04").update(execution=rows)
        offer = propose(complaint, li, fen=fen)
        resolution.agree(offer, by=li, note="好的")
        return again(*offer.steps.all())

    return make


def again(*steps: Step) -> list[Step]:
    """As somebody else sees them who opens the page now."""
    found = list(
        Step.objects.with_all().filter(pk__in=[one.pk for one in steps]).order_by("position")
    )
    for step in found:
        step.complaint = step.offer.complaint = fresh(step.complaint)
    return found
