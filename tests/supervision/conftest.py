"""A complaint in work, the officer who watches, and a department with a head."""

from __future__ import annotations

import pytest

from huiyin.ground.people.models import Department
from huiyin.ground.people.words import Role
from tests.conftest import person
from tests.roads import assigned


@pytest.fixture
def du(db):
    """杜衡，督办员。"""
    return person("du", "杜衡", Role.SUPERVISION)


@pytest.fixture
def quality(db):
    """品控部，部门经理沈卓。"""
    department = Department.objects.create(code="qc", name="品控部")
    department.head = person("shen", "沈卓", Role.DEPT_HEAD, department=department)
    department.save()
    return department


@pytest.fixture
def shen(quality):
    return quality.head


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    return assigned(make_complaint, after_sales, li)
