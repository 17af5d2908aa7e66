"""What is measured is measured against sounds of which everything is known; what is no sound ends
in a word, whatever the bytes are."""

from __future__ import annotations

import io
import struct
import zipfile

import numpy as np
import pytest
import soundfile

from huiyin.journey.channels.recordings.listening import Limits, Unheard, hear, part
from huiyin.journey.channels.recordings.rules import frames
from huiyin.journey.channels.recordings.rules.figures import Standard, loudness
from huiyin.journey.channels.recordings.rules.synthesis import Said, lane, voice, wav
from tests.recordings import sounds


@pytest.fixture
def heard(tmp_path):
    def listen(data: bytes, name: str = "a.wav", **more):
        path = tmp_path / name
        path.write_bytes(data)
        return hear(path, **more)

    return listen


@pytest.mark.parametrize(
    ("rate", "law", "noise"),
    [
        (8000, False, -70),
        (8000, True, -70),
        (8000, False, -45),
        (16000, False, -60),
        (44100, False, -60),
        (11025, False, -70),
    ],
)
def test_a_call_of_which_everything_is_known(heard, rate, law, noise):
    found = heard(sounds.call(rate, law=law, noise=noise))
    figures, places = found.told["figures"], found.told["places"]
    assert (found.channels, found.rate) == (2, rate)
    assert found.seconds == pytest.approx(70, abs=0.01)
    assert found.doubts == []
    assert figures["speech"] == pytest.approx(sounds.TRUTH["speech"], abs=0.4)
    assert sum(figures["share"]) == pytest.approx(1)
    assert figures["share"][0] == pytest.approx(19 / 34, abs=0.01)
    assert figures["pauses"] == 2
    assert figures["pause_longest"] == pytest.approx(3, abs=0.2)
    assert figures["interruptions"] == 1
    ((begin, end, by),) = places["interruptions"]
    assert (begin, end, by) == (
        pytest.approx(24, abs=0.15),
        pytest.approx(26, abs=0.15),
        0,
    )
    ((begin, end, kind),) = places["holds"]
    assert (begin, end, kind) == (
        pytest.approx(38, abs=0.3),
        pytest.approx(56, abs=0.3),
        "music",
    )
    assert figures["pitch"] == pytest.approx(sounds.TRUTH["pitch"], rel=0.01)
    assert figures["pace"] == pytest.approx([5.0, 3.83], rel=0.12)
    assert [one[2] for one in places["louder"]] == [0]
    assert len(found.told["peaks"]) == 2
    assert max(map(len, found.told["peaks"])) <= 4000


@pytest.mark.parametrize("f0", [70, 95, 140, 220, 330, 450])
def test_pitch_is_right_within_one_in_a_hundred(f0):
    sound = voice(Said(0, 4, f0, 4, -20), 8000)
    found = frames.pitch(sound)
    voiced = found[found > 0]
    assert len(voiced) > 80
    assert float(np.median(voiced)) == pytest.approx(f0, rel=0.01)
    assert (np.abs(voiced / f0 - 1) < 0.1).mean() > 0.95  # hardly an octave is mistaken


def test_noise_and_silence_have_no_pitch():
    noise = np.random.default_rng(1).normal(0, 0.1, 16000)
    assert (frames.pitch(noise) > 0).mean() < 0.05
    assert not frames.pitch(np.zeros(16000)).any()


@pytest.mark.parametrize("level", [-6, -20, -40])
@pytest.mark.parametrize("rate", [8000, 16000, 44100])
def test_loudness_of_a_sine_is_known(level, rate):
    amplitude = 10 ** (level / 20)
    sine = amplitude * np.sin(2 * np.pi * 440 * np.arange(rate * 10) / rate)
    levels = frames.levels(frames.resampled(sine, rate))
    assert loudness(levels) == pytest.approx(level - 3.01, abs=0.1)


def test_silence_counts_neither_in_loudness_nor_as_a_sound():
    assert loudness(frames.levels(np.zeros(80000))) is None


def test_short_words_while_the_other_speaks_are_no_interruption(heard):
    customer = lane([Said(5, 0.5, 220, 4, -20)], 20, 8000)
    agent = lane([Said(1, 12, 120, 4, -20)], 20, 8000, seed=3)
    figures = heard(wav([customer, agent], 8000)).told["figures"]
    assert figures["interruptions"] == 0
    assert figures["overlaps"] == 1


def test_what_leaks_over_from_the_other_side_is_not_his_speech(heard):
    agent = lane([Said(1, 12, 120, 4, -14)], 20, 8000, seed=3)
    figures = heard(wav([agent * 0.05, agent], 8000)).told["figures"]
    assert figures["speech"][0] < 0.3
    assert figures["speech"][1] == pytest.approx(12, abs=0.3)


def test_of_one_channel_only_speech_and_silence_are_told(heard):
    found = heard(sounds.mono())
    figures = found.told["figures"]
    assert figures["lanes"] == 1
    assert figures["speech"] == [pytest.approx(11, abs=0.3)]
    assert figures["interruptions"] == 0
    assert (figures["pauses"], figures["pause_longest"]) == (1, pytest.approx(3, abs=0.1))


def test_two_channels_that_are_the_same_are_one(heard):
    sound = lane([Said(1, 5, 150, 4, -20)], 10, 8000)
    found = heard(wav([sound, sound], 8000))
    assert (found.told["figures"]["lanes"], found.doubts) == (1, ["same"])


def test_a_long_silence_is_a_hold_by_the_standard_of_the_house(heard):
    said = [Said(1, 4, 150, 4, -20), Said(25, 4, 150, 4, -20)]
    data = wav([lane(said, 30, 8000)], 8000)
    assert heard(data).told["places"]["holds"][0][2] == "silence"
    other = heard(data, standard=Standard(hold=30)).told
    assert other["places"]["holds"] == []
    assert other["figures"]["pause_longest"] == pytest.approx(20, abs=0.2)


@pytest.mark.parametrize(
    ("kind", "name", "subtype"),
    [
        ("FLAC", "a.flac", "PCM_16"),
        ("OGG", "a.ogg", "OPUS"),
        ("OGG", "b.ogg", "VORBIS"),
        ("MP3", "a.mp3", None),
    ],
)
def test_formats_that_people_upload(heard, kind, name, subtype):
    out = io.BytesIO()
    sound = lane([Said(1, 5, 150, 4, -20)], 10, 16000)
    soundfile.write(out, sound, 16000, format=kind, subtype=subtype)
    found = heard(out.getvalue(), name)
    assert found.seconds == pytest.approx(10, abs=0.2)
    assert found.told["figures"]["speech"][0] == pytest.approx(5, abs=0.4)
    assert found.told["figures"]["pitch"][0] == pytest.approx(150, rel=0.02)


# --- hostile files --------------------------------------------------------------------------------


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("a.txt", "hello" * 1000)
    return out.getvalue()


def header(rate=8000, channels=1, bits=16, kind=1, size=16, data=b"\0" * 16) -> bytes:
    wide = channels * bits // 8
    fmt = struct.pack(
        "<HHIIHH", kind, channels, rate, rate * wide & 0xFFFFFFFF, wide & 0xFFFF, bits
    )
    return (
        b"RIFF"
        + struct.pack("<I", 36 + size & 0xFFFFFFFF)
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + fmt
        + b"data"
        + struct.pack("<I", size)
        + data
    )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "unreadable"),
        (b"RIFF", "unreadable"),
        (zipped(), "unreadable"),
        (b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00" + b"\0" * 500, "unreadable"),
        (b"#!AMR\n" + b"\x04" * 500, "unreadable"),
        (b"ID3\x04\0\0\0\0\0\0" + b"\xff" * 300, "unreadable"),
        (header(size=0, data=b""), "empty"),
        (header(rate=1), "rate"),
        (header(channels=60000), "unreadable"),
    ],
    ids=[
        "nothing",
        "four bytes",
        "zip",
        "m4a",
        "amr",
        "mp3 of ones",
        "no samples",
        "1 Hz",
        "60000",
    ],
)
def test_what_is_no_sound_ends_in_a_word(heard, data, why):
    with pytest.raises(Unheard) as refused:
        heard(data)
    assert refused.value.why in (why, "unreadable", "empty", "rate")


def test_a_header_that_claims_a_thousand_million_samples_is_not_believed(heard):
    found = heard(header(size=2_000_000_000, data=sounds.mono()[44:]))
    assert found.seconds == pytest.approx(20, abs=0.1)
    assert found.peak < 400 * 1024 * 1024


def test_what_was_cut_off_is_heard_as_far_as_it_goes(heard):
    out = io.BytesIO()
    soundfile.write(out, lane([Said(1, 5, 150, 4, -20)], 20, 16000), 16000, format="FLAC")
    found = heard(out.getvalue()[: len(out.getvalue()) // 2], "a.flac")
    assert 5 < found.seconds < 15
    assert "cut" in found.doubts


def test_samples_that_are_no_numbers_are_silence(heard):
    sound = lane([Said(1, 5, 150, 4, -20)], 10, 8000).astype("float32")
    sound[40000:40100] = np.nan
    sound[41000:41100] = np.inf
    out = io.BytesIO()
    soundfile.write(out, sound, 8000, format="WAV", subtype="FLOAT")
    found = heard(out.getvalue())
    assert "invalid" in found.doubts
    assert found.told["figures"]["speech"][0] == pytest.approx(5, abs=0.4)


def test_what_is_too_long_or_takes_too_much_ends_in_a_word(heard):
    data = sounds.mono()
    for limits, why in (
        (Limits(seconds=10), {"long"}),
        (Limits(wall=0), {"timeout"}),
        (Limits(memory=40 * 1024 * 1024), {"memory", "fault"}),
    ):
        with pytest.raises(Unheard) as refused:
            heard(data, limits=limits)
        assert refused.value.why in why


def test_progress_is_told_while_it_goes(heard):
    told: list[float] = []
    heard(sounds.call(), progress=told.append)
    assert told == sorted(told)
    assert len(told) >= 7
    assert told[-1] == 1.0


def test_a_part_is_a_wav_of_one_side(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(sounds.call(44100))
    left = part(path, 1, 7, lane=0)
    right = part(path, 1, 7, lane=1)
    with soundfile.SoundFile(io.BytesIO(left)) as file:
        assert (file.channels, file.samplerate <= 22050) == (1, True)
        assert file.frames / file.samplerate == pytest.approx(6, abs=0.01)
        loud = float(np.abs(file.read()).max())
    quiet = float(np.abs(soundfile.read(io.BytesIO(right))[0]).max())
    assert loud > 10 * quiet
