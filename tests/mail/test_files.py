"""What comes beside the words of a mail is kept: mails in mails, invitations, signatures, archives;
and what cannot be evidence is listed with the reason and can be taken out."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from huiyin.ground.people.words import Role
from huiyin.journey.channels.mail.models import Mail, Touch
from huiyin.journey.channels.mail.reading import read
from huiyin.journey.channels.mail.rules import writing
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import rules
from huiyin.journey.conversation.models import Evidence
from tests.conftest import person
from tests.mail.test_showing import picture

pytestmark = pytest.mark.django_db

ICS = b"BEGIN:VCALENDAR\r\nSUMMARY:x\r\nEND:VCALENDAR\r\n"
ZIP = b"PK\x03\x04" + b"\x00" * 40
P7S = b"0\x82\x01\x0a\x06\x09"


def mail_in(
    files, *, subject="照片和邀请", message_id="<all@x>", sender="zhao@example.net"
) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = f"赵敏 <{sender}>", "service@example.com"
    message["Subject"], message["Message-ID"] = subject, message_id
    message.set_content("请看附件。")
    for name, kind, data in files:
        if kind == "message/rfc822":
            inner = message_of(data)
            message.add_attachment(inner, filename=name)
        else:
            main, _slash, sub = kind.partition("/")
            message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def message_of(raw: bytes) -> EmailMessage:
    from email import message_from_bytes, policy

    return message_from_bytes(raw, policy=policy.default)


def everything() -> bytes:
    inner = mail_in(
        [("聊天截图.png", "image/png", picture()), ("坏.html", "text/html", b"<script>1</script>")],
        subject="内层",
        message_id="<inner@x>",
    )
    return mail_in(
        [
            ("invite.ics", "text/calendar", ICS),
            ("smime.p7s", "application/pkcs7-signature", P7S),
            ("signature", "application/pgp-signature", b"-----BEGIN PGP SIGNATURE-----\n"),
            ("内层邮件", "message/rfc822", inner),
            ("照片.zip", "application/zip", ZIP),
            ("setup.exe", "application/octet-stream", b"MZ" + b"\x00" * 20),
        ]
    )


def test_everything_beside_the_words_is_kept_as_evidence(arrived):
    mail = arrived(everything())
    kept = {one.name: one for one in Evidence.objects.filter(complaint=mail.complaint)}
    assert set(kept) == {
        *("invite.ics", "smime.p7s", "signature.asc", "内层邮件.eml", "照片.zip", "聊天截图.png")
    }
    for name in ("invite.ics", "smime.p7s", "signature.asc", "内层邮件.eml", "照片.zip"):
        assert kept[name].media_type == "application/octet-stream", name
    assert kept["聊天截图.png"].media_type == "image/png"
    assert {one.source for one in kept.values()} == {"customer"}
    refused = {one.name: one for one in mail.parts.filter(evidence=None)}
    assert set(refused) == {"setup.exe", "坏.html"}
    assert all("类型不支持" in one.refusal for one in refused.values())
    assert refused["坏.html"].inside == "内层邮件"


def test_what_is_kept_so_can_do_nothing(arrived, signed_in, manager):
    arrived(everything())
    page = signed_in(manager)
    for name in ("invite.ics", "内层邮件.eml"):
        one = Evidence.objects.get(name=name)
        answer = page.get(f"/evidence/{one.uuid}/")
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_what_was_refused_can_be_taken_out_on_record(arrived, signed_in, api, manager, sun):
    mail = arrived(everything())
    part = mail.parts.get(name="setup.exe")
    url = f"/mail/{mail.pk}/parts/{part.place}/"
    page = signed_in(manager)
    shown = page.get(f"/mail/{mail.pk}/original/").content.decode()
    assert url in shown
    assert "类型不支持" in shown
    assert "来自“内层邮件”" in shown
    answer = page.post(url)
    assert answer.content == b"MZ" + b"\x00" * 20
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="setup.exe"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    touch = Touch.objects.get(what="part")
    assert (touch.by, touch.place) == (manager, part.place)
    again = api(manager).post(f"/api/v1/mails/{mail.pk}/files/{part.place}")
    assert again.content == answer.content
    assert page.post(f"/mail/{mail.pk}/parts/99/").status_code == 404
    assert signed_in(sun).post(url).status_code == 404  # who does not see the mail
    looks_on = person("du", "督办员", Role.SUPERVISION)  # sees complaints, handles none
    assert signed_in(looks_on).get(f"/mail/{mail.pk}/original/").status_code == 200
    assert url not in signed_in(looks_on).get(f"/mail/{mail.pk}/original/").content.decode()
    assert signed_in(looks_on).post(url).status_code == 403


def test_it_says_that_a_signature_was_not_verified(arrived, signed_in, api, manager):
    signed = EmailMessage()
    signed["From"], signed["Subject"] = "赵敏 <zhao@example.net>", "签名的投诉"
    signed["Message-ID"], signed["X-Huiyin-Complaint"] = "<signed@x>", "TS2026-000001"
    signed.set_content("锅坏了。")
    signed.make_mixed()
    signed.set_type("multipart/signed")
    signed.set_param("protocol", "application/pkcs7-signature")
    signed.add_attachment(
        P7S, maintype="application", subtype="pkcs7-signature", filename="smime.p7s"
    )
    mail = arrived(signed.as_bytes())
    assert mail.signed == "smime"
    page = signed_in(manager)
    original = page.get(f"/mail/{mail.pk}/original/").content.decode()
    assert "带有 S/MIME 签名（未核验）" in original
    assert "冒充本系统的信头" in original
    story = page.get(f"/complaints/{mail.complaint.number}/story/").content.decode()
    assert "带有 S/MIME 签名（未核验）" in story
    told = api(manager).get(f"/api/v1/mails/{mail.pk}").json()
    assert (told["signed"], told["doubts"]) == ("smime", ["control_headers"])
    assert told["files"][0]["evidence"]


def test_places_of_its_own_files_do_not_move_for_what_is_in_a_mail_within():
    """Rows that were kept before know their files by place."""
    inner = mail_in([("in.png", "image/png", picture())], message_id="<i@x>")
    found = read(mail_in([("f.eml", "message/rfc822", inner), ("last.pdf", "a/b", b"%PDF-1.4")]))
    assert [one.name for one in found.files] == ["f.eml", "last.pdf", "in.png"]
    assert [one.place for one in found.files] == [0, 1, 2]
    assert found.files[2].inside == "f.eml"


def test_a_mail_of_many_mails_ends(settings):
    """Depth and number are bounded, whatever somebody packs into it."""
    raw = mail_in([("x.png", "image/png", picture())])
    for depth in range(12):
        raw = mail_in([(f"{depth}.eml", "message/rfc822", raw)], message_id=f"<{depth}@x>")
    found = read(raw)
    assert not found.fault
    assert len(found.files) <= 12
    many = [(f"{n}.png", "image/png", b"\x89PNG" + bytes([n % 250])) for n in range(200)]
    found = read(mail_in([("f.eml", "message/rfc822", mail_in(many))]))
    assert not found.fault
    assert len(found.files) == 101
    assert "too_many_parts" in found.doubts


@pytest.mark.parametrize(
    ("name", "head", "refusal"),
    [
        ("a.zip", b"PK\x03\x04", ""),
        ("a.zip", b"<html>", "content"),
        ("a.eml", b"MZ\x90", "content"),
        ("a.asc", b"\x7fELF", "content"),
        ("a.rar", b"Rar!\x1a", ""),
        ("a.exe", b"MZ\x90", "kind"),
        ("a.svg", b"<svg>", "kind"),
        ("a.zip", b"", "empty"),
    ],
)
def test_kept_without_being_understood_only_where_it_is_asked_for(name, head, refusal):
    assert rules.judge_file(name, len(head), head, inert=True).refusal == refusal
    assert rules.judge_file(name, len(head), head).refusal in ("kind", "empty")


def test_a_file_gets_the_ending_of_its_kind_once():
    assert writing.evidence_name("转发", "message/rfc822") == "转发.eml"
    assert writing.evidence_name("a.EML", "message/rfc822") == "a.EML"
    assert writing.evidence_name("v1.2", "application/pgp-signature") == "v1.2.asc"
    assert writing.evidence_name("照片", "image/png") == "照片"


def test_what_an_uploader_sends_is_judged_as_before(make_complaint, li, signed_in):
    from django.core.files.uploadedfile import SimpleUploadedFile

    complaint = make_complaint(assignee=li)
    upload = SimpleUploadedFile("x.zip", ZIP)
    answer = signed_in(li).post(f"/complaints/{complaint.number}/evidence/", {"files": upload})
    assert answer.status_code == 422
    assert not Evidence.objects.exists()
    assert Mail.objects.count() == 0
    assert Complaint.objects.count() == 1
