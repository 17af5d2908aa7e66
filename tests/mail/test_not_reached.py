"""A mail server that is not there, lets nobody in, or keeps us waiting; certificates and tokens."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from huiyin.ground.sealing import seal, unseal
from huiyin.journey.channels.mail.actions import connecting, oauth, receiving
from huiyin.journey.channels.mail.actions.receiving import visit
from huiyin.journey.channels.mail.models import Mailbox
from huiyin.journey.conversation.actions import Undelivered
from tests.mail import imap
from tests.mail.boxes import box_at, failed, some

pytestmark = pytest.mark.django_db(transaction=True)


# -- what is wrong, in a sentence -----------------------------------------------------------------
def test_a_wrong_password(server):
    assert "拒绝登录" in failed(box_at(server.port, secret=seal("wrong")))


def test_a_folder_that_is_not_there(server):
    assert "没有文件夹 投诉" in failed(box_at(server.port, folder="投诉"))


def test_nobody_listens():
    assert "拒绝连接" in failed(box_at(imap.free_port()))


def test_unencrypted_only_to_this_machine():
    assert "不加密只能用于本机" in failed(box_at(143, imap_host="mail.example.com"))


def test_a_server_that_says_nothing_is_left(monkeypatch):
    monkeypatch.setattr(connecting, "ANSWER_SECONDS", 0.5)
    with imap.silent() as port:
        assert "没有及时应答" in failed(box_at(port))


def test_a_server_that_drips_is_cut_off(server, box, monkeypatch):
    monkeypatch.setattr(receiving, "VISIT_SECONDS", 0.5)

    def slow(*_args):
        time.sleep(2)
        return 1

    monkeypatch.setattr(receiving, "_validity", slow)
    server.deliver(*some(1))
    assert failed(box)


def certificate(folder, host="127.0.0.1"):
    """A certificate of our own making for this address; nobody has signed it but itself."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path, monkeypatch):
    cert, key = certificate(tmp_path)
    with imap.server(cert=cert, key=key) as server:
        box = box_at(server.port, imap_security="starttls")
        assert "证书无效" in failed(box)
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        assert visit(box) == 0


def test_oauth2_says_the_token_it_was_given(monkeypatch):
    """The exchange goes through the guard of outgoing calls; the token is asked for once."""
    from django.core.cache import cache

    from huiyin.ground.webhooks.actions import posting

    cache.clear()
    asked = []

    def send(method, url, *, headers, body=None):
        asked.append((url, body))
        return posting.Reply(200, b'{"access_token": "tok", "expires_in": 3600}')

    monkeypatch.setattr(posting, "send", send)
    box = box_at(1, login="oauth2", secret=seal("refresh"), oauth_token_url="https://id.example/t")
    assert oauth.access_token(box) == "tok"
    assert oauth.access_token(box) == "tok"
    assert len(asked) == 1
    assert b"refresh_token=refresh" in asked[0][1]


def test_a_token_that_the_provider_renews_is_kept_sealed(monkeypatch):
    """Microsoft and others give a new one at each exchange; the old one soon opens nothing."""
    from django.core.cache import cache

    from huiyin.ground.webhooks.actions import posting

    cache.clear()
    used = []

    def send(method, url, *, headers, body=None):
        used.append(body.partition(b"refresh_token=")[2].partition(b"&")[0])
        said = b'{"access_token": "t%d", "expires_in": 1, "refresh_token": "NEW%d"}'
        return posting.Reply(200, said % (len(used), len(used)))

    monkeypatch.setattr(posting, "send", send)
    box = box_at(1, login="oauth2", secret=seal("OLD"), oauth_token_url="https://id.example/t")
    assert oauth.access_token(box) == "t1"
    kept = Mailbox.objects.get(pk=box.pk)
    assert unseal(kept.secret) == "NEW1" == unseal(box.secret)
    assert "NEW1" not in kept.secret
    cache.clear()
    oauth.access_token(kept)
    assert used == [b"OLD", b"NEW1"]


def test_what_another_worker_renewed_just_now_is_used(monkeypatch):
    """Two exchange at once: the one whose token is spent takes the one that the other got; and what
    an administrator typed meanwhile is not written over."""
    from django.core.cache import cache

    from huiyin.ground.webhooks.actions import posting

    cache.clear()
    box = box_at(1, login="oauth2", secret=seal("OLD"), oauth_token_url="https://id.example/t")

    def send(method, url, *, headers, body=None):
        if b"refresh_token=OLD" in body:
            Mailbox.objects.filter(pk=box.pk).update(secret=seal("OTHER"))
            return posting.Reply(400, b'{"error": "invalid_grant"}')
        return posting.Reply(200, b'{"access_token": "tok", "expires_in": 3600}')

    monkeypatch.setattr(posting, "send", send)
    assert oauth.access_token(box) == "tok"
    assert unseal(Mailbox.objects.get(pk=box.pk).secret) == "OTHER"

    def typed_meanwhile(method, url, *, headers, body=None):
        Mailbox.objects.filter(pk=box.pk).update(secret=seal("TYPED"))
        return posting.Reply(200, b'{"access_token": "tok", "refresh_token": "LATE"}')

    cache.clear()
    monkeypatch.setattr(posting, "send", typed_meanwhile)
    oauth.access_token(Mailbox.objects.get(pk=box.pk))
    assert unseal(Mailbox.objects.get(pk=box.pk).secret) == "TYPED"
    monkeypatch.setattr(posting, "send", lambda *a, **k: posting.Reply(400, b'{"error": "x"}'))
    cache.clear()
    with pytest.raises(Undelivered, match="重新授权"):
        oauth.access_token(Mailbox.objects.get(pk=box.pk))


def test_an_inner_token_address_is_never_called():
    from django.core.cache import cache

    cache.clear()
    box = box_at(1, login="oauth2", oauth_token_url="https://127.0.0.1/token")
    with pytest.raises(Undelivered, match="内部地址"):
        oauth.access_token(box)
