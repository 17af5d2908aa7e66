"""A complaint in work, who handles it, and who supervises."""

from __future__ import annotations

import pytest

from huiyin.ground.people.words import Role
from huiyin.journey.triage.models import Triage
from tests.conftest import at, person
from tests.roads import assigned

NOW = at("2026-11-26 10:00")  # a Thursday


@pytest.fixture
def chen(after_sales):
    """陈姐，售后组值班主管。"""
    found = person("chen_p", "陈姐", Role.SUPERVISOR, teams=[after_sales])
    after_sales.duty_supervisor = found
    after_sales.save()
    return found


@pytest.fixture
def complaint(make_complaint, after_sales, li, chen):
    made = assigned(make_complaint, after_sales, li, severity=3, category="PD.01.05")
    Triage.objects.create(
        complaint=made,
        source="rule",
        category_id="PD.01.05",
        severity=3,
        by=li,
        at=made.received_at,
    )
    return made
