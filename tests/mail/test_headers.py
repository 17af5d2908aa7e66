"""What a letter is called, that nothing becomes a header, and sign-in by OAuth2."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from aiosmtpd.smtp import AuthResult
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground import moment
from huiyin.ground.sealing import seal
from huiyin.ground.webhooks.actions import posting
from huiyin.journey.channels.mail.actions import sending
from huiyin.journey.channels.mail.models import Mail, Mailbox
from huiyin.journey.conversation import actions
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.ways import way_of
from huiyin.journey.conversation.words import LetterState
from tests.mail import letters
from tests.mail.boxes import PNG, came_by, mailbox
from tests.mail.servers import Keeper, smtp_server

pytestmark = pytest.mark.django_db


# --- his subject, and what waited for a server ----------------------------------------------------


@pytest.mark.parametrize(
    ("his", "ours"),
    [
        ("电饭煲坏了", "回复：电饭煲坏了"),
        ("Re: 回复：RE[2]: 电饭煲坏了", "回复：电饭煲坏了"),
        ("转发: Fwd: 发票", "回复：发票"),
        ("Reklamation", "回复：Reklamation"),
    ],
)
def test_an_answer_is_called_as_his_mail_was(make_complaint, li, his, ours):
    complaint, keeper = make_complaint(assignee=li), Keeper()
    with smtp_server(keeper) as port:
        box = mailbox(port, imap_host="imap.example.com")
        came_by(complaint, box, subject=his)
        actions.reply(complaint, by=li, text="已为您换新。", channel="email")
        actions.send_due_letters()
    mail = keeper.mails[0][2]
    assert mail["Subject"] == ours
    assert complaint.number in mail.get_body(("plain",)).get_content()
    assert Letter.objects.get().subject == ours  # an automatic answer to it is known by that


def test_without_a_foot_or_a_mail_of_his_the_number_is_the_subject(make_complaint, li):
    complaint, keeper = make_complaint(assignee=li), Keeper()
    with smtp_server(keeper) as port:
        box = mailbox(port)  # takes no answers in: no foot
        came_by(complaint, box, subject="锅")
        actions.reply(complaint, by=li, text="好", channel="email")
        Mailbox.objects.update(imap_host="imap.example.com")
        Mail.objects.update(sender="somebody@else.example")
        actions.reply(complaint, by=li, text="好", channel="email")
        actions.send_due_letters()
    assert [complaint.number in one[2]["Subject"] for one in keeper.mails] == [True, True]


def test_what_waited_for_a_server_goes_by_itself_within_a_day(make_complaint, li):
    complaint, keeper = make_complaint(assignee=li), Keeper()
    actions.reply(complaint, by=li, text="昨天说的", channel="email")
    actions.send_due_letters()
    old = Letter.objects.get()
    assert old.state == LetterState.HELD
    Letter.objects.update(next_try_at=moment.now() - timedelta(hours=25))
    actions.reply(complaint, by=li, text="刚才说的", channel="email")
    actions.send_due_letters()
    assert sending.send_held() == 0  # there is no server yet
    with smtp_server(keeper) as port:
        mailbox(port)
        assert sending.send_held() == 1
        actions.send_due_letters()
        assert sending.send_held() == 0
    assert len(keeper.mails) == 1
    assert "刚才说的" in keeper.mails[0][2].get_body(("plain",)).get_content()
    old.refresh_from_db()
    assert old.state == LetterState.HELD  # a person looks at it first


# --- V55: nothing becomes a header ----------------------------------------------------------------


BREAKS = ["\r\n", "\r", "\n", "\x00", "\u2028", "\x0b", "\x85", "\u2029"]


BAD = "Bcc: victim@example.com"


def sent_with(make_complaint, li, keeper, port, breaking):
    """One mail in which every field that anybody can fill holds `breaking`."""
    kept = "" if breaking == "\x00" else breaking  # the database holds none; settings may
    said = f"值{kept}{BAD}{kept}{kept}<b>x</b>"
    box = mailbox(port, name=said if kept else "", imap_host=said)
    complaint = make_complaint(assignee=li, subject=said, text=said)
    came_by(complaint, box, internet_id=said, facts={"references": said}, subject=said)
    Letter.objects.all().delete()
    message = actions.reply(complaint, by=li, text=said, channel="email")
    actions.add_evidence(
        complaint, by=li, upload=SimpleUploadedFile(f"照{breaking}{BAD}.png", PNG), message=message
    )
    Letter.objects.update(subject=said, body=said)
    actions.send_due_letters()
    assert Letter.objects.get().state == LetterState.SENT, Letter.objects.get().error
    return keeper.mails[-1]


@pytest.mark.parametrize("breaking", BREAKS)
def test_no_field_ever_becomes_a_header(make_complaint, li, settings, breaking):
    settings.ORGANISATION = f"云朵{breaking}{BAD}"
    keeper = Keeper()
    with smtp_server(keeper) as port:
        _sender, recipients, mail, raw = sent_with(make_complaint, li, keeper, port, breaking)
    assert recipients == ["wf@example.com"]
    allowed = {
        *("content-type", "mime-version", "subject", "from", "to", "date", "message-id"),
        *("reply-to",),
    }
    assert {name.lower() for name in mail.keys()} == allowed  # noqa: SIM118 — not a dict
    assert len(mail.keys()) == len(allowed)
    for part in mail.walk():
        names = {name.lower() for name in part.keys()}  # noqa: SIM118
        assert "bcc" not in names
    head = raw.partition(b"\r\n\r\n")[0]
    assert b"\x00" not in head
    assert not [line for line in head.split(b"\n") if line.lower().startswith(b"bcc")]


@pytest.mark.parametrize(
    "address",
    ["a@example.com\r\nBcc: x@example.com", "a@example.com, b@example.com", "a@", "", "a b@c.d"],
)
def test_an_address_that_is_none_gets_nothing(address):
    keeper = Keeper()
    with smtp_server(keeper) as port:
        mailbox(port)
        actions.post_letter(None, event=None, purpose="t", recipient=address, subject="A", body="b")
        actions.send_due_letters()
    assert keeper.mails == []
    assert Letter.objects.get().state == LetterState.FAILED


def test_words_of_a_letter_stay_words_in_its_html(make_complaint, li):
    keeper = Keeper()
    bad = "<img src=x onerror=alert(1)><script>1</script> https://e.example/a?b=1&c=2 完"
    with smtp_server(keeper) as port:
        mailbox(port)
        actions.reply(make_complaint(assignee=li), by=li, text=bad, channel="email")
        actions.send_due_letters()
    html = keeper.mails[0][2].get_body(("html",)).get_content()
    assert "<img" not in html
    assert "<script" not in html
    assert '<a href="https://e.example/a?b=1&amp;c=2">' in html


class Tokens(Keeper):
    """A server that asks for a token of OAuth2."""

    async def auth_XOAUTH2(self, server, args):
        self.said = base64.b64decode(args[1]).decode()
        good = "auth=Bearer of-an-hour\x01" in self.said
        return AuthResult(success=good, handled=False)


def test_with_oauth2_a_lasting_token_becomes_one_of_an_hour(make_complaint, li, monkeypatch):
    asked = []

    def exchange(method, url, *, headers, body, **_more):
        asked.append((url, body))
        return posting.Reply(200, b'{"access_token": "of-an-hour", "expires_in": 3600}')

    monkeypatch.setattr(posting, "send", exchange)
    keeper = Tokens()
    with smtp_server(keeper, users={}) as port:
        mailbox(
            port,
            login="oauth2",
            username="service@example.com",
            secret=seal("lasting"),
            oauth_token_url="https://login.example/token",
            oauth_client_id="huiyin",
        )
        for text in ("您好", "再说一句"):
            actions.reply(make_complaint(assignee=li), by=li, text=text, channel="email")
        actions.send_due_letters()
    assert len(keeper.mails) == 2, list(Letter.objects.values_list("error", flat=True))
    assert keeper.said.startswith("user=service@example.com\x01")
    assert len(asked) == 1  # kept until shortly before its end
    assert b"refresh_token=lasting" in asked[0][1]


def test_without_a_token_the_letter_waits_and_says_so(make_complaint, li, monkeypatch):
    monkeypatch.setattr(posting, "send", lambda *_a, **_k: posting.Reply(400, b"{}"))
    with smtp_server(Tokens(), users={}) as port:
        mailbox(port, login="oauth2", secret=seal("x"), oauth_token_url="https://l.example/t")
        actions.reply(make_complaint(assignee=li), by=li, text="您好", channel="email")
        actions.send_due_letters()
    letter = Letter.objects.get()
    assert letter.state == LetterState.QUEUED
    assert "OAuth2" in letter.error


def test_the_answer_goes_to_his_address_that_he_wrote_from_last(arrived):
    first = arrived(letters.mail(From="wang@example.net")).complaint
    first.customer.contact_points.create(
        kind="email", value="wang@work.example", shown="wang@work.example"
    )
    assert way_of(first, "email").recipient == "wang@example.net"
    mail = first.mails.get()
    for sender, answered in (
        ("Wang@Work.example", "wang@work.example"),
        ("stranger@evil.example", "wang@work.example"),  # to whom our letter was forwarded
    ):
        mail.pk, mail.message_id, mail.fingerprint, mail.sender = None, None, None, sender
        mail.save()
        found = type(first).objects.get(pk=first.pk)
        assert way_of(found, "email").recipient == answered
