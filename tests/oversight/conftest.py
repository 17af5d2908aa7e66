"""More of the cast: departments and those who watch them."""

import pytest

from huiyin.ground.people.models import Department
from huiyin.ground.people.words import Role
from huiyin.ground.worktime.models import forget as forget_calendars
from tests.conftest import person
from tests.roads import assigned


@pytest.fixture(autouse=True)
def _calendars_are_read_again():
    forget_calendars()
    yield
    forget_calendars()


@pytest.fixture
def qc(db):
    return Department.objects.create(code="qc", name="品控部", calendar_code="always")


@pytest.fixture
def warehouse(db):
    return Department.objects.create(code="warehouse", name="仓储物流部", calendar_code="always")


@pytest.fixture
def jiang(qc):
    return person("jiang", "江涛", Role.DEPT_HANDLER, department=qc)


@pytest.fixture
def du(db):
    return person("du", "杜衡", Role.SUPERVISION)


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    return assigned(make_complaint, after_sales, li)
