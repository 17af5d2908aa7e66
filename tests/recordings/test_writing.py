"""Quotes and transcripts: what people say of a recording, and nobody's words are lost."""

from __future__ import annotations

import json

import pytest

from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.channels.recordings import actions
from huiyin.journey.channels.recordings.models import Quote, Transcript
from huiyin.journey.channels.recordings.rules import writing
from huiyin.journey.complaint.words import Status, What
from tests.recordings import sounds
from tests.together import at_once

pytestmark = pytest.mark.django_db
LINES = [
    {"begin": 8, "end": 13, "speaker": "agent", "text": "您好，请讲"},
    {"begin": 1, "end": 7, "speaker": "customer", "text": "我是王芳，电话 13800138000"},
]


def page_of(recording):
    return f"/recordings/{recording.evidence.uuid}/"


def test_a_span_is_quoted_into_a_note_and_leads_back(bring, signed_in, li, complaint):
    recording = bring()
    asked = {"begin": "12.4", "end": "45", "words": "客户说三天没人回电", "into": "note"}
    answer = signed_in(li).post(page_of(recording) + "quote/", asked)
    assert answer.status_code == 204
    quote = Quote.objects.get()
    assert (quote.place, quote.words) == ("00:12–00:45", "客户说三天没人回电")
    assert quote.message is not None and "00:12–00:45" in quote.message.text
    assert complaint.events.filter(what=What.NOTED).exists()
    story = signed_in(li).get(f"/complaints/{complaint.number}/").content.decode()
    assert f"{page_of(recording)}#t=12.4,45" in story


def test_a_span_is_offered_to_the_finding(bring, signed_in, li, complaint):
    recording = bring()
    actions.quote(recording, by=li, begin=24, end=26, words="打断", into="finding")
    actions.quote(recording, by=li, begin=24, end=26, words="打断", into="finding")
    assert Quote.objects.filter(for_finding=True).count() == 1
    text = signed_in(li).get(f"/complaints/{complaint.number}/").content.decode()
    assert 'name="proof_place" value="00:24–00:26"' in text
    assert 'name="proof_fact" value="打断"' in text


def test_of_a_sensitive_one_the_note_says_only_where(bring, li):
    recording = bring(privacy="sensitive")
    quote = actions.quote(recording, by=li, begin=1, end=2, words="秘密", into="note")
    assert quote.message is not None
    assert "秘密" not in quote.message.text and recording.evidence.name not in quote.message.text


@pytest.mark.parametrize(
    ("begin", "end"),
    [(5, 5), (6, 5), (-1, 5), (70, 80), (float("nan"), 5), (0, float("inf")), (1e9, 2e9)],
)
def test_a_span_that_is_none_is_refused(bring, li, begin, end):
    recording = bring(sounds.mono())
    with pytest.raises(Invalid):
        actions.quote(recording, by=li, begin=begin, end=end)


def test_who_may_not_quotes_nothing_and_nothing_is_quoted_from_the_archive(
    bring, li, sun, complaint
):
    recording = bring()
    with pytest.raises(NotPermitted):
        actions.quote(recording, by=_finance(), begin=1, end=2)
    type(complaint).objects.filter(pk=complaint.pk).update(status=Status.ARC)
    recording.complaint.refresh_from_db()
    with pytest.raises(Refused):
        actions.quote(recording, by=li, begin=1, end=2)
    with pytest.raises(Refused):
        actions.write(recording, by=li, lines=LINES, token="0")


def _finance():
    from huiyin.ground.people.words import Role
    from tests.conftest import person

    return person("cai", "财务", Role.FINANCE)


def test_lines_are_kept_in_order_while_they_are_typed(bring, signed_in, li):
    recording = bring()
    client = signed_in(li)

    def send(token, lines):
        body = json.dumps({"token": token, "lines": lines})
        return client.post(
            page_of(recording) + "transcript/", body, content_type="application/json"
        )

    first = send("0", LINES).json()
    second = send(first["token"], [*LINES, {"begin": 14, "end": 19, "text": "好", "speaker": "x"}])
    assert second.json()["version"] == first["version"] == 1
    kept = Transcript.objects.get()
    assert [one["begin"] for one in kept.lines] == [1, 8, 14]
    assert kept.lines[2]["speaker"] == "other"
    assert send(first["token"], LINES).status_code == 409  # from an older state
    assert Transcript.objects.get().lines == kept.lines


def test_another_person_makes_another_version_and_the_old_one_stays(bring, li, chen, signed_in):
    recording = bring()
    first = actions.write(recording, by=li, lines=LINES, token="0")
    second = actions.write(recording, by=chen, lines=LINES[:1], token=actions.token_of(first))
    assert (first.version, second.version) == (1, 2)
    text = signed_in(li).get(page_of(recording) + "versions/").content.decode()
    assert "第 1 版" in text and "第 2 版" in text
    assert "王芳" in signed_in(li).get(page_of(recording) + "versions/1/").content.decode()
    assert signed_in(li).post(page_of(recording) + "versions/1/restore/").status_code == 204
    last = actions.current(recording)
    assert last is not None and last.version == 3 and len(last.lines) == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_at_once_one_is_told(bring, li, chen):
    recording = bring(sounds.mono())
    results = at_once(
        lambda: actions.write(recording, by=li, lines=LINES, token="0"),
        lambda: actions.write(recording, by=chen, lines=LINES, token="0"),
    )
    assert sorted(type(one).__name__ for one in results) == ["Refused", "Transcript"]
    assert Transcript.objects.count() == 1


@pytest.mark.parametrize(
    "lines",
    [
        None,
        "x",
        [1],
        [{"begin": 5, "end": 1, "text": "x"}],
        [{"begin": "1", "end": 2, "text": "x"}],
        [{"begin": True, "end": 2, "text": "x"}],
        [{"begin": 0, "end": 1, "text": 5}],
        [{"begin": 0, "end": 1, "text": "字" * 2001}],
        [{"begin": 5000, "end": 5001, "text": "x"}],
        [{"begin": 0, "end": 1, "text": ""}] * 5001,
    ],
)
def test_lines_that_are_none_are_refused_with_their_number(bring, li, lines):
    with pytest.raises(Invalid):
        actions.write(bring(sounds.mono()), by=li, lines=lines, token="0")


def test_a_body_that_is_no_json_is_refused(bring, signed_in, li):
    recording = bring(sounds.mono())
    for body in (b"", b"{", b"[]", b"\xff", b'{"token":1}', b"[" * 100_000):
        answer = signed_in(li).post(
            page_of(recording) + "transcript/", body, content_type="application/json"
        )
        assert answer.status_code == 422, body[:10]


def test_who_takes_no_part_reads_no_numbers_and_names(bring, li):
    recording = bring()
    kept = actions.write(recording, by=li, lines=LINES, token="0")
    kept.recording = recording
    mine = actions.shown_lines(kept, li)[0]["text"]
    theirs = actions.shown_lines(kept, _finance())[0]["text"]
    assert "王芳" in mine and "13800138000" in mine
    assert "王芳" not in theirs and "13800138000" not in theirs and "138****8000" in theirs


def test_the_transcript_becomes_evidence_as_sensitive_as_its_recording(bring, li, complaint):
    recording = bring(privacy="sensitive")
    with pytest.raises(Refused):
        actions.export(recording, by=li)
    actions.write(recording, by=li, lines=LINES, token="0")
    made = actions.export(recording, by=li)
    from pathlib import Path

    from django.conf import settings

    text = Path(settings.EVIDENCE_DIR, made.path).read_text()
    assert "[00:01–00:07] 客户：我是王芳" in text
    assert recording.evidence.sha256 in text
    assert (made.privacy, made.internal) == ("sensitive", True)


def test_programs_write_and_quote(bring, api, li):
    recording = bring()
    base = f"/api/v1/recordings/{recording.evidence.uuid}"
    client = api(li)
    assert client.get(f"{base}/transcript").status_code == 404
    sent = json.dumps({"token": "0", "lines": LINES})
    kept = client.put(f"{base}/transcript", sent, content_type="application/json").json()
    assert kept["lines"][0]["text"].startswith("我是王芳")
    again = client.put(f"{base}/transcript", sent, content_type="application/json")
    assert again.status_code == 409
    made = client.post(
        f"{base}/quotes",
        json.dumps({"begin": 3, "end": 9, "words": "甲", "into": "finding"}),
        content_type="application/json",
    )
    assert (made.status_code, made.json()["place"]) == (201, "00:03–00:09")
    assert len(client.get(f"{base}/quotes").json()) == 1
    assert client.post(f"{base}/transcript/export").status_code == 201
    assert len(client.get(f"{base}/transcripts").json()) == 1
    assert client.post(f"{base}/transcripts/1/restore").json()["version"] == 2


def test_places_and_parts():
    assert writing.place_of(192, 245) == "03:12–04:05"
    assert writing.place_of(1.2, 1.4) == "00:01–00:02"
    assert writing.place_of(3600, 3723.2) == "1:00:00–1:02:04"
    assert writing.parts_of(1500, 1) == [(0, 600, None), (600, 1200, None), (1200, 1500, None)]
    assert writing.parts_of(20, 2) == [(0, 20, 0), (0, 20, 1)]
    assert writing.found([{"text": "要求退款"}, {"text": "好"}], "退款") == [0]
