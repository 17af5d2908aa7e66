"""The end: a summary, and what the chat becomes."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from huiyin.ground import moment
from huiyin.journey.callbacks.models import Callback
from huiyin.journey.channels.chat import actions
from huiyin.journey.channels.chat.actions import summing
from huiyin.journey.channels.chat.models import Chat
from huiyin.journey.channels.chat.words import ChatState, Outcome
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import What
from tests.chat.conftest import HTMX, answered

pytestmark = pytest.mark.django_db


def test_the_end_proposes_what_triage_reads_and_open_ones_of_the_same(
    visit, li, make_complaint, after_sales, signed_in
):
    own = make_complaint(team=after_sales, assignee=li)
    other = make_complaint(restricted=True)
    chat = visit("电饭煲漏电，我妈被电了一下，送医院了")
    Chat.objects.filter(pk=chat.pk).update(phone="138 0013 8000")
    actions.accept(chat, by=li)
    chat.refresh_from_db()
    found = summing.proposal(chat, li)
    assert found.severity in (1, 2)
    assert found.category
    assert own.number in [one.complaint.number for one in found.similar]
    assert other.number not in [one.complaint.number for one in found.similar]
    form = signed_in(li).get(f"/chats/{chat.pk}/ending/").content.decode()
    assert own.number in form
    assert "138 0013 8000" not in form


def test_it_becomes_a_complaint_with_the_contact_as_corrected(talk, li, signed_in):
    posted = {
        "becomes": "new",
        "summary": "电饭煲不加热，要求换新",
        "name": "王芳",
        "phone": "139 0001 0001",
        "category": "",
        "severity": "3",
    }
    answer = signed_in(li).post(f"/chats/{talk.pk}/ending/", posted)
    assert answer.status_code == 204
    made = Complaint.objects.get(channel="chat")
    assert made.number in json.loads(answer["HX-Trigger"])["toast"]["text"]
    assert made.customer.contact("phone").replace(" ", "").endswith("13900010001")
    assert made.severity == 3
    assert Event.objects.filter(complaint=made, what=What.CHATTED).exists()
    again = signed_in(li).post(f"/chats/{talk.pk}/ending/", posted, headers=HTMX)
    assert again.status_code == 409
    assert Complaint.objects.count() == 1


def test_it_goes_into_an_existing_one_that_one_sees(
    talk, li, make_complaint, after_sales, signed_in
):
    own = make_complaint(team=after_sales, assignee=li)
    hidden = make_complaint(restricted=True)
    page = signed_in(li)
    for number in (hidden.number, "TS2026-999999", "'; DROP TABLE x", ""):
        posted = {"becomes": "existing", "other": number, "summary": "同一件事"}
        answer = page.post(f"/chats/{talk.pk}/ending/", posted, headers=HTMX)
        assert answer.status_code == 422, number
    talk.refresh_from_db()
    assert talk.state == ChatState.OPEN
    posted = {"becomes": "existing", "number": own.number, "summary": "同一件事"}
    assert page.post(f"/chats/{talk.pk}/ending/", posted).status_code == 204
    talk.refresh_from_db()
    assert (talk.complaint, talk.outcome) == (own, Outcome.EXISTING)
    assert own.messages.filter(text__contains="电饭煲不加热").exists()


def test_only_asked_needs_a_reason_and_makes_no_complaint(talk, li, signed_in):
    page, url = signed_in(li), f"/chats/{talk.pk}/ending/"
    asked_only = {"becomes": "asked", "summary": " "}
    assert page.post(url, asked_only, headers=HTMX).status_code == 422
    asked_only["summary"] = "只问保修期"
    assert page.post(url, asked_only).status_code == 204
    assert not Complaint.objects.exists()
    talk.refresh_from_db()
    assert (talk.state, talk.outcome, talk.summary) == (ChatState.ENDED, "none", "只问保修期")


def test_what_the_visitor_ended_waits_for_its_summary(talk, li, signed_in):
    answered(talk, li)
    actions.end_by_visitor(talk)
    page = signed_in(li)
    assert "待小结" in page.get("/chats/").content.decode()
    assert page.post(f"/chats/{talk.pk}/say/", {"text": "喂"}, headers=HTMX).status_code == 409
    posted = {"becomes": "asked", "summary": "问完就走了"}
    assert page.post(f"/chats/{talk.pk}/ending/", posted).status_code == 204
    assert not Chat.objects.unsummed().exists()


def test_a_call_that_he_asked_for_waits_in_the_queue_with_its_time(talk, li, signed_in):
    at = (timezone.localtime(moment.now()) + timedelta(days=1)).replace(hour=10, minute=0, second=0)
    url = f"/chats/{talk.pk}/ending/"
    typed = {"becomes": "asked", "summary": "约了回电", "call_at": f"{at:%Y-%m-%dT%H:%M}"}
    refused = signed_in(li).post(url, typed, headers={"HX-Request": "true"})
    assert refused.status_code == 422 and "约了回电就要登记" in refused.content.decode()
    late = {**typed, "becomes": "new", "call_at": f"{at:%Y-%m-%dT}23:30"}
    assert signed_in(li).post(url, late, headers={"HX-Request": "true"}).status_code == 422
    talk.refresh_from_db()
    assert talk.outcome == "" and not Callback.objects.exists()  # nothing of it was done
    done = signed_in(li).post(url, {**typed, "becomes": "new"}, headers={"HX-Request": "true"})
    assert done.status_code == 204, done.content.decode()
    call = Callback.objects.get()
    assert (call.kind, call.appointment_at, call.source) == (
        "asked",
        at.replace(microsecond=0),
        f"chat:{talk.pk}",
    )
    talk.refresh_from_db()
    assert call.complaint == talk.complaint
