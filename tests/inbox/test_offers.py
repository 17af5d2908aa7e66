"""Offers in the inbox: who finds them, how they are decided there, and what is refused."""

import pytest

from huiyin.journey.complaint.words import Status, What
from huiyin.journey.resolution.words import OfferState
from huiyin.surface.inbox import lists
from tests.conftest import person
from tests.roads import assigned, fresh, propose, story
from tests.together import at_once

pytestmark = pytest.mark.django_db


def address(offer) -> str:
    return f"/inbox/offer/{offer.pk}/"


def test_it_waits_for_those_who_may_approve_and_for_nobody_else(
    offer, li, lead, other_lead, finance, manager, sun
):
    found = {who.username: len(lists.page(who)[0]) for who in (lead, manager)}
    assert found == {"ma": 1, "gao": 1}
    for who in (li, other_lead, finance, sun):
        assert lists.page(who)[0] == []
    item = lists.page(lead)[0][0]
    assert (item.by, item.why, item.complaint) == ("李明", "售后条款 3.2", offer.complaint)
    assert "¥300.00" in item.asked


def test_its_page_tells_everything_and_changes_nothing(offer, lead, signed_in):
    client = signed_in(lead)
    for _time in range(2):
        page = client.get(address(offer))
        assert page.status_code == 200
        for told in ("¥300.00", "售后条款 3.2", "李明", offer.complaint.number, "批准", "驳回"):
            assert told in page.text
    inside = client.get(address(offer), headers={"HX-Request": "true"}).text
    assert "<html" not in inside
    offer.refresh_from_db()
    assert offer.state == OfferState.WAITING


def test_it_is_approved_where_it_stands(offer, lead, signed_in):
    answer = signed_in(lead).post(
        address(offer), {"approve": "1", "note": "可以"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert "已批准" in answer.text
    assert "<html" not in answer.text
    offer.refresh_from_db()
    assert (offer.state, offer.decided_by, offer.decision_note) == ("offered", lead, "可以")
    assert fresh(offer.complaint).status == Status.EXE
    assert What.APPROVED in story(offer.complaint)
    assert lists.page(lead)[0] == []


def test_a_browser_without_scripts_comes_back_to_the_list(offer, lead, signed_in):
    client = signed_in(lead)
    answer = client.post(address(offer), {"approve": "0", "note": "依据不对"}, follow=True)
    assert answer.redirect_chain == [("/inbox/", 302)]
    assert "已驳回" in answer.text
    offer.refresh_from_db()
    assert offer.state == OfferState.DENIED


def test_refusing_needs_a_reason(offer, lead, signed_in):
    answer = signed_in(lead).post(address(offer), {"approve": "0"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    offer.refresh_from_db()
    assert offer.state == OfferState.WAITING


def test_of_others_it_is_no_matter(offer, other_lead, sun, li, finance, signed_in):
    for stranger in (other_lead, sun):
        assert signed_in(stranger).get(address(offer)).status_code == 404
        assert signed_in(stranger).post(address(offer), {"approve": "1"}).status_code == 404
    # Who proposed it sees it, and cannot approve it.
    assert "不能审批自己提出的方案" in signed_in(li).get(address(offer)).text
    assert signed_in(li).post(address(offer), {"approve": "1"}).status_code == 403
    assert signed_in(finance).get(address(offer)).status_code == 404


def test_what_is_beyond_his_limit_is_told_and_refused(complaint, li, chen, lead, signed_in):
    offer = propose(complaint, li, fen=200_000)  # ¥2,000: beyond a lead
    assert lists.page(lead)[0] == []
    page = signed_in(lead).get(address(offer)).text
    assert "超出您的审批权限" in page
    assert 'value="1"' not in page
    assert signed_in(lead).post(address(offer), {"approve": "1"}).status_code == 403
    assert len(lists.page(chen)[0]) == 1


def test_beyond_the_manager_each_of_three_signs_in_his_inbox(
    complaint, li, manager, finance, signed_in
):
    legal = person("fa", "法务", "legal")
    offer = propose(complaint, li, fen=90_000_000)
    for who in (manager, finance, legal):
        assert len(lists.page(who)[0]) == 1, who
    for who, said in ((manager, "已会签"), (finance, "已会签"), (legal, "已批准")):
        answer = signed_in(who).post(
            address(offer), {"approve": "1"}, headers={"HX-Request": "true"}
        )
        assert said in answer.text
        assert lists.page(who)[0] == []
    offer.refresh_from_db()
    assert offer.state == OfferState.OFFERED


def test_an_old_link_says_who_decided(offer, lead, manager, signed_in):
    signed_in(lead).post(address(offer), {"approve": "1"})
    page = signed_in(manager).get(address(offer)).text
    assert "已经有了决定" in page
    assert "马组长" in page
    assert 'name="approve"' not in page
    assert signed_in(manager).post(address(offer), {"approve": "1"}).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_told_that_it_was_decided(offer, lead, manager, signed_in):
    clients = [signed_in(lead), signed_in(manager)]
    acts = [
        lambda c=c, a=a: c.post(address(offer), {"approve": a, "note": "看过了"})
        for c, a in zip(clients, ("1", "0"), strict=True)
    ]
    codes = sorted(answer.status_code for answer in at_once(*acts))
    assert codes == [302, 409]
    assert len([w for w in story(offer.complaint) if w in (What.APPROVED, What.DENIED)]) == 1


def test_whoever_is_barred_finds_nothing(offer, lead, manager, signed_in):
    from huiyin.journey.complaint.actions import bar

    bar(offer.complaint, by=manager, person=lead, reason="被投诉人的亲属")
    lead.__dict__.pop("written_about", None)
    assert lists.page(lead)[0] == []
    assert signed_in(lead).get(address(offer)).status_code == 404


def test_pages_follow_each_other_by_key(make_complaint, after_sales, li, lead, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 2)
    offers = [
        propose(assigned(make_complaint, after_sales, li), li, fen=6_000 + n).pk for n in range(5)
    ]
    seen, cursor = [], ""
    while True:
        items, cursor = lists.page(lead, cursor=cursor)
        seen += [item.pk for item in items]
        if not cursor:
            break
    assert seen == offers


def test_it_is_found_by_number_words_and_name(offer, lead):
    for q in (offer.complaint.number, "电饭煲", "李明"):
        assert len(lists.page(lead, q=q)[0]) == 1, q
    for q in ("不存在的", "TS1999-000001"):
        assert lists.page(lead, q=q)[0] == []
    assert lists.page(lead, key="nothing")[0] == []


def test_the_number_stands_in_the_navigation(offer, lead, sun, signed_in):
    assert lists.total(lead) == 1
    page = signed_in(lead).get("/queue/").text
    assert 'data-count="inbox">1</b>' in page
    client = signed_in(lead)
    assert client.get("/queue/counts/").json()["inbox"] == "1"
    client.post(address(offer), {"approve": "1"})
    assert client.get("/queue/counts/").json()["inbox"] == ""
    assert lists.total(sun) == 0


def test_programs_read_the_same_list(offer, lead, sun, api):
    found = api(lead).get("/api/v1/inbox").json()
    assert found["counts"]["offer"] == 1
    assert found["next_cursor"] is None
    row = found["items"][0]
    assert (row["kind"], row["id"], row["number"]) == ("offer", offer.pk, offer.complaint.number)
    assert row["page"] == address(offer)
    assert api(sun).get("/api/v1/inbox").json()["items"] == []
    assert api(lead).get("/api/v1/inbox?cursor=nonsense").status_code == 422


def test_a_list_costs_the_same_however_many_wait(
    make_complaint, after_sales, li, lead, signed_in, django_assert_max_num_queries
):
    for n in range(12):
        propose(assigned(make_complaint, after_sales, li), li, fen=6_000 + n)
    client = signed_in(lead)
    client.get("/inbox/")
    with django_assert_max_num_queries(14):
        assert client.get("/inbox/").text.count("data-item=") == 12


def test_nothing_can_be_forged(offer, lead, signed_in):
    client = signed_in(lead)
    assert client.get("/inbox/nothing/1/").status_code == 404
    assert client.get("/inbox/offer/999999/").status_code == 404
    assert client.get("/inbox/?after=%7B%7D").status_code == 422
    # Money is never granted unseen, in a selection.
    assert client.post("/inbox/selected/", {"item": f"offer:{offer.pk}"}).status_code == 404
    assert client.post("/inbox/selected/", {"item": "offer:-1"}).status_code == 404
    offer.refresh_from_db()
    assert offer.state == OfferState.WAITING
