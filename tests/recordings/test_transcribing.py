"""A recording goes to a real HTTP service that fails three times in ten: all comes back, once
each, and nothing is sent before somebody set that up."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

import pytest
import soundfile

from huiyin.ground import moment
from huiyin.ground.refusal import NotPermitted, Refused
from huiyin.ground.sealing import seal
from huiyin.journey.channels.recordings import actions
from huiyin.journey.channels.recordings.actions import copying
from huiyin.journey.channels.recordings.models import Job, Transcriber
from huiyin.journey.channels.recordings.rules.synthesis import Said, lane, wav
from tests.recordings import sounds

pytestmark = pytest.mark.django_db


class Service:
    """As OpenAI's: multipart in, verbose_json out. `answers` are given first, then good ones."""

    def __init__(self, *answers, fails=0):
        self.answers, self.fails = list(answers), fails
        self.asked = 0
        self.heard: list[dict] = []

    def answer(self, headers, body):
        self.asked += 1
        mail: Any = message_from_bytes(
            b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n" + body
        )
        parts: dict[str, Any] = {
            part.get_param("name", header="Content-Disposition"): part.get_payload(decode=True)
            for part in mail.get_payload()
        }
        if self.answers:
            return self.answers.pop(0)
        if self.fails and self.asked % 10 in range(1, self.fails + 1):
            return (503, b"busy") if self.asked % 2 else (200, b"{broken")
        with soundfile.SoundFile(BytesIO(parts["file"])) as file:
            seconds = file.frames / file.samplerate
            peak = float(abs(file.read()).max())
        fields = {name: data.decode() for name, data in parts.items() if name != "file"}
        self.heard.append(
            fields
            | {"seconds": seconds, "size": len(parts["file"]), "peak": peak}
            | {"key": headers.get("Authorization", "")}
        )
        segments = [
            {"start": 1.0, "end": 4.0, "text": f" 第{len(self.heard)}段 "},
            {"start": 5.0, "end": 6.5, "text": "好的"},
        ]
        return 200, json.dumps({"text": "x", "segments": segments}).encode()


@contextmanager
def running(service):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            assert self.path == "/v1/audio/transcriptions"
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, out = service.answer(self.headers, body)
            if status == 0:  # hangs up
                self.connection.close()
                return
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(out)))
            self.end_headers()
            self.wfile.write(out)

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def serve(settings):
    """A service that is set up, on a host of the house."""

    @contextmanager
    def up(*answers, fails=0, inner=True, **fields):
        service = Service(*answers, fails=fails)
        with running(service) as port:
            settings.WEBHOOK_INNER_HOSTS = (f"127.0.0.1:{port}",) if inner else ()
            Transcriber.objects.create(
                name="转写",
                base_url=f"http://127.0.0.1:{port}/v1",
                model="whisper-1",
                key=seal("sk-secret"),
                **fields,
            )
            yield service

    return up


def pass_time(hours=3):
    """The worker's rounds over some hours."""
    now = moment.now()
    for minutes in range(0, hours * 60, 5):
        with moment.at(now + timedelta(minutes=minutes)):
            actions.transcribe_due()
        if not Job.objects.filter(state="queued").exists():
            return


def test_nothing_is_sent_before_a_service_is_set_up(bring, li):
    recording = bring()
    with pytest.raises(Refused) as refused:
        actions.ask(recording, by=li)
    assert "还没有设置转写服务" in str(refused.value.sentence)
    assert Job.objects.count() == 0


def test_both_sides_are_sent_one_by_one_so_it_is_known_who_speaks(bring, li, serve):
    recording = bring()
    with serve() as service:
        job = actions.ask(recording, by=li)
        assert job.parts == 2
        pass_time()
    job.refresh_from_db()
    assert job.state == "done"
    assert [one["model"] for one in service.heard] == ["whisper-1"] * 2
    assert service.heard[0] | {"peak": 0, "seconds": 0, "size": 0} == {
        "model": "whisper-1",
        "response_format": "verbose_json",
        "language": "zh",
        "key": "Bearer sk-secret",
        "peak": 0,
        "seconds": 0,
        "size": 0,
    }
    transcript = actions.current(recording)
    assert transcript is not None and transcript.written_by == "machine"
    assert [(one["begin"], one["speaker"], one["text"]) for one in transcript.lines] == [
        (1.0, "customer", "第1段"),
        (1.0, "agent", "第2段"),
        (5.0, "customer", "好的"),
        (5.0, "agent", "好的"),
    ]


def test_a_long_one_goes_in_parts_and_comes_back_whole_though_three_in_ten_fail(bring, li, serve):
    said = [Said(at, 60, 150, 4, -20) for at in range(5, 3500, 300)]
    recording = bring(wav([lane(said, 3500, 8000)], 8000, law=True), name="长录音.wav")
    with serve(fails=3) as service:
        job = actions.ask(recording, by=li)
        assert job.parts == 6
        pass_time()
        job.refresh_from_db()
        assert (job.state, job.progress) == ("done", 100)
    assert service.asked > 6  # some failed
    assert len(service.heard) == 6  # and each part was written down once
    assert max(one["size"] for one in service.heard) <= 25 * 1024 * 1024
    assert sum(one["seconds"] for one in service.heard) == pytest.approx(3500, abs=1)
    written = actions.current(recording)
    assert written is not None
    lines = written.lines
    assert [one["begin"] for one in lines if one["text"] != "好的"] == [
        1,
        601,
        1201,
        1801,
        2401,
        3001,
    ]


def test_a_wrong_key_is_told_and_can_be_gone_on_with(bring, li, serve, signed_in):
    recording = bring()
    good = (200, json.dumps({"text": "甲", "segments": []}).encode())
    with serve(good, (401, b"{}")) as service:
        job = actions.ask(recording, by=li)
        pass_time()
        job.refresh_from_db()
        assert job.state == "failed" and "401" in job.error
        assert list(job.came) == ["0"]
        assert "401" in Transcriber.objects.get().error
        text = signed_in(li).get(f"/recordings/{recording.evidence.uuid}/").content.decode()
        assert "继续转写" in text
        actions.job_again(recording, by=li)
        pass_time()
        job.refresh_from_db()
        assert job.state == "done"
        assert service.asked == 3  # the first part was not sent again
    assert Transcriber.objects.get().error == ""


def test_what_never_answers_fails_after_some_hours(bring, li, serve):
    recording = bring(sounds.mono())
    with serve(*[(0, b"")] * 20) as service:
        job = actions.ask(recording, by=li)
        pass_time(hours=6)
        job.refresh_from_db()
    assert (job.state, service.asked) == ("failed", 6)


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"segments": 5}', b"\xff", b"[" * 50_000])
def test_an_answer_that_is_none_is_tried_again(bring, li, serve, body):
    recording = bring(sounds.mono())
    with serve((200, body)) as service:
        job = actions.ask(recording, by=li)
        pass_time()
        job.refresh_from_db()
    assert (job.state, service.asked) == ("done", 2)


def test_an_inner_address_is_not_called_unless_the_house_names_it(bring, li, serve):
    recording = bring(sounds.mono())
    with serve(inner=False) as service:
        job = actions.ask(recording, by=li)
        pass_time()
        job.refresh_from_db()
    assert (job.state, service.asked) == ("failed", 0)
    assert "https" in job.error or "内部地址" in job.error


def test_the_words_of_a_person_count_before_those_of_a_machine(bring, li, serve):
    recording = bring(sounds.mono())
    mine = actions.write(
        recording, by=li, lines=[{"begin": 1, "end": 2, "text": "我写的"}], token="0"
    )
    with serve():
        actions.ask(recording, by=li)
        pass_time()
    assert actions.current(recording) == mine
    assert recording.transcripts.count() == 2


def test_one_at_a_time_called_off_and_refused_to_who_may_not(bring, li, serve):
    from tests.recordings.test_writing import _finance

    recording = bring(sounds.mono())
    with serve() as service:
        with pytest.raises(NotPermitted):
            actions.ask(recording, by=_finance())
        actions.ask(recording, by=li)
        with pytest.raises(Refused):
            actions.ask(recording, by=li)
        actions.cancel(recording, by=li)
        with pytest.raises(Refused):
            actions.cancel(recording, by=li)
        pass_time()
        assert service.asked == 0
        assert recording.transcripts.count() == 0


def test_where_the_house_wants_it_each_recording_is_sent_by_itself(bring, serve):
    with serve(automatic=True) as service:
        recording = bring(sounds.mono())
        pass_time()
        actions.again(recording, by=recording.evidence.by)
        actions.analyse_due()
        pass_time()
    assert service.asked == 1
    assert actions.current(recording) is not None


def test_a_format_that_we_cannot_decode_goes_as_it_is(bring, li, serve, monkeypatch):
    monkeypatch.setattr(copying, "can_copy", lambda: False)
    amr = b"#!AMR\n" + b"\x04" * 500
    recording = bring(amr, name="手机录音.amr")
    assert (recording.state, recording.fault) == ("failed", "format")
    with serve((200, json.dumps({"text": "喂，你好"}).encode())) as service:
        actions.ask(recording, by=li)
        pass_time()
    assert service.asked == 1
    written = actions.current(recording)
    assert written is not None and written.lines[0]["text"] == "喂，你好"


def test_the_console_keeps_the_key_and_never_shows_it(signed_in, admin, monkeypatch):
    from huiyin.surface.console.forms import recordings as form
    from huiyin.surface.console.models import ConfigChange

    monkeypatch.setattr(form, "refusal_of", lambda url: "" if "good" in url else "不能调用内部地址")
    client = signed_in(admin)
    asked = {
        "name": "转写",
        "base_url": "https://good.example/v1/",
        "model": "whisper-1",
        "language": "zh",
        "new_key": "sk-very-secret",
    }
    assert client.post("/console/transcribers/new/", asked).status_code == 302
    row = Transcriber.objects.get()
    assert row.base_url == "https://good.example/v1"
    assert "very-secret" not in row.key
    text = client.get(f"/console/transcribers/{row.pk}/").content.decode()
    assert "very-secret" not in text and "留空保持不变" in text
    assert not any("very-secret" in str(one.changes) for one in ConfigChange.objects.all())
    bad = client.post("/console/transcribers/new/", asked | {"name": "乙", "base_url": "http://x"})
    assert "不能调用内部地址" in bad.content.decode()


def test_the_page_of_channels_tells_how_it_fares(signed_in, admin, bring):
    bring(b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x01" * 40)
    Transcriber.objects.create(
        name="内网转写", base_url="https://a.example/v1", model="m", error="转写服务拒绝了（401）"
    )
    text = signed_in(admin).get("/channels/").content.decode()
    assert "录音分析" in text and "不能分析" in text
    assert "内网转写" in text and "401" in text
