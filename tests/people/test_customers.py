"""A customer's page: masked, seen by whom the complaints concern, unmasked with a reason only."""

import pytest

from huiyin.ground.privacy.models import Reveal

pytestmark = pytest.mark.django_db
PHONE, EMAIL = "138 0013 8000", "wf@example.com"


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    return make_complaint(team=after_sales, assignee=li, status="HND")


def test_contact_points_are_masked(signed_in, li, complaint, wang_fang):
    page = signed_in(li).get(f"/customers/{wang_fang.pk}/").text
    assert "138****8000" in page
    assert "w***@example.com" in page
    assert complaint.number in page
    for secret in (PHONE, "13800138000", EMAIL, "王芳"):
        assert secret not in page


def test_the_history_holds_only_what_one_may_see(
    signed_in, li, sun, complaint, make_complaint, logistics, wang_fang
):
    other = make_complaint(team=logistics, assignee=sun, status="HND")
    page = signed_in(li).get(f"/customers/{wang_fang.pk}/").text
    assert complaint.number in page
    assert other.number not in page


@pytest.mark.parametrize("who", ["sun", "admin"])
def test_whom_no_complaint_concerns_sees_no_customer(request, signed_in, who, complaint, wang_fang):
    client = signed_in(request.getfixturevalue(who))
    assert client.get(f"/customers/{wang_fang.pk}/").status_code == 404
    reveal = f"/customers/{wang_fang.pk}/reveal/"
    assert client.get(reveal).status_code == 404
    assert client.post(reveal, {"reason": "回电核实情况"}).status_code == 404
    assert not Reveal.objects.exists()


def test_a_reason_opens_the_mask_and_stays(signed_in, li, complaint, wang_fang):
    client = signed_in(li)
    url = f"/customers/{wang_fang.pk}/reveal/"
    assert PHONE not in client.get(url).text
    answer = client.post(url, {"reason": "回电核实情况", "complaint": complaint.number})
    assert PHONE in answer.text
    assert EMAIL in answer.text
    assert "no-store" in answer["Cache-Control"]
    look = Reveal.objects.get()
    assert (look.by, look.reason, look.complaint_number) == (li, "回电核实情况", complaint.number)
    assert PHONE not in client.get(f"/customers/{wang_fang.pk}/").text


@pytest.mark.parametrize("reason", ["", "   ", "看看", "abc"])
def test_without_a_reason_the_mask_stays(signed_in, li, complaint, wang_fang, reason):
    answer = signed_in(li).post(f"/customers/{wang_fang.pk}/reveal/", {"reason": reason})
    assert answer.status_code == 422
    assert PHONE not in answer.text
    assert "查看理由" in answer.text
    assert not Reveal.objects.exists()


def test_a_reveal_from_a_complaint_one_does_not_see_is_not_found(
    signed_in, li, complaint, make_complaint, logistics, wang_fang
):
    hidden = make_complaint(team=logistics, status="HND")
    url = f"/customers/{wang_fang.pk}/reveal/"
    answer = signed_in(li).post(url, {"reason": "回电核实情况", "complaint": hidden.number})
    assert answer.status_code == 404


def test_the_page_takes_few_queries(
    signed_in, li, complaint, make_complaint, after_sales, wang_fang, django_assert_max_num_queries
):
    for _ in range(20):
        make_complaint(team=after_sales, assignee=li, status="HND")
    client = signed_in(li)
    client.get(f"/customers/{wang_fang.pk}/")
    with django_assert_max_num_queries(16):
        client.get(f"/customers/{wang_fang.pk}/")
