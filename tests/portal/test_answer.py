"""The customer answers an offer himself: the one he read, once, and only when it was told."""

from datetime import timedelta

import pytest
from django.test import Client

from huiyin.ground import moment
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.resolution import actions as resolution
from huiyin.journey.resolution.models import Offer, Remedy
from huiyin.journey.resolution.words import OfferState

WORDING = "退货退款，明天上门取件。"


@pytest.fixture
def offered(complained, li, after_sales):
    """A complaint with an open offer; `told` says whether the customer heard of it."""

    def make(*, told=True, **changes):
        complaint = complained()
        complaint.carry(team=after_sales, assignee=li)
        type(complaint).objects.filter(pk=complaint.pk).update(status=Status.EXE)
        complaint.refresh_from_db()
        offer = Offer.objects.create(
            complaint=complaint, remedy=Remedy.objects.all()[0], basis="售后条款 3.2",
            wording=WORDING, due_on=moment.today() + timedelta(days=3), by=li, at=moment.now(),
            state=OfferState.OFFERED, value_fen=changes.get("amount_fen", 0), **changes,
        )  # fmt: skip
        if told:
            resolution.tell(offer, by=li, channel="portal")
        return complaint, offer

    return make


def post(client, complaint, offer, agreed, text=""):
    return client.post(
        f"/portal/complaints/{complaint.number}/answers/",
        {"offer": offer.pk, "agreed": agreed, "text": text},
    )


def test_an_offer_that_was_told_stands_on_the_page_and_is_agreed_to(visitor, offered):
    complaint, offer = offered(amount_fen=39900)
    page = visitor.get(f"/portal/complaints/{complaint.number}/").content.decode()
    assert "同意这个方案" in page
    assert "¥399.00" in page
    assert post(visitor, complaint, offer, "yes").status_code == 302
    offer.refresh_from_db()
    assert offer.state == OfferState.AGREED
    assert complaint.events.filter(what=What.AGREED).count() == 1


def test_an_offer_is_declined_with_words_and_work_goes_on(visitor, offered):
    complaint, offer = offered()
    assert post(visitor, complaint, offer, "no", "医药费呢").status_code == 302
    offer.refresh_from_db()
    complaint.refresh_from_db()
    assert (offer.state, offer.answer_note) == (OfferState.DECLINED, "医药费呢")
    assert complaint.status == Status.HND


def test_an_offer_that_was_not_told_is_not_shown_and_cannot_be_answered(visitor, offered):
    complaint, offer = offered(told=False)
    page = visitor.get(f"/portal/complaints/{complaint.number}/").content.decode()
    assert WORDING not in page
    assert post(visitor, complaint, offer, "yes").status_code == 409
    offer.refresh_from_db()
    assert offer.state == OfferState.OFFERED


def test_of_two_answers_the_second_is_refused(visitor, offered):
    complaint, offer = offered()
    assert post(visitor, complaint, offer, "yes").status_code == 302
    answer = post(visitor, complaint, offer, "no")
    assert answer.status_code == 409
    assert "刚刚有了变化" in answer.content.decode()
    offer.refresh_from_db()
    assert offer.state == OfferState.AGREED


def test_an_offer_of_another_complaint_is_no_answer_here(visitor, offered):
    complaint, offer = offered()
    offer.pk += 1
    assert post(visitor, complaint, offer, "yes").status_code == 409


@pytest.mark.parametrize("agreed", ["", "maybe"])
def test_no_decision_is_no_answer(visitor, offered, agreed):
    complaint, offer = offered()
    assert post(visitor, complaint, offer, agreed).status_code == 422


def test_nobody_answers_without_number_and_code(offered):
    complaint, offer = offered()
    assert post(Client(), complaint, offer, "yes").status_code == 404
