"""A mail is read for what it is, whatever its bytes; what cannot be read harms nobody."""

from __future__ import annotations

import base64
import time

import pytest

from huiyin.journey.channels.mail.reading import Limits, part_bytes, read
from huiyin.journey.channels.mail.reading.charset import text_of
from huiyin.journey.channels.mail.reading.headers import addresses, decoded, parameters
from tests.mail.letters import mail, raw, with_file, word

COMPLAINT = "我上周买的电饭煲不加热，客服一直不处理，请退款。"


def test_an_ordinary_mail():
    found = read(mail(COMPLAINT))
    assert (found.sender.address, found.sender.name) == ("zhao@example.net", "赵敏")
    assert (found.subject, found.text) == ("电饭煲坏了", COMPLAINT)
    assert found.internet_id == "one@example.net"
    assert found.date == "2026-11-23T10:00:00+08:00"
    assert (found.fault, found.doubts) == ("", ())


@pytest.mark.parametrize(
    "label", ["gb2312", "gbk", "gb18030", "iso-8859-1", "us-ascii", "utf-8", ""]
)
@pytest.mark.parametrize("real", ["gbk", "gb18030", "utf-8"])
def test_chinese_is_read_whatever_its_label_says(real, label):
    assert text_of(COMPLAINT.encode(real), label)[0] == COMPLAINT


@pytest.mark.parametrize("label", ["big5", "iso-8859-1", "us-ascii", "utf-8", ""])
def test_big5_is_not_taken_for_gbk(label):
    text = "我上週買的電鍋不會加熱，客服一直不處理，請退款。"
    assert text_of(text.encode("big5"), label)[0] == text


@pytest.mark.parametrize("text", ["café société générale", "Grüße aus München, schöne Straße"])
def test_western_letters_stay_what_they_are(text):
    for label in ("iso-8859-1", "windows-1252", "utf-8", ""):
        assert text_of(text.encode("latin-1"), label)[0] == text


def test_hz_utf16_and_rare_characters():
    assert text_of("投诉".encode("hz"), "hz-gb-2312")[0] == "投诉"
    assert text_of("投诉".encode("utf-16"), "utf-16")[0] == "投诉"
    assert text_of("𠮷野家㐀".encode("gb18030"), "gb2312")[0] == "𠮷野家㐀"


@pytest.mark.parametrize("label", ["zlib", "rot13", "idna", "unicode_escape", "x" * 500, "no-such"])
def test_a_label_is_never_a_trick_of_python(label):
    assert text_of("投诉电饭煲".encode(), label)[0] == "投诉电饭煲"


def test_encoded_words_cut_within_a_character():
    data = "关于电饭煲的投诉".encode("gbk")
    cut = [base64.b64encode(data[i : i + 5]).decode() for i in range(0, len(data), 5)]
    header = "\r\n ".join(f"=?gbk?B?{one}?=" for one in cut).encode()
    assert decoded(header) == "关于电饭煲的投诉"


def test_no_header_becomes_two_lines():
    evil = b"=?utf-8?B?" + base64.b64encode(b"a\r\nBcc: x@example.com\x00\xe2\x80\xa8b") + b"?="
    assert not set("\r\n\x00\u2028") & set(decoded(evil))


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("attachment; filename*=gb18030''%B7%A2%C6%B1.pdf", "发票.pdf"),
        ("attachment; filename*0*=utf-8''%E5%8F%91; filename*1*=%E7%A5%A8.pdf", "发票.pdf"),
        ("attachment; filename*1*=%E7%A5%A8.pdf; filename*0*=utf-8''%E5%8F%91", "发票.pdf"),
        ("attachment; filename*0=a; filename*1=b.pdf", "ab.pdf"),
        (f'attachment; filename="{word("发票.pdf", "gbk")}"', "发票.pdf"),
        ("attachment; filename=my bill.pdf", "my bill.pdf"),
        ('attachment; filename="a\\"b;c.pdf', 'a"b;c.pdf'),
        ("attachment; filename*=nonsense%zz", "nonsense%zz"),
    ],
)
def test_names_of_files_also_broken_ones(value, name):
    assert parameters(value.encode())[1]["filename"] == name


def test_a_raw_name_without_any_encoding():
    value = b'attachment; filename="' + "发票.pdf".encode("gbk") + b'"'
    assert parameters(value)[1]["filename"] == "发票.pdf"


@pytest.mark.parametrize(
    "value",
    [
        "alice@example.org)bob@example.com",
        "<alice@example.org>bob@example.com",
        "alice@example.org <bob@example.com> <eve@example.com>",
        "<@evil.example:alice@example.org>",
        '"alice@example.org',
        "(comment alice@example.org",
        "alice@example.org@example.com",
        "<alice@example.org\x00@example.com>",
    ],
)
def test_an_address_that_can_be_read_in_two_ways_is_none(value):
    found, sure = addresses(value.encode())
    assert not sure or all(one.address == "" for one in found)


def test_addresses_in_quotes_comments_and_encoded_words():
    evil = word("a@example.com, b@example.com", "utf-8")
    found, sure = addresses(f'{evil} <c@example.com>, "d, e@x" <F@Example.com> (g@x)'.encode())
    assert sure
    assert [one.address for one in found] == ["c@example.com", "f@example.com"]


def test_several_senders_are_no_sender():
    assert read(mail(From="a@example.com, b@example.com")).sender.address == ""
    twice = b"From: a@example.com\nFrom: b@example.com\nSubject: x\n\ntext\n"
    found = read(twice)
    assert found.sender.address == ""
    assert "unsure_sender" in found.doubts


def test_headers_of_ours_from_outside_are_dropped():
    found = read(mail(X_Huiyin_Complaint="TS2026-000001", x_HUIYIN_Admin="1"))
    assert not [name for name, _v in found.headers if name.lower().startswith("x-huiyin")]
    assert "control_headers" in found.doubts


def test_html_alone_in_words():
    body = b"""<html><head><title>no</title><style>p{}</style></head><body>
    <p>&#30005;&#39277;&#29042;
    <b>broken</b></p><script>alert(1)</script><div>second<br>third</div>1 < 2
    <blockquote>old</blockquote>
    <!-- <p>hidden</p> --></body>"""
    found = read(raw("From: a@example.com\nContent-Type: text/html; charset=utf-8", body))
    assert found.text.split("\n")[0] == "电饭煲 broken"
    assert "second\nthird" in found.text
    assert "> old" in found.text
    assert "1 < 2" in found.text
    assert not {"alert", "hidden", "no"} & set(found.text.split())
    assert "<script>" in found.html  # as it came; it is cleaned where it is shown


def test_the_plain_part_wins_unless_it_says_nothing():
    def both(plain):
        return raw(
            'From: a@example.com\nContent-Type: multipart/alternative; boundary="b"',
            f"--b\nContent-Type: text/plain; charset=utf-8\n\n{plain}\n--b\n"
            f"Content-Type: text/html; charset=utf-8\n\n<p>{COMPLAINT * 5}</p>\n--b--\n".encode(),
        )

    assert read(both(COMPLAINT)).text == COMPLAINT
    assert read(both("请用 HTML 查看")).text == COMPLAINT * 5


def test_files_and_their_bytes():
    whole = with_file(data=b"%PDF-1.4 hello")
    (file,) = read(whole).files
    assert (file.name, file.media_type, file.size) == ("发票.pdf", "application/pdf", 14)
    assert part_bytes(whole, file.place) == b"%PDF-1.4 hello"


def test_a_mail_in_a_mail_is_a_file_and_read():
    inner = mail("里面的话")
    whole = raw(
        'From: a@example.com\nSubject: Fwd\nContent-Type: multipart/mixed; boundary="b"',
        b"--b\nContent-Type: text/plain; charset=utf-8\n\n\xe7\x9c\x8b\n--b\n"
        b"Content-Type: message/rfc822\n\n" + inner + b"\n--b--\n",
    )
    found = read(whole)
    assert "里面的话" in found.text
    (file,) = found.files
    assert file.name == "电饭煲坏了.eml"
    assert part_bytes(whole, 0).strip() == inner.strip()


def test_uuencoded_files_in_a_text():
    body = b"see\nbegin 644 a.txt\n%:&5L;&\\\n`\nend\nbye\n"
    whole = raw("From: a@example.com", body)
    found = read(whole)
    assert [(file.name, file.size) for file in found.files] == [("a.txt", 5)]
    assert part_bytes(whole, 0) == b"hello"
    assert "begin" not in found.text
    assert found.text.split() == ["see", "bye"]


def tnef() -> bytes:
    """A winmail.dat with one file whose long name is in UTF-16, and a body."""
    import struct

    def attribute(level, tag, data):
        return (
            struct.pack("<BII", level, tag, len(data))
            + data
            + struct.pack("<H", sum(data) & 0xFFFF)
        )

    name = "合同.txt".encode("utf-16-le") + b"\0\0"
    padded = name + b"\0" * (-len(name) % 4)
    props = struct.pack("<I", 1) + struct.pack("<HHII", 0x1F, 0x3707, 1, len(name)) + padded
    body = "见附件".encode("gbk") + b"\0"
    return (
        struct.pack("<IH", 0x223E9F78, 1)
        + attribute(1, 0x00069007, struct.pack("<II", 936, 0))
        + attribute(1, 0x0002800C, body)
        + attribute(2, 0x00069002, b"\0" * 14)
        + attribute(2, 0x00018010, b"HT~1.TXT\0")
        + attribute(2, 0x0006800F, b"hello")
        + attribute(2, 0x00069005, props)
    )


def test_winmail_is_unpacked():
    whole = with_file("winmail.dat", tnef(), "application/ms-tnef")
    found = read(whole)
    assert [(file.name, file.size) for file in found.files] == [("合同.txt", 5)]
    assert part_bytes(whole, 0) == b"hello"
    assert "见附件" in found.text


def test_a_broken_winmail_stays_a_file():
    for cut in (0, 5, 40, 60, len(tnef()) - 3):
        read(with_file("winmail.dat", tnef()[:cut] or b"x", "application/ms-tnef"))
    (file,) = read(with_file("winmail.dat", b"nonsense", "application/ms-tnef")).files
    assert file.name == "winmail.dat"


def test_an_invitation_is_read_and_kept():
    ics = "BEGIN:VCALENDAR\nSUMMARY:电话沟通\nDTSTART:20261201T020000Z\nEND:VCALENDAR\n"
    found = read(with_file("invite.ics", ics.encode(), "text/calendar"))
    assert "SUMMARY: 电话沟通" in found.text
    assert [file.name for file in found.files] == ["invite.ics"]


def test_signed_and_sealed_mails_are_named_never_verified():
    signed = raw(
        'From: a@example.com\nContent-Type: multipart/signed; micalg=sha-256; boundary="b";'
        ' protocol="application/pkcs7-signature"',
        b"--b\nContent-Type: text/plain\n\nhello\n--b\nContent-Type: application/pkcs7-signature;"
        b' name="smime.p7s"\nContent-Transfer-Encoding: base64\n\nAAAA\n--b--\n',
    )
    found = read(signed)
    assert (found.signed, found.text) == ("smime", "hello")
    assert [file.name for file in found.files] == ["smime.p7s"]
    sealed = raw(
        'From: a@example.com\nContent-Type: multipart/encrypted; boundary="b";'
        ' protocol="application/pgp-encrypted"',
        b"--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\n"
        b"Content-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n--b--\n",
    )
    found = read(sealed)
    assert found.signed == "pgp"
    assert "encrypted" in found.doubts


# -- hostile ------------------------------------------------------------------------------------


def hostile() -> dict[str, bytes]:
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(1000)
    )
    return {
        "1,000 nested multiparts": b"From: a@example.com\n" + nested,
        "50,000 comment signs": b"From: " + b"(" * 50_000 + b"\n\nx",
        "50 kB of commas": b"From: a@example.com\nTo: " + b"," * 50_000 + b"\n\nx",
        "10,000 recipients": b"From: a@example.com\nTo: "
        + b", ".join(b"u%d@example.com" % n for n in range(10_000))
        + b"\n\nx",
        "10,000 parameters": b"From: a@example.com\nContent-Type: text/plain"
        + b"".join(b"; a%d=b" % n for n in range(10_000))
        + b"\n\nx",
        "10,000 parts": b"From: a@example.com\nContent-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\n\nx\n" * 10_000,
        "100,000 headers": b"From: a@example.com\n" + b"X: y\n" * 100_000 + b"\nx",
        "one header of 5 MB": b"From: a@example.com\nSubject: " + b"a" * 5_000_000 + b"\n\nx",
        "100,000 continuations": b"From: a@example.com\nSubject: a\n" + b" b\n" * 100_000 + b"\nx",
        "unknown charset": b"From: a@example.com\nContent-Type: text/plain; charset=zlib\n\nx",
        "unclosed tags": b"From: a@example.com\nContent-Type: text/html\n\n" + b"<a " * 500_000,
        "unclosed comments": b"From: a@example.com\nContent-Type: text/html\n\n"
        + b"<!--" * 300_000,
        "nothing": b"",
        "zeros": b"\x00" * 100_000,
        "one line": b"\xff" * 1_000_000,
        "eml in eml": b"Content-Type: message/rfc822\n\n" * 2000,
        "words": b"Subject: " + b"=?utf-8?Q?a?= " * 4000 + b"\n\nx",
        "marks": b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a" * 400_000,
    }


@pytest.mark.parametrize("name", hostile())
def test_hostile_mails_end_soon_and_harm_nobody(name):
    began = time.process_time()
    from huiyin.journey.channels.mail.reading import measured

    found = measured(hostile()[name])
    assert found.cpu <= 5
    assert found.peak <= 256 * 1024 * 1024
    assert time.process_time() - began < 5
    assert found.read.fault in ("", "cpu", "memory", "timeout")


def test_what_takes_too_long_is_ended_and_its_headers_are_read_all_the_same():
    body = b"<p>" + b"word <b>x</b> " * 1_000_000
    whole = b"From: a@example.com\nSubject: slow\nContent-Type: text/html\n\n" + body
    found = read(whole, Limits(cpu=1, text=20_000_000))
    assert found.fault
    assert (found.sender.address, found.subject) == ("a@example.com", "slow")


def test_what_needs_too_much_memory_is_ended():
    found = read(b"From: a@example.com\n\n" + b"x" * 20_000_000, Limits(memory=60 * 1024 * 1024))
    assert found.fault
    assert found.sender.address == "a@example.com"


def test_the_child_sees_no_secret(monkeypatch):
    from huiyin.journey.channels.mail.reading import child

    seen = {}
    monkeypatch.setattr(child.subprocess, "run", lambda *a, **k: seen.update(k) or _Done())
    child._run(b"", {"wanted": "read"}, Limits())
    assert set(seen["env"]) == {"PYTHONIOENCODING"}


class _Done:
    returncode, stdout = 0, b""


def test_too_large_is_cut_and_said():
    found = read(mail("x" * 5000), Limits(size=2000))
    assert "too_large" in found.doubts
    assert found.sender.address == "zhao@example.net"
