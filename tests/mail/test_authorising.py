"""A mailbox is opened by consent at its provider: a code with PKCE, exchanged once."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from huiyin.ground import moment
from huiyin.ground.sealing import seal, unseal
from huiyin.ground.webhooks.actions import posting
from huiyin.journey.channels.mail.models import Mailbox
from huiyin.surface.console.models import ConfigChange

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(db):
    return Mailbox.objects.create(
        address="kefu@example.com",
        imap_host="imap.example.com",
        login="oauth2",
        secret=seal("OLD"),
        oauth_authorize_url="https://id.example/authorize",
        oauth_token_url="https://id.example/token",
        oauth_client_id="app-1",
        oauth_client_secret=seal("app-secret"),
        oauth_scope="mail offline_access",
    )


@pytest.fixture
def provider(monkeypatch):
    """Gives what it is told to; keeps what it was asked."""
    asked: list[dict[str, str]] = []
    answer = {"body": b'{"access_token": "a", "expires_in": 3600, "refresh_token": "LASTING"}'}

    def send(method, url, *, headers, body=None, **_more):
        asked.append({name: one[0] for name, one in parse_qs(body.decode()).items()})
        return posting.Reply(200, answer["body"])

    monkeypatch.setattr(posting, "send", send)
    return asked, answer


def gone_to(page, box) -> dict[str, str]:
    answer = page.get(f"/console/mailboxes/{box.pk}/authorise/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("https://id.example/authorize?")
    return {name: one[0] for name, one in parse_qs(urlsplit(answer["Location"]).query).items()}


def test_from_the_button_to_the_sealed_token(box, admin, signed_in, provider, settings):
    settings.BASE_URL = "https://cs.example.com"
    page, (asked, _answer) = signed_in(admin), provider
    form = page.get(f"/console/mailboxes/{box.pk}/").content.decode()
    assert f"/console/mailboxes/{box.pk}/authorise/" in form
    assert "https://cs.example.com/console/mailboxes/authorised/" in form
    went = gone_to(page, box)
    assert went["redirect_uri"] == "https://cs.example.com/console/mailboxes/authorised/"
    assert (went["response_type"], went["code_challenge_method"]) == ("code", "S256")
    back = page.get("/console/mailboxes/authorised/", {"code": "c0de", "state": went["state"]})
    assert back["Location"] == f"/console/mailboxes/{box.pk}/"
    (told,) = asked
    digest = hashlib.sha256(told["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == went["code_challenge"]
    assert (told["grant_type"], told["code"]) == ("authorization_code", "c0de")
    assert told["client_secret"] == "app-secret"
    assert told["redirect_uri"] == went["redirect_uri"]
    box.refresh_from_db()
    assert unseal(box.secret) == "LASTING"
    line = ConfigChange.objects.get(section="mailboxes")
    assert line.by == admin
    assert "LASTING" not in str(line.changes)
    # The same address once more opens nothing.
    again = page.get("/console/mailboxes/authorised/", {"code": "c0de", "state": went["state"]})
    assert again.status_code == 409
    assert len(asked) == 1


@pytest.mark.parametrize("state", ["", "x", "é"])
def test_what_was_not_begun_here_is_refused(box, admin, signed_in, provider, state):
    page = signed_in(admin)
    assert page.get("/console/mailboxes/authorised/?code=c&state=x").status_code == 409
    gone_to(page, box)
    answer = page.get("/console/mailboxes/authorised/", {"code": "c", "state": state})
    assert answer.status_code == 409
    assert unseal(Mailbox.objects.get().secret) == "OLD"
    assert provider[0] == []


def test_it_ends_after_a_quarter_of_an_hour(box, admin, signed_in, provider):
    page = signed_in(admin)
    went = gone_to(page, box)
    with moment.at(moment.now() + timedelta(minutes=16)):
        answer = page.get("/console/mailboxes/authorised/", {"code": "c", "state": went["state"]})
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b'{"error": "invalid_grant"}', "没有接受这次授权"),
        (b"<html>", "没有接受这次授权"),
        (b'{"access_token": "a"}', "没有给长期令牌"),
    ],
)
def test_what_the_provider_refuses_is_said_and_nothing_is_lost(
    box, admin, signed_in, provider, body, sentence
):
    page, (_asked, answer) = signed_in(admin), provider
    answer["body"] = body
    went = gone_to(page, box)
    asked = {"code": "c", "state": went["state"]}
    said = page.get("/console/mailboxes/authorised/", asked, follow=True)
    assert said.redirect_chain == [(f"/console/mailboxes/{box.pk}/", 302)]
    assert sentence in said.content.decode()
    assert unseal(Mailbox.objects.get().secret) == "OLD"


def test_who_says_no_at_the_provider_changes_nothing(box, admin, signed_in, provider):
    page = signed_in(admin)
    went = gone_to(page, box)
    asked = {"error": "access_denied", "state": went["state"]}
    said = page.get("/console/mailboxes/authorised/", asked, follow=True)
    assert said.redirect_chain == [(f"/console/mailboxes/{box.pk}/", 302)]
    assert "access_denied" in said.content.decode()
    went = gone_to(page, box)
    asked = {"error": "<script>alert(1)</script>", "state": went["state"]}
    said = page.get("/console/mailboxes/authorised/", asked, follow=True)
    assert "<script>alert" not in said.content.decode()


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("https://nowhere.invalid/token", "解析不到这个域名"),
        ("http://127.0.0.1:9/token", "连不上服务商取令牌的地址"),
    ],
)
def test_a_provider_that_cannot_be_reached_is_no_fault_of_ours(
    box, admin, signed_in, settings, where, sentence
):
    settings.WEBHOOK_INNER_HOSTS = ("127.0.0.1:9",)
    page = signed_in(admin)
    Mailbox.objects.update(oauth_token_url=where)
    went = gone_to(page, box)
    asked = {"code": "c", "state": went["state"]}
    said = page.get("/console/mailboxes/authorised/", asked, follow=True)
    assert (said.status_code, sentence in said.content.decode()) == (200, True)
    assert unseal(Mailbox.objects.get().secret) == "OLD"


def test_without_what_is_needed_there_is_no_button(box, admin, chen, signed_in):
    Mailbox.objects.update(oauth_client_id="")
    page = signed_in(admin)
    assert "/authorise/" not in page.get(f"/console/mailboxes/{box.pk}/").content.decode()
    assert page.get(f"/console/mailboxes/{box.pk}/authorise/").status_code == 409
    assert signed_in(chen).get(f"/console/mailboxes/{box.pk}/authorise/").status_code == 403
    answer = signed_in(chen).get("/console/mailboxes/authorised/?code=c&state=s")
    assert answer.status_code == 403


def test_the_page_of_the_provider_is_asked_over_https_only(admin, api):
    fields = {
        "address": "a@example.com",
        "imap_host": "imap.example.com",
        "oauth_authorize_url": "javascript:alert(1)",
    }
    answer = api(admin).post("/api/v1/mailboxes", fields, content_type="application/json")
    assert answer.status_code == 422
    assert "https" in answer.content.decode()
