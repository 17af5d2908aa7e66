"""A typed moment that is none is a sentence or nothing, never a fault of ours."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground import moment

NONSENSE = ("2026-02-30T10:00", "2026-13-01 09:00", "昨天", "9" * 5000, "\x00")


@pytest.mark.parametrize("text", ["", *NONSENSE])
def test_nonsense_is_no_moment_and_no_day(text):
    assert moment.read(text) is None
    assert moment.read_day(text) is None


def test_what_is_one_is_read():
    read = moment.read(" 2026-11-22 09:12 ")
    assert read is not None and (read.day, read.hour) == (22, 9)
    assert moment.read_day("2026-11-22") == date(2026, 11, 22)
    assert moment.read_day("1066-10-14") is None


@pytest.mark.django_db
@pytest.mark.parametrize("text", NONSENSE)
def test_pages_refuse_it_with_a_sentence(make_complaint, after_sales, li, chen, signed_in, text):
    complaint = make_complaint(team=after_sales, assignee=li, status="HND")
    page = f"/complaints/{complaint.number}"
    asked = {"clock": f"resolution@{text}", "amount": "1", "reason": "等检测"}
    assert 400 <= signed_in(chen).post(f"{page}/extensions/", asked).status_code < 500
    file = SimpleUploadedFile("a.txt", "说明".encode(), "text/plain")
    answer = signed_in(li).post(f"{page}/evidence/", {"files": [file], "happened_at": text})
    assert 400 <= answer.status_code < 500


@pytest.mark.django_db
@pytest.mark.parametrize("text", NONSENSE[:-1])  # NUL in an address is refused for every page
def test_a_list_leaves_it_out(manager, signed_in, text):
    client = signed_in(manager)
    assert client.get("/queue/", {"view": "all", "since": text}).status_code == 200
    assert client.get("/board/league/", {"from": text, "to": text}).status_code == 200
