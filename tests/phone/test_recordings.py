"""Recordings: announced, fetched through the policy, checked, kept with the call, then evidence."""

from __future__ import annotations

import hashlib
import http.server
import io
import threading
import wave
from datetime import timedelta
from pathlib import Path

import pytest

from huiyin.ground import moment
from huiyin.journey.channels.phone import actions
from huiyin.journey.channels.phone.models import Recording
from huiyin.journey.complaint.events import run_later
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.models import Evidence
from tests.together import at_once

pytestmark = pytest.mark.django_db
UNFETCHED = "/calls/?whose=team&view=unfetched"


def sound(seconds=1):
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\x00\x01" * 8000 * seconds)
    return out.getvalue()


class Store(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        server.asked.append((self.path, self.headers.get("Authorization", "")))
        if server.fails > 0:
            server.fails -= 1
            self.send_response(503)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = server.body
        self.send_response(302 if self.path.startswith("/away") else 200)
        if self.path.startswith("/away"):
            self.send_header("Location", "http://169.254.169.254/latest/meta-data")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_given):
        pass


@pytest.fixture
def store(settings):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Store)
    server.body, server.fails, server.asked = sound(), 0, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    settings.WEBHOOK_INNER_HOSTS = (f"127.0.0.1:{server.server_address[1]}",)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    return make_complaint(team=after_sales, assignee=li, status="HND")


def announce(pbx, store, path="/c1.wav", **more):
    pbx.talk()
    pbx.tell("hangup", after=60, by="customer")
    told = {"recording_url": store.url + path, **more}
    return pbx.tell("recording_ready", after=70, **told)


def test_a_recording_becomes_evidence_of_the_complaint(pbx, store, complaint, li):
    call = announce(pbx, store, sha256=hashlib.sha256(store.body).hexdigest())
    actions.link(call, complaint, by=li)
    assert actions.fetch_due() == 1
    evidence = Evidence.objects.get()
    assert (evidence.complaint, evidence.kind, evidence.source) == (
        complaint,
        "recording",
        "staff",
    )
    assert evidence.sha256 == hashlib.sha256(store.body).hexdigest()
    assert complaint.events.filter(what=What.EVIDENCE_ADDED).count() == 1
    assert actions.fetch_due() == 0


def test_without_a_complaint_it_waits_with_the_call(pbx, store, complaint, li, settings):
    call = announce(pbx, store)
    actions.fetch_due()
    kept = Recording.objects.get()
    assert (kept.state, Evidence.objects.count()) == ("kept", 0)
    assert (Path(settings.EVIDENCE_DIR) / kept.path).read_bytes() == store.body
    actions.link(call, complaint, by=li)
    kept.refresh_from_db()
    assert kept.state == "attached"
    assert kept.evidence is not None
    assert Path(settings.EVIDENCE_DIR, kept.evidence.path).read_bytes() == store.body


def test_holds_go_with_the_recording(pbx, store, complaint, li):
    """In seconds of it: it begins when somebody answers."""
    pbx.talk()
    pbx.tell("hold", after=35)
    pbx.tell("resume", after=65)
    pbx.tell("hangup", after=120, by="customer")
    call = pbx.tell("recording_ready", after=130, recording_url=store.url + "/c1.wav")
    actions.link(call, complaint, by=li)
    actions.fetch_due()
    heard = complaint.events.get(what=What.EVIDENCE_ADDED)
    run_later(heard.pk)
    assert heard_of(heard).holds_told == [[30, 60]]
    run_later(heard.pk)  # told twice
    assert heard_of(heard).holds_told == [[30, 60]]


def heard_of(event):
    from huiyin.journey.channels.recordings.models import Recording as Heard

    return Heard.objects.get(evidence=event.facts["evidence"])


def test_of_a_call_that_was_handed_on_no_holds_are_told(pbx, store, complaint, li):
    """Each part is a recording of its own, and nobody tells where in the call it begins."""
    pbx.talk()
    pbx.tell("hold", after=35)
    pbx.tell("transfer", after=65, agent="8002")
    pbx.tell("hangup", after=120, by="customer")
    call = pbx.tell("recording_ready", after=130, recording_url=store.url + "/c1.wav")
    actions.link(call, complaint, by=call.agent)
    actions.fetch_due()
    heard = complaint.events.get(what=What.EVIDENCE_ADDED)
    run_later(heard.pk)
    assert heard_of(heard).holds_told == []


def test_announced_twice_it_is_one(pbx, store):
    announce(pbx, store)
    pbx.tell("recording_ready", after=71, recording_url=store.url + "/c1.wav")
    assert Recording.objects.count() == 1


def test_a_wrong_sum_is_tried_again_and_then_fails(pbx, store, manager, signed_in):
    announce(pbx, store, sha256="0" * 64)
    now = moment.now()
    for hours in range(8):
        with moment.at(now + timedelta(hours=6 * hours)):
            actions.fetch_due()
    recording = Recording.objects.get()
    assert (recording.state, len(store.asked)) == ("failed", 6)
    assert "SHA-256" in recording.error
    assert "138****8000" in signed_in(manager).get(UNFETCHED).content.decode()
    assert "录音未取回 <b>1</b>" in signed_in(manager).get("/channels/").content.decode()
    assert actions.fetch_again(recording)
    assert not actions.fetch_again(recording)


def test_a_server_that_fails_is_asked_again(pbx, store):
    store.fails = 2
    announce(pbx, store)
    now = moment.now()
    for minutes in (0, 2, 10):
        with moment.at(now + timedelta(minutes=minutes)):
            actions.fetch_due()
    assert Recording.objects.get().state == "kept"


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/x.wav",
        "https://[::1]/x.wav",
        "file:///etc/passwd",
        "gopher://127.0.0.1/x",
        "https://user:pw@example.com/x.wav",
    ],
)
def test_inner_addresses_are_not_asked(pbx, store, url):
    pbx.talk()
    pbx.tell("recording_ready", after=70, recording_url=url)
    actions.fetch_due()
    recording = Recording.objects.get()
    assert recording.state == "failed"
    assert recording.error
    assert store.asked == []


def test_no_redirect_is_followed(pbx, store):
    announce(pbx, store, "/away.wav")
    actions.fetch_due()
    assert "302" in Recording.objects.get().error


@pytest.mark.parametrize("body", [b"", b"<html><script>alert(1)</script>", b"MZ\x90\x00" * 40])
def test_what_is_no_sound_is_refused(pbx, store, body):
    store.body = body
    announce(pbx, store)
    actions.fetch_due()
    recording = Recording.objects.get()
    assert recording.state == "failed"
    assert not Evidence.objects.exists()


def test_too_large_is_not_read(pbx, store, monkeypatch):
    from huiyin.journey.conversation import rules

    monkeypatch.setattr(rules, "LARGEST_FILE", 1000)
    announce(pbx, store)
    actions.fetch_due()
    assert Recording.objects.get().state == "waiting"


def test_the_token_goes_to_its_host_alone(pbx, store):
    pbx.hook.keep_secrets(recording_token="geheim")
    pbx.hook.options = {"recording_host": "elsewhere.example"}
    pbx.hook.save()
    announce(pbx, store)
    actions.fetch_due()
    assert store.asked[-1][1] == ""
    pbx.hook.options = {"recording_host": "127.0.0.1"}
    pbx.hook.save()
    pbx.tell("recording_ready", after=80, recording_url=store.url + "/c2.wav")
    actions.fetch_due()
    assert store.asked[-1] == ("/c2.wav", "Bearer geheim")


def test_killed_before_it_was_kept(pbx, store, monkeypatch):
    from huiyin.journey.channels.phone.actions import fetching

    announce(pbx, store)
    real = fetching.store_bytes

    def dies(upload):
        real(upload)
        raise KeyboardInterrupt

    monkeypatch.setattr(fetching, "store_bytes", dies)
    with pytest.raises(KeyboardInterrupt):
        actions.fetch_due()
    monkeypatch.undo()
    with moment.at(moment.now() + timedelta(minutes=4)):
        assert actions.fetch_due() == 1
    assert Recording.objects.get().state == "kept"


@pytest.mark.django_db(transaction=True)
def test_linked_and_fetched_at_once_it_is_evidence_once(pbx, store, complaint, li):
    call = announce(pbx, store)
    at_once(lambda: actions.link(call, complaint, by=li) and None, actions.fetch_due)
    assert Recording.objects.get().state == "attached"
    assert Evidence.objects.count() == 1
