"""More of the cast: who approves, who pays, who rules."""

import pytest

from huiyin.ground.people.words import Role
from tests.conftest import person
from tests.roads import assigned, propose


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    """In 处理中, with 小李 (每件 ¥50)."""
    return assigned(make_complaint, after_sales, li)


@pytest.fixture
def lead(after_sales):
    """组长：每件 ¥1,000."""
    return person("ma", "马组长", Role.LEAD, teams=[after_sales])


@pytest.fixture
def other_lead(logistics):
    return person("xue", "薛组长", Role.LEAD, teams=[logistics])


@pytest.fixture
def finance(db):
    return person("qian", "钱会计", Role.FINANCE)


@pytest.fixture
def offer(complaint, li):
    """小李 offers more than she may: it waits."""
    return propose(complaint, li, fen=30_000)


@pytest.fixture
def zhi(db):
    return person("zhi", "支宁", Role.KNOWLEDGE)


@pytest.fixture
def ji(db):
    return person("ji", "季岚", Role.KNOWLEDGE)


@pytest.fixture
def fa(db):
    return person("fa", "方律", Role.LEGAL)
