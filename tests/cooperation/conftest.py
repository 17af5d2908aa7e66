"""More of the cast: 江涛 and 沈卓 of quality control, 宁远 of the warehouse, 迅达 the carrier, 杜衡
who supervises; and a complaint about a rice cooker, in the hands of 小李."""

from __future__ import annotations

import pytest

from huiyin.ground.people.models import Department
from huiyin.ground.people.words import Role
from huiyin.ground.worktime.models import forget as forget_calendars
from huiyin.journey.cooperation import actions as cooperation
from tests.conftest import person
from tests.roads import assigned

QUESTION = "请追溯电饭煲的生产批次，附检验记录和同批投诉。"


@pytest.fixture(autouse=True)
def _calendars_are_read_again():
    forget_calendars()
    yield
    forget_calendars()


@pytest.fixture
def qc(db):
    return Department.objects.create(code="qc", name="品控部", name_en="Quality control")


@pytest.fixture
def warehouse(db):
    return Department.objects.create(code="warehouse", name="仓储物流部", name_en="Warehouse")


@pytest.fixture
def carrier(db, warehouse):
    return Department.objects.create(
        code="xunda",
        name="迅达快运",
        kind="carrier",
        parent=warehouse,
        contact_name="客户对接组",
        contact_email="claims@example.com",
    )


@pytest.fixture
def jiang(qc):
    """江涛，品控部经办。"""
    return person("jiang", "江涛", Role.DEPT_HANDLER, department=qc)


@pytest.fixture
def ge(qc):
    """葛悦，江涛的同事。"""
    return person("ge", "葛悦", Role.DEPT_HANDLER, department=qc)


@pytest.fixture
def shen(qc):
    """沈卓，品控部经理。"""
    user = person("shen", "沈卓", Role.DEPT_HEAD, department=qc)
    Department.objects.filter(pk=qc.pk).update(head=user)
    return user


@pytest.fixture
def ning(warehouse):
    """宁远，仓储物流部经办。"""
    return person("ning", "宁远", Role.DEPT_HANDLER, department=warehouse)


@pytest.fixture
def du(db):
    """杜衡，督办员。"""
    return person("du", "杜衡", Role.SUPERVISION)


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    """处理中，小李经手。"""
    return assigned(make_complaint, after_sales, li, category="PD.01.07")


@pytest.fixture
def ask(complaint, li, qc):
    """`ask(part="lead")`: 小李 sends a task, to quality control unless told otherwise."""

    def sent(**said):
        said.setdefault("by", li)
        said.setdefault("department", qc)
        said.setdefault("question", QUESTION)
        return cooperation.send(said.pop("complaint", complaint), **said)

    return sent


@pytest.fixture
def again():
    """A task as somebody sees it who opens the page now."""
    from huiyin.journey.cooperation.models import Task

    return lambda task: Task.objects.with_all().get(pk=task.pk)
