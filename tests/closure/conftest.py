"""More of the cast, and complaints that have come as far as the end."""

import pytest

from huiyin.ground.people.words import Role
from tests.conftest import person
from tests.roads import close, solved, to_visit


@pytest.fixture
def he(db):
    """小何，回访员。"""
    return person("he", "何回访", Role.VISITOR)


@pytest.fixture
def mate(after_sales):
    """同组的另一位坐席。"""
    return person("mate", "同组坐席", Role.AGENT, teams=[after_sales])


@pytest.fixture
def done(make_complaint, after_sales, li):
    """已解决待反馈。"""
    return solved(make_complaint, after_sales, li)


@pytest.fixture
def asked(make_complaint, after_sales, li):
    """待回访。"""
    return to_visit(make_complaint, after_sales, li)


@pytest.fixture
def closed(asked, li, he):
    """已结案。"""
    from huiyin.journey.closure.actions import visit

    visit(asked, by=he, result="satisfied", words="好的，谢谢")
    close(asked, li)
    return asked
