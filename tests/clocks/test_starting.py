"""Which clocks start when, by which policy, and what the list sorts by."""

from __future__ import annotations

from datetime import datetime

import pytest

from huiyin.journey.clocks.models import Clock, Policy, Term
from huiyin.journey.routing import actions as routing
from huiyin.journey.triage.actions import confirm
from tests.conftest import at
from tests.roads import fresh

pytestmark = pytest.mark.django_db
MORNING = "2026-11-25 10:00"  # a Wednesday


def dues(complaint) -> dict[str, datetime]:
    return {clock.kind: clock.due_at for clock in complaint.clocks.filter(stopped_at=None)}


@pytest.mark.parametrize(
    ("severity", "sign_in", "first", "resolution", "policy"),
    [
        (1, "2026-11-25 10:30", "2026-11-25 10:30", "2026-11-26 10:00", "SLA-CRIT"),
        (2, "2026-11-25 12:00", "2026-11-25 12:00", "2026-11-28 00:00", "SLA-URG"),
        (3, "2026-11-25 15:00", "2026-11-26 10:00", "2026-12-01 00:00", "SLA-STD"),
        (4, "2026-11-25 15:00", "2026-11-26 10:00", "2026-12-01 00:00", "SLA-STD"),
    ],
)
def test_limits_of_a_complaint_that_was_just_taken_in(
    taken_in, chen, severity, sign_in, first, resolution, policy
):
    complaint = taken_in(MORNING, severity=severity)
    assert complaint.assignee is not None
    interim = {"interim": at("2026-11-25 12:00")} if severity == 1 else {}
    assert dues(complaint) == {
        "sign_in": at(sign_in),
        "first_response": at(first),
        "resolution": at(resolution),
        **interim,
    }
    assert {clock.policy for clock in complaint.clocks.all()} == {policy}
    stored = fresh(complaint)
    assert stored.next_due_at == min(dues(complaint).values())
    assert stored.next_due_kind in ("sign_in", "first_response")


@pytest.mark.parametrize(
    ("code", "resolution"),
    [
        ("SLA-CRIT", "2026-11-26 10:00"),
        ("SLA-URG", "2026-11-28 00:00"),
        ("SLA-STD", "2026-12-01 00:00"),
        ("SLA-CPX", "2026-12-03 00:00"),
        ("SLA-ADV", "2026-12-03 00:00"),
        ("SLA-REG", "2026-12-02 00:00"),
    ],
)
def test_every_policy_of_the_product_has_its_limits(code, resolution):
    from huiyin.journey.clocks.actions import due_of

    terms = {
        term.kind: term for term in Term.objects.filter(policy__code=code, policy__enabled=True)
    }
    rhythm = {"update"} if code != "SLA-ADV" else set()
    rhythm |= {"interim"} if code in ("SLA-CRIT", "SLA-CPX") else set()
    five = {"sign_in", "first_response", "resolution", "feedback", "visit"}
    assert set(terms) == five | rhythm
    assert due_of(terms["resolution"], at(MORNING)) == at(resolution)
    assert due_of(terms["feedback"], at(MORNING)) == at("2026-11-26 10:00")
    assert due_of(terms["visit"], at(MORNING)) == at("2026-12-01 00:00")  # a Saturday: rolls


def test_the_earliest_limit_counts_and_says_which(taken_in):
    from huiyin.journey.clocks.why import why

    complaint = taken_in(MORNING, channel="regulator")
    found = {clock.kind: clock for clock in complaint.clocks.all()}
    assert found["first_response"].policy == "SLA-REG"  # 4 hours before 24 hours
    assert found["resolution"].policy == "SLA-STD"  # 3 working days before 4
    assert any("SLA-REG" in line and "取最早" in line for line in why(found["resolution"]))


def test_signing_for_it_stops_the_first_clock_and_moves_the_list(taken_in, quality_agent, clock):
    complaint = fresh(taken_in(MORNING))
    with clock("2026-11-25 10:20"):
        routing.accept(complaint, by=quality_agent)
    sign_in = complaint.clocks.get(kind="sign_in")
    assert sign_in.stopped_at == at("2026-11-25 10:20")
    assert sign_in.stopped_by == quality_agent
    assert not sign_in.is_late
    assert fresh(complaint).next_due_kind == "first_response"


def test_only_a_person_answers_first(taken_in, quality_agent, clock):
    from huiyin.ground.people.models import User
    from huiyin.journey.conversation.actions import reply

    complaint = fresh(taken_in(MORNING))
    with clock("2026-11-25 10:05"):
        reply(complaint, by=User.objects.system(), text="已收到", channel="phone")
        assert complaint.clocks.get(kind="first_response").stopped_at is None
        reply(complaint, by=quality_agent, text="您好，我来处理", channel="phone")
    assert complaint.clocks.get(kind="first_response").stopped_at == at("2026-11-25 10:05")


def test_a_corrected_severity_gives_open_clocks_the_limits_that_now_apply(taken_in, zhou, clock):
    complaint = fresh(taken_in(MORNING))
    with clock("2026-11-25 11:00"):
        confirm(complaint, by=zhou, category="PD.01.07", severity=2)
    resolution = complaint.clocks.get(kind="resolution")
    assert resolution.started_at == at(MORNING)
    assert resolution.due_at == at("2026-11-28 00:00")
    assert resolution.first_due_at == at("2026-12-01 00:00")  # for reports
    assert resolution.policy == "SLA-URG"


def test_an_ended_complaint_has_no_running_clock_and_nothing_is_due(taken_in, zhou, clock):
    from huiyin.journey.closure.actions import cancel

    complaint = fresh(taken_in(MORNING))
    from huiyin.ground.people.words import Role
    from tests.conftest import person

    with clock("2026-11-25 11:00"):
        cancel(complaint, by=person("gao", "高远", Role.MANAGER), reason="测试录入，作废")
    assert not complaint.clocks.filter(stopped_at=None).exists()
    assert fresh(complaint).next_due_at is None


def test_a_policy_that_is_off_gives_no_limit(taken_in):
    for policy in Policy.objects.filter(code="SLA-STD"):
        policy.enabled = False
        policy.save()
    assert not taken_in(MORNING).clocks.exists()


def test_a_day_is_counted_whole(db):
    from django.core.exceptions import ValidationError

    term = Term.objects.get(policy__code="SLA-STD", kind="resolution")
    term.amount = "1.5"
    with pytest.raises(ValidationError, match="整数"):
        term.full_clean()
    assert Clock.objects.count() == 0
