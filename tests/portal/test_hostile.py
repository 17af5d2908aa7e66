"""Whatever a stranger types stays text, on his own pages and on ours."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.ground.people.words import Role
from huiyin.journey.complaint.models import Complaint
from tests.conftest import person

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(32)
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><svg onload=alert(1)>",
    "{{ 7|add:1 }}{% now 'Y' %}",
    "javascript:alert(1)//'onclick='",
)
RAW = ("<script>alert", "<img src=x", "<svg onload", "</textarea><svg")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_of_a_stranger_is_ever_markup(visitor, complained, signed_in, payload):
    complaint = complained(
        text=f"电饭煲漏电 {payload}",
        wanted=f"退款 {payload}",
        order_no=payload[:60],
        concerning=payload,
        name=payload[:60],
        uploads=[SimpleUploadedFile(f"{payload[:40].replace('/', '')}.png", PNG)],
    )
    visitor.post(f"/portal/complaints/{complaint.number}/messages/", {"text": payload})
    visitor.post(f"/portal/complaints/{complaint.number}/escalations/", {"text": payload})
    staff = signed_in(person("boss", "总", Role.MANAGER))
    pages = (
        visitor.get("/portal/received/"),
        visitor.get(f"/portal/complaints/{complaint.number}/"),
        staff.get(f"/complaints/{complaint.number}/"),
        staff.get("/queue/?view=all"),
        staff.get("/board/"),
        staff.get(f"/customers/{complaint.customer_id}/"),
    )
    for page in pages:
        assert page.status_code == 200
        for raw in RAW:
            assert raw not in page.content.decode(), (page.request["PATH_INFO"], raw)


@pytest.mark.parametrize(
    "text",
    [
        "坏了\x00坏了",
        "坏了\ud800坏了".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
        "\u202e坏了 مرحبا 👩‍👩‍👧‍👦",
        "坏" * 8000,
    ],
    ids=["nul", "surrogate", "direction and emoji", "8,000 characters"],
)
def test_odd_text_is_taken_or_refused_with_a_sentence(visitor, story, text):
    answer = visitor.post("/portal/complain/", story(text=text))
    assert answer.status_code in (302, 422)
    if answer.status_code == 302:
        number = Complaint.objects.get().number
        assert visitor.get(f"/portal/complaints/{number}/").status_code == 200
    else:
        assert 'class="wrong"' in answer.content.decode()


def test_a_megabyte_is_refused_and_nothing_is_kept(visitor, story):
    answer = visitor.post("/portal/complain/", story(text="坏" * 400_000))
    assert answer.status_code in (400, 422)
    assert not Complaint.objects.exists()


def test_a_link_opens_the_portal_in_english_and_it_stays_so(db):
    client = Client()
    assert "Every complaint" in client.get("/portal/?lang=en").content.decode()
    page = client.get("/portal/complain/").content.decode()
    assert 'lang="en"' in page
    assert "发生了什么" not in page


@pytest.mark.parametrize("lang", ["xx", "../en", "", "zh-hans"])
def test_an_unknown_language_is_chinese(db, lang):
    page = Client().get("/portal/", {"lang": lang})
    assert page.status_code == 200
    assert "我要投诉" in page.content.decode()


def test_without_javascript_all_three_steps_are_one_form(visitor, db):
    page = visitor.get("/portal/complain/").content.decode()
    assert page.count("<form") == 2  # the language, and the complaint
    for name in ("text", "wanted", "uploads", "phone", "consent"):
        assert f'name="{name}"' in page
    assert "hidden" not in page[page.index('data-step="2"') : page.index('data-step="2"') + 80]
