"""Triage for programs: the taxonomy, a reading without a trace, decisions, refusals."""

import json

import pytest

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.triage.models import Category, Triage
from tests.conftest import person

pytestmark = pytest.mark.django_db

TEXT = "𠮷上周买的电饭煲漏电，孩子的手被电到了，打了三次电话没人管，再不处理我就打１２３１５！"


def post(client, url, **data):
    return client.post(url, json.dumps(data), content_type="application/json")


def test_the_taxonomy_is_listed_without_what_is_retired(api, li):
    categories = api(li).get("/api/v1/categories").json()
    assert len(categories) == 229
    leaf = next(c for c in categories if c["code"] == "SF.04.01")
    assert (leaf["parent"], leaf["level"], leaf["severity"]) == ("SF.04", 3, 1)
    assert (leaf["sla_code"], leaf["handling_rule"]) == ("SLA-CRIT", "H01")
    assert leaf["description"]
    row = Category.objects.get(pk="SF.04.01")
    row.retired_at = moment.now()
    row.save()
    assert len(api(li).get("/api/v1/categories").json()) == 228
    assert len(api(li).get("/api/v1/categories?retired=true").json()) == 229


def test_the_taxonomy_speaks_the_language_of_the_caller(api, li):
    said = api(li).get("/api/v1/categories?lang=en").json()
    assert next(c for c in said if c["code"] == "SF")["name"].isascii()


def test_a_text_is_read_and_nothing_is_kept(api, li):
    answer = post(api(li), "/api/v1/triage/preview", text=TEXT, wanted="退款")
    assert answer.status_code == 200
    reading = answer.json()
    assert (reading["severity"], reading["category"]) == (1, "SF.04.01")
    assert {"safety", "vulnerable", "regulator"} <= set(reading["risks"])
    assert (reading["contacts"], reading["urgency"]) == (3, "soon")
    assert reading["first_steps"]
    assert reading["restated"]
    for one in reading["evidence"]:
        assert TEXT[one["start"] : one["end"]] == one["words"]
    assert not Triage.objects.exists()
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
             "\u202e漏电\u202c", "😡" * 5000, "漏" * 200_000],
    ids=["empty", "blank", "NUL", "surrogate", "direction", "emoji", "huge"],
)  # fmt: skip
def test_any_text_is_read(api, li, text):
    answer = post(api(li), "/api/v1/triage/preview", text=text)
    assert answer.status_code == 200
    assert answer.json()["severity"] in (1, 2, 3, 4)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"text": 7},
        {"text": "a", "contact_count": 0},
        {"text": "a", "contact_count": "many"},
        {"text": "a" * 1_000_001},
        {"text": "a", "wanted": "b" * 501},
    ],
)
def test_what_cannot_be_read_is_told_with_a_sentence(api, li, wrong):
    answer = api(li).post(
        "/api/v1/triage/preview", json.dumps(wrong), content_type="application/json"
    )
    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("application/problem+json")


def test_readings_and_decisions_are_listed_newest_first(api, received, zhou):
    complaint = received()
    answer = post(
        api(zhou),
        f"/api/v1/complaints/{complaint.number}/triage",
        category="PD.01.07",
        severity=1,
        reason="是家电故障",
    )
    assert answer.status_code == 201, answer.content
    assert answer.json()["source"] == "human"
    both = api(zhou).get(f"/api/v1/complaints/{complaint.number}/triage").json()
    assert [(t["source"], t["category"]) for t in both] == [
        ("human", "PD.01.07"),
        ("rule", "SF.04.01"),
    ]
    assert both[1]["evidence"]
    assert both[1]["confirmed_at"]


def test_a_stale_decision_is_a_conflict_told_in_chinese(api, received, zhou):
    complaint = received()
    first = post(
        api(zhou),
        f"/api/v1/complaints/{complaint.number}/triage",
        category="PD.01.07",
        severity=1,
    )
    seen = complaint.triages.earliest("pk").pk
    assert first.status_code == 201
    answer = post(
        api(zhou),
        f"/api/v1/complaints/{complaint.number}/triage",
        category="SF.04.01",
        severity=1,
        seen=seen,
    )
    assert answer.status_code == 409
    assert "刚刚被别人更正过分级" in answer.content.decode()


def test_who_does_not_see_a_complaint_triages_nothing(api, received, sun):
    complaint = received()
    Complaint.objects.filter(pk=complaint.pk).update(team=None, assignee=None)
    stranger = person("stranger", "路人", Role.AGENT)
    url = f"/api/v1/complaints/{complaint.number}/triage"
    assert api(stranger).get(url).status_code == 404
    assert post(api(stranger), url, category="PD.01.07", severity=3).status_code == 404
    assert post(api(sun), url, category="PD.01.07", severity=3).status_code == 404


def test_an_administrator_reads_no_text(api, admin):
    assert post(api(admin), "/api/v1/triage/preview", text=TEXT).status_code == 403


def test_a_rejection_over_the_api(api, make_complaint, zhou, li):
    complaint = make_complaint(status="TRI", received_by=li)
    url = f"/api/v1/complaints/{complaint.number}/rejection"
    ways = "请向厂家反映，或拨打 12315。"
    assert post(api(li), url, reason="not_ours", remedies=ways).status_code == 403
    assert post(api(zhou), url, reason="whim", remedies=ways).status_code == 422
    answer = post(api(zhou), url, reason="not_ours", remedies=ways)
    assert (answer.status_code, answer.json()["remedies"]) == (201, ways)
