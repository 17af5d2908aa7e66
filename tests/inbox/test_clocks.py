"""Requests for more time and for standing still in the inbox."""

from datetime import timedelta
from decimal import Decimal

import pytest

from huiyin.ground import moment
from huiyin.journey.clocks import actions
from huiyin.journey.clocks.models import Clock
from huiyin.journey.clocks.words import SuspendReason
from huiyin.journey.complaint.words import Status
from huiyin.surface.inbox import lists
from tests.conftest import at
from tests.roads import fresh
from tests.together import at_once

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
MONDAY = at("2026-11-23 10:00")


@pytest.fixture
def monday():
    with moment.at(MONDAY):
        yield


@pytest.fixture
def asked(monday, complaint, li):
    Clock.objects.create(
        complaint=complaint,
        kind="resolution",
        policy="SLA-S3",
        amount=5,
        unit="work_days",
        calendar_code="office",
        most_extra=5,
        started_at=MONDAY,
        due_at=MONDAY + timedelta(days=5),
        first_due_at=MONDAY + timedelta(days=5),
        warn_at=MONDAY + timedelta(days=4),
    )
    return actions.ask_extension(
        complaint, by=li, kind="resolution", amount=Decimal(2), reason="配件周三才到货"
    )


@pytest.fixture
def suspension(monday, complaint, li):
    day = (MONDAY + timedelta(days=3)).date()

    reason = SuspendReason.values[0]
    return actions.ask_suspension(
        complaint, by=li, reason_code=reason, note="与客户约定周四上门", wake_on=day
    )


def test_more_time_waits_for_the_lead_not_for_who_asked(asked, lead, li, sun, other_lead):
    item = lists.page(lead)[0][0]
    assert (item.kind.key, item.by, item.why) == ("extension", "李明", "配件周三才到货")
    assert "+2" in item.asked
    for other in (li, sun, other_lead):
        assert lists.page(other)[0] == []


def test_more_time_is_granted_or_refused_where_it_stands(asked, lead, li, signed_in):
    client, address = signed_in(lead), f"/inbox/extension/{asked.pk}/"
    assert "配件周三才到货" in client.get(address).text
    assert client.post(address, {"approve": "0"}, headers=HTMX).status_code == 422
    assert signed_in(li).post(address, {"approve": "1"}).status_code in (403, 409)
    before = asked.clock.due_at
    answer = client.post(address, {"approve": "1"}, headers=HTMX)
    assert "已同意延期" in answer.text
    asked.clock.refresh_from_db()
    assert asked.clock.due_at > before
    assert "已经有了决定" in client.get(address).text
    assert client.post(address, {"approve": "1"}).status_code == 409


def test_standing_still_waits_for_the_supervisor(suspension, chen, lead, li, signed_in):
    assert [i.kind.key for i in lists.page(chen)[0]] == ["suspension"]
    assert lists.page(lead)[0] == []
    address = f"/inbox/suspension/{suspension.pk}/"
    assert signed_in(lead).post(address, {"approve": "1"}).status_code == 403
    answer = signed_in(chen).post(address, {"approve": "1"}, headers=HTMX)
    assert "已同意挂起" in answer.text
    assert fresh(suspension.complaint).status == Status.SUS


def test_refusing_to_stand_still_says_why(suspension, chen, signed_in):
    client, address = signed_in(chen), f"/inbox/suspension/{suspension.pk}/"
    assert client.post(address, {"approve": "0"}, headers=HTMX).status_code == 422
    assert client.post(address, {"approve": "0", "note": "客户今天就要答复"}).status_code == 302
    suspension.refresh_from_db()
    assert suspension.state == "refused"
    assert fresh(suspension.complaint).status == Status.HND


@pytest.mark.django_db(transaction=True)
def test_of_two_deciders_at_once_one_is_told(suspension, chen, manager, signed_in):
    address = f"/inbox/suspension/{suspension.pk}/"
    clients = (signed_in(chen), signed_in(manager))

    def decide(client, approve):
        def act():
            with moment.at(MONDAY):
                return client.post(address, {"approve": approve, "note": "看过了"})

        return act

    results = at_once(decide(clients[0], "1"), decide(clients[1], "0"))
    assert sorted(answer.status_code for answer in results) == [302, 409]
