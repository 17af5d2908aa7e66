"""Two teams, a supervisor of both, and complaints that have come some way."""

from __future__ import annotations

import pytest

from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.people.words import Role
from tests.conftest import person
from tests.roads import assigned

LAMP = "吊灯开机就跳闸，要求退货。"


@pytest.fixture
def qian(after_sales):
    """小钱，售后组坐席。"""
    return person("qian", "钱多", Role.AGENT, teams=[after_sales])


@pytest.fixture
def lead(after_sales):
    """售后组组长。"""
    return person("lead", "罗组长", Role.LEAD, teams=[after_sales])


@pytest.fixture
def far_lead(logistics):
    """物流组组长：售后组的事一点也看不到。"""
    return person("far", "远组长", Role.LEAD, teams=[logistics])


@pytest.fixture
def both(after_sales, logistics):
    """管两个组的主管。"""
    return person("both", "双主管", Role.SUPERVISOR, teams=[after_sales, logistics])


@pytest.fixture
def zhao(db):
    """赵雷，另一位客户。"""
    return find_or_create(Contact(name="赵雷", phone="13911112222", email="zl@example.com"))


@pytest.fixture
def mine(make_complaint, after_sales, li):
    """`mine()`: in 处理中 with 小李."""

    def make(**fields):
        return assigned(make_complaint, after_sales, li, **fields)

    return make


@pytest.fixture
def theirs(make_complaint, logistics, sun, zhao):
    """`theirs()`: in 处理中 with 小孙 of another team, of another customer."""

    def make(**fields):
        fields.setdefault("customer", zhao)
        fields.setdefault("text", LAMP)
        fields.setdefault("subject", "吊灯跳闸")
        return assigned(make_complaint, logistics, sun, **fields)

    return make
