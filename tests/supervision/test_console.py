"""Rules and limits of supervision are edited in the console, and count from then on."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from huiyin.journey.complaint.words import What
from huiyin.journey.supervision import actions
from huiyin.journey.supervision.models import Rule, Term
from huiyin.journey.supervision.words import Level, Trigger
from tests.console.conftest import fill  # noqa: F401 — a fixture
from tests.roads import fresh
from tests.supervision.test_rules import happens
from tests.supervision.test_watching import WHY

pytestmark = pytest.mark.django_db

GRAVE = {"all": [{"field": "severity", "is": "equal", "value": "1"}]}


def test_a_manager_narrows_a_rule_and_it_counts_at_once(complaint, manager, signed_in, fill):  # noqa: F811
    rule = Rule.objects.get(trigger=Trigger.REPEATS)
    boss = signed_in(manager)
    answer = fill(boss, "supervision-rules", rule, condition=json.dumps(GRAVE), level="posted")
    assert answer.status_code == 302, answer.context["form"].errors
    rule.refresh_from_db()
    assert (rule.condition, rule.level) == (GRAVE, Level.POSTED)
    complaint.carry(contact_count=9)
    actions.fire_rules(happens(What.CUSTOMER_WROTE, complaint))
    assert not complaint.supervisions.exists()
    complaint.carry(severity=1)
    actions.fire_rules(happens(What.CUSTOMER_WROTE, complaint))
    assert fresh(complaint).supervised == Level.POSTED
    page = boss.get(f"/console/supervision-rules/{rule.pk}/").content.decode()
    assert "S1" in page  # the history says the condition in words


@pytest.mark.parametrize(
    "changed",
    [
        {"condition": '{"all": [{"field": "password", "is": "filled"}]}'},
        {"condition": "{"},
        {"whom": "head"},  # of which department?
        {"amount": "1.5", "unit": "days"},
        {"least": "0"},
        {"trigger": "hand"},
    ],
)
def test_a_rule_that_cannot_be_is_refused(changed, manager, signed_in, fill):  # noqa: F811
    rule = Rule.objects.get(trigger=Trigger.REPEATS)
    assert fill(signed_in(manager), "supervision-rules", rule, **changed).status_code == 422
    rule.refresh_from_db()
    assert (rule.condition, rule.whom, rule.amount) == (None, "handler", None)


def test_the_limit_of_a_level_counts_for_the_next(complaint, du, manager, signed_in, fill):  # noqa: F811
    term = Term.objects.get(level=Level.ORDINARY)
    answer = fill(signed_in(manager), "supervision-terms", term, amount="3", unit="hours")
    assert answer.status_code == 302
    assert actions.term_of(Level.ORDINARY).amount == Decimal(3)
    watch = actions.begin(complaint, by=du, level=Level.ORDINARY, reason=WHY)
    assert (watch.due_at - watch.at).total_seconds() == 3 * 3600


def test_who_may_not_configure_changes_nothing(li, du, chen, signed_in):
    rule = Rule.objects.get(trigger=Trigger.REPEATS)
    for nobody in (li, du):
        assert signed_in(nobody).get("/console/supervision-rules/").status_code == 403
    page = signed_in(chen)
    assert page.get("/console/supervision-rules/").status_code == 200
    assert page.post(f"/console/supervision-rules/{rule.pk}/", {"name": "x"}).status_code == 403
