"""Kinds and rules are edited in the console, and count from then on."""

from __future__ import annotations

import json

import pytest

from huiyin.journey.complaint.words import What
from huiyin.journey.improvement import actions
from huiyin.journey.improvement.models import Improvement, Kind, Rule
from huiyin.journey.improvement.words import Trigger
from tests.console.conftest import fill  # noqa: F401 — a fixture
from tests.improvement.conftest import opened
from tests.improvement.test_rules import happens

pytestmark = pytest.mark.django_db

BY_MAIL = {"all": [{"field": "channel", "is": "equal", "value": "email"}]}


def test_a_manager_narrows_a_rule_and_it_counts_at_once(make_complaint, manager, signed_in, fill):  # noqa: F811
    rule = Rule.objects.get(trigger=Trigger.CRITICAL)
    boss = signed_in(manager)
    answer = fill(boss, "improvement-rules", rule, condition=json.dumps(BY_MAIL))
    assert answer.status_code == 302, answer.context["form"].errors
    actions.fire_rules(happens(What.RECEIVED, make_complaint(severity=1, category="SF.02.01")))
    assert not Improvement.objects.exists()
    mailed = make_complaint(severity=1, category="SF.02.01", channel="email")
    actions.fire_rules(happens(What.RECEIVED, mailed))
    assert Improvement.objects.get().lead == mailed


def test_a_kind_gives_another_limit_from_then_on(complaint, chen, goods, manager, signed_in, fill):  # noqa: F811
    kind = Kind.objects.get(code="page")
    boss = signed_in(manager)
    answer = fill(boss, "improvement-kinds", kind, amount="3")
    assert answer.status_code == 302, answer.context["form"].errors
    assert opened(complaint, chen, goods).amount == 3
    wrong = fill(boss, "improvement-kinds", kind, amount="0.5", unit="work_days")
    assert wrong.status_code == 422 or wrong.context["form"].errors


def test_who_printed_is_read_by_who_audits(complaint, li, admin, signed_in):
    from huiyin.ground.people.words import Role
    from tests.conftest import person

    signed_in(li).post(f"/complaints/{complaint.number}/follow-up/")
    auditor = person("auditor", "俞清", Role.AUDITOR)
    page = signed_in(auditor).get("/console/printings/").content.decode()
    assert complaint.number in page
    assert "李明" in page
    assert signed_in(li).get("/console/printings/").status_code in (403, 404)
