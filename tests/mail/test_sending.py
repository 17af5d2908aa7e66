"""How letters leave the house: by which mailbox, as which mail, and what becomes of failures."""

from __future__ import annotations

import base64
from datetime import timedelta
from email.utils import parseaddr

import pytest
from django.core import mail as django_mail
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground import moment
from huiyin.ground.sealing import seal
from huiyin.journey.channels.mail.actions.keys import thread_key
from huiyin.journey.channels.mail.models import Mailbox, Sending
from huiyin.journey.channels.mail.rules.tokens import tokens_in
from huiyin.journey.conversation import actions
from huiyin.journey.conversation.models import Custody, Evidence, Letter
from huiyin.journey.conversation.words import LetterState
from tests.mail.boxes import PNG, came_by, mailbox
from tests.mail.servers import PASSWORD, Keeper, certificate, smtp_server

pytestmark = pytest.mark.django_db


def test_a_reply_goes_out_by_the_mailbox_and_can_be_threaded(make_complaint, li):
    complaint = make_complaint(assignee=li)
    keeper = Keeper()
    with smtp_server(keeper) as port:
        box = mailbox(port, imap_host="imap.example.com")
        came_by(complaint, box, facts={"references": "<root@customer.example> nonsense"})
        actions.reply(complaint, by=li, text="您好，\n已为您换新。", channel="email")
        actions.send_due_letters()
    letter = Letter.objects.get()
    assert letter.state == LetterState.SENT, letter.error
    sender, recipients, mail, _raw = keeper.mails[0]
    assert (sender, recipients) == ("service@example.com", ["wf@example.com"])
    assert parseaddr(str(mail["From"])) == ("云朵客服", "service@example.com")
    assert mail["Reply-To"] == "service@example.com"
    assert complaint.number in mail["Subject"]
    assert mail["In-Reply-To"] == "<first@customer.example>"
    assert mail["References"] == "<root@customer.example> <first@customer.example>"
    assert mail["Auto-Submitted"] is None  # a person wrote it
    (token,) = tokens_in(mail["Message-ID"], "")
    assert token.letter == letter.pk
    assert token.proves("wf@example.com", thread_key())
    assert not token.proves("other@example.com", thread_key())
    plain = mail.get_body(("plain",)).get_content()
    assert plain.replace("\r\n", "\n").startswith("您好，\n已为您换新。\n")
    html = mail.get_body(("html",)).get_content()
    assert "已为您换新。" in html
    assert "src=" not in html
    assert "url(" not in html
    sending = Sending.objects.get()
    assert (sending.mailbox, sending.state) == (box, "accepted")
    assert sending.message_id == mail["Message-ID"]
    box.refresh_from_db()
    assert box.sent_ok_at is not None


def test_what_a_machine_says_is_marked_and_asks_for_no_answer(make_complaint):
    keeper = Keeper()
    with smtp_server(keeper) as port:
        mailbox(port)
        actions.post_letter(
            None, event=None, purpose="t", recipient="a@example.com", subject="A", body="b"
        )
        actions.send_due_letters()
    mail = keeper.mails[0][2]
    assert mail["Auto-Submitted"] == "auto-generated"


def test_the_answer_comes_back_by_a_plus_address_where_it_is_short_enough(make_complaint, li):
    keeper = Keeper()
    with smtp_server(keeper) as port:
        short = mailbox(port, "kf@example.com", plus_addressing=True, is_default=True)
        complaint = make_complaint(assignee=li)
        actions.reply(complaint, by=li, text="您好", channel="email")
        actions.send_due_letters()
        Mailbox.objects.filter(pk=short.pk).update(address="customer.service@example.com")
        actions.reply(complaint, by=li, text="再问一句", channel="email")
        actions.send_due_letters()
    first, second = (mail for _f, _t, mail, _raw in keeper.mails)
    local = first["Reply-To"].partition("@")[0]
    assert len(local) <= 64
    assert tokens_in("", first["Reply-To"])[0].proves("wf@example.com", thread_key())
    assert second["Reply-To"] == "customer.service@example.com"
    # no mail of his to answer: his client threads our letters with each other
    assert second["In-Reply-To"] == first["Message-ID"]


def test_the_mailbox_it_came_by_then_the_teams_then_the_default(
    make_complaint, li, after_sales, logistics
):
    from huiyin.journey.channels.mail.actions.sending import mailbox_of

    other = mailbox(address="other@example.com")
    ours = mailbox(address="aftersales@example.com", team=after_sales)
    default = mailbox(address="default@example.com", is_default=True)
    off = mailbox(address="off@example.com", enabled=False)
    complaint = make_complaint(team=after_sales)
    letter = Letter(complaint=complaint)
    assert mailbox_of(letter) == ours
    assert mailbox_of(Letter(complaint=make_complaint(team=logistics))) == default
    assert mailbox_of(Letter()) == default
    came_by(complaint, other)
    assert mailbox_of(letter) == other
    came_by(complaint, off)  # cannot send any more
    assert mailbox_of(letter) == ours


def test_the_files_of_a_reply_go_with_it_and_no_others(make_complaint, li):
    complaint = make_complaint(assignee=li)
    keeper = Keeper()
    chosen = actions.add_evidence(complaint, by=li, upload=SimpleUploadedFile("检测.png", PNG))
    actions.add_evidence(complaint, by=li, upload=SimpleUploadedFile("别的.png", PNG))
    with smtp_server(keeper) as port:
        mailbox(port)
        message = actions.reply(complaint, by=li, text="见附件", channel="email", attached=[chosen])
        upload = SimpleUploadedFile("凭证.png", PNG)
        actions.add_evidence(complaint, by=li, upload=upload, message=message)
        actions.send_due_letters()
    mail = keeper.mails[0][2]
    files = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
    assert files == {"检测.png": PNG, "凭证.png": PNG}
    copies = Custody.objects.filter(act="copied").order_by("pk")
    assert {one.evidence.name for one in copies} == {"检测.png", "凭证.png"}
    assert {one.by for one in copies} == {li}
    assert all(one.words.startswith("客户 · ") and one.words.endswith("邮件") for one in copies)
    assert "wf@example.com" not in str([one.facts for one in copies])  # masked


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"internal": True}, "“检测.png”已改为内部证据，没有发给客户，所以这条回复没有发出"),
        ({"privacy": "sensitive"}, "有一个附件已改为敏感证据，没有发给客户，所以这条回复没有发出"),
        ({}, "“检测.png”与登记时的内容不同，没有发出"),
    ],
)
def test_a_file_that_may_go_no_more_keeps_the_reply_back_and_is_told(
    make_complaint, li, settings, change, sentence
):
    """It was chosen, and the words speak of it: what leaves without it would be another reply."""
    complaint = make_complaint(assignee=li)
    keeper = Keeper()
    file = actions.add_evidence(complaint, by=li, upload=SimpleUploadedFile("检测.png", PNG))
    with smtp_server(keeper) as port:
        mailbox(port)
        actions.reply(complaint, by=li, text="见附件", channel="email", attached=[file])
        Evidence.objects.filter(pk=file.pk).update(**change, name=file.name)
        if not change:
            (settings.EVIDENCE_DIR / file.path).write_bytes(PNG[:-1] + b"x")
        actions.send_due_letters()
    letter = Letter.objects.get()
    assert letter.state == LetterState.FAILED
    assert sentence in letter.error
    assert not keeper.mails
    assert not Custody.objects.filter(act="copied").exists()


def test_a_wrong_address_is_not_tried_again(make_complaint, li):
    keeper = Keeper("550 5.1.1 no such user")
    with smtp_server(keeper) as port:
        box = mailbox(port)
        actions.reply(make_complaint(assignee=li), by=li, text="您好", channel="email")
        for hours in range(4):
            with moment.at(moment.now() + timedelta(hours=hours)):
                actions.send_due_letters()
    letter = Letter.objects.get()
    assert (letter.state, letter.tries, keeper.asked) == (LetterState.FAILED, 1, 1)
    assert "no such user" in letter.error
    box.refresh_from_db()
    assert box.send_error == ""  # the letter was at fault, not the mailbox


def test_a_server_that_is_busy_is_asked_again_later(make_complaint, li):
    keeper = Keeper("451 4.7.1 greylisted")
    with smtp_server(keeper) as port:
        mailbox(port)
        actions.reply(make_complaint(assignee=li), by=li, text="您好", channel="email")
        actions.send_due_letters()
        assert Letter.objects.get().state == LetterState.QUEUED
        with moment.at(moment.now() + timedelta(minutes=2)):
            actions.send_due_letters()
    assert Letter.objects.get().state == LetterState.SENT
    assert len(keeper.mails) == 1


def test_three_of_ten_fail_and_each_arrives_once(make_complaint, li):
    keeper = Keeper(*["", "451 later", "", "421 busy", "", "", "452 full", "", "", ""] * 3)
    with smtp_server(keeper) as port:
        mailbox(port)
        for place in range(30):
            actions.post_letter(
                None,
                event=None,
                purpose="t",
                recipient=f"a{place}@example.com",
                subject="A",
                body="b",
            )
        when = moment.now()
        for _round in range(6):
            with moment.at(when):
                actions.send_due_letters()
            when += timedelta(minutes=50)
    assert set(Letter.objects.values_list("state", flat=True)) == {LetterState.SENT}
    told = [recipients[0] for _f, recipients, _m, _raw in keeper.mails]
    assert sorted(told) == sorted(f"a{place}@example.com" for place in range(30))


def test_a_mailbox_that_fails_keeps_no_other_from_sending(make_complaint, li, after_sales):
    keeper = Keeper()
    with smtp_server(keeper) as port:
        dead = mailbox(address="dead@example.com", team=after_sales)  # nobody listens there
        mailbox(port, is_default=True)
        for _place in range(3):
            actions.reply(
                make_complaint(assignee=li, team=after_sales), by=li, text="您好", channel="email"
            )
        actions.post_letter(
            None, event=None, purpose="t", recipient="a@example.com", subject="A", body="b"
        )
        actions.send_due_letters()
    assert [recipients for _f, recipients, _m, _raw in keeper.mails] == [["a@example.com"]]
    waiting = Letter.objects.filter(state=LetterState.QUEUED)
    assert sorted(waiting.values_list("tries", flat=True)) == [0, 0, 1]  # it was knocked at once
    dead.refresh_from_db()
    assert "拒绝连接" in dead.send_error
    with smtp_server(Keeper()) as again:
        Mailbox.objects.filter(pk=dead.pk).update(smtp_port=again)
        with moment.at(moment.now() + timedelta(minutes=3)):
            actions.send_due_letters()
    assert not Letter.objects.exclude(state=LetterState.SENT).exists()
    dead.refresh_from_db()
    assert dead.send_error == ""


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_nobody_vouches_for_is_refused(make_complaint, li, tmp_path, security):
    _path, context = certificate(tmp_path)
    keeper = Keeper()
    ways = {"tls": context} if security == "tls" else {"starttls": context}
    with smtp_server(keeper, **ways) as port:
        mailbox(port, smtp_security=security)
        actions.reply(make_complaint(assignee=li), by=li, text="您好", channel="email")
        actions.send_due_letters()
    assert keeper.mails == []
    assert "证书无效" in Letter.objects.get().error


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_with_a_good_certificate_and_a_sign_in_it_goes_out(
    make_complaint, li, tmp_path, monkeypatch, security
):
    path, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    keeper = Keeper()
    ways = {"tls": context} if security == "tls" else {"starttls": context}
    with smtp_server(keeper, users={"service": PASSWORD}, **ways) as port:
        box = mailbox(port, smtp_security=security, username="service", secret=seal(PASSWORD))
        actions.reply(make_complaint(assignee=li), by=li, text="您好", channel="email")
        actions.send_due_letters()
        assert Letter.objects.get().state == LetterState.SENT, Letter.objects.get().error
        box.secret = seal("wrong")
        box.save()
        actions.reply(make_complaint(assignee=li), by=li, text="您好", channel="email")
        actions.send_due_letters()
    letter = Letter.objects.latest("pk")
    assert letter.state == LetterState.QUEUED  # the mailbox is at fault: it waits
    assert "拒绝登录" in letter.error
    assert "wrong" not in letter.error
    box.refresh_from_db()
    assert "拒绝登录" in box.send_error


def test_without_encryption_only_this_machine_is_asked(make_complaint, li):
    Mailbox.objects.create(address="a@example.com", smtp_host="192.0.2.1", smtp_security="none")
    actions.reply(make_complaint(assignee=li), by=li, text="您好", channel="email")
    actions.send_due_letters()
    assert "不加密只能用于本机" in Letter.objects.get().error


def test_it_is_signed_where_the_mailbox_has_a_key(make_complaint, li):
    import dkim  # type: ignore[import-untyped]
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    keeper = Keeper()
    with smtp_server(keeper) as port:
        mailbox(port, dkim_selector="hy", dkim_key=seal(pem.decode()))
        actions.reply(make_complaint(assignee=li), by=li, text="您好", channel="email")
        actions.send_due_letters()
    raw = keeper.mails[0][3]
    assert dkim.verify(raw, dnsfunc=lambda *_a, **_k: record)
    assert not dkim.verify(
        raw.replace(b"Subject", b"Subject: x\r\nX-Old", 1), dnsfunc=lambda *_a, **_k: record
    )


def test_without_a_mailbox_the_general_server_sends_and_threads_too(make_complaint, li, settings):
    settings.EMAIL_HOST = "mail.example.com"
    actions.reply(make_complaint(assignee=li), by=li, text="您好", channel="email")
    actions.send_due_letters()
    sent = django_mail.outbox[0]
    (token,) = tokens_in(sent.extra_headers["Message-ID"], "")
    assert token.proves("wf@example.com", thread_key())
    assert Sending.objects.get().mailbox is None
