"""A sound that becomes evidence is listened to: once, by one worker, and again when asked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from huiyin.ground import moment
from huiyin.ground.refusal import NotPermitted, Refused
from huiyin.journey.channels.recordings import actions
from huiyin.journey.channels.recordings.actions import analysing
from huiyin.journey.channels.recordings.listening import Unheard
from huiyin.journey.channels.recordings.models import Recording, Standard, standard
from huiyin.journey.complaint.events import record, run_later
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import add_evidence
from tests.recordings import sounds
from tests.together import at_once

pytestmark = pytest.mark.django_db


def added(complaint, by, upload):
    evidence = add_evidence(complaint, by=by, upload=upload)
    event = complaint.events.filter(what=What.EVIDENCE_ADDED).latest("pk")
    run_later(event.pk)
    run_later(event.pk)  # the worker may do it twice
    return evidence


def test_a_sound_that_is_added_waits_once_and_another_file_does_not(complaint, li):
    evidence = added(complaint, li, sounds.upload(sounds.mono()))
    assert Recording.objects.get().evidence == evidence
    from django.core.files.uploadedfile import SimpleUploadedFile

    added(complaint, li, SimpleUploadedFile("a.txt", b"hello", "text/plain"))
    assert Recording.objects.count() == 1


def test_it_is_listened_to_and_the_story_tells_it_once(complaint, bring):
    recording = bring()
    assert recording.state == "analysed"
    assert recording.seconds == pytest.approx(70, abs=0.01)
    assert (recording.channels, recording.rate, recording.interruptions) == (2, 8000, 1)
    assert recording.sha256 == recording.evidence.sha256
    assert recording.doubts == []
    event = complaint.events.get(what=What.RECORDED)
    assert event.facts["words"] == "01:10 · 打断 1 次 · 等待 00:18"
    assert event.facts["recording"] == str(recording.evidence.uuid)
    actions.again(recording, by=recording.evidence.by)
    assert analysing.analyse_due() == 1
    assert complaint.events.filter(what=What.RECORDED).count() == 1


def test_of_a_sensitive_one_the_story_tells_the_length_alone(complaint, bring):
    bring(privacy="sensitive")
    assert complaint.events.get(what=What.RECORDED).facts["words"] == "01:10"


def test_what_is_no_sound_fails_with_a_sentence_and_stays(bring, signed_in, li):
    recording = bring(b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x01" * 40)
    assert (recording.state, recording.fault) == ("failed", "unreadable")
    assert Path(django_settings.EVIDENCE_DIR, recording.evidence.path).is_file()
    page = signed_in(li).get(f"/recordings/{recording.evidence.uuid}/")
    assert "读不出声音" in page.content.decode()


def test_bytes_that_are_gone_or_changed_are_told(bring):
    recording = bring(heard=False)
    path = Path(django_settings.EVIDENCE_DIR, recording.evidence.path)
    whole = path.read_bytes()
    path.unlink()
    analysing.analyse_due()
    recording.refresh_from_db()
    assert (recording.state, recording.fault) == ("failed", "missing")
    path.write_bytes(whole[:-2] + b"\x01\x01")
    actions.again(recording, by=recording.evidence.by)
    analysing.analyse_due()
    recording.refresh_from_db()
    assert recording.state == "analysed"
    assert "changed" in recording.doubts


def test_a_listener_that_dies_is_tried_three_times_then_ends(bring, monkeypatch):
    recording = bring(heard=False)

    def dies(*_a, **_k):
        raise Unheard("memory")

    monkeypatch.setattr(analysing, "hear", dies)
    now = moment.now()
    for minutes in (0, 2, 15):
        with moment.at(now + timedelta(minutes=minutes)):
            assert analysing.analyse_due() == 1
    recording.refresh_from_db()
    assert (recording.state, recording.fault, recording.tries) == ("failed", "memory", 3)
    with moment.at(now + timedelta(days=1)):
        assert analysing.analyse_due() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_listen_to_each_once(bring, complaint):
    for _place in range(3):
        bring(sounds.mono(), heard=False)
    counts = at_once(analysing.analyse_due, analysing.analyse_due)
    assert sum(int(str(one)) for one in counts) == 3
    assert Recording.objects.filter(state="analysed").count() == 3
    assert complaint.events.filter(what=What.RECORDED).count() == 3


def test_who_does_not_may_not_ask_again(bring, sun, li):
    recording = bring(privacy="sensitive")
    with pytest.raises(NotPermitted):
        actions.again(recording, by=sun)
    actions.again(recording, by=li)
    with pytest.raises(Refused):
        actions.again(recording, by=li)


def test_it_is_measured_by_the_standard_of_the_house(bring):
    Standard.objects.create(pause_seconds=2.5, version="2")
    standard.forget()
    assert bring().figures["pauses"] == 1


def test_holds_that_the_telephone_tells_are_kept(bring, complaint, li):
    recording = bring()
    actions.tell_holds(recording, by=li, spans=[(30, 40.5), (1, 2)])
    recording.refresh_from_db()
    assert recording.holds_told == [[1, 2], [30, 40.5]]
    event = record(What.CALLED, complaint, by=li, evidence=recording.evidence_id, holds=[[5, 9]])
    run_later(event.pk)
    recording.refresh_from_db()
    assert recording.holds_told == [[5, 9]]
    for bad in ([(5, 1)], [(float("nan"), 2)], [(-1, 2)]):
        with pytest.raises(Refused):
            actions.tell_holds(recording, by=li, spans=bad)
