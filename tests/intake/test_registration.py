"""The registration page: writing, drafts, files, hints, one complaint, and the number read out."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.journey.complaint.models import Complaint
from huiyin.journey.intake.actions import Contact
from huiyin.journey.intake.models import Draft, DraftFile

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(32)
KEY = uuid.UUID("6f0c1f6e-8a2b-4c57-9f1e-0a1b2c3d4e5f")


def typed(**changes):
    words = {
        "key": str(KEY),
        "channel": "phone",
        "recording_told": "on",
        "privacy_told": "on",
        "phone": "139 0000 1234",
        "name": "赵敏",
        "text": "上周买的电饭煲漏电，孩子手被电到了，现在还红着。",
        "wanted": "退货退款",
        "place": "家中",
        "amount": "399",
    }
    return words | changes


def test_what_is_typed_becomes_a_complaint_and_the_number_is_shown(signed_in, li):
    client = signed_in(li)
    answer = client.post("/registration/", typed(), follow=True)

    complaint = Complaint.objects.get()
    shown = answer.content.decode()
    assert answer.redirect_chain[-1][0].endswith("/done/")
    assert complaint.number in shown
    assert complaint.tracking_code[:5] in shown
    assert (complaint.intake.place, complaint.intake.amount_fen) == ("家中", 39900)
    assert (complaint.intake.recording_told, complaint.intake.privacy_version) == (True, "v1")


def test_a_double_click_makes_one_complaint(signed_in, li):
    client = signed_in(li)
    first = client.post("/registration/", typed())
    again = client.post("/registration/", typed())
    assert first["Location"] == again["Location"]
    assert Complaint.objects.count() == 1


def test_the_same_form_sent_again_with_other_words_is_refused_and_names_the_first(signed_in, li):
    client = signed_in(li)
    client.post("/registration/", typed())
    again = client.post("/registration/", typed(wanted="赔偿"))
    assert again.status_code == 422
    assert Complaint.objects.get().number in again.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text": ""}, "请写下发生了什么"),
        ({"phone": "1"}, "电话号码看起来不对"),
        ({"amount": "很多"}, "这里需要金额"),
        ({"happened_on": "2999-01-01"}, "发生日期在将来"),
        ({"channel": "fax"}, ""),
    ],
)
def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(signed_in, li, changes, sentence):
    answer = signed_in(li).post("/registration/", typed(order_no="E77", **changes))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in shown
    assert 'value="E77"' in shown
    assert not Complaint.objects.exists()


def test_custom_fields_are_asked_and_their_faults_stand_beside_them(signed_in, li):
    client = signed_in(li)
    words = typed(category="SF.01.02", category_chosen="1")
    asked = client.post("/registration/", words)
    assert asked.status_code == 422
    assert "请填写伤情" in asked.content.decode()

    told = words | {"f-injury": "手部发红", "f-treated": "no"}
    assert client.post("/registration/", told).status_code == 302
    assert Complaint.objects.get().category == "SF.01.02"


def test_a_category_that_was_only_suggested_is_left_to_triage(signed_in, li):
    signed_in(li).post("/registration/", typed(category="PD.01.07", category_chosen=""))
    assert not Complaint.objects.get().category_confirmed


def test_a_draft_outlives_the_browser_and_dies_with_the_registration(signed_in, li):
    client = signed_in(li)
    saved = client.post(f"/registration/drafts/{KEY}/", typed(text="写到一半"))
    assert saved.status_code == 200 and saved.json()["saved"]

    other_browser = signed_in(li)
    assert "写到一半" in other_browser.get("/registration/").content.decode()
    shown = other_browser.get(f"/registration/?draft={KEY}").content.decode()
    assert "写到一半</textarea>" in shown
    client.post("/registration/", typed())
    assert not Draft.objects.of(li).exists()


def test_a_draft_keeps_only_the_fields_of_the_form(signed_in, li):
    signed_in(li).post(f"/registration/drafts/{KEY}/", typed(is_admin="1", **{"f-injury": "红"}))
    content = Draft.objects.get().content
    assert "is_admin" not in content and "csrfmiddlewaretoken" not in content
    assert content["f-injury"] == "红"


def test_the_draft_of_another_is_nobodys_business(signed_in, li, zhou):
    signed_in(li).post(f"/registration/drafts/{KEY}/", typed(text="小李的草稿"))
    client = signed_in(zhou)
    assert "小李的草稿" not in client.get(f"/registration/?draft={KEY}").content.decode()
    assert client.post(f"/registration/drafts/{KEY}/discard/").status_code == 404
    upload = {"files": SimpleUploadedFile("a.png", PNG)}
    client.post(f"/registration/drafts/{KEY}/files/", upload)
    assert DraftFile.objects.get().draft.user == zhou  # a draft of his own under the same key


def test_a_file_is_kept_with_the_draft_and_becomes_evidence(signed_in, li):
    client = signed_in(li)
    upload = {"files": SimpleUploadedFile("坏了.png", PNG), "field": ""}
    listed = client.post(f"/registration/drafts/{KEY}/files/", upload)
    assert "坏了.png" in listed.content.decode()
    client.post("/registration/", typed())
    assert Complaint.objects.get().evidence.get().name == "坏了.png"


def test_a_file_can_be_taken_away_by_its_owner_only(signed_in, li, zhou):
    client = signed_in(li)
    client.post(f"/registration/drafts/{KEY}/files/", {"files": SimpleUploadedFile("a.png", PNG)})
    url = f"/registration/drafts/{KEY}/files/{DraftFile.objects.get().key}/removal/"
    assert signed_in(zhou).post(url).status_code == 404
    assert client.post(url).status_code == 200
    assert not DraftFile.objects.exists()


def test_hints_know_the_customer_the_missing_and_the_sentence_to_say(signed_in, li, registered):
    earlier = registered(contact=Contact(name="赵敏", phone="13900001234"))
    shown = signed_in(li).post("/registration/hints/", typed()).content.decode()
    assert earlier.number in shown
    assert "您是说上周买的电饭煲漏电" in shown
    assert "发生时间" in shown
    assert Complaint.objects.count() == 1


def test_hints_show_a_stranger_no_title_and_no_number(signed_in, sun, registered):
    earlier = registered(contact=Contact(name="赵敏", phone="13900001234"))
    shown = signed_in(sun).post("/registration/hints/", typed()).content.decode()
    assert earlier.number not in shown
    assert "另有 1 件由其他同事处理" in shown
    assert "13900001234" not in shown


def test_another_call_is_kept_with_the_open_complaint(signed_in, li, registered):
    open_one = registered()
    url = f"/registration/complaints/{open_one.number}/attachment/"
    answer = signed_in(li).post(url, typed(text="又打来催了"))
    assert answer.status_code == 302
    assert open_one.messages.order_by("pk").last().text == "又打来催了"
    assert Complaint.objects.count() == 1


def test_sent_again_because_the_answer_was_lost_it_is_kept_once(signed_in, li, registered):
    open_one = registered()
    client, url = signed_in(li), f"/registration/complaints/{open_one.number}/attachment/"
    picture = SimpleUploadedFile("a.png", PNG)
    client.post(f"/registration/drafts/{KEY}/files/", {"files": picture})
    for _try in range(2):
        assert client.post(url, typed(text="又打来催了")).status_code == 302
    assert open_one.messages.filter(text="又打来催了").count() == 1
    assert open_one.evidence.count() == 1
    open_one.refresh_from_db()
    assert open_one.contact_count == 2
    assert client.post(url, typed(text="别的事")).status_code == 422


def test_with_files_too_the_form_sent_again_is_the_same(signed_in, li):
    client = signed_in(li)
    client.post(f"/registration/drafts/{KEY}/", typed())
    picture = SimpleUploadedFile("a.png", PNG)
    client.post(f"/registration/drafts/{KEY}/files/", {"files": picture})
    first = client.post("/registration/", typed())
    again = client.post("/registration/", typed())
    assert first["Location"] == again["Location"]
    assert Complaint.objects.get().evidence.count() == 1
    client.post(f"/registration/drafts/{KEY}/", typed(text="迟到的草稿"))  # of the page, by itself
    assert not Draft.objects.of(li).exists()
    assert "迟到的草稿" not in client.get("/registration/").content.decode()


def test_what_is_not_seen_cannot_be_added_to_nor_read_out(signed_in, sun, zhou, registered):
    hidden = registered()
    base = f"/registration/complaints/{hidden.number}"
    assert signed_in(sun).post(f"{base}/attachment/", typed()).status_code == 404
    # zhou sees every complaint, yet the code is for the one who took it in.
    assert signed_in(zhou).get(f"{base}/done/").status_code == 404


def test_who_takes_no_complaints_in_has_no_form(signed_in, admin, client):
    assert signed_in(admin).get("/registration/").status_code == 403
    assert client.get("/registration/").status_code == 302


def test_looking_makes_no_draft(signed_in, li):
    signed_in(li).get("/registration/?phone=13800138000")
    assert not Draft.objects.exists()


def test_html_that_was_typed_stays_text(signed_in, li):
    shown = signed_in(li).post(
        "/registration/hints/", typed(text="<script>alert(1)</script>漏电了呀", name="<b>")
    )
    assert "<script>alert" not in shown.content.decode()
