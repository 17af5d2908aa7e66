"""The spine: numbers, moves, sight."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction

from huiyin.ground.refusal import Refused
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What

pytestmark = pytest.mark.django_db


def test_a_complaint_has_a_number_and_a_secret_code(make_complaint, clock):
    with clock("2026-11-23 10:00"):
        first, second = make_complaint(), make_complaint()
    assert (first.number, second.number) == ("TS2026-000001", "TS2026-000002")
    assert len(first.tracking_code) == 26
    assert first.tracking_code != second.tracking_code


def test_of_two_who_move_the_same_complaint_one_is_refused(make_complaint):
    complaint = make_complaint(status=Status.REG)
    mine, theirs = (Complaint.objects.get(pk=complaint.pk) for _ in range(2))
    mine.move_to(Status.TRI)
    with pytest.raises(Refused, match="刚刚被别人处理过"):
        theirs.move_to(Status.TRI)


def test_the_story_cannot_be_rewritten(make_complaint, li):
    event = record(What.NOTED, make_complaint(), by=li)
    with pytest.raises(DatabaseError), transaction.atomic():
        event.facts = {"changed": True}
        event.save()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM complaint_event")


def test_strangers_and_people_without_a_team_see_nothing(make_complaint, sun, after_sales, admin):
    make_complaint(team=after_sales)
    make_complaint()
    for user in (sun, admin, AnonymousUser()):
        assert not Complaint.objects.visible_to(user).exists()


def test_words_are_found_as_like_finds_them(make_complaint):
    texts = ["要求退款", "退了款", "款退不退", "ABC退款123", "请退 款"]
    for text in texts:
        make_complaint(text=text, subject="事由")
    for wanted in ("退款", "退", "abc", "要求退款", "款退"):
        like = sum(wanted in text.lower() for text in texts)
        assert Complaint.objects.search(wanted).count() == like, wanted


def test_a_number_is_found_however_it_is_typed(make_complaint, clock):
    with clock("2026-11-23 10:00"):
        complaint = make_complaint()
    for typed in ("TS2026-000001", "ts2026-1", "２０２６-1", " 2026-000001 "):
        assert Complaint.objects.search(typed).get() == complaint
