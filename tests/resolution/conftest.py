"""More of the cast: who approves and who pays."""

import pytest

from huiyin.ground.people.words import Role
from tests.conftest import person
from tests.roads import assigned


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    """In 处理中, with 小李 (每件 ¥50，每月 ¥1,000)."""
    return assigned(make_complaint, after_sales, li)


@pytest.fixture
def lead(after_sales):
    """组长：每件 ¥1,000."""
    return person("ma", "马组长", Role.LEAD, teams=[after_sales])


@pytest.fixture
def finance(db):
    return person("qian", "钱会计", Role.FINANCE)


@pytest.fixture
def legal(db):
    return person("fa", "法务", Role.LEGAL)
