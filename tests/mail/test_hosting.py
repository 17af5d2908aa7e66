"""Mail is taken from a pipe, by SMTP and by LMTP; “kept” is said only when it is."""

from __future__ import annotations

import smtplib
import subprocess
import sys
from contextlib import contextmanager, suppress

import pytest
from django.core.management import call_command

from huiyin.journey.channels.mail.actions import arrive_due, hosting
from huiyin.journey.channels.mail.actions.hosting import controller, mailbox_of
from huiyin.journey.channels.mail.models import Mail
from huiyin.journey.complaint.models import Complaint
from tests.mail.imap import free_port
from tests.mail.letters import mail

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def served(*, lmtp=False):
    server = controller("127.0.0.1", free_port(), lmtp=lmtp)
    server.start()
    client = (smtplib.LMTP if lmtp else smtplib.SMTP)("127.0.0.1", server.port, timeout=20)
    try:
        yield client
    finally:
        client.close()
        server.stop()
        server.handler.worker.submit(hosting.close_old_connections).result()
        server.handler.worker.shutdown()


@pytest.fixture(autouse=True)
def _threads_close_their_connections(monkeypatch):
    from django.db import connection

    real = hosting._keep

    def keep_and_close(envelope):
        try:
            real(envelope)
        finally:
            connection.close()

    monkeypatch.setattr(hosting, "_keep", keep_and_close)
    found = hosting.mailbox_of

    def find_and_close(address):
        try:
            return found(address)
        finally:
            connection.close()

    monkeypatch.setattr(hosting, "mailbox_of", find_and_close)


@pytest.mark.parametrize("lmtp", [False, True])
def test_it_is_kept_and_becomes_a_complaint(service, lmtp):
    with served(lmtp=lmtp) as client:
        assert client.sendmail("zhao@example.net", ["service@example.com"], mail()) == {}
    kept = Mail.objects.get()
    assert (kept.source, kept.mailbox) == ("smtp", service)
    assert b"Return-Path: <zhao@example.net>" in bytes(kept.raw)
    arrive_due()
    assert Complaint.objects.count() == 1


def test_only_for_our_own_addresses(service):
    with served() as client, pytest.raises(smtplib.SMTPRecipientsRefused):
        client.sendmail("a@example.net", ["other@example.com"], mail())
    service.enabled = False
    service.save()
    with served() as client, pytest.raises(smtplib.SMTPRecipientsRefused):
        client.sendmail("a@example.net", ["service@example.com"], mail())
    assert Mail.objects.count() == 0


def test_plus_and_capitals(service):
    assert mailbox_of("Service+hy.1.abc@Example.com") == service
    assert mailbox_of("service@example.com.evil.net") is None


def test_too_large_is_refused(service, settings):
    settings.MAIL_LARGEST = 2000
    with served() as client, pytest.raises(smtplib.SMTPException) as refused:
        client.sendmail("a@example.net", ["service@example.com"], mail("x" * 5000))
    assert "552" in str(refused.value)
    assert Mail.objects.count() == 0


def test_what_is_not_committed_is_not_acknowledged(service, monkeypatch):
    def away(*_args, **_kwargs):
        raise OSError("the database is away")

    monkeypatch.setattr(hosting, "keep", away)
    with served() as client, pytest.raises(smtplib.SMTPDataError) as refused:
        client.sendmail("a@example.net", ["service@example.com"], mail())
    assert refused.value.smtp_code == 451


def test_a_line_of_a_whole_page(service):
    raw = b"From: a@example.net\r\nSubject: x\r\n\r\n" + b"x" * 100_000 + b"\r\n"
    with served() as client:
        client.sendmail("a@example.net", ["service@example.com"], raw)
    assert Mail.objects.get().size > 100_000


def test_a_sender_writes_no_header(service):
    """MAIL FROM with a line end, spoken by hand."""
    with served() as client:
        client.ehlo()
        client.sock.sendall(b"MAIL FROM:<a@x\rX-Evil: 1>\r\n")
        client.sock.settimeout(5)
        with suppress(TimeoutError):
            client.sock.recv(1000)
    assert Mail.objects.count() == 0


# -- the pipe -------------------------------------------------------------------------------------


class _Pipe:
    def __init__(self, data: bytes) -> None:
        import io

        self.buffer = io.BytesIO(data)


def test_from_a_pipe(service, monkeypatch):
    monkeypatch.setattr(sys, "stdin", _Pipe(mail()))
    call_command("receive_mail", mailbox="service@example.com")
    assert (Mail.objects.get().source, Mail.objects.get().mailbox) == ("command", service)


@pytest.mark.parametrize("data", [b"", b"x" * 3000])
def test_nothing_and_too_much_is_for_the_sender_to_hear(monkeypatch, settings, data):
    settings.MAIL_LARGEST = 2000
    monkeypatch.setattr(sys, "stdin", _Pipe(data))
    with pytest.raises(SystemExit) as ended:
        call_command("receive_mail")
    assert ended.value.code == 65


def test_a_database_that_is_away_makes_the_server_try_again():
    """A real process, as a mail server starts it."""
    done = subprocess.run(
        [sys.executable, "-m", "django", "receive_mail"],
        input=mail(),
        capture_output=True,
        env={
            "DJANGO_SETTINGS_MODULE": "huiyin.settings",
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
            "PATH": "/usr/bin:/bin",
        },
        timeout=120,
        check=False,
    )
    assert done.returncode == 75, done.stderr.decode()[-500:]
