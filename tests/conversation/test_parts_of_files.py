"""A player asks for parts of a file: it gets those, and only who may open the file."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.journey.conversation.actions import add_evidence

pytestmark = pytest.mark.django_db
DATA = bytes(range(256)) * 8


@pytest.fixture
def evidence(make_complaint, li, after_sales):
    complaint = make_complaint(team=after_sales, assignee=li)
    data = b"plain text " + DATA.replace(b"\x00", b"x")
    upload = SimpleUploadedFile("a.txt", data, "text/plain")
    return add_evidence(complaint, by=li, upload=upload), data


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=100-", 100, None),
        ("bytes=-50", -50, None),
        ("bytes=5-999999999", 5, None),
        ("bytes=0-0", 0, 0),
    ],
)
def test_a_part_is_what_was_asked_for(evidence, signed_in, li, asked, first, last):
    one, data = evidence
    answer = signed_in(li).get(f"/evidence/{one.uuid}/", headers={"Range": asked})
    begin = first if first >= 0 else len(data) + first
    end = len(data) - 1 if last is None else last
    assert answer.status_code == 206
    assert body(answer) == data[begin : end + 1]
    assert answer["Content-Range"] == f"bytes {begin}-{end}/{len(data)}"
    assert answer["Content-Length"] == str(end - begin + 1)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    "asked",
    ["", "bytes=5-1", "bytes=0-1,5-6", "items=0-1", "bytes=-", "bytes=a-b", "bytes=" + "9" * 40],
)
def test_what_is_not_understood_gets_the_whole(evidence, signed_in, li, asked):
    one, data = evidence
    answer = signed_in(li).get(f"/evidence/{one.uuid}/", headers={"Range": asked})
    assert answer.status_code == 200
    assert body(answer) == data
    assert answer["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=-0"])
def test_what_is_not_there_is_told(evidence, signed_in, li, asked):
    one, data = evidence
    answer = signed_in(li).get(f"/evidence/{one.uuid}/", headers={"Range": asked})
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{len(data)}"
    assert body(answer) == b""


def test_another_version_of_the_file_gets_the_whole(evidence, signed_in, li):
    one, data = evidence
    client = signed_in(li)
    headers = {"Range": "bytes=0-9", "If-Range": '"other"'}
    assert client.get(f"/evidence/{one.uuid}/", headers=headers).status_code == 200
    headers = {"Range": "bytes=0-9", "If-Range": f'"{one.sha256}"'}
    assert body(client.get(f"/evidence/{one.uuid}/", headers=headers)) == data[:10]


def test_a_part_is_guarded_as_the_whole_and_on_record(evidence, signed_in, li, sun):
    one, _data = evidence
    headers = {"Range": "bytes=0-9"}
    assert signed_in(sun).get(f"/evidence/{one.uuid}/", headers=headers).status_code == 404
    for _again in range(3):
        signed_in(li).get(f"/evidence/{one.uuid}/", headers=headers)
    assert one.custody.filter(act="opened").count() == 1
