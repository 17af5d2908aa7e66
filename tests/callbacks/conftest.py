"""More of the cast, and a Monday morning in our hours."""

from __future__ import annotations

import pytest

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from tests.conftest import at, person

MONDAY = at("2026-11-23 09:30")


@pytest.fixture
def monday():
    with moment.at(MONDAY):
        yield MONDAY


@pytest.fixture
def he(db):
    """小何，回访员。"""
    return person("he", "何回访", Role.VISITOR)


@pytest.fixture
def lu(db):
    """小陆，另一位回访员。"""
    return person("lu", "陆回访", Role.VISITOR)
