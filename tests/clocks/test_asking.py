"""Asking for more time: the first time the lead decides, then a manager, of a law legal."""

from __future__ import annotations

from decimal import Decimal

import pytest

from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.clocks.models import Extension, ExtensionRequest, Policy, forget
from huiyin.journey.complaint.events import run_later
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.routing import actions as routing
from tests.conftest import at, person
from tests.roads import fresh
from tests.together import at_once

MORNING = "2026-11-25 10:00"


@pytest.fixture
def lead(quality_agent):
    return person("lead", "组长", Role.LEAD, teams=[quality_agent.teams.get()])


@pytest.fixture
def complaint(taken_in, quality_agent, clock):
    one = fresh(taken_in(MORNING))
    with clock("2026-11-25 10:10"):
        routing.accept(one, by=quality_agent)
    return one


def asked(complaint, by, **how) -> ExtensionRequest:
    how = {"kind": "resolution", "amount": Decimal(1), "reason": "等厂家检测报告", **how}
    return clocks.ask_extension(complaint, by=by, **how)


def decided(request, by, approve=True, **how):
    return clocks.decide_extension(request, by=by, approve=approve, channel="phone", **how)


@pytest.mark.django_db
def test_the_lead_grants_the_first_and_the_customer_is_told(complaint, lead, quality_agent, clock):
    with clock("2026-11-27 10:00"):
        request = asked(complaint, quality_agent)
        assert request.level == "lead"
        run_later(complaint.events.get(what=What.EXTENSION_ASKED).pk)
        decided(request, lead)
    resolution = complaint.clocks.get(kind="resolution")
    assert resolution.due_at == at("2026-12-02 00:00")
    assert resolution.first_due_at == at("2026-12-01 00:00")
    assert "等厂家检测报告" in complaint.messages.order_by("-pk").first().text
    assert complaint.events.filter(what=What.EXTENDED).count() == 1
    assert ExtensionRequest.objects.get().extension == Extension.objects.get()


@pytest.mark.django_db
def test_the_second_is_the_managers(complaint, lead, quality_agent, manager, clock):
    with clock("2026-11-27 10:00"):
        decided(asked(complaint, quality_agent), lead)
        again = asked(fresh(complaint), quality_agent)
        assert again.level == "manager"
        with pytest.raises(NotPermitted, match="再次由经理"):
            decided(again, lead)
        decided(again, manager)
        with pytest.raises(Refused, match="不能再延长"):
            asked(fresh(complaint), quality_agent)


@pytest.mark.django_db
def test_of_a_law_only_legal_decides_and_is_let_in(
    complaint, quality_agent, lead, manager, zhou, clock
):
    law = person("law", "卢法", Role.LEGAL)
    Policy.objects.filter(code="CN-MEDICAL").update(status="in_force", enabled=True, is_law=True)
    policy = Policy.objects.get(code="CN-MEDICAL")
    policy.terms.filter(kind="resolution").update(amount=2)
    forget()
    with clock("2026-11-25 11:00"):
        clocks.attach(complaint, by=zhou, policy="CN-MEDICAL")
    assert complaint.clocks.get(kind="resolution").policy == "CN-MEDICAL"
    with clock("2026-11-26 10:00"):
        with pytest.raises(NotPermitted, match="法定时限"):
            clocks.extend(
                fresh(complaint),
                by=manager,
                kind="resolution",
                amount=Decimal(1),
                reason="多科室会诊",
                channel="phone",
            )
        request = asked(fresh(complaint), quality_agent, reason="多科室会诊")
        assert request.level == "legal"
        for who in (lead, manager):
            with pytest.raises(NotPermitted):
                decided(request, who)
        assert list(Complaint.objects.visible_to(law)) == [complaint]
        assert list(clocks.extensions_waiting_for(law)) == [request]
        decided(request, law)
    extension = Extension.objects.get()
    assert extension.told is not None
    assert (extension.approved_by, extension.told.by) == (law, quality_agent)


@pytest.mark.django_db
def test_refused_says_why_and_the_handler_reads_it(complaint, lead, quality_agent, clock):
    with clock("2026-11-27 10:00"):
        request = asked(complaint, quality_agent)
        with pytest.raises(Invalid, match="不同意的原因"):
            decided(request, lead, approve=False)
        decided(request, lead, approve=False, words="报告今天下午就到")
        event = complaint.events.get(what=What.EXTENSION_REFUSED)
        run_later(event.pk)
        assert "报告今天下午就到" in quality_agent.notices.first().text
        with pytest.raises(Refused, match="已经处理过"):
            decided(request, lead)
        assert asked(fresh(complaint), quality_agent).level == "lead"  # refused does not count
    assert complaint.clocks.get(kind="resolution").due_at == at("2026-12-01 00:00")


@pytest.mark.django_db
def test_after_expiry_nothing_is_granted_and_nothing_waits(complaint, lead, quality_agent, clock):
    with clock("2026-11-30 23:00"):
        request = asked(complaint, quality_agent)
    with clock("2026-12-01 00:00"):
        assert not clocks.extensions_waiting_for(lead).exists()
        with pytest.raises(Refused, match="已经到期"):
            decided(request, lead)
    assert not Extension.objects.exists()


@pytest.mark.django_db
def test_nobody_decides_his_own_and_none_asks_twice(complaint, lead, quality_agent, clock):
    with clock("2026-11-27 10:00"):
        own = asked(complaint, lead)
        with pytest.raises(Refused, match="由别人审批"):
            decided(own, lead)
        with pytest.raises(Refused, match="等待审批"):
            asked(complaint, quality_agent)
        with pytest.raises(Invalid, match="1 到 2 之间"):
            asked(complaint, quality_agent, kind="resolution", amount=Decimal(3)) if (
                ExtensionRequest.objects.all().delete()
            ) else None


@pytest.mark.django_db
def test_page_and_api(complaint, lead, quality_agent, sun, signed_in, api, clock):
    address = f"/complaints/{complaint.number}/extension-requests/"
    with clock("2026-11-27 10:00"):
        due = complaint.clocks.get(kind="resolution").due_at
        typed = {"clock": f"resolution@{due.isoformat()}", "amount": "1", "reason": "等检测报告"}
        assert signed_in(sun).post(address, typed).status_code == 404
        page = signed_in(quality_agent).get(f"/complaints/{complaint.number}/").content.decode()
        assert 'data-dialog="#extension-asked"' in page
        assert 'data-dialog="#extension"' not in page
        assert signed_in(quality_agent).post(address, typed).status_code == 204
        request = ExtensionRequest.objects.get()
        assert list(clocks.extensions_waiting_for(lead)) == [request]
        page = signed_in(lead).get(f"/complaints/{complaint.number}/").content.decode()
        assert "同意延期" in page
        refuse = signed_in(lead).post(
            f"{address}{request.pk}/decision/", {"approve": "0", "words": "报告今天就到"}
        )
        assert refuse.status_code == 204
        path = f"/api/v1{address[:-1]}"
        again = {"kind": "resolution", "amount": 1, "reason": "报告还没出"}
        made = api(quality_agent).post(path, again, "application/json")
        assert made.status_code == 201 and made.json()["level"] == "lead"
        yes = {"approve": True, "channel": "phone"}
        decision = f"{path}/{made.json()['id']}/decision"
        assert api(lead).post(decision, yes, "application/json").json()["state"] == "granted"
        assert [one["state"] for one in api(lead).get(path).json()] == ["granted", "refused"]
    assert Extension.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_grant_once(complaint, lead, quality_agent, clock):
    other = person("lead2", "另一组长", Role.LEAD, teams=[quality_agent.teams.get()])
    with clock("2026-11-27 10:00"):
        request = asked(complaint, quality_agent)

    def by(who):
        def act():
            with clock("2026-11-27 10:00"):
                return decided(ExtensionRequest.objects.get(pk=request.pk), who)

        return act

    results = at_once(by(lead), by(other))
    assert sum(isinstance(one, ExtensionRequest) for one in results) == 1
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert Extension.objects.count() == 1
