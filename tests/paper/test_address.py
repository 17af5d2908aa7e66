"""Where letters go: kept of a customer, masked, several people at one address."""

from __future__ import annotations

import pytest

from huiyin.ground.customers.actions import Contact, add_contact, find_or_create, keep_address
from huiyin.ground.privacy.rules import masked
from huiyin.ground.refusal import Invalid

pytestmark = pytest.mark.django_db
ADDRESS = "浙江省杭州市西湖区文三路 98 号\n3 幢 502 室"


def test_the_newest_counts_and_one_that_comes_back_is_the_newest(wang_fang):
    keep_address(wang_fang, ADDRESS)
    keep_address(wang_fang, "上海市徐汇区漕溪路 1 号")
    assert wang_fang.contact("postal") == "上海市徐汇区漕溪路 1 号"
    keep_address(wang_fang, ADDRESS)
    assert wang_fang.contact("postal") == ADDRESS
    assert keep_address(wang_fang, ADDRESS) == []
    assert wang_fang.contact_points.filter(kind="postal").count() == 2


def test_two_people_live_at_one_address(wang_fang):
    other = find_or_create(Contact(name="王强", phone="13900001111"))
    keep_address(wang_fang, ADDRESS)
    keep_address(other, ADDRESS)
    assert other.contact("postal") == wang_fang.contact("postal") == ADDRESS


def test_an_address_is_no_way_to_find_somebody(wang_fang):
    keep_address(wang_fang, ADDRESS)
    assert find_or_create(Contact(name="王芳", address=ADDRESS)) != wang_fang


@pytest.mark.parametrize("address", ["路", "长" * 201])
def test_what_is_no_address(wang_fang, address):
    with pytest.raises(Invalid):
        keep_address(wang_fang, address)


def test_it_is_masked_but_for_the_town():
    assert masked("postal", "浙江省杭州市西湖区文三路 98 号") == "浙江省杭州市***"
    assert masked("postal", "北京路1号") == "北京***"


def test_it_is_added_by_staff_and_shown_masked(li, make_complaint, api):
    complaint = make_complaint(team=li.teams.first())
    add_contact(complaint.customer, by=li, contact=Contact(address=ADDRESS))
    url = f"/api/v1/complaints/{complaint.number}/customer/contacts"
    js = {"content_type": "application/json"}
    done = api(li).post(url, {"address": "上海市徐汇区漕溪路 1 号"}, **js)
    assert done.status_code == 201, done.content
    assert "漕溪路" not in done.content.decode()
    assert api(li).post(url, {"address": "路"}, **js).status_code == 422
