"""What is kept of a customer: who may change it, that it stays on record, that nothing leaks."""

import pytest

from huiyin.ground.customers.actions import Contact, add_contact, describe, find_or_create
from huiyin.ground.customers.models import ContactPoint, Customer, CustomerChange
from huiyin.ground.refusal import NotPermitted, Refused

pytestmark = pytest.mark.django_db
AS_IT_WAS = {"level": "normal", "language": "", "note": ""}


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    return make_complaint(team=after_sales, assignee=li, status="HND")


def page_of(customer):
    return f"/customers/{customer.pk}/"


def test_a_supervisor_sets_the_level_and_it_stays_on_record(signed_in, chen, complaint, wang_fang):
    client = signed_in(chen)
    answer = client.post(
        f"{page_of(wang_fang)}description/",
        AS_IT_WAS | {"level": "vip", "care": ["senior"], "note": "下午 3 点后方便接电话"},
    )
    assert answer.status_code == 302
    wang_fang.refresh_from_db()
    assert (wang_fang.level, wang_fang.care) == ("vip", ["senior"])
    change = CustomerChange.objects.get()
    assert change.by == chen
    assert {"field": "级别", "before": "普通", "after": "VIP"} in change.changes
    page = client.get(page_of(wang_fang)).text
    for shown in ("VIP", "老年", "下午 3 点后方便接电话", "陈静"):
        assert shown in page


def test_an_agent_sets_care_but_no_level(signed_in, li, complaint, wang_fang):
    typed = AS_IT_WAS | {"level": "vip", "care": ["disabled"]}
    assert signed_in(li).post(f"{page_of(wang_fang)}description/", typed).status_code == 302
    wang_fang.refresh_from_db()
    assert (wang_fang.level, wang_fang.care) == ("normal", ["disabled"])
    with pytest.raises(NotPermitted, match="客户级别影响处理的先后"):
        describe(wang_fang, by=li, level="vip", care=[], language="", note="")


@pytest.mark.parametrize("who", ["sun", "admin"])
@pytest.mark.parametrize("door", ["description", "contacts"])
def test_whom_no_complaint_concerns_changes_nothing(
    request, signed_in, who, door, complaint, wang_fang
):
    client = signed_in(request.getfixturevalue(who))
    answer = client.post(f"{page_of(wang_fang)}{door}/", AS_IT_WAS | {"level": "vip"})
    assert answer.status_code == 404
    assert not CustomerChange.objects.exists()


def test_saving_what_is_there_already_leaves_no_trace(signed_in, li, complaint, wang_fang):
    client = signed_in(li)
    assert client.post(f"{page_of(wang_fang)}description/", AS_IT_WAS).status_code == 302
    assert not CustomerChange.objects.exists()


def test_a_contact_point_is_added_in_one_spelling_and_shown_masked(
    signed_in, li, complaint, wang_fang
):
    client = signed_in(li)
    answer = client.post(f"{page_of(wang_fang)}contacts/", {"phone": "＋８６ 139-1234-5678"})
    assert answer.status_code == 302
    assert wang_fang.contact_points.filter(value="+8613912345678").exists()
    page = client.get(page_of(wang_fang)).text
    assert "139****5678" in page
    assert "13912345678" not in page
    assert "1391234" not in str(list(CustomerChange.objects.values_list("changes", flat=True)))


def test_a_point_of_somebody_else_is_refused_without_a_name(signed_in, li, complaint, wang_fang):
    other = find_or_create(Contact(name="赵敏敏", phone="13911112222"))
    answer = signed_in(li).post(f"{page_of(wang_fang)}contacts/", {"phone": "139 1111 2222"})
    assert answer.status_code == 409
    assert "139 1111 2222" in answer.text  # what was typed is still there
    assert "赵敏敏" not in answer.text
    assert ContactPoint.objects.get(value="+8613911112222").customer == other


@pytest.mark.parametrize("typed", [{}, {"phone": "12"}, {"email": "a@"}])
def test_what_is_no_contact_point_is_said(signed_in, li, complaint, wang_fang, typed):
    answer = signed_in(li).post(f"{page_of(wang_fang)}contacts/", typed)
    assert answer.status_code == 422
    assert "own__error" in answer.text
    assert wang_fang.contact_points.count() == 2


def test_a_name_that_was_told_is_not_replaced(li, wang_fang):
    with pytest.raises(Refused):
        add_contact(wang_fang, by=li, contact=Contact(name="另一个"))
    nameless = find_or_create(Contact(phone="13700001111"))
    add_contact(nameless, by=li, contact=Contact(name="钱多"))
    assert Customer.objects.get(pk=nameless.pk).name == "钱多"


def test_no_text_of_a_customer_is_ever_markup(signed_in, li, complaint, wang_fang):
    payload = "<img src=x onerror=alert(1)>"
    client = signed_in(li)
    Customer.objects.filter(pk=wang_fang.pk).update(name=payload)
    client.post(f"{page_of(wang_fang)}description/", AS_IT_WAS | {"note": payload})
    page = client.get(page_of(wang_fang)).text
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
