"""Intake over the API: one answer for one complaint, problems as sentences, own drafts only."""

import uuid

import pytest

from huiyin.ground.people.words import Role
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.intake.models import Draft
from tests.conftest import person

BODY = {
    "channel": "api",
    "contact": {"name": "王芳", "phone": "138 0013 8000"},
    "text": "快递三天没动，客服电话打不通，订单里还有给老人的药。",
    "wanted": "尽快送到",
    "order_no": "E20261119",
}


def post(client, body=None, **headers):
    return client.post(
        "/api/v1/complaints", body or BODY, content_type="application/json", headers=headers
    )


def test_registering_by_api_gives_number_code_and_state(api, li):
    answer = post(api(li))

    assert answer.status_code == 201, answer.content
    said = answer.json()
    complaint = Complaint.objects.get()
    assert said["number"] == complaint.number
    assert said["tracking_code"] == complaint.tracking_code
    assert {"status", "severity", "category", "due_at", "due_kind"} <= set(said)


def test_the_same_key_gives_the_same_answer_and_says_so(api, li):
    client = api(li)
    first = post(client, **{"Idempotency-Key": "abc-1"})
    again = post(client, **{"Idempotency-Key": "abc-1"})

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert Complaint.objects.count() == 1


def test_the_same_key_with_another_body_is_a_problem_with_a_sentence(api, li):
    client = api(li)
    post(client, **{"Idempotency-Key": "abc-1"})
    answer = post(client, BODY | {"wanted": "赔偿"}, **{"Idempotency-Key": "abc-1"})

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert Complaint.objects.get().number in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": "x\u0000"}, "text"),
        ({"text": "好的", "contact": {"phone": "1"}}, "phone"),
        ({"text": "好的", "happened_on": "2026-02-31"}, "happened_on"),
        ({"text": "好的", "fields": {"nope": 1}}, "fields.nope"),
        ({"text": "好的", "fields": {"\ud800": 1}}, "fields.?"),
        ({"text": "\ud800"}, "text"),
        ({"text": "好的", "channel": "fax"}, "channel"),
        ({"text": "好的", "severity": 7}, "severity"),
    ],
)
def test_faults_are_named_by_field(api, li, body, field):
    answer = post(api(li), body or {"channel": "api"})
    assert answer.status_code == 422, answer.content
    assert field in answer.json()["fields"]


def test_facts_that_the_house_decides_cannot_be_sent(api, li, chen):
    body = BODY | {
        "number": "TS1999-000001",
        "tracking_code": "mine",
        "status": "CLO",
        "assignee": chen.pk,
        "team": 1,
        "restricted": True,
        "received_by": chen.pk,
        "customer": 1,
        "contact_count": 99,
    }
    assert post(api(li), body).status_code == 201
    complaint = Complaint.objects.get()
    assert complaint.number.endswith("000001") and not complaint.number.startswith("TS1999")
    assert complaint.tracking_code != "mine"
    assert complaint.status != "CLO"
    assert not complaint.restricted
    assert (complaint.received_by, complaint.contact_count) == (li, 1)


def test_who_takes_no_complaints_in_is_refused(api, admin):
    answer = post(api(admin))
    assert answer.status_code == 403
    assert "可以登记投诉" in answer.json()["detail"]


def test_fields_of_a_category_are_listed_with_their_conditions(api, li):
    listed = api(li).get("/api/v1/fields?category=SF.01.02").json()
    keys = [field["key"] for field in listed]
    assert "injury" in keys and "waybill_no" not in keys


def test_answers_are_listed_to_those_who_see_the_complaint(api, li):
    stranger = person("far", "远", Role.AGENT)
    post(api(li), BODY | {"category": "DL.03.01", "fields": {"waybill_no": "SF1234567"}})
    number = Complaint.objects.get().number
    assert api(li).get(f"/api/v1/complaints/{number}/answers").json()[0]["value"] == "SF1234567"
    assert api(stranger).get(f"/api/v1/complaints/{number}/answers").status_code == 404


def test_similar_open_complaints_are_those_the_caller_sees(api, li, sun):
    post(api(li))
    ask = {"text": "快递三天没动了，药还没到", "phone": "13800138000"}
    found = api(li).post("/api/v1/complaints/similar", ask, content_type="application/json")
    assert [s["complaint"]["number"] for s in found.json()] == [Complaint.objects.get().number]
    nothing = api(sun).post("/api/v1/complaints/similar", ask, content_type="application/json")
    assert nothing.json() == []


def test_a_draft_belongs_to_its_writer_alone(api, li, zhou):
    key = uuid.uuid4()
    put = {"content": {"text": "写到一半"}}
    assert (
        api(li).put(f"/api/v1/drafts/{key}", put, content_type="application/json").status_code
        == 200
    )
    assert api(zhou).get("/api/v1/drafts").json() == []
    assert api(zhou).delete(f"/api/v1/drafts/{key}").status_code == 404
    # The same key from another person is another draft.
    api(zhou).put(f"/api/v1/drafts/{key}", {"content": {}}, content_type="application/json")
    assert Draft.objects.of(li).get().content == {"text": "写到一半"}
    assert api(li).delete(f"/api/v1/drafts/{key}").status_code == 204
    assert not Draft.objects.of(li).exists()
