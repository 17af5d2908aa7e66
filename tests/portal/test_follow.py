"""Following: number and code or nothing; nothing of ours is shown; guessing gains nothing."""

import re
import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from huiyin.ground import moment
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import add_evidence, note, reply
from huiyin.surface.portal.models import Count
from huiyin.surface.portal.words import Counted

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(32)
RANDOM = re.compile(rb'(csrfmiddlewaretoken" value=")[^"]+|(nonce=")[^"]+|TS\d{4}-\d+')


def same(content: bytes) -> bytes:
    """The page without what is random in every page, and without what was typed."""
    return RANDOM.sub(b"", content)


def try_(client, number, code):
    return client.post("/portal/follow/", {"number": number, "code": code})


def test_number_and_code_open_the_complaint_in_any_spelling(complained):
    complaint = complained()
    other = Client()
    answer = try_(
        other, complaint.number.lower().replace("ts", " "), complaint.tracking_code.lower()
    )
    assert answer.status_code == 302
    assert complaint.tracking_code not in answer["Location"]
    page = other.get(answer["Location"])
    assert page.status_code == 200
    assert complaint.subject in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_a_wrong_code_and_no_such_number_are_the_same_answer(complained):
    complaint = complained()
    wrong = "Z" * 26
    answers = [
        try_(Client(), complaint.number, wrong),
        try_(Client(), complaint.number[:-2] + "99", wrong),
        try_(Client(), "TS1999-000001", wrong),
    ]
    assert {a.status_code for a in answers} == {422}
    assert len({same(a.content) for a in answers}) == 1
    assert {a["Content-Type"] for a in answers} == {answers[0]["Content-Type"]}


def test_both_ask_the_database_the_same(complained, django_assert_num_queries):
    complaint = complained()
    for number in (complaint.number, "TS1999-000001"):
        with django_assert_num_queries(3):
            assert try_(Client(), number, "Z" * 26).status_code == 422


def test_after_ten_tries_an_address_is_limited_even_with_the_right_code(complained):
    complaint = complained()
    guesser = Client(REMOTE_ADDR="203.0.113.5")
    answers = [try_(guesser, f"TS2026-{i:06d}", "Z" * 26).status_code for i in range(11)]
    assert answers == [422] * 10 + [429]
    assert try_(guesser, complaint.number, complaint.tracking_code).status_code == 429
    assert try_(Client(), complaint.number, complaint.tracking_code).status_code == 302


def test_after_ten_tries_a_number_is_limited_from_everywhere_existing_or_not(complained):
    complaint = complained()
    for number in (complaint.number, "TS1999-000001"):
        answers = [
            try_(Client(REMOTE_ADDR=f"198.51.100.{i}"), number, "Z" * 26).status_code
            for i in range(11)
        ]
        assert answers == [422] * 10 + [429]


def test_right_codes_are_not_counted(complained):
    complaint = complained()
    for _i in range(12):
        assert try_(Client(), complaint.number, complaint.tracking_code).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_many_tries_at_once_count_as_many(db):
    gate, passed = threading.Barrier(20), []

    def run():
        gate.wait()
        if Count.one_more(Counted.TRY_BY_ADDRESS, "203.0.113.5", moment.now()):
            passed.append(1)
        connections.close_all()

    threads = [threading.Thread(target=run) for _i in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 10


@pytest.mark.parametrize(
    "path",
    [
        "messages",
        "urges",
        "escalations",
        "judgements",
        "files/" + "0" * 8 + "-0000-4000-8000-" + "0" * 12,
    ],
)
def test_without_number_and_code_there_is_nothing(complained, path):
    complaint = complained()
    client = Client()
    assert client.get(f"/portal/complaints/{complaint.number}/").status_code == 302
    url = f"/portal/complaints/{complaint.number}/{path}/"
    answer = client.get(url) if path.startswith("files") else client.post(url, {"text": "x"})
    assert answer.status_code == 404


def test_one_code_opens_one_complaint(visitor, complained, make_complaint):
    complained()
    other = make_complaint()
    assert visitor.get(f"/portal/complaints/{other.number}/").status_code == 302
    assert visitor.post(f"/portal/complaints/{other.number}/urges/").status_code == 404


def test_access_ends_after_two_hours_and_by_leaving(visitor, complained, monkeypatch):
    complaint = complained()
    url = f"/portal/complaints/{complaint.number}/"
    assert visitor.get(url).status_code == 200
    session = visitor.session
    session["portal_opened"] = {complaint.number: 1}
    session.save()
    assert visitor.get(url).status_code == 302
    try_(visitor, complaint.number, complaint.tracking_code)
    assert visitor.get(url).status_code == 200
    visitor.post("/portal/leave/")
    assert visitor.get(url).status_code == 302


CANARY = "金丝雀内部"


def test_nothing_internal_is_ever_shown(visitor, complained, zhou, li, after_sales):
    complaint = complained()
    note(complaint, by=zhou, text=f"{CANARY}备注")
    reply(complaint, by=zhou, text="您好，我们在核实。", channel="portal")
    add_evidence(complaint, by=zhou, upload=SimpleUploadedFile(f"{CANARY}.png", PNG), internal=True)
    for what in What:
        # Written as `record` does, without what follows: only the telling is tried here.
        facts = dict.fromkeys(("reason", "note", "to", "sentence"), CANARY)
        Event.objects.create(what=what, complaint=complaint, by=zhou, at=moment.now(), facts=facts)
    complaint.carry(team=after_sales, assignee=li, risks=["safety"], emotion="angry", severity=1)
    li_name, zhou_name = li.name, zhou.name

    for url in (
        "/portal/",
        "/portal/received/",
        f"/portal/complaints/{complaint.number}/",
        "/portal/follow/",
    ):
        page = same(visitor.get(url).content).decode()
        for secret in (CANARY, li_name, zhou_name, after_sales.name, "S1", "safety", "13800138000"):
            assert secret not in page, (url, secret)
    page = visitor.get(f"/portal/complaints/{complaint.number}/").content.decode()
    assert "您好，我们在核实。" in page


def test_an_internal_file_cannot_be_fetched_and_a_public_one_can(visitor, complained, zhou):
    complaint = complained(uploads=[SimpleUploadedFile("我的.png", PNG)])
    ours = add_evidence(complaint, by=zhou, upload=SimpleUploadedFile("x.png", PNG), internal=True)
    base = f"/portal/complaints/{complaint.number}/files/"
    assert visitor.get(f"{base}{ours.uuid}/").status_code == 404
    mine = complaint.evidence.get(internal=False)
    answer = visitor.get(f"{base}{mine.uuid}/")
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    visitor.get(f"{base}{mine.uuid}/")  # again: the same copy, once an hour
    copy = mine.custody.get()
    assert (copy.act, copy.by.is_system) == ("copied", True)
    assert copy.words.startswith("客户") and copy.words.endswith("网页门户")
    with moment.at(moment.now() + timedelta(hours=2)):
        visitor.get(f"{base}{mine.uuid}/")
    assert mine.custody.count() == 2
    assert not ours.custody.exists()


def test_html_that_was_typed_is_shown_as_text(visitor, complained):
    complaint = complained(text="<script>alert(1)</script> 坏了")
    page = visitor.get(f"/portal/complaints/{complaint.number}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_more_words_and_files_reach_the_conversation(visitor, complained):
    complaint = complained()
    answer = visitor.post(
        f"/portal/complaints/{complaint.number}/messages/",
        {"text": "又漏电了", "uploads": [SimpleUploadedFile("b.png", PNG)]},
    )
    assert answer.status_code == 302
    assert complaint.messages.order_by("pk").last().text == "又漏电了"
    assert complaint.events.filter(what=What.CUSTOMER_WROTE).exists()
    empty = visitor.post(f"/portal/complaints/{complaint.number}/messages/", {"text": " "})
    assert empty.status_code == 422


def test_urging_is_told_and_not_every_minute(visitor, complained):
    complaint = complained()
    url = f"/portal/complaints/{complaint.number}/urges/"
    assert visitor.post(url).status_code == 302
    again = visitor.post(url)
    assert again.status_code == 409
    assert "已经为您催办过了" in again.content.decode()
    assert complaint.events.filter(what=What.URGED).count() == 1


def test_asking_for_somebody_above_is_once_a_day(visitor, complained):
    complaint = complained()
    url = f"/portal/complaints/{complaint.number}/escalations/"
    assert visitor.post(url, {"text": "三天没人理"}).status_code == 302
    assert complaint.events.get(what=What.ESCALATED).facts["reason"] == "三天没人理"
    assert visitor.post(url).status_code == 429


def test_an_ended_complaint_cannot_be_urged(visitor, complained):
    complaint = complained()
    Complaint.objects.filter(pk=complaint.pk).update(status=Status.CLO, closed_at=moment.now())
    assert visitor.post(f"/portal/complaints/{complaint.number}/urges/").status_code == 409


def test_the_customer_says_whether_it_is_solved(visitor, complained):
    complaint = complained()
    url = f"/portal/complaints/{complaint.number}/judgements/"
    assert visitor.post(url, {"solved": "yes"}).status_code == 409  # too early
    Complaint.objects.filter(pk=complaint.pk).update(status=Status.FUV)
    assert visitor.post(url, {}).status_code == 422
    assert visitor.post(url, {"solved": "yes", "text": "谢谢"}).status_code == 302
    assert complaint.events.get(what=What.CUSTOMER_JUDGED).facts["solved"] is True


def test_unsolved_after_closing_opens_it_again(visitor, complained):
    complaint = complained()
    Complaint.objects.filter(pk=complaint.pk).update(status=Status.CLO, closed_at=moment.now())
    url = f"/portal/complaints/{complaint.number}/judgements/"
    assert visitor.post(url, {"solved": "no", "text": "又坏了"}).status_code == 302
    complaint.refresh_from_db()
    assert complaint.is_open
    assert complaint.events.filter(what=What.REOPENED).exists()


def test_after_thirty_days_a_closed_complaint_is_closed(visitor, complained):
    complaint = complained()
    Complaint.objects.filter(pk=complaint.pk).update(
        status=Status.CLO, closed_at=moment.now() - timedelta(days=31)
    )
    url = f"/portal/complaints/{complaint.number}/judgements/"
    assert visitor.post(url, {"solved": "no"}).status_code == 409


def test_english_is_complete_in_its_frame(visitor, complained):
    visitor.cookies["huiyin_language"] = "en"
    assert 'lang="en"' in visitor.get("/portal/").content.decode()


def test_more_words_sent_again_are_there_once(visitor, complained):
    """The answer was lost on the way: he presses again."""
    complaint = complained()
    page = visitor.get(f"/portal/complaints/{complaint.number}/").content.decode()
    key = re.findall(r'id="add".*?name="key" value="([0-9a-f-]{36})"', page, re.DOTALL)[0]
    told = {"text": "补充：发票在附件里", "key": key}
    for _again in range(2):
        assert (
            visitor.post(f"/portal/complaints/{complaint.number}/messages/", told).status_code
            == 302
        )
    assert complaint.messages.filter(text__startswith="补充").count() == 1
    changed = visitor.post(
        f"/portal/complaints/{complaint.number}/messages/", {**told, "text": "另外的话"}
    )
    assert changed.status_code == 409
    new = re.findall(r'name="key" value="([0-9a-f-]{36})"', changed.content.decode())[0]
    assert new != key
    again = {"text": "另外的话", "key": new}
    assert (
        visitor.post(f"/portal/complaints/{complaint.number}/messages/", again).status_code == 302
    )
    odd = {"text": "没有钥匙", "key": "有 空格\r\n"}
    assert visitor.post(f"/portal/complaints/{complaint.number}/messages/", odd).status_code == 302
