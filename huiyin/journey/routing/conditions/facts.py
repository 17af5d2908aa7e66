"""The same questions of one complaint, in the table or not yet."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django.apps import apps

from huiyin.ground.conditions.rules import Fulltext
from huiyin.ground.conditions.words import NO, YES
from huiyin.ground.people.models import User
from huiyin.ground.search import rules as search
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.intake.models import Answer, Intake
from huiyin.journey.intake.words import FieldType
from huiyin.journey.routing.conditions.asked import HOUR


def in_hours(span: timedelta) -> Fraction:
    return Fraction(span // timedelta(microseconds=1), HOUR)


def hours_left(complaint: Complaint, now: datetime) -> Fraction | None:
    due = complaint.next_due_at
    return in_hours(due - now) if due is not None and complaint.is_open else None


def promise_hours(complaint: Complaint, now: datetime) -> Fraction | None:
    """Hours until the open promise that is due first; it outlives the complaint."""
    due = complaint.promise_due_at
    return in_hours(due - now) if due is not None else None


def is_overdue(complaint: Complaint, now: datetime) -> str:
    left = hours_left(complaint, now)
    return YES if left is not None and left < 0 else NO


def fulltext(complaint: Complaint, now: datetime) -> Fulltext:
    return Fulltext(lambda words: has_words(complaint, words))


def has_words(complaint: Complaint, words: str) -> bool:
    asked = search.query(words)
    if not asked:
        return False
    if not complaint._state.adding:
        return Complaint.objects.filter(pk=complaint.pk, search__matches=asked).exists()
    customer = complaint.customer
    said = (complaint.subject, complaint.text, complaint.wanted, complaint.order_no, customer.name)
    return search.is_in(words, *said, *(p.shown for p in customer.contact_points.all()))


def via(complaint: Complaint) -> str:
    """By which door it came in; the record may be there before the complaint is."""
    found = Intake.objects.filter(complaint_id=complaint.pk).values_list("via", flat=True)
    return found.first() or ""


def answer_of(complaint: Complaint, key: str) -> Any:
    found = Answer.objects.filter(complaint_id=complaint.pk, field__key=key)
    row = found.values_list("value", "field__type").first()
    if row is None:
        return ""
    value, type_ = row
    return Fraction(value, 100) if type_ == FieldType.MONEY else value


def response_kinds(complaint: Complaint) -> list[str]:
    """Every kind of response that the customer was given so far."""
    if complaint._state.adding:
        return []
    letters = apps.get_model("closure", "Feedback").objects.filter(complaint=complaint.pk)
    return sorted({kind for one in letters.values_list("kinds", flat=True) for kind in one})


def name_of(person: User | None) -> str:
    return person.username if person else ""
