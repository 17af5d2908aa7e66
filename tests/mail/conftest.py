"""Mails that are kept, arrive, and are held."""

from __future__ import annotations

import pytest

from huiyin.journey.channels.mail.actions import arrive_due, keep
from huiyin.journey.channels.mail.models import Mailbox, Sending
from huiyin.journey.channels.mail.words import Source
from tests.mail import imap, letters
from tests.mail.boxes import box_at


@pytest.fixture
def service(db):
    """服务邮箱。"""
    return Mailbox.objects.create(
        address="service@example.com", name="客服", imap_host="127.0.0.1", is_default=True
    )


@pytest.fixture
def arrived(service):
    """`arrived(raw)` keeps a mail, lets it arrive, and gives it as it is then."""

    def take(raw: bytes = b"", *, mailbox=service):
        kept = keep(raw or letters.mail(), source=Source.IMAP, mailbox=mailbox)
        assert kept is not None
        arrive_due()
        kept.refresh_from_db()
        return kept

    return take


@pytest.fixture
def written_to(make_complaint):
    """`written_to()` gives a complaint, a letter of ours to its customer, and the letter's id as it
    stands in the Message-ID."""
    from huiyin.ground import moment
    from huiyin.journey.channels.mail.actions.keys import thread_key
    from huiyin.journey.channels.mail.rules.tokens import token
    from huiyin.journey.conversation.actions import post_letter
    from huiyin.journey.conversation.models import Letter

    def write(recipient="wf@example.com", **fields):
        complaint = make_complaint(**fields)
        post_letter(
            complaint,
            event=None,
            purpose="reply",
            recipient=recipient,
            subject="关于您的投诉",
            body="您好",
        )
        letter = Letter.objects.get(complaint=complaint)
        internet_id = f"{token(letter.pk, recipient, thread_key())}@example.com"
        now = moment.now()
        Sending.objects.create(letter=letter, message_id=internet_id, at=now, changed_at=now)
        return complaint, letter, internet_id

    return write


@pytest.fixture(scope="module")
def running():
    with imap.server() as server:
        yield server


@pytest.fixture
def server(running):
    """Its inbox is empty at the beginning."""
    client = running.client()
    client.store("1:*", "+FLAGS", "\\Deleted")
    client.expunge()
    client.logout()
    return running


@pytest.fixture
def box(server):
    return box_at(server.port)
