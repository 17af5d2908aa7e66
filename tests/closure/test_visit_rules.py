"""Whom to visit is data; what kinds of response were given can be asked for."""

from __future__ import annotations

import pytest

from huiyin.ground import moment
from huiyin.journey.closure import actions
from huiyin.journey.closure.models import VisitRule
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing.conditions import matches, picked
from tests.roads import feed_back, solved

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"severity": 1}, "S1、S2 必须回访"),
        ({"severity": 2}, "S1、S2 必须回访"),
        ({"severity": 3, "emotion": "angry"}, "情绪强烈必须回访"),
        ({"severity": 3, "emotion": "desperate"}, "情绪强烈必须回访"),
        ({"severity": 3, "risks": ["media"]}, "有风险标记必须回访"),
    ],
)
def test_serious_emotional_and_risky_ones_are_always_visited(fields, rule, make_complaint):
    found = actions.visit_rule(make_complaint(**fields))
    assert found is not None and found.name == rule


def test_complex_ones_are_always_visited(make_complaint, db):
    from huiyin.journey.triage.models import Category

    code = Category.objects.filter(sla_code="SLA-CPX").first()
    assert code is not None
    found = actions.visit_rule(make_complaint(severity=3, category=code.code))
    assert found is not None and found.name == "复杂投诉必须回访"


def test_the_first_rule_that_fits_decides_and_the_share_is_kept(make_complaint):
    rest = VisitRule.objects.get(condition__isnull=True)
    complaint = make_complaint(severity=3)
    for percent, visited in ((100, True), (0, False)):
        rest.percent = percent
        rest.save()
        assert actions.needs_visit(complaint) == visited
    first = VisitRule.objects.order_by("position")[0]
    first.percent = 0
    first.save()
    assert not actions.needs_visit(make_complaint(severity=1, emotion="angry"))


def test_without_rules_nobody_is_visited(make_complaint):
    for rule in VisitRule.objects.all():
        rule.delete()
    assert not actions.needs_visit(make_complaint(severity=1))


@pytest.mark.parametrize(
    ("is_", "value", "fits"),
    [
        ("has_any", ["refund", "repair"], True),
        ("has_all", ["refund", "apology"], True),
        ("has_all", ["refund", "repair"], False),
        ("has_none", ["repair"], True),
        ("has_none", ["apology"], False),
        ("filled", None, True),
        ("empty", None, False),
    ],
)
def test_kinds_of_response_are_a_filter(is_, value, fits, make_complaint, after_sales, li):
    complaint = solved(make_complaint, after_sales, li)
    other = make_complaint()
    actions.feed_back(
        complaint,
        by=li,
        measures="换了加热盘",
        result="已恢复正常",
        channel="phone",
        kinds=["refund", "apology"],
    )
    condition = {"all": [{"field": "response_kind", "is": is_, "value": value}]}
    if value is None:
        condition["all"][0].pop("value")
    now = moment.now()
    assert matches(condition, complaint, now=now) == fits
    in_table = set(Complaint.objects.filter(picked(condition, now)).values_list("pk", flat=True))
    assert (complaint.pk in in_table) == fits
    assert (other.pk in in_table) == matches(condition, other, now=now)


def test_roads_still_feed_back_with_the_kinds_of_the_remedy(make_complaint, after_sales, li):
    complaint = solved(make_complaint, after_sales, li)
    feed_back(complaint, li)
    assert complaint.feedbacks.get().kinds == ["refund"]
