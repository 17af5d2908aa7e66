"""Whatever goes wrong below /api/ is told as problem+json with a sentence for a person."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from huiyin.ground.people.models import ApiToken

pytestmark = pytest.mark.django_db
COMPLAINTS = "/api/v1/complaints"


@pytest.fixture
def program(li):
    """A caller with a token, who hears of errors as answers."""
    _token, secret = ApiToken.issue(li, "test")
    return Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)


def told(answer) -> dict:
    assert answer["Content-Type"] == "application/problem+json"
    problem = json.loads(answer.content)
    assert problem["status"] == answer.status_code
    assert len(problem["detail"]) > 10
    return problem


def test_a_body_that_is_too_large_is_413_and_says_how_much_may_be_sent(program):
    body = json.dumps({"text": "长" * 800_000})  # 4.8 MB as JSON
    answer = program.post(COMPLAINTS, body, "application/json")
    assert answer.status_code == 413
    assert "2 MB" in told(answer)["detail"]


def test_a_form_that_is_too_large_is_413_too(program, li, make_complaint):
    complaint = make_complaint(status="HND", assignee=li)
    answer = program.post(f"{COMPLAINTS}/{complaint.number}/evidence", {"note": "长" * 1_000_000})
    assert answer.status_code == 413
    told(answer)


def test_what_is_no_json_is_told_so(program):
    answer = program.post(COMPLAINTS, '{"text": "没有结', "application/json")
    assert answer.status_code == 400
    assert "JSON" in told(answer)["detail"]


def test_bytes_that_are_no_text_are_told_so(program):
    answer = program.post(COMPLAINTS, b'{"text": "\xff\xfe"}', "application/json")
    assert answer.status_code == 400
    told(answer)


def test_an_unknown_address(program):
    answer = program.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert "接口文档" in told(answer)["detail"]


def test_a_method_that_is_not_taken_says_which_are(program):
    answer = program.delete(COMPLAINTS)
    assert answer.status_code == 405
    assert "GET" in answer["Allow"]
    told(answer)


def test_a_host_that_is_not_served(program):
    answer = program.get(COMPLAINTS, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    told(answer)


def test_an_address_with_nul(program):
    answer = program.get(f"{COMPLAINTS}?q=%00")
    assert answer.status_code == 400
    told(answer)


def test_a_fault_of_ours(program, monkeypatch):
    def broken(*_args, **_how):
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("huiyin.journey.intake.actions.register_once", broken)
    answer = program.post(COMPLAINTS, json.dumps({"text": "电饭煲坏了"}), "application/json")
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()
    told(answer)


def test_the_sentence_is_in_the_language_of_the_caller(program):
    assert "/api" not in told(program.get("/api/v1/nothing"))["detail"]
    program.cookies["huiyin_language"] = "en"
    answer = program.get("/api/v1/nothing")
    assert answer["Content-Language"] == "en"
    told(answer)


def test_pages_keep_their_own_errors(client):
    assert client.get("/nothing/")["Content-Type"].startswith("text/html")
