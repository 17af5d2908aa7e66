"""More time: before expiry, by whom it may, within the policy, and the customer knows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.clocks.actions import attach, explained, extend, sweep
from huiyin.journey.clocks.actions.planning import plan_anew
from huiyin.journey.clocks.models import Extension, Policy, Term, forget
from huiyin.journey.clocks.why import why
from huiyin.journey.routing import actions as routing
from huiyin.journey.triage.actions import raise_severity
from tests.conftest import at, person
from tests.roads import fresh
from tests.together import at_once

MORNING = "2026-11-25 10:00"
DAY = Decimal(1)


@pytest.fixture
def lead(quality_agent):
    return person("lead", "组长", Role.LEAD, teams=[quality_agent.teams.get()])


@pytest.fixture
def complaint(taken_in, quality_agent, clock):
    one = fresh(taken_in(MORNING))
    with clock("2026-11-25 10:10"):
        routing.accept(one, by=quality_agent)
    return one


def granted(complaint, by, **how):
    how = {"kind": "resolution", "amount": DAY, "reason": "等厂家检测报告", **how}
    return extend(complaint, by=by, channel="phone", **how)


@pytest.mark.django_db
def test_an_extension_moves_the_due_date_and_the_customer_is_told(complaint, lead, clock):
    with clock("2026-11-27 10:00"):
        granted(complaint, lead)
    resolution = complaint.clocks.get(kind="resolution")
    assert resolution.due_at == at("2026-12-02 00:00")
    assert resolution.first_due_at == at("2026-12-01 00:00")
    assert explained(resolution).at == resolution.due_at
    message = complaint.messages.order_by("-pk").first()
    assert "等厂家检测报告" in message.text and "2026-12-02 00:00" in message.text
    assert Extension.objects.get().told == message
    assert complaint.events.get(what="extended").facts["reason"] == "等厂家检测报告"
    assert any("组长" in line and "批准延期" in line for line in why(resolution))


@pytest.mark.django_db
def test_the_handler_may_not_and_the_second_time_only_a_manager_may(
    complaint, lead, quality_agent, manager, clock
):
    with clock("2026-11-27 10:00"):
        with pytest.raises(NotPermitted, match="只有本组组长、主管和经理可以延期"):
            granted(complaint, quality_agent)
        granted(complaint, lead)
        with pytest.raises(NotPermitted, match="再次延期要由经理决定"):
            granted(fresh(complaint), lead)
        granted(fresh(complaint), manager)
        with pytest.raises(Refused, match="不能再延长"):
            granted(fresh(complaint), manager)


@pytest.mark.django_db
def test_only_before_expiry(complaint, lead, clock):
    with clock("2026-12-01 00:00"), pytest.raises(Refused, match="已经到期，不能再延期"):
        granted(complaint, lead)


@pytest.mark.django_db
@pytest.mark.parametrize("amount", [None, Decimal(0), Decimal(-1), Decimal("0.5"), Decimal(3)])
def test_an_amount_the_policy_does_not_allow_is_refused(complaint, lead, clock, amount):
    with clock("2026-11-27 10:00"), pytest.raises(Invalid, match="请填写 1 到 2 之间的工作日数"):
        granted(complaint, lead, amount=amount)


@pytest.mark.django_db
def test_a_critical_limit_is_never_extended(taken_in, chen, manager, clock):
    complaint = fresh(taken_in(MORNING, severity=1))
    with clock("2026-11-25 11:00"), pytest.raises(Refused, match="SLA-CRIT 不允许延长"):
        granted(complaint, manager)


@pytest.mark.django_db
def test_on_a_stale_page_nothing_is_granted(complaint, lead, clock):
    with clock("2026-11-27 10:00"), pytest.raises(Refused, match="刚刚变过"):
        granted(complaint, lead, seen=at("2026-11-30 00:00"))
    with clock("2026-11-27 10:00"), pytest.raises(Refused, match="没有正在计时"):
        granted(complaint, lead, kind="feedback")
    with clock("2026-11-27 10:00"), pytest.raises(Invalid, match="延期原因"):
        granted(complaint, lead, reason=" ")


@pytest.mark.django_db
def test_page_and_api(complaint, lead, quality_agent, sun, signed_in, api, clock):
    address = f"/complaints/{complaint.number}/extensions/"
    with clock("2026-11-27 10:00"):
        due = complaint.clocks.get(kind="resolution").due_at
        typed = {"clock": f"resolution@{due.isoformat()}", "amount": "1", "reason": "等检测报告"}
        assert signed_in(sun).post(address, typed).status_code == 404
        refused = signed_in(quality_agent).post(address, typed, headers={"HX-Request": "true"})
        assert refused.status_code == 403
        page = signed_in(lead).get(f"/complaints/{complaint.number}/")
        assert f'value="resolution@{due.astimezone(at(MORNING).tzinfo).isoformat()}"' in (
            page.content.decode()
        )
        assert signed_in(lead).post(address, typed).status_code == 204
        again = {"kind": "resolution", "amount": 1, "reason": "报告还没出"}
        path = f"/api/v1{address[:-1]}"
        assert api(lead).post(path, again, "application/json").status_code == 403
    assert Extension.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_extend_at_once_extend_once(complaint, lead, quality_agent, clock):
    other = person("lead2", "另一组长", Role.LEAD, teams=[quality_agent.teams.get()])
    due = complaint.clocks.get(kind="resolution").due_at

    def by(who):
        def act():
            with clock("2026-11-27 10:00"):
                return granted(fresh(complaint), who, seen=due)

        return act

    results = at_once(by(lead), by(other))
    assert sum(isinstance(one, Extension) for one in results) == 1
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert complaint.clocks.get(kind="resolution").due_at == at("2026-12-02 00:00")


@pytest.fixture
def bank(complaint, manager, clock):
    """A bank's complaint of Wednesday 2026-11-25, under the law alone."""
    Policy.objects.filter(code="CN-BANK-INS").update(enabled=True)
    forget()
    with clock("2026-11-25 11:00"):
        attach(complaint, by=manager, policy="CN-BANK-INS")
    # The house's own three days are shorter; only the law is looked at here.
    Term.objects.filter(policy__code="SLA-STD", kind="resolution").delete()
    forget()
    with clock("2026-11-25 11:05"):
        for one in complaint.clocks.filter(kind="resolution"):
            plan_anew(one, fresh(complaint))
    return fresh(complaint)


@pytest.mark.django_db
def test_a_bank_has_fifteen_then_thirty_then_sixty_days(bank, clock):
    legal = person("fa", "法务", Role.LEGAL)
    resolution = bank.clocks.get(kind="resolution")
    assert (resolution.policy, resolution.due_at) == ("CN-BANK-INS", at("2026-12-11 00:00"))
    with clock("2026-12-01 10:00"):
        with pytest.raises(Invalid) as refused:
            granted(bank, legal, amount=Decimal(16))
        assert "15" in str(refused.value.sentence)
        granted(bank, legal, amount=Decimal(15), reason="情况复杂，需调取录音和账目")
    resolution.refresh_from_db()
    assert resolution.due_at == at("2026-12-26 00:00")
    told = bank.messages.order_by("-pk").first()
    assert told.by == bank.assignee and "2026-12-26" in told.text  # legal decides, he writes
    with clock("2026-12-20 10:00"):
        with pytest.raises(Invalid) as refused:
            granted(bank, legal, amount=Decimal(31))
        assert "30" in str(refused.value.sentence)
        granted(bank, legal, amount=Decimal(30), reason="经上级机构批准，再延长三十日")
    resolution.refresh_from_db()
    assert resolution.due_at == at("2027-01-26 00:00")  # the sixtieth day is a Sunday
    assert explained(resolution).at == resolution.due_at
    with clock("2027-01-10 10:00"), pytest.raises(Refused):
        granted(bank, legal, amount=DAY)


# --- what was told stands -------------------------------------------------------------------------


@pytest.fixture
def extended(complaint, lead, clock):
    """Three working days from Wednesday, then one more: told until Tuesday, 24:00."""
    with clock("2026-11-27 10:00"):
        granted(complaint, lead)
    return fresh(complaint)


@pytest.mark.django_db
def test_the_letter_of_an_extension_is_a_promise(extended):
    given = extended.promises.get()
    assert (given.kind, given.due_at) == ("reply", at("2026-12-02 00:00"))


@pytest.mark.django_db
@pytest.mark.parametrize("severity", [2, 1])
def test_a_heavier_weight_leaves_an_extended_date(extended, clock, severity):
    with clock("2026-11-27 15:00"):
        heavier(extended, severity)
    resolution = extended.clocks.get(kind="resolution")
    assert fresh(extended).severity == severity
    assert (resolution.due_at, resolution.extra) == (at("2026-12-02 00:00"), 1)


@pytest.mark.django_db
def test_an_extended_date_that_was_not_kept_is_not_moved_before_itself(extended, clock):
    with clock("2026-12-02 00:01"):
        sweep()
    assert extended.promises.get().state == "broken"
    assert fresh(extended).severity == 2
    resolution = extended.clocks.get(kind="resolution")
    assert resolution.due_at == at("2026-12-02 00:00")
    assert resolution.missed_at is not None


@pytest.mark.django_db
def test_without_an_extension_a_heavier_weight_shortens(complaint, clock):
    with clock("2026-11-25 15:00"):
        heavier(complaint, 2)
    resolution = complaint.clocks.get(kind="resolution")
    assert (resolution.policy, resolution.due_at) == ("SLA-URG", at("2026-11-28 00:00"))


@pytest.mark.django_db
def test_a_regulators_document_may_still_be_nearer(extended, manager, clock):
    with clock("2026-11-27 15:00"):
        attach(extended, by=manager, policy="SLA-REG", due_on=date(2026, 12, 1))
    assert extended.clocks.get(kind="resolution").due_at < at("2026-12-02 00:00")


def heavier(complaint, severity: int) -> None:
    system = User.objects.system()
    raise_severity(fresh(complaint), by=system, severity=severity, reason="承诺未按时兑现：回电")
