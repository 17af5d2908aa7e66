"""A yes that somebody heard: recording and minute, signature, letter, words; and no longer."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.complaint.words import Status
from huiyin.journey.consent import actions
from huiyin.journey.consent.models import Consent
from huiyin.journey.conversation.actions import add_evidence, customer_wrote, note
from huiyin.journey.resolution import actions as resolution
from huiyin.journey.resolution.models import Offer
from tests.roads import assigned, fresh, propose

pytestmark = pytest.mark.django_db
WAV = (
    b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00"
)


@pytest.fixture
def recording(complaint, li):
    return add_evidence(
        complaint, by=li, upload=SimpleUploadedFile("电话.wav", WAV + b"\x02\x00" * 40)
    )


def test_a_recording_says_where_the_yes_is(offers, complaint, li, recording):
    actions.register(offers[0], by=li, how="recording", evidence=recording, place="3:12")
    consent = Consent.objects.get()
    assert (consent.evidence, consent.place) == (recording, "03:12")
    assert fresh(complaint).offers.get(pk=offers[0].pk).state == "agreed"


@pytest.mark.parametrize("place", ["", "第 3 页", "99:99", "后半段"])
def test_without_the_minute_it_is_no_proof(place, offers, li, recording):
    with pytest.raises(Invalid) as refused:
        actions.register(offers[0], by=li, how="recording", evidence=recording, place=place)
    assert "place" in refused.value.fields


def test_only_a_recording_of_this_complaint_counts(
    offers, complaint, li, make_complaint, after_sales
):
    other = assigned(make_complaint, after_sales, li)
    theirs = add_evidence(other, by=li, upload=SimpleUploadedFile("b.wav", WAV))
    paper = add_evidence(complaint, by=li, upload=SimpleUploadedFile("a.txt", b"ok"))
    for wrong in (None, theirs, paper):
        with pytest.raises(Invalid) as refused:
            actions.register(offers[0], by=li, how="recording", evidence=wrong, place="03:12")
        assert "evidence" in refused.value.fields
    assert not Consent.objects.exists()


def test_a_signed_paper_is_kept(offers, complaint, li):
    upload = SimpleUploadedFile("签字.txt", "同意 王芳".encode())
    actions.register(offers[1], by=li, how="signature", upload=upload)
    evidence = Consent.objects.get().evidence
    assert evidence is not None
    assert evidence.name == "签字.txt"
    with pytest.raises(Refused):
        actions.register(offers[0], by=li, how="signature", upload=upload)


def test_a_letter_or_chat_line_of_the_customer(offers, complaint, li):
    own = note(complaint, by=li, text="客户同意了")
    with pytest.raises(Invalid):
        actions.register(offers[0], by=li, how="chat", message=own)
    line = customer_wrote(complaint, by=li, text="就按第一个办", channel="chat")
    actions.register(offers[0], by=li, how="chat", message=line)
    assert Consent.objects.get().message == line


def test_spoken_words_are_written_down(offers, li):
    for words in ("", " ", "好" * 301):
        with pytest.raises(Invalid):
            actions.register(offers[0], by=li, how="spoken", words=words)
    actions.register(offers[0], by=li, how="spoken", words="电话里说：可以")
    assert Consent.objects.get().words == "电话里说：可以"


def test_who_may_not_register_and_what_is_no_way(offers, li, sun):
    with pytest.raises(NotPermitted):
        actions.register(offers[0], by=sun, how="spoken", words="可以")
    for how in ("", "link", "portal", "telepathy"):
        with pytest.raises(Invalid):
            actions.register(offers[0], by=li, how=how, words="可以")


def test_a_yes_told_the_old_way_has_its_record_too(complaint, li):
    offer = propose(complaint, li)
    resolution.agree(offer, by=li, note="电话里同意")
    consent = Consent.objects.get()
    assert (consent.how, consent.words, consent.by) == ("spoken", "电话里同意", li)
    resolution.decline(offer, by=li, note="又反悔了")
    consent.refresh_from_db()
    assert consent.withdrawal == "又反悔了"


def test_withdrawn_before_it_is_done_and_never_after(offers, complaint, li, sun):
    actions.register(offers[0], by=li, how="spoken", words="可以")
    offer = Offer.objects.select_related("complaint", "remedy").get(pk=offers[0].pk)
    with pytest.raises(NotPermitted):
        actions.withdraw(offer, by=sun, words="不要了")
    with pytest.raises(Invalid):
        actions.withdraw(offer, by=li, words="")
    actions.withdraw(offer, by=li, words="客户来电：不要了")
    assert fresh(complaint).status == Status.HND
    done = propose(fresh(complaint), li, fen=1000)
    resolution.agree(done, by=li)
    resolution.execute(done, by=li, proof="流水 1")
    with pytest.raises(Refused):
        actions.withdraw(done, by=li, words="太晚了")


def test_the_panel_and_its_acts(offers, complaint, li, sun, signed_in, recording):
    browser = signed_in(li)
    page = browser.get(f"/complaints/{complaint.number}/").content.decode()
    assert "发确认链接" in page
    made = browser.post(f"/complaints/{complaint.number}/consent/link/", {"days": "7"})
    assert "/portal/offer/" in made.content.decode()
    assert made.headers["Cache-Control"] == "no-store"
    form = browser.get(f"/complaints/{complaint.number}/consent/").content.decode()
    assert "电话.wav" in form
    url = f"/complaints/{complaint.number}/offers/{offers[0].pk}/consent/"
    assert signed_in(sun).post(url, {}).status_code == 404
    sent = {"how": "recording", "evidence": recording.pk, "place": "01:05", "offer": offers[1].pk}
    assert browser.post(url, sent).status_code == 204
    page = browser.get(f"/complaints/{complaint.number}/").content.decode()
    assert "01:05" in page
    back = browser.post(
        f"/complaints/{complaint.number}/offers/{offers[1].pk}/consent/withdrawal/",
        {"words": "反悔"},
    )
    assert back.status_code == 204
    assert fresh(complaint).status == Status.HND


def test_the_api(offers, complaint, li, sun, api, recording):
    client, base = api(li), f"/api/v1/complaints/{complaint.number}"
    link = client.post(f"{base}/consent-links", {"sends": False}, content_type="application/json")
    assert (link.status_code, link.json()["round"]) == (201, 1)
    made = client.post(
        f"{base}/offers/{offers[0].pk}/consent",
        {"how": "recording", "evidence": str(recording.uuid), "place": "00:40"},
    )
    assert (made.status_code, made.json()["place"]) == (201, "00:40")
    assert client.get(f"{base}/consents").json()[0]["how"] == "recording"
    assert api(sun).get(f"{base}/consents").status_code == 404
    gone = client.post(
        f"{base}/offers/{offers[0].pk}/consent/withdrawal",
        {"words": "不要了"},
        content_type="application/json",
    )
    assert gone.json()[0]["withdrawal"] == "不要了"


def test_number_and_code_offer_the_same_choice(offers, complaint, li, client):
    resolution.tell(offers[0], by=li, channel="portal")
    client.post("/portal/follow/", {"number": complaint.number, "code": complaint.tracking_code})
    base = f"/portal/complaints/{complaint.number}"
    page = client.get(f"{base}/").content.decode()
    assert "退您 30 元" in page
    assert "当面致歉" not in page  # it was not put to him yet
    actions.send(complaint, by=li, sends=False)
    assert "当面致歉" in client.get(f"{base}/").content.decode()
    assert client.post(f"{base}/talks/", {"text": "晚上打给我"}).status_code == 302
    assert (
        client.post(f"{base}/answers/", {"offer": offers[1].pk, "agreed": "yes"}).status_code == 302
    )
    assert Consent.objects.get().how == "portal"
    assert "我改变主意了" in client.get(f"{base}/").content.decode()
    assert client.post(f"{base}/withdrawals/", {"text": "不合适"}).status_code == 302
    assert fresh(complaint).status == Status.HND
