"""A law, or a regulator's document, counts for one complaint: the earliest limit, and whose."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.clocks.actions import attach, detach, explained
from huiyin.journey.clocks.models import Attachment, Policy
from huiyin.journey.clocks.why import why
from huiyin.journey.routing import actions as routing
from tests.conftest import at, person
from tests.roads import fresh
from tests.together import at_once

MORNING = "2026-11-25 10:00"


@pytest.fixture
def express(db):
    policy = Policy.objects.get(code="CN-EXPRESS")  # seven days
    policy.enabled = True
    policy.save()
    return policy


@pytest.fixture
def complaint(taken_in):
    return fresh(taken_in(MORNING))


def resolution(complaint):
    return complaint.clocks.get(kind="resolution")


@pytest.mark.django_db
def test_a_stricter_law_shortens_and_a_milder_one_does_not(complaint, zhou, express, clock):
    with clock("2026-11-25 11:00"):
        attach(complaint, by=zhou, policy="CN-EXPRESS")
    assert resolution(complaint).policy == "SLA-STD"  # three working days come first
    bound = resolution(complaint)
    assert any("CN-EXPRESS" in line and "取最早" in line for line in why(bound))
    term = express.terms.get()
    term.amount = 1
    term.save()
    with clock("2026-11-25 12:00"):
        detach(fresh(complaint), by=zhou, policy="CN-EXPRESS")
        attach(fresh(complaint), by=zhou, policy="CN-EXPRESS")
    after = resolution(complaint)
    assert (after.policy, after.due_at) == ("CN-EXPRESS", at("2026-11-27 00:00"))
    assert after.first_due_at == at("2026-12-01 00:00")
    assert explained(after).at == after.due_at
    with clock("2026-11-25 13:00"):
        detach(fresh(complaint), by=zhou, policy="CN-EXPRESS")
    assert resolution(complaint).due_at == at("2026-12-01 00:00")


@pytest.mark.django_db
def test_the_date_of_a_document_counts_a_working_day_earlier_and_nothing_moves_it(
    complaint, zhou, quality_agent, clock
):
    with clock("2026-11-25 11:00"):
        attach(
            complaint,
            by=zhou,
            policy="SLA-REG",
            document_no="市监投〔2026〕123 号",
            document_on=date(2026, 11, 24),
            due_on=date(2026, 11, 30),
        )
    bound = resolution(complaint)
    assert bound.due_at == at("2026-11-28 00:00")  # Friday: the working day before Monday
    assert explained(bound).at == bound.due_at
    assert any("文书规定了期限" in line for line in why(bound))
    with clock("2026-11-25 12:00"):
        routing.accept(fresh(complaint), by=quality_agent)
        routing.wait(fresh(complaint), by=quality_agent, whom="testing", reason="送检三天")
    assert resolution(complaint).paused_at is None
    event = complaint.events.get(what="policy_attached")
    assert "市监投〔2026〕123 号" in event.facts["reason"]


@pytest.mark.django_db
def test_only_a_policy_that_is_on_can_be_attached_and_only_once(complaint, zhou, express, clock):
    with clock("2026-11-25 11:00"):
        with pytest.raises(Invalid, match="没有启用"):
            attach(complaint, by=zhou, policy="CN-BANK-INS")  # nobody has verified it
        with pytest.raises(Invalid, match="要晚于今天"):
            attach(complaint, by=zhou, policy="CN-EXPRESS", due_on=date(2026, 11, 25))
        attach(complaint, by=zhou, policy="CN-EXPRESS")
        with pytest.raises(Refused, match="已经附加过"):
            attach(fresh(complaint), by=zhou, policy="CN-EXPRESS")
        with pytest.raises(Refused, match="没有附加"):
            detach(fresh(complaint), by=zhou, policy="SLA-REG")


@pytest.mark.django_db
def test_an_agent_may_not_and_an_ended_one_takes_none(
    complaint, quality_agent, zhou, express, manager, clock
):
    from huiyin.journey.closure.actions import cancel

    with clock("2026-11-25 11:00"):
        with pytest.raises(NotPermitted, match="附加时限依据"):
            attach(complaint, by=quality_agent, policy="CN-EXPRESS")
        cancel(complaint, by=manager, reason="测试录入，作废")
        with pytest.raises(Refused, match="已经结束"):
            attach(fresh(complaint), by=zhou, policy="CN-EXPRESS")


@pytest.mark.django_db
def test_page_and_api(complaint, zhou, sun, express, signed_in, api):
    at_ = f"/complaints/{complaint.number}/policies"
    assert (
        "附加时限依据" in signed_in(zhou).get(f"/complaints/{complaint.number}/").content.decode()
    )
    wrong = signed_in(zhou).post(
        f"{at_}/", {"policy": "CN-EXPRESS", "due_on": "明天"}, headers={"HX-Request": "true"}
    )
    assert wrong.status_code == 422
    assert signed_in(zhou).post(f"{at_}/", {"policy": "CN-EXPRESS"}).status_code == 204
    assert api(zhou).get(f"/api/v1{at_}").json()[0]["policy"] == "CN-EXPRESS"
    assert api(sun).get(f"/api/v1{at_}").status_code == 404
    assert api(zhou).delete(f"/api/v1{at_}/CN-EXPRESS").status_code == 204
    body = {"policy": "CN-EXPRESS", "document_no": "🔥‮号", "due_on": None}
    assert api(zhou).post(f"/api/v1{at_}", body, "application/json").status_code == 201
    assert signed_in(zhou).post(f"{at_}/CN-EXPRESS/removal/").status_code == 204
    assert not Attachment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_attach_at_once_attach_once(complaint, zhou, express):
    boss = person("gao3", "高远", Role.MANAGER)
    results = at_once(
        lambda: attach(fresh(complaint), by=zhou, policy="CN-EXPRESS"),
        lambda: attach(fresh(complaint), by=boss, policy="CN-EXPRESS"),
    )
    assert sum(isinstance(one, Refused) for one in results) == 1
