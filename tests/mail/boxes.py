"""Mailboxes, certificates and mails as tests have them."""

from __future__ import annotations

from huiyin.ground import moment
from huiyin.ground.sealing import seal
from huiyin.journey.channels.mail.actions.receiving import visit
from huiyin.journey.channels.mail.models import Mail, Mailbox
from tests.mail import imap
from tests.mail.letters import mail
from tests.mail.servers import free_port


def box_at(port: int, **fields) -> Mailbox:
    fields = {
        "address": imap.USER,
        "imap_host": "127.0.0.1",
        "imap_port": port,
        "imap_security": "none",
        "secret": seal(imap.PASSWORD),
    } | fields
    return Mailbox.objects.create(**fields)


def some(count: int, start: int = 0) -> list[bytes]:
    return [mail(f"第{n}件", Message_ID=f"<m{n}@x>") for n in range(start, start + count)]


def failed(box: Mailbox) -> str:
    assert visit(box) is None
    box.refresh_from_db()
    assert box.receive_failed_at is not None
    return box.receive_error


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"


def mailbox(port=0, address="service@example.com", **fields):
    fields.setdefault("smtp_security", "none")
    fields.setdefault("name", "云朵客服")
    return Mailbox.objects.create(
        address=address, smtp_host="127.0.0.1", smtp_port=port or free_port(), **fields
    )


def came_by(complaint, box, **fields):
    """A mail that this complaint came by."""
    fields.setdefault("sender", "wf@example.com")
    fields.setdefault("internet_id", "first@customer.example")
    return Mail.objects.create(
        mailbox=box,
        source="imap",
        raw=b"",
        size=0,
        sha256="",
        received_at=moment.now(),
        next_try_at=moment.now(),
        state="handled",
        complaint=complaint,
        **fields,
    )
