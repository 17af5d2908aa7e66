"""A complaint taken in through the door, at a moment one can name."""

from __future__ import annotations

import pytest

from huiyin.ground.worktime.models import forget as forget_calendars
from huiyin.journey.clocks.models import forget as forget_policies
from huiyin.journey.intake.actions import Contact, register

BROKEN = "PD.01.07"  # 家电/耐用品故障: S3, SLA-STD


@pytest.fixture(autouse=True)
def _rules_are_read_again():
    forget_calendars()
    forget_policies()
    yield
    forget_calendars()
    forget_policies()


@pytest.fixture
def quality_agent(db):
    """小何，品质组坐席：家电故障归她。"""
    from huiyin.ground.people.words import Role
    from tests.conftest import person, team

    return person("he", "何静", Role.AGENT, teams=[team("quality", "品质组")])


@pytest.fixture
def taken_in(clock, li, quality_agent):
    """`taken_in("2026-11-25 10:00", severity=3)` registers by telephone at that moment."""

    def take(text: str, **said):
        said.setdefault("category", BROKEN)
        said.setdefault("severity", 3)
        with clock(text):
            return register(
                by=li,
                channel=said.pop("channel", "phone"),
                contact=Contact(name="王芳", phone="13800138000"),
                text=said.pop("said", "上周买的电饭煲不加热，客服一直不处理。"),
                **said,
            )

    return take
