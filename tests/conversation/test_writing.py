"""Replies, notes, evidence and letters."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation import actions, rules
from huiyin.journey.conversation.models import Letter, Message
from huiyin.journey.conversation.words import Kind, LetterState

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"


def test_a_note_is_never_among_what_the_customer_reads(make_complaint, li):
    complaint = make_complaint(assignee=li)
    actions.note(complaint, by=li, text="客户情绪激动")
    actions.reply(complaint, by=li, text="我们正在核实", channel="phone")
    assert [m.text for m in Message.objects.public()] == ["我们正在核实"]
    assert list(complaint.events.values_list("what", flat=True)) == [What.NOTED, What.REPLIED]


def test_a_reply_by_mail_becomes_one_letter(make_complaint, li):
    complaint = make_complaint(assignee=li)
    message = actions.reply(complaint, by=li, text="您好", channel="email")
    letter = Letter.objects.get()
    assert (letter.recipient, letter.message, letter.state) == (
        "wf@example.com",
        message,
        LetterState.QUEUED,
    )
    assert complaint.number in letter.subject


def test_an_auditor_writes_nothing(make_complaint, admin):
    for act in (actions.note, actions.reply, actions.customer_wrote):
        with pytest.raises(NotPermitted):
            act(make_complaint(), by=admin, text="你好")


def test_the_archive_takes_no_more_words(make_complaint, li):
    complaint = make_complaint(status=Status.ARC, assignee=li)
    with pytest.raises(Refused, match="已归档"):
        actions.note(complaint, by=li, text="补记")


@pytest.mark.parametrize("text", ["", "   ", "\x00", "字" * 20_001])
def test_nothing_and_far_too_much_are_refused_with_a_sentence(make_complaint, li, text):
    with pytest.raises(Invalid):
        actions.note(make_complaint(assignee=li), by=li, text=text)


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("photo.png", PNG, ""),
        ("photo.PNG", PNG, ""),
        ("记录.txt", "说明".encode(), ""),
        ("photo.jpg", PNG, "content"),
        ("page.html", b"<html>", "kind"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        ("photo.png", b"<script>alert(1)</script>", "content"),
        ("run.exe", b"MZ", "kind"),
        ("photo.png.exe", b"MZ", "kind"),
        ("noending", b"x", "kind"),
        ("list.csv", b"a\x00b", "content"),
        ("empty.pdf", b"", "empty"),
    ],
)
def test_a_file_is_taken_for_what_its_bytes_are(name, content, refusal):
    assert rules.judge_file(name, len(content), content).refusal == refusal


def test_a_file_too_large_is_refused():
    assert rules.judge_file("a.png", rules.LARGEST_FILE + 1, PNG).refusal == "too_large"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\secret\\照片.png", "照片.png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
        ("\u202egnp.exe", "gnp.exe"),
        ("", "未命名"),
        ("x" * 300 + ".png", "x" * 116 + ".png"),
    ],
)
def test_a_file_name_keeps_nothing_that_harms(given, kept):
    assert rules.safe_name(given) == kept


def test_a_file_is_served_as_an_attachment_to_who_sees_its_complaint(
    make_complaint, li, sun, signed_in
):
    complaint = make_complaint(assignee=li)
    upload = SimpleUploadedFile("照片.png", PNG)
    evidence = actions.add_evidence(complaint, by=li, upload=upload)
    url = f"/evidence/{evidence.uuid}/"
    answer = signed_in(li).get(url)
    assert b"".join(answer.streaming_content) == PNG
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert signed_in(sun).get(url).status_code == 404


def test_without_a_mail_server_letters_stay_in_the_outbox(make_complaint, li, settings):
    settings.EMAIL_HOST = ""
    actions.reply(make_complaint(assignee=li), by=li, text="您好", channel="email")
    actions.send_due_letters()
    assert Letter.objects.get().state == LetterState.HELD
    actions.retry_letter(Letter.objects.get())
    assert Letter.objects.get().state == LetterState.QUEUED


def test_a_letter_goes_out_once(make_complaint, li, settings):
    settings.EMAIL_HOST = "mail.example.com"
    actions.reply(make_complaint(assignee=li), by=li, text="您好", channel="email")
    actions.send_due_letters()
    actions.send_due_letters()
    assert [m.to for m in mail.outbox] == [["wf@example.com"]]
    assert "Auto-Submitted" not in mail.outbox[0].extra_headers  # a person wrote it
    assert Letter.objects.get().state == LetterState.SENT


def test_a_letter_is_tried_five_times_and_then_a_person_sees_it(
    make_complaint, li, settings, monkeypatch
):
    settings.EMAIL_HOST = "mail.example.com"
    settings.EMAIL_BACKEND = "tests.conversation.test_writing.BrokenMail"
    actions.reply(make_complaint(assignee=li), by=li, text="您好", channel="email")
    when = moment.now()
    for _ in range(8):
        with moment.at(when):
            actions.send_due_letters()
        when += timedelta(hours=1)
    letter = Letter.objects.get()
    assert (letter.state, letter.tries) == (LetterState.FAILED, 5)
    assert "no route" in letter.error


class BrokenMail:
    def __init__(self, **_):
        pass

    def send_messages(self, messages):
        raise smtplib.SMTPException("no route")


@pytest.mark.parametrize("ending", ["\r\nBcc: x@example.com", "\nX", "\u2028X", "\x00X"])
def test_a_subject_never_becomes_a_header(make_complaint, li, settings, ending):
    settings.EMAIL_HOST = "mail.example.com"
    actions.post_letter(
        None, event=None, purpose="t", recipient="a@example.com", subject="A" + ending, body="b"
    )
    actions.send_due_letters()
    sent = mail.outbox[0].message()
    assert "Bcc" not in sent
    assert "\n" not in mail.outbox[0].subject


def test_two_people_see_the_reply_and_the_stranger_nothing(make_complaint, li, sun, api):
    complaint = make_complaint(assignee=li)
    url = f"/api/v1/complaints/{complaint.number}/messages"
    body = {"kind": "outbound", "text": "您好", "channel": "phone"}
    answer = api(li).post(url, body, content_type="application/json")
    assert answer.status_code == 201
    assert answer.json()["kind"] == Kind.OUTBOUND
    assert api(sun).post(url, body, content_type="application/json").status_code == 404
    assert api(sun).get(url).status_code == 404
