"""The customer of a complaint over the API: masked unless asked with a reason that stays."""

from __future__ import annotations

import pytest

from huiyin.ground.customers.models import CustomerChange
from huiyin.ground.privacy.models import Reveal

pytestmark = pytest.mark.django_db


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    return make_complaint(team=after_sales, assignee=li, status="HND")


def path(complaint, rest="") -> str:
    return f"/api/v1/complaints/{complaint.number}/customer{rest}"


def test_name_and_numbers_come_masked(api, li, complaint):
    told = api(li).get(path(complaint)).content.decode()
    assert "138****8000" in told
    assert "13800138000" not in told.replace(" ", "") and "wf@example.com" not in told


def test_a_look_behind_the_mask_takes_a_reason_and_stays(api, li, sun, complaint):
    client = api(li)
    refused = client.post(path(complaint, "/reveal"), {"reason": " "}, "application/json")
    assert refused.status_code == 422 and not Reveal.objects.exists()
    answer = client.post(path(complaint, "/reveal"), {"reason": "回电核实"}, "application/json")
    assert answer.status_code == 201 and "wf@example.com" in answer.content.decode()
    reveal = Reveal.objects.get()
    assert (reveal.by, reveal.complaint_number) == (li, complaint.number)
    stranger = api(sun).post(path(complaint, "/reveal"), {"reason": "看一看"}, "application/json")
    assert stranger.status_code == 404 and Reveal.objects.count() == 1


def test_level_and_care_are_changed_by_who_may_and_on_record(api, li, chen, complaint):
    body = {"level": "vip", "care": ["senior"], "note": "下午三点后方便接电话"}
    refused = api(li).put(path(complaint), body, "application/json")
    assert refused.status_code == 403 and "客户级别" in refused.json()["detail"]
    answer = api(chen).put(path(complaint), body, "application/json")
    assert answer.status_code == 200 and answer.json()["level"] == "vip"
    assert CustomerChange.objects.get().by == chen


def test_a_way_to_reach_the_customer_is_added_once(api, li, complaint):
    body = {"phone": "139 1234 5678"}
    made = api(li).post(path(complaint, "/contacts"), body, "application/json")
    assert made.status_code == 201
    assert "139****5678" in [point["shown"] for point in made.json()["contacts"]]
    again = api(li).post(path(complaint, "/contacts"), body, "application/json")
    assert again.status_code == 409
