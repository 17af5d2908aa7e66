"""Letters registered, put to a complaint, dismissed."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.channels.paper import actions
from huiyin.journey.channels.paper.actions import reading as reading_actions
from huiyin.journey.channels.paper.actions.deciding import Said
from huiyin.journey.channels.paper.models import Piece
from huiyin.journey.complaint.models import Complaint, Event
from tests.conftest import person
from tests.paper import scans
from tests.paper.conftest import SAID
from tests.together import at_once

pytestmark = pytest.mark.django_db


def test_it_is_registered_with_its_number_and_its_pages_as_evidence(scanned, li):
    piece = scanned(scans.upload("来信.pdf", scans.pdf(2)))
    complaint = actions.register(piece, by=li, given=SAID)
    year = timezone.localdate(moment.now()).year
    assert piece.number == f"信{year}-000001"
    assert (piece.state, piece.complaint, complaint.channel) == ("registered", complaint, "letter")
    assert complaint.intake.via == "paper"
    assert complaint.customer.contact("postal") == "浙江省杭州市西湖区文三路 98 号"
    assert complaint.intake.amount_fen == 45900
    event = Event.objects.get(complaint=complaint, what="paper_registered")
    assert (event.by, event.facts["number"]) == (li, piece.number)
    names = {one.name for one in complaint.evidence.all()}
    assert names == {f"{piece.number}.pdf", "来信.pdf"}
    assert all(one.privacy == "personal" for one in complaint.evidence.all())
    assert (complaint.messages.get().text, piece.message) == (
        complaint.text,
        complaint.messages.get(),
    )


def test_what_was_proposed_and_what_became_of_it_is_kept(scanned, li):
    piece = scanned()
    reading_actions.typed(piece, by=li, text=scans.LETTER)
    actions.register(
        piece, by=li, given=Said(text=scans.LETTER, name="陈桂芳", phone="13900000000")
    )
    verdicts = {kind: one["verdict"] for kind, one in piece.decisions.items()}
    assert (verdicts["name"], verdicts["phone"], verdicts["order_no"]) == (
        "accepted",
        "edited",
        "rejected",
    )


def test_pages_of_another_letter_do_not_come_along(scanned, li):
    piece = scanned(scans.upload("两封.pdf", scans.pdf(2)))
    other = actions.split(piece, by=li, chosen=[piece.pages.last().uuid])
    complaint = actions.register(piece, by=li, given=SAID)
    assert [one.name for one in complaint.evidence.all()] == [f"{piece.number}.pdf"]
    assert other.is_open


def test_a_letter_of_last_week_arrived_last_week(scanned, li):
    piece = scanned()
    day = timezone.localdate(moment.now()) - datetime.timedelta(days=7)
    said = Said(text="旧信", received_on=day, postmarked_on=day - datetime.timedelta(days=2))
    complaint = actions.register(piece, by=li, given=said)
    assert timezone.localtime(complaint.received_at).date() == day
    assert piece.number.startswith(f"信{day.year}-")


def test_a_postmark_later_than_the_arrival_is_refused(scanned, li):
    piece = scanned()
    tomorrow = timezone.localdate(moment.now()) + datetime.timedelta(days=1)
    with pytest.raises(Invalid, match="邮戳"):
        actions.register(piece, by=li, given=Said(text="x", postmarked_on=tomorrow))
    piece.refresh_from_db()
    assert piece.is_open
    assert piece.number == ""


def test_a_refused_registration_takes_no_number(scanned, li):
    first, second = scanned(), scanned(scans.upload("b.png", scans.picture("PNG")))
    with pytest.raises(Invalid):
        actions.register(first, by=li, given=Said(text="有问题", phone="12"))
    actions.register(second, by=li, given=SAID)
    assert second.number.endswith("-000001")


def test_it_is_put_to_a_complaint_that_a_person_names(scanned, li, make_complaint):
    complaint = make_complaint(team=li.teams.first())
    piece = scanned()
    actions.attach(piece, complaint, by=li, given=SAID)
    assert (piece.state, piece.complaint) == ("attached", complaint)
    assert complaint.messages.filter(channel="letter", kind="inbound").count() == 1
    assert complaint.evidence.filter(name=f"{piece.number}.pdf").exists()


def test_a_number_in_a_letter_opens_nothing(scanned, li, sun, make_complaint, logistics, signed_in):
    hidden = make_complaint(team=logistics, restricted=True)
    piece = scanned()
    reading_actions.typed(piece, by=li, text=f"关于 {hidden.number}，请告诉我进展")
    text = signed_in(li).get(f"/paper/{piece.pk}/").content.decode()
    assert hidden.number in text  # it stands in the letter
    assert f"/complaints/{hidden.number}/" not in text
    with pytest.raises(Refused):
        actions.attach(piece, hidden, by=li, given=SAID)
    answer = signed_in(li).post(
        f"/paper/{piece.pk}/attach/", {"number": hidden.number, "text": "x"}
    )
    assert answer.status_code == 422
    piece.refresh_from_db()
    assert piece.is_open


def test_it_is_dismissed_by_reason_only(scanned, li):
    piece = scanned()
    with pytest.raises(Invalid):
        actions.dismiss(piece, by=li, reason=" ")
    actions.dismiss(piece, by=li, reason="广告")
    with pytest.raises(Refused):
        actions.register(piece, by=li, given=SAID)


def test_who_does_not_register_gets_in_nowhere(scanned, signed_in, api):
    piece = scanned()
    legal = person("legal1", "法务", "legal")
    page = signed_in(legal)
    assert page.get("/paper/").status_code == 403
    assert page.get(f"/paper/{piece.pk}/").status_code == 403
    assert page.get(f"/paper/pages/{piece.pages.first().uuid}/large.jpg").status_code == 403
    with pytest.raises(NotPermitted):
        actions.register(piece, by=legal, given=SAID)
    assert api(legal).get("/api/v1/paper").status_code == 403


def test_what_became_a_hidden_complaint_is_hidden(scanned, li, sun, signed_in):
    piece = scanned()
    complaint = actions.register(piece, by=li, given=SAID)
    Complaint.objects.filter(pk=complaint.pk).update(restricted=True)
    page, uuid = signed_in(sun), piece.pages.first().uuid
    assert not Complaint.objects.visible_to(sun).filter(pk=complaint.pk).exists()
    assert page.get(f"/paper/{piece.pk}/").status_code == 404
    assert page.get(f"/paper/pages/{uuid}/large.jpg").status_code == 404
    assert page.get(f"/paper/scans/{piece.scans.get().uuid}/original/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_registers(scanned, li, zhou):
    piece = scanned()
    results = at_once(
        lambda: actions.register(Piece.objects.get(pk=piece.pk), by=li, given=SAID),
        lambda: actions.register(Piece.objects.get(pk=piece.pk), by=zhou, given=SAID),
    )
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert Complaint.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_numbers_of_many_at_once_have_no_gap(scanned, li):
    letters = [scanned(scans.upload("a.png", scans.picture("PNG", mark=at))) for at in range(4)]
    at_once(*[lambda one=one: actions.register(one, by=li, given=SAID) for one in letters])
    numbers = sorted(Piece.objects.values_list("number", flat=True))
    assert [int(number[-6:]) for number in numbers] == [1, 2, 3, 4]
