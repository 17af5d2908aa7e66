"""A complaint in work, departments with heads, and whoever opens, does and verifies."""

from __future__ import annotations

import pytest

from huiyin.ground.people.models import Department
from huiyin.ground.people.words import Role
from huiyin.journey.improvement import actions
from huiyin.journey.improvement.models import Improvement
from tests.conftest import person
from tests.roads import assigned

DONE = "商品页的容量已改为 4 升，附改前改后截图"


@pytest.fixture
def goods(db):
    """商品部，负责人童颜。"""
    department = Department.objects.create(code="goods", name="商品部")
    department.head = person("tong", "童颜", Role.DEPT_HEAD, department=department)
    department.save()
    return department


@pytest.fixture
def tong(goods):
    return goods.head


@pytest.fixture
def tao(db):
    """陶冶，质检员：核验，不看投诉。"""
    return person("tao", "陶冶", Role.QA)


@pytest.fixture
def du(db):
    """杜衡，督办员。"""
    return person("du", "杜衡", Role.SUPERVISION)


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    return assigned(make_complaint, after_sales, li, category="PD.02.01")


def planned(**changed) -> actions.Plan:
    plan = {"kind": "page", "title": "更正电饭煲容量", "text": "页面写 5 升，实物 4 升"}
    return actions.Plan(**{**plan, **changed})


def again(it: Improvement) -> Improvement:
    """As somebody else sees it who opens the page now."""
    return Improvement.objects.with_all().get(pk=it.pk)


def opened(complaint, by, goods, **changed) -> Improvement:
    it = actions.begin([complaint], by=by, plan=planned(department=goods, **changed))
    return again(it)


def reported(it: Improvement, by, text: str = DONE, files=()):
    for step in again(it).steps.filter(done_at=None):
        step.improvement = again(it)
        actions.tick(step, by=by, done=True)
    return actions.report(again(it), by=by, text=text, files=files)


def verified(it: Improvement, doer, verifier) -> Improvement:
    report = reported(it, doer)
    report.improvement = again(it)
    actions.verify(report, by=verifier, passed=True)
    return again(it)
