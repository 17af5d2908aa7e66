"""Phrases for a reply: those of the category, filled, and never with the customer's key."""

import pytest

from huiyin.surface.notices.models import Phrase

pytestmark = pytest.mark.django_db


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    return make_complaint(team=after_sales, assignee=li, status="HND", category="SF.02.01")


def test_a_handler_is_offered_the_phrases_of_the_category(signed_in, li, complaint):
    page = signed_in(li).get(f"/complaints/{complaint.number}/phrases/").text
    assert "复述与致歉" in page  # for every category
    assert "人身安全先行" in page  # for SF
    assert "信息泄露先行" not in page  # for PR


def test_what_belongs_to_the_complaint_is_filled_in(signed_in, li, complaint):
    Phrase.objects.create(title="核实", text_zh="{name}，编号 {number}，{code}{unknown}")
    page = signed_in(li).get(f"/complaints/{complaint.number}/phrases/").text
    assert f"王芳，编号 {complaint.number}，" in page
    assert complaint.tracking_code not in page
    assert "{unknown}" in page


def test_a_customer_who_reads_english_gets_english(signed_in, li, complaint, wang_fang):
    wang_fang.language = "en"
    wang_fang.save()
    page = signed_in(li).get(f"/complaints/{complaint.number}/phrases/").text
    assert "Dear 王芳" in page


def test_a_retired_phrase_is_not_offered(signed_in, li, complaint):
    from huiyin.ground import moment

    Phrase.objects.update(retired_at=moment.now())
    page = signed_in(li).get(f"/complaints/{complaint.number}/phrases/").text
    assert "data-phrase" not in page


def test_whom_the_complaint_does_not_concern_gets_none(signed_in, sun, complaint):
    assert signed_in(sun).get(f"/complaints/{complaint.number}/phrases/").status_code == 404


def test_a_phrase_is_text_and_never_markup(signed_in, li, complaint):
    Phrase.objects.create(title="<b>x</b>", text_zh='"><img src=x onerror=alert(1)>')
    page = signed_in(li).get(f"/complaints/{complaint.number}/phrases/").text
    assert "<img src=x" not in page
    assert "<b>x</b>" not in page
