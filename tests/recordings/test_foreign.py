"""What no browser plays and libsndfile does not read: copied in the child, or told truly."""

from __future__ import annotations

import hashlib
import io
import os
import struct
from pathlib import Path

import pytest
import soundfile
from django.conf import settings as django_settings

from huiyin.journey.channels.recordings import actions
from huiyin.journey.channels.recordings.actions import analysing, copying
from huiyin.journey.channels.recordings.health import rows
from huiyin.journey.channels.recordings.listening import Limits, Unheard, copy, kind_of, part
from huiyin.journey.channels.recordings.models import Copy
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.rules import judge_file
from tests.recordings import foreign, sounds
from tests.recordings.foreign import installed
from tests.together import at_once

HEAD = b"#!AMR\n"
EMPTY_M4A = b"\0\0\0\x18ftypM4A \0\0\0\0" + b"\0" * 400
ONLY = "这种格式不能在这里播放和分析，请下载后用播放器打开；安装 [audio] 后可以"


@pytest.fixture
def without(monkeypatch):
    """The extra is not there."""
    from huiyin.journey.channels.recordings import health, shown

    def leave(there: bool = False) -> None:
        for module in (copying, analysing, shown, health):
            monkeypatch.setattr(module, "can_copy", lambda: there)

    leave()
    return leave


@pytest.fixture
def copied(tmp_path):
    def make(data: bytes, **more):
        path, out = tmp_path / "a.bin", io.BytesIO()
        path.write_bytes(data)
        return copy(path, out, **more), out.getvalue()

    return make


def page_of(recording, path=""):
    return f"/recordings/{recording.evidence.uuid}/{path}"


def file_of(made):
    return Path(django_settings.EVIDENCE_DIR, made.path)


# --- the child ------------------------------------------------------------------------------------


@installed
@pytest.mark.parametrize(
    ("container", "codec", "told_as", "rate"),
    [
        ("amr", "libopencore_amrnb", "AMR/AMRNB", 8000),
        ("3gp", "libopencore_amrnb", "MP4/AMRNB", 8000),
        ("ipod", "aac", "MP4/AAC", 44100),
        ("adts", "aac", "AAC/AAC", 44100),
        ("matroska", "libopus", "MKV/OPUS", 48000),
    ],
)
def test_the_copy_is_the_same_sound(copied, container, codec, told_as, rate):
    data = foreign.encoded(container, codec)
    told, made = copied(data)
    assert (told.format, told.rate, told.channels) == (told_as, rate, 1)
    assert told.sha256 == hashlib.sha256(data).hexdigest()
    assert told.doubts == []
    assert told.seconds == pytest.approx(foreign.SECONDS, abs=0.15)
    assert len(made) < foreign.SECONDS * 6000
    with soundfile.SoundFile(io.BytesIO(made)) as file:
        assert file.frames / file.samplerate == pytest.approx(told.seconds, abs=0.05)
        sound = file.read()
    quiet = sound[: int(0.8 * len(sound) / foreign.SECONDS)]
    loud = sound[int(2 * len(sound) / foreign.SECONDS) : int(5 * len(sound) / foreign.SECONDS)]
    assert abs(loud).max() > 10 * abs(quiet).max()  # offsets are those of the original


@installed
def test_two_sides_stay_two(copied):
    told, made = copied(foreign.memo(sides=2))
    assert told.channels == 2
    with soundfile.SoundFile(io.BytesIO(made)) as file:
        assert file.channels == 2


def text(words: str) -> bytes:
    return words.encode().ljust(400, b"\n")


@installed
@pytest.mark.parametrize(
    "data",
    [
        b"",
        HEAD,
        os.urandom(5000),
        EMPTY_M4A,
        b"\x1a\x45\xdf\xa3" + os.urandom(3000),
        b"\x30\x26\xb2\x75\x8e\x66\xcf\x11" + os.urandom(3000),
        b"caff\0\1\0\0" + os.urandom(3000),
        b"ID3\x04" + os.urandom(3000),
        text("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST"),
        text("ffconcat version 1.0\nfile /etc/passwd"),
        text("concat:/etc/passwd|/etc/hosts"),
        text("<?xml version='1.0'?><MPD><BaseURL>http://127.0.0.1/</BaseURL></MPD>"),
        b"RIFF\x24\0\0\0WAVEfmt " + b"\xff" * 60,
    ],
    ids=[
        *("nothing", "amr of no frame", "random", "m4a of nothing", "mkv", "asf", "caf", "mp3"),
        *("hls", "list of parts", "concat", "dash", "wav of ones"),
    ],
)
def test_what_is_no_sound_ends_in_a_word(copied, data):
    with pytest.raises(Unheard) as refused:
        copied(data)
    assert refused.value.why in ("unreadable", "empty", "rate")


@installed
def test_the_child_asks_for_nothing_but_the_bytes_it_has(copied, tmp_path):
    """A film script with a reference to another file: the reader opens none."""
    other = tmp_path / "other.m4a"
    other.write_bytes(foreign.memo())
    data = foreign.memo()
    alias = b"alis\0\0\0\0" + str(other).encode()
    swapped = data.replace(b"url \0\0\0\1", alias[:8], 1)
    told, _made = copied(swapped)
    assert told.seconds == pytest.approx(foreign.SECONDS, abs=0.15)


def test_only_what_is_known_by_its_first_bytes_is_decoded():
    assert kind_of(b"#!AMR\n") == kind_of(b"#!AMR-WB\n") == "amr"
    assert kind_of(b"\0\0\0\x20ftypM4A ") == "mov"
    for head in (
        b"#EXTM3U\n",
        b"ffconcat version 1.0",
        b"concat:a|b",
        b"<?xml",
        b"",
        b"RIFF1234AVI ",
    ):
        assert kind_of(head) == ""


@installed
def test_what_was_cut_off_is_copied_as_far_as_it_goes(copied):
    whole = foreign.voice()
    told, _made = copied(whole[: len(whole) // 2 + 7])
    assert 9 < told.seconds < 11
    matroska = foreign.encoded("matroska", "libopus")
    told, _made = copied(matroska[: len(matroska) // 2])
    assert 3 < told.seconds < 18
    assert "cut" in told.doubts
    memo = foreign.memo()
    with pytest.raises(Unheard):
        copied(memo[: len(memo) // 2])  # the table of an m4a stands at its end


@installed
def test_a_length_that_is_claimed_is_not_believed(copied):
    data = bytearray(foreign.memo())
    for name, at in ((b"mvhd", 16), (b"mdhd", 16), (b"tkhd", 20)):
        place = data.index(name) + 4 + at
        data[place : place + 4] = struct.pack(">I", 0x7FFFFFFF)
    told, made = copied(bytes(data))
    assert told.seconds == pytest.approx(foreign.SECONDS, abs=0.3)
    assert len(made) < 500_000


@installed
def test_of_a_film_only_the_sound_is_taken(copied):
    told, made = copied(foreign.encoded("mp4", "aac", film=True))
    assert "picture" in told.doubts
    assert made.startswith(b"OggS")
    with soundfile.SoundFile(io.BytesIO(made)) as file:
        assert file.frames / file.samplerate == pytest.approx(foreign.SECONDS, abs=0.2)


@installed
def test_what_is_too_long_too_large_or_takes_too_much_ends_in_a_word(copied):
    data = foreign.voice()
    for limits, why in (
        (Limits(seconds=10), {"long"}),
        (Limits(copy=20_000), {"large"}),
        (Limits(wall=0), {"timeout"}),
        (Limits(memory=100 * 1024 * 1024), {"memory", "fault"}),
    ):
        with pytest.raises(Unheard) as refused:
            copied(data, limits=limits)
        assert refused.value.why in why


def test_a_child_that_says_something_else_is_not_understood(copied, monkeypatch):
    from huiyin.journey.channels.recordings.listening import child

    monkeypatch.setattr(child, "MODULE", "this")  # prints sentences
    with pytest.raises(Unheard, match="fault"):
        copied(b"x")


def test_endings_are_taken_when_the_bytes_say_the_same():
    wma = b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c" + b"\0" * 100
    for name, head, kind in (
        ("a.amr", HEAD + b"\x3c" * 40, "audio/amr"),
        ("a.awb", b"#!AMR-WB\n" + b"\x3c" * 40, "audio/amr"),
        ("a.3gp", b"\0\0\0\x1cftyp3gp5\0\0\0\0" + b"\0" * 60, "audio/3gpp"),
        ("a.wma", wma, "audio/x-ms-wma"),
        ("a.aac", b"\xff\xf1P@&\xff" + b"\0" * 50, "audio/aac"),
        ("a.caf", b"caff\0\1\0\0desc" + b"\0" * 60, "audio/x-caf"),
    ):
        assert judge_file(name, 200, head).media_type == kind, name
        assert judge_file(name, 200, b"%PDF-1.7" + b"\0" * 90).refusal == "content", name


# --- what becomes of it ---------------------------------------------------------------------------


@installed
@pytest.mark.django_db
def test_a_voice_message_is_played_measured_and_told(bring, complaint, signed_in, li):
    data = foreign.voice()
    recording = bring(data, name="语音.amr")
    assert (recording.state, recording.fault, recording.doubts) == ("analysed", "", [])
    assert (recording.format, recording.rate, recording.channels) == ("AMR/AMRNB", 8000, 1)
    assert recording.figures["speech"] == [pytest.approx(11, abs=0.5)]
    assert recording.sha256 == recording.evidence.sha256 == hashlib.sha256(data).hexdigest()
    original = Path(django_settings.EVIDENCE_DIR, recording.evidence.path)
    assert original.read_bytes() == data  # untouched
    made = Copy.objects.get()
    assert made.derived_from == recording.evidence.sha256
    assert hashlib.sha256(file_of(made).read_bytes()).hexdigest() == made.sha256
    assert made.size == file_of(made).stat().st_size
    assert complaint.events.get(what=What.RECORDED).facts["words"].startswith("00:20")
    client = signed_in(li)
    for path in ("", "player/"):
        text = client.get(page_of(recording, path)).content.decode()
        assert f'src="{page_of(recording, "sound/")}"' in text
        assert "副本" in text and "data-play disabled" not in text
        assert "不能" not in text.split("data-sound")[0].split("<audio")[-1]
    whole = client.get(page_of(recording)).content.decode()
    assert made.sha256 in whole and recording.evidence.sha256 in whole and "AMR/AMRNB" in whole
    seen = client.get(page_of(recording, "data/")).json()
    assert seen["peaks"] and seen["seconds"] == pytest.approx(20, abs=0.1)


@installed
@pytest.mark.django_db
def test_the_copy_is_given_in_parts_to_whoever_may_listen_and_on_record(bring, signed_in, li, sun):
    recording = bring(foreign.voice(), name="语音.amr", privacy="sensitive")
    made = Copy.objects.get()
    before = recording.evidence.custody.filter(by=li).count()
    answer = signed_in(li).get(page_of(recording, "sound/"), headers={"Range": "bytes=0-99"})
    assert answer.status_code == 206
    assert b"".join(answer.streaming_content) == file_of(made).read_bytes()[:100]
    assert answer["Content-Type"] == "audio/ogg"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["ETag"] == f'"{made.sha256}"'
    assert recording.evidence.custody.filter(by=li).count() == before + 1
    assert signed_in(sun).get(page_of(recording, "sound/")).status_code == 404
    kept = signed_in(li).post(page_of(recording, "copy/"))
    assert kept.content == foreign.voice()  # downloaded is the original
    ordinary = bring()
    assert signed_in(li).get(page_of(ordinary, "sound/")).status_code == 404


@installed
@pytest.mark.django_db
def test_what_is_sent_to_be_written_down_is_the_same_sound(bring, li, monkeypatch):
    recording = bring(foreign.memo(sides=2), name="手机录音.m4a")
    assert recording.is_two_sided
    made = Copy.objects.get()
    assert copying.sound_of(recording) == file_of(made)
    with soundfile.SoundFile(io.BytesIO(part(file_of(made), 9, 15, lane=0))) as file:
        assert file.frames / file.samplerate == pytest.approx(6, abs=0.01)
        assert abs(file.read()).max() > 0.05
    quote = actions.quote(recording, by=li, begin=9, end=15)
    assert quote.place == "00:09–00:15"


@installed
@pytest.mark.django_db
def test_programs_are_told_of_the_copy(bring, api, li):
    recording = bring(foreign.voice(), name="语音.amr")
    told = api(li).get(f"/api/v1/recordings/{recording.evidence.uuid}").json()
    assert told["played_copy"]["derived_from"] == told["sha256"] == recording.evidence.sha256
    assert told["played_copy"]["format"] == "AMR/AMRNB"
    other = api(li).get(f"/api/v1/recordings/{bring().evidence.uuid}").json()
    assert other["played_copy"] is None


@installed
@pytest.mark.django_db
def test_asked_again_it_keeps_its_copy_unless_that_was_changed(
    bring, li, django_capture_on_commit_callbacks
):
    recording = bring(foreign.voice(), name="语音.amr")
    first = Copy.objects.get()
    actions.again(recording, by=li)
    analysing.analyse_due()
    assert Copy.objects.get().sha256 == first.sha256
    assert Copy.objects.get().path == first.path
    file_of(first).write_bytes(b"OggS changed")
    actions.again(recording, by=li)
    with django_capture_on_commit_callbacks(execute=True):
        analysing.analyse_due()
    second = Copy.objects.get()
    assert second.path != first.path and file_of(second).is_file()
    assert not file_of(first).exists()
    recording.refresh_from_db()
    assert recording.state == "analysed"
    original = Path(django_settings.EVIDENCE_DIR, recording.evidence.path)
    data = original.read_bytes()
    original.write_bytes(data[:-32])
    actions.again(recording, by=li)
    analysing.analyse_due()
    recording.refresh_from_db()
    assert "changed" in recording.doubts
    original.write_bytes(data)


@installed
@pytest.mark.django_db
def test_what_is_named_wrongly_is_heard_by_what_it_is(bring):
    film = bring(foreign.encoded("mp4", "aac", film=True), name="其实是视频.m4a")
    assert (film.state, "picture" in film.doubts) == ("analysed", True)
    voice = bring(foreign.encoded("3gp", "libopencore_amrnb"), name="其实是3gp.m4a")
    assert (voice.state, voice.format) == ("analysed", "MP4/AMRNB")


@installed
@pytest.mark.django_db
def test_a_broken_one_fails_leaves_nothing_and_is_not_tried_for_ever(bring, signed_in, li):
    files = {one for one in Path(django_settings.EVIDENCE_DIR).rglob("*") if one.is_file()}
    recording = bring(EMPTY_M4A, name="坏的.m4a")
    assert (recording.state, recording.fault) == ("failed", "unreadable")
    left = {one for one in Path(django_settings.EVIDENCE_DIR).rglob("*") if one.is_file()} - files
    assert left == {Path(django_settings.EVIDENCE_DIR, recording.evidence.path)}
    assert analysing.take_up() == 0
    assert "读不出声音" in signed_in(li).get(page_of(recording)).content.decode()


# --- without the extra ----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "data", "sentence", "plays"),
    [
        ("语音.amr", HEAD + b"\x04" * 500, ONLY, False),
        (
            "通话.m4a",
            EMPTY_M4A,
            "这种格式多数浏览器能播放，不能在这里分析；安装 [audio] 后可以",
            True,
        ),
    ],
)
def test_without_the_extra_one_true_sentence(
    without, bring, signed_in, li, api, name, data, sentence, plays
):
    recording = bring(data, name=name)
    assert (recording.state, recording.fault) == ("failed", "format")
    for path in ("", "player/"):
        text = signed_in(li).get(page_of(recording, path)).content.decode()
        assert text.count(sentence) == 1
        assert ("data-play disabled" in text) is not plays
        assert (f"/evidence/{recording.evidence.uuid}" in text.split("<audio")[1][:200]) is plays
    assert recording.evidence.sha256 in signed_in(li).get(page_of(recording)).content.decode()
    told = api(li).get(f"/api/v1/recordings/{recording.evidence.uuid}").json()
    assert told["fault"] == sentence
    kept = signed_in(li).post(page_of(recording, "copy/"))
    assert kept.content == data


@pytest.mark.django_db
def test_without_the_extra_all_else_works_and_the_channel_says_so(without, bring, manager):
    assert bring().state == "analysed"
    assert bring(b"ID3\x04\0\0\0\0\0\0" + b"\xff" * 300, name="坏.mp3").fault == "unreadable"
    first = next(one for one in rows(manager) if one.key == "recordings")
    assert "没有安装 [audio]" in first.words
    without(there=True)
    first = next(one for one in rows(manager) if one.key == "recordings")
    assert "没有安装" not in first.words


@installed
@pytest.mark.django_db
def test_what_came_before_the_extra_is_taken_up_when_it_is_there(without, bring, signed_in, li):
    recording = bring(foreign.voice(), name="语音.amr")
    assert recording.fault == "format"
    without(there=True)
    text = signed_in(li).get(page_of(recording)).content.decode()
    assert "现在可以播放和分析了" in text and "重新分析" in text
    assert analysing.analyse_due() == 1
    recording.refresh_from_db()
    assert recording.state == "analysed" and Copy.objects.get().recording == recording
    assert analysing.analyse_due() == 0


@installed
@pytest.mark.django_db
def test_a_person_asks_for_it_himself_too(without, bring, signed_in, li, api):
    recording = bring(foreign.voice(), name="语音.amr")
    without(there=True)
    uuid = recording.evidence.uuid
    answer = api(li).post(f"/api/v1/recordings/{uuid}/analysis")
    assert answer.json()["state"] == "queued"
    assert signed_in(li).post(page_of(recording, "again/")).status_code == 409
    analysing.analyse_due()
    assert api(li).get(f"/api/v1/recordings/{uuid}").json()["state"] == "analysed"


@installed
@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_copy_each(bring):
    for number in range(2):
        bring(foreign.voice(), name=f"{number}.amr", heard=False)
    counts = at_once(analysing.analyse_due, analysing.analyse_due)
    assert sum(int(str(one)) for one in counts) == 2
    assert Copy.objects.count() == 2
    assert len({one.path for one in Copy.objects.all()}) == 2


def test_a_sound_that_libsndfile_reads_needs_no_copy(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(sounds.mono())
    from huiyin.journey.channels.recordings.listening import hear

    assert hear(path).format.startswith("WAV")
