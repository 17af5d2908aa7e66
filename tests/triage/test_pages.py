"""The panel on the complaint's page, and the hints while somebody types."""

import re

import pytest

from huiyin.journey.complaint.models import Complaint
from huiyin.journey.intake.actions import Contact, register
from huiyin.journey.triage import knowledge, shown
from tests.conftest import person

pytestmark = pytest.mark.django_db

ATTACK = "<script>alert(1)</script>漏电<img src=x onerror=alert(2)>&amp;孩子被烫伤"


@pytest.fixture
def registered(li):
    """With its first message, in which the evidence is marked."""

    def register_(text):
        contact = Contact(name="王芳", phone="138 0013 8000")
        return register(by=li, channel="phone", contact=contact, text=text)

    return register_


def fresh(complaint):
    return Complaint.objects.get(pk=complaint.pk)


def test_the_suggestion_stands_on_the_page_with_reasons_marks_and_one_click(
    registered, signed_in, zhou
):
    complaint = registered("上周买的电饭煲漏电，孩子的手被电到了，打了三次电话没人管。")
    page = signed_in(zhou).get(f"/complaints/{complaint.number}/").text
    assert "确认建议" in page
    assert "产品安全隐患" in page or "起火/爆炸/漏电" in page
    assert "人身安全风险" in page
    assert re.search(r'<mark class="ev ev-safety"[^>]*>[^<]*漏电', page)


def test_one_click_confirms(received, signed_in, zhou):
    complaint = fresh(received())
    latest = complaint.triages.latest("pk")
    answer = signed_in(zhou).post(
        f"/complaints/{complaint.number}/triage/",
        {"category": complaint.category, "severity": complaint.severity, "seen": latest.pk},
    )
    assert answer.status_code == 204
    assert "complaint-changed" in answer["HX-Trigger"]
    assert fresh(complaint).category_confirmed


def test_what_was_typed_is_kept_when_it_cannot_be_taken(received, signed_in, zhou):
    complaint = fresh(received())
    answer = signed_in(zhou).post(
        f"/complaints/{complaint.number}/triage/",
        {"category": "no such", "severity": "2", "reason": "我写了很久的理由"},
    )
    assert answer.status_code == 422
    assert "我写了很久的理由" in answer.text
    assert not fresh(complaint).category_confirmed


def test_lowering_without_a_reason_says_so_beside_the_field_and_keeps_the_rest(
    received, signed_in, zhou
):
    complaint = fresh(received())
    answer = signed_in(zhou).post(
        f"/complaints/{complaint.number}/triage/",
        {"category": "PD.01.07", "severity": "4", "reason": ""},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    assert "请写明理由" in answer.text
    assert fresh(complaint).severity == 1


def test_every_category_in_use_can_be_searched_and_no_heading_chosen():
    choices = dict(pair for _group, pairs in shown.category_groups() for pair in pairs)
    assert len(choices) == 229 - 12
    assert "SF" not in choices
    assert choices["SF.04.01"] == "起火/爆炸/漏电 SF.04.01"


def test_who_may_only_look_sees_no_form(received, signed_in, li):
    complaint = fresh(received())
    Complaint.objects.filter(pk=complaint.pk).update(team=None)
    looker = person("looker", "督办员", "supervision")
    page = signed_in(looker).get(f"/complaints/{complaint.number}/")
    assert page.status_code == 200
    assert "确认建议" not in page.text
    answer = signed_in(looker).post(
        f"/complaints/{complaint.number}/triage/", {"category": "PD.01.07", "severity": "1"}
    )
    assert answer.status_code == 403


def test_a_hostile_text_is_marked_and_stays_text(registered, signed_in, zhou):
    complaint = registered(ATTACK)
    page = signed_in(zhou).get(f"/complaints/{complaint.number}/").text
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page
    assert "&amp;amp;" in page


def test_another_suggestion_is_one_click_away(received, signed_in, zhou):
    complaint = fresh(received("快递还没到，客服态度也很差，不耐烦地挂我电话"))
    others = [guess["code"] for guess in complaint.triages.latest("pk").guesses[1:]]
    page = signed_in(zhou).get(f"/complaints/{complaint.number}/").text
    for code in others:
        assert f'name="category" value="{code}"' in page


def test_marks_never_lose_or_add_a_character():
    text = "孩子被烫伤，漏电\n<b>" * 3
    reading = knowledge.preview(text)
    parts = shown.parts(text, [*reading.evidence, (5, 999, "media", ""), (-3, 2, "leak", "")])
    assert "".join(part.text for part in parts) == text


def test_the_page_speaks_english(received, signed_in, zhou):
    complaint = fresh(received())
    zhou.language = "en"
    zhou.save()
    page = signed_in(zhou).get(f"/complaints/{complaint.number}/").text
    assert "Personal safety" in page
