"""Teams with people in them, and a complaint taken in by telephone."""

from __future__ import annotations

import pytest

from huiyin.ground.people.words import Role
from huiyin.journey.intake.actions import Contact, register
from tests.conftest import person, team

BROKEN = "PD.01.07"  # 家电/耐用品故障 → 品质组
LATE = "DL.01.02"  # 物流延误 → 物流组


@pytest.fixture
def quality(db):
    return team("quality", "品质组")


@pytest.fixture
def he(quality):
    """小何，品质组坐席。"""
    return person("he", "何静", Role.AGENT, teams=[quality])


@pytest.fixture
def ma(quality):
    """小马，品质组坐席。"""
    return person("ma", "马丽", Role.AGENT, teams=[quality])


@pytest.fixture
def lu(quality):
    """陆姐，品质组值班主管。"""
    user = person("lu", "陆敏", Role.SUPERVISOR, teams=[quality])
    quality.duty_supervisor = user
    quality.save()
    return user


@pytest.fixture
def taken_in(li):
    """`taken_in(severity=3)`: registered by telephone just now."""

    def take(**said):
        said.setdefault("category", BROKEN)
        said.setdefault("severity", 3)
        return register(
            by=li,
            channel="phone",
            contact=Contact(name="王芳", phone="13800138000"),
            text=said.pop("text", "上周买的电饭煲不加热，客服一直不处理。"),
            **said,
        )

    return take
