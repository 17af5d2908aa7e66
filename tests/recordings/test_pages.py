"""The page of a recording, its list, its copy: who may, what is shown, what is on record."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.journey.channels.recordings import actions
from huiyin.journey.channels.recordings.models import Recording
from huiyin.journey.complaint.words import Status
from huiyin.journey.conversation.models import Evidence
from tests.recordings import sounds

pytestmark = pytest.mark.django_db


def page_of(recording):
    return f"/recordings/{recording.evidence.uuid}/"


def test_the_page_tells_each_figure_and_its_places(bring, signed_in, li):
    recording = bring()
    text = signed_in(li).get(page_of(recording)).content.decode()
    for words in (
        "打断",
        "1 次",
        "说话占比",
        "客户 56%",
        "坐席 44%",
        "等待",
        "dBFS",
        "字/秒",
        "Hz",
    ):
        assert words in text, words
    data = signed_in(li).get(page_of(recording) + "data/").json()
    assert data["names"] == ["客户", "坐席"]
    assert len(data["peaks"]) == 2
    assert len(data["places"]["interruptions"]) == recording.figures["interruptions"] == 1
    assert len(data["places"]["pauses"]) == recording.figures["pauses"]
    assert len(data["places"]["holds"]) == recording.figures["holds"]
    assert "李明 li 20" in text  # the watermark


def test_who_may_not_gets_nothing(bring, signed_in, li, sun, manager, complaint, make_complaint):
    recording = bring(privacy="sensitive")
    other = make_complaint(team=complaint.team, status=Status.HND)
    for path in ("", "data/", "player/", "state/", "quotes/", "listeners/", "versions/"):
        assert signed_in(sun).get(page_of(recording) + path).status_code == 404, path
        assert signed_in(manager).get(page_of(recording) + path).status_code in (200, 204), path
    from huiyin.ground.people.words import Role
    from tests.conftest import person

    triager = person("fen", "分级", Role.TRIAGER)
    for path in ("", "data/", "player/", "listeners/"):
        assert signed_in(triager).get(page_of(recording) + path).status_code == 403, path
    for path in ("copy/", "again/", "swap/", "quote/", "transcript/", "export/", "transcription/"):
        assert signed_in(sun).post(page_of(recording) + path).status_code == 404, path
        assert signed_in(triager).post(page_of(recording) + path).status_code == 403, path
    assert other.recordings.count() == 0
    listing = signed_in(triager).get("/recordings/").content.decode()
    assert "敏感证据，您不能打开" in listing
    assert recording.evidence.name not in listing
    assert "通话录音" not in signed_in(triager).get(
        "/recordings/?q=通话录音"
    ).content.decode().replace('value="通话录音"', "")


def test_what_is_no_sound_has_no_page(complaint, li, signed_in):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from huiyin.journey.conversation.actions import add_evidence

    one = add_evidence(complaint, by=li, upload=SimpleUploadedFile("a.txt", b"x", "text/plain"))
    assert signed_in(li).get(f"/recordings/{one.uuid}/").status_code == 404
    assert Recording.objects.count() == 0


def test_who_opened_it_is_on_record_and_told_to_those_who_answer_for_it(
    bring, signed_in, li, chen, zhou
):
    recording = bring()
    signed_in(zhou).get(page_of(recording))
    signed_in(zhou).get(f"/evidence/{recording.evidence.uuid}/", headers={"Range": "bytes=0-99"})
    assert recording.evidence.custody.filter(by=zhou, act="opened").count() == 1
    text = signed_in(chen).get(page_of(recording) + "listeners/").content.decode()
    assert "周敏" in text
    assert signed_in(zhou).get(page_of(recording) + "listeners/").status_code == 403


def test_a_copy_names_whoever_takes_it(bring, signed_in, li, chen):
    import io

    import soundfile

    recording = bring()
    answer = signed_in(li).post(page_of(recording) + "copy/")
    assert "_li_" in answer["Content-Disposition"]
    assert answer["Content-Type"] == "audio/wav"
    assert "李明 (li)".encode() in answer.content[-300:]
    with soundfile.SoundFile(io.BytesIO(answer.content)) as file:
        assert file.frames == 70 * 8000  # still the same sound
    copy = recording.evidence.custody.filter(by=li).latest("pk")
    assert copy.act == "copied" and copy.facts["copy"].endswith(".wav")
    assert copy.words.startswith("工作人员 · 李明 · ")
    signed_in(li).post(page_of(recording) + "copy/")
    assert recording.evidence.custody.filter(by=li, act="copied").count() == 2
    listened = signed_in(chen).get(page_of(recording) + "listeners/").content.decode()
    assert "复制" in listened and copy.facts["copy"] in listened


def test_left_and_right_are_swapped_by_a_person(bring, signed_in, li):
    recording = bring()
    assert signed_in(li).post(page_of(recording) + "swap/").status_code == 204
    data = signed_in(li).get(page_of(recording) + "data/").json()
    assert (data["names"], data["agent"]) == (["坐席", "客户"], 0)
    mono = bring(sounds.mono(), name="单声道.wav")
    assert signed_in(li).post(page_of(mono) + "swap/").status_code == 409


def test_waiting_is_told_and_ends_with_the_page_drawn_anew(bring, signed_in, li):
    recording = bring(heard=False)
    client = signed_in(li)
    assert "等待分析" in client.get(page_of(recording)).content.decode()
    assert "等待分析" in client.get(page_of(recording) + "state/").content.decode()
    actions.analyse_due()
    assert client.get(page_of(recording) + "state/")["HX-Refresh"] == "true"


def test_the_list_is_searched_narrowed_and_goes_on_by_key(bring, signed_in, li, complaint):
    first = bring(sounds.mono(), name="仓库来电.wav")
    bring(name="投诉热线.wav")
    client = signed_in(li)

    def listed(query):
        return client.get(f"/recordings/?{query}").content.decode()

    assert "仓库来电" in listed("") and "投诉热线" in listed("")
    assert "投诉热线" not in listed("q=仓库")
    assert "仓库来电" not in listed("mark=interrupted")
    assert "投诉热线" in listed("mark=held&state=analysed&length=middle")
    assert "仓库来电" in listed("length=short")
    assert "没有符合条件的录音" in listed("length=long")
    assert complaint.number in listed(f"q={complaint.number}")
    for odd in ("before=x&state=y&mark=z&length=q", "q='--", "before=99999999999999999999"):
        assert client.get(f"/recordings/?{odd}").status_code == 200
    actions.write(first, by=li, lines=[{"begin": 0, "end": 1, "text": "喂"}], token="0")
    assert "仓库来电" in listed("mark=written") and "投诉热线" not in listed("mark=written")
    evidence = first.evidence
    Recording.objects.bulk_create(
        Recording(
            evidence=Evidence.objects.create(
                complaint=complaint,
                name=f"{n}.wav",
                media_type="audio/wav",
                size=1,
                sha256="",
                path="x",
                source="staff",
                by=li,
                at=evidence.at,
            ),
            complaint=complaint,
            next_try_at=evidence.at,
            at=evidence.at,
        )
        for n in range(60)
    )
    whole = listed("")
    assert whole.count("recrow card") == 50
    before = whole.partition("before=")[2].partition('"')[0]
    rest = client.get(f"/recordings/?before={before}", headers={"HX-Request": "true"})
    assert rest.content.decode().count("recrow card") == 12
    with CaptureQueriesContext(
        connection,
    ) as asked:
        listed("")
    assert len(asked) <= 14


def test_the_page_asks_the_database_little(bring, signed_in, li):
    recording = bring()
    for n in range(20):
        actions.quote(recording, by=li, begin=n, end=n + 1)
    client = signed_in(li)
    client.get(page_of(recording))
    with CaptureQueriesContext(connection) as asked:
        client.get(page_of(recording))
    assert len(asked) <= 24


def test_the_complaint_page_leads_there(bring, signed_in, li, complaint):
    recording = bring()
    client = signed_in(li)
    text = client.get(f"/complaints/{complaint.number}/").content.decode()
    assert page_of(recording) in text
    assert "打断 1 次" in text
    panel = client.get(page_of(recording) + "player/").content.decode()
    assert "data-player" in panel and "<html" not in panel


def test_programs_read_the_same(bring, api, li, sun, chen):
    recording = bring()
    uuid = recording.evidence.uuid
    listed = api(li).get("/api/v1/recordings?mark=interrupted").json()
    assert [one["uuid"] for one in listed["items"]] == [str(uuid)]
    one = api(li).get(f"/api/v1/recordings/{uuid}").json()
    assert one["figures"]["interruptions"] == 1
    assert one["places"]["interruptions"][0][2] == 0
    assert api(sun).get(f"/api/v1/recordings/{uuid}").status_code == 404
    assert api(li).post(f"/api/v1/recordings/{uuid}/swap").json()["swapped"] is True
    put = api(li).put(
        f"/api/v1/recordings/{uuid}/holds",
        json.dumps({"spans": [[1, 2]]}),
        content_type="application/json",
    )
    assert put.json()["holds_told"] == [[1, 2]]
    heard = api(chen).get(f"/api/v1/recordings/{uuid}/listeners").json()
    assert {row["by"] for row in heard} == {"li"}
    assert api(li).post(f"/api/v1/recordings/{uuid}/analysis").json()["state"] == "queued"
