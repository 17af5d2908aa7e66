"""Where common mailboxes are: rows that fill in what was left empty when one is set up."""

from __future__ import annotations

import pytest

from huiyin.journey.channels.mail.actions.setting_up import filled_by
from huiyin.journey.channels.mail.models import Mailbox, Provider
from huiyin.journey.channels.mail.reference import load_reference
from huiyin.surface.console.models import ConfigChange

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(db):
    load_reference()
    return {one.name: one for one in Provider.objects.all()}


def typed(**more):
    return {
        "address": "kefu@163.com",
        "enabled": "on",
        "login": "password",
        "username": "kefu@163.com",
        "new_secret": "shou-quan-ma",
        "imap_host": "",
        "imap_port": "993",
        "imap_security": "tls",
        "folder": "INBOX",
        "after": "seen",
        "smtp_host": "",
        "smtp_port": "465",
        "smtp_security": "tls",
    } | more


def test_a_provider_fills_in_the_servers(known, admin, signed_in):
    page = signed_in(admin)
    form = page.get("/console/mailboxes/new/").content.decode()
    assert "网易 163" in form
    answer = page.post("/console/mailboxes/new/", typed(provider=known["网易 163"].pk))
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    box = Mailbox.objects.get()
    assert (box.imap_host, box.imap_port, box.imap_security) == ("imap.163.com", 993, "tls")
    assert (box.smtp_host, box.smtp_port, box.smtp_security) == ("smtp.163.com", 465, "tls")
    assert "shou-quan-ma" not in box.secret


def test_what_was_typed_stays(known, admin, signed_in):
    given = typed(provider=known["QQ 邮箱"].pk, smtp_host="relay.example.com", smtp_port="2525")
    assert signed_in(admin).post("/console/mailboxes/new/", given).status_code == 302
    box = Mailbox.objects.get()
    assert (box.imap_host, box.smtp_host, box.smtp_port) == (
        *("imap.qq.com", "relay.example.com", 2525),
    )


def test_where_only_oauth2_is_taken_it_is_chosen_with_its_addresses(known):
    outlook = known["Outlook（Microsoft 365）"]
    found = filled_by(outlook, {"login": "password"}, is_new=True)
    assert found["login"] == "oauth2"
    assert found["oauth_token_url"].startswith("https://login.microsoftonline.com/")
    assert (found["smtp_port"], found["smtp_security"]) == (587, "starttls")
    own = {"login": "oauth2", "oauth_token_url": "https://id.example/t", "oauth_scope": "x"}
    kept = filled_by(outlook, own, is_new=False)
    assert "oauth_token_url" not in kept
    assert "oauth_token_url" not in filled_by(known["Gmail"], {"login": "password"}, is_new=True)


def test_rows_are_of_somebody_and_stay_as_edited(known):
    for one in known.values():
        assert one.source, one.name
        assert one.version
        assert one.dated
    Provider.objects.filter(name="Gmail").update(imap_host="imap.example.com")
    assert load_reference() == 0
    assert Provider.objects.get(name="Gmail").imap_host == "imap.example.com"


def test_one_out_of_use_is_offered_no_more(known, admin, signed_in):
    Provider.objects.filter(name="网易 126").update(enabled=False)
    form = signed_in(admin).get("/console/mailboxes/new/").content.decode()
    assert "网易 126" not in form
    assert "网易 163" in form


def test_without_a_provider_and_servers_it_is_refused_as_ever(admin, signed_in):
    answer = signed_in(admin).post("/console/mailboxes/new/", typed())
    assert "至少填一个" in answer.content.decode()
    assert not Mailbox.objects.exists()


# --- over the API ---------------------------------------------------------------------------------

JS = {"content_type": "application/json"}
NEW = {"name": "新浪", "imap_host": "imap.sina.com", "smtp_host": "smtp.sina.com"}


def test_programs_read_add_and_change_them_with_the_same_history(known, admin, api, signed_in):
    client = api(admin)
    listed = client.get("/api/v1/mail-providers").json()
    assert {one["name"] for one in listed} == set(known)
    made = client.post("/api/v1/mail-providers", NEW | {"told": "先开 IMAP"}, **JS)
    assert made.status_code == 201
    pk = made.json()["id"]
    changed = client.put(
        f"/api/v1/mail-providers/{pk}", NEW | {"imap_port": 143, "imap_security": "starttls"}, **JS
    )
    assert (changed.json()["imap_port"], changed.json()["told"]) == (143, "")
    out = client.put(f"/api/v1/mail-providers/{pk}", NEW | {"enabled": False}, **JS)
    assert out.json()["enabled"] is False
    did = [one.did for one in ConfigChange.objects.filter(subject_id=str(pk)).order_by("pk")]
    assert did[:2] == ["created", "changed"] and "retired" in did
    page = signed_in(admin).get(f"/console/mail-providers/{pk}/").content.decode()
    assert "imap.sina.com" in page


def test_what_is_no_provider_is_refused(known, admin, api):
    client = api(admin)
    for bad in (
        {"name": ""},
        {"name": "网易 163"},
        {"imap_host": ""},
        {"imap_port": 0},
        {"smtp_port": 70000},
        {"smtp_security": "rot13"},
        {"name": "长" * 41},
    ):
        assert client.post("/api/v1/mail-providers", NEW | bad, **JS).status_code == 422, bad
    assert Provider.objects.count() == len(known)
    assert client.put("/api/v1/mail-providers/0", NEW, **JS).status_code == 404


def test_who_may_not(known, manager, api):
    client, pk = api(manager), known["Gmail"].pk
    assert client.get("/api/v1/mail-providers").status_code == 403
    assert client.post("/api/v1/mail-providers", NEW, **JS).status_code == 403
    assert client.put(f"/api/v1/mail-providers/{pk}", NEW, **JS).status_code == 403


def test_a_mailbox_of_a_program_is_filled_in_by_its_provider(known, admin, api):
    said = {"address": "kefu@163.com", "provider": "网易 163", "secret": "x"}
    made = api(admin).post("/api/v1/mailboxes", said, **JS)
    assert made.status_code == 201, made.content
    assert made.json()["imap_host"] == "imap.163.com"
    said = {"address": "b@163.com", "provider": "没有这家", "secret": "x"}
    assert api(admin).post("/api/v1/mailboxes", said, **JS).status_code == 404
