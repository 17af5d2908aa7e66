"""The session ends while somebody works: nothing he wrote is lost, and he goes on where he was."""

from __future__ import annotations

import pytest
from django.test import Client

PASSWORD = "correct horse"
SIGN_IN = "/sign-in/"
HOST = "http://testserver"


@pytest.mark.parametrize(
    "headers", [{"HX-Request": "true"}, {"X-Background": "1"}, {"Sec-Fetch-Dest": "empty"}]
)
def test_a_script_is_told_401_and_never_given_the_sign_in_page(db, headers):
    answer = Client().get("/queue/counts/", headers=headers)
    assert (answer.status_code, answer.content) == (401, b"")


def test_a_window_is_led_to_the_sign_in_page_and_back(db):
    answer = Client().get("/queue/?mine=1", headers={"Sec-Fetch-Dest": "document"})
    assert answer["Location"] == f"{SIGN_IN}?next=/queue/%3Fmine%3D1"


@pytest.mark.parametrize(
    ("referer", "there"),
    [
        (f"{HOST}/counter/?q=a", "%2Fcounter%2F%3Fq%3Da"),
        ("https://evil.example/counter/", "%2F"),
        (f"{HOST}@evil.example/x", "%2F"),
        ("//[", "%2F"),
        ("", "%2F"),
    ],
)
def test_a_form_leads_back_to_the_page_it_stood_on(db, referer, there):
    headers = {"Referer": referer} if referer else {}
    answer = Client().post("/counter/begin/", headers=headers)
    assert answer["Location"] == f"{SIGN_IN}?next={there}"


def test_signing_in_over_the_page_tells_who_it_is_and_the_new_token(client, li):
    typed = {"username": "li", "password": PASSWORD}
    answer = client.post(SIGN_IN, typed, headers={"X-Background": "1"})
    assert (answer.status_code, answer["X-User"]) == (204, str(li.pk))
    assert len(answer["X-CSRFToken"]) == 64
    assert client.get("/queue/").status_code == 200


def test_a_wrong_password_over_the_page_is_a_sentence(client, li):
    typed = {"username": "li", "password": "wrong"}
    answer = client.post(SIGN_IN, typed, headers={"X-Background": "1"})
    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("text/plain")
    assert 0 < len(answer.content.decode()) < 60


def test_a_script_asks_whether_the_session_goes_on(client, li):
    ask = {"X-Background": "1"}
    assert client.get(SIGN_IN, headers=ask).status_code == 401
    client.force_login(li)
    assert client.get(SIGN_IN, headers=ask).status_code == 204
