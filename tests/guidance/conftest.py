"""A complaint in work, and a clause of our own that its words suggest."""

from __future__ import annotations

import pytest

from huiyin.ground.people.words import Role
from tests.conftest import person
from tests.knowledge.conftest import in_force
from tests.roads import assigned


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    return assigned(make_complaint, after_sales, li)


@pytest.fixture
def clause(db):
    return in_force("T-1", "鲸鱼玩具退换", "编号 {number}，请放心。", keywords=["电饭煲"])


@pytest.fixture
def zhi(db):
    """支宁，知识编辑。"""
    return person("zhi", "支宁", Role.KNOWLEDGE)
