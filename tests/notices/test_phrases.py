"""Phrases for a reply: those of the category, filled, and never with the customer's key."""

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.surface.notices.models import Phrase
from tests.conftest import at

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
    Phrase.objects.create(title="核实", text_zh="编号 {number}，{code}{name}{unknown}，{due} 前")
    page = signed_in(li).get(f"/complaints/{complaint.number}/phrases/").text
    assert f"编号 {complaint.number}，" in page
    assert "（日期） 前" in page
    assert "王芳" not in page  # it is masked here as everywhere
    assert complaint.tracking_code not in page
    assert "{unknown}" in page


@pytest.mark.parametrize(("hours", "said"), [(5, "2026-11-26 15:00"), (-5, "（日期）")])
def test_a_date_is_named_only_while_it_can_be_kept(signed_in, li, complaint, hours, said):
    now = at("2026-11-26 10:00")
    complaint.carry(next_due_at=now + timedelta(hours=hours))
    with moment.at(now):
        page = signed_in(li).get(f"/complaints/{complaint.number}/phrases/").text
    assert f"我会在 {said} 前告诉您" in page


def test_a_customer_who_reads_english_gets_english(signed_in, li, complaint, wang_fang):
    wang_fang.language = "en"
    wang_fang.save()
    page = signed_in(li).get(f"/complaints/{complaint.number}/phrases/").text
    assert "I have noted what you told us" in page


def test_a_retired_phrase_is_not_offered(signed_in, li, complaint):
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
