"""Notices and letters about approvals lead to the page, and opening it decides nothing."""

import re

import pytest
from django.core import mail

from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.models import Letter
from huiyin.journey.resolution.words import OfferState
from huiyin.surface.notices import actions as notices
from huiyin.surface.notices import reminding
from huiyin.surface.notices.models import Notice, QuietHours, Reminder
from tests.roads import assigned, propose

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(offer, lead):
    """The lead has an address and was told, twice as the worker may; at whatever hour this runs."""
    QuietHours.objects.all().delete()
    lead.email = "ma@example.com"
    lead.save()
    event = Event.objects.get(complaint=offer.complaint, what=What.PROPOSED)
    for _time in range(2):
        notices.tell_approvers(event)
        reminding.mail_deciders(event)
    return event


def test_the_letter_leads_to_the_page_which_decides_nothing(told, offer, lead, signed_in):
    assert Reminder.objects.filter(user=lead).count() == 1
    reminding.tell_waiting()
    letter = Letter.objects.get(recipient="ma@example.com")
    found = re.search(r"(/inbox/offer/\d+/)", letter.body)
    assert found is not None
    path = found[1]
    assert path == f"/inbox/offer/{offer.pk}/"
    for secret in ("王芳", "电饭煲"):
        assert secret not in letter.body + letter.subject
    client = signed_in(lead)
    for address in (path, f"{path}?approve=1", f"{path}?approve=1&note=x"):
        assert client.get(address).status_code == 200
    offer.refresh_from_db()
    assert offer.state == OfferState.WAITING
    assert len(mail.outbox) == 0  # letters leave with the worker


def test_who_is_not_signed_in_is_asked_to(told, offer, client):
    answer = client.get(f"/inbox/offer/{offer.pk}/")
    assert answer.status_code == 302
    assert "/sign-in/" in answer["Location"]
    assert client.post(f"/inbox/offer/{offer.pk}/", {"approve": "1"}).status_code == 302
    offer.refresh_from_db()
    assert offer.state == OfferState.WAITING


def test_the_bell_leads_there_too(told, offer, lead, signed_in):
    notice = Notice.objects.get(user=lead)
    assert notice.entry == f"/inbox/offer/{offer.pk}/"
    assert f'href="{notice.entry}"' in signed_in(lead).get("/notices/bell/").text


def test_many_at_once_are_one_letter_to_the_inbox(
    told, make_complaint, after_sales, li, lead, offer
):
    other = propose(assigned(make_complaint, after_sales, li), li, fen=6_000)
    event = Event.objects.get(complaint=other.complaint, what=What.PROPOSED)
    notices.tell_approvers(event)
    reminding.mail_deciders(event)
    reminding.tell_waiting()
    letter = Letter.objects.get(recipient="ma@example.com")
    assert letter.body.rstrip().endswith("/inbox/")


def test_whoever_has_no_address_gets_no_letter(offer, manager):
    event = Event.objects.get(complaint=offer.complaint, what=What.PROPOSED)
    notices.tell_approvers(event)
    reminding.mail_deciders(event)
    assert Notice.objects.filter(user=manager).exists()
    assert not Reminder.objects.exists()
