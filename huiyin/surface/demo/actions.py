"""Loading the demonstration into an empty database: whole, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.words import LetterState
from huiyin.surface.demo import cast, plan
from huiyin.surface.demo.theatre import Theatre
from huiyin.surface.notices.models import Notice

DAYS = 60


def is_empty() -> bool:
    return not (User.objects.people().exists() or Complaint.objects.exists())


@transaction.atomic
def load(*, progress: Callable[[int], None] | None = None) -> int:
    """Live through the last sixty days; returns how many complaints there are now."""
    now = moment.now()
    began = now - timedelta(days=DAYS)
    people = cast.enter()
    theatre = Theatre(began, now, progress)
    for story in plan.stories(people, now):
        theatre.enter(story.received_at, story.life())
    theatre.play()
    _deliver_letters()
    _read_notices()
    _no_jobs_left()
    return Complaint.objects.count()


def _deliver_letters() -> None:
    """Letters of past days have gone out; none of them is ever really sent to anybody."""
    for letter in Letter.objects.filter(state=LetterState.QUEUED):
        letter.state = LetterState.SENT
        letter.tries, letter.sent_at = 1, letter.created_at + timedelta(seconds=8)
        if letter.pk % 37 == 0:
            letter.state, letter.sent_at, letter.tries = LetterState.FAILED, None, 5
            letter.error = "SMTPRecipientsRefused: 550 mailbox unavailable"
        letter.save(update_fields=["state", "tries", "sent_at", "error"])


def _read_notices() -> None:
    """People have read what is older than yesterday, and most of the rest."""
    now = moment.now()
    for notice in Notice.objects.filter(read_at=None):
        old = notice.at < now - timedelta(hours=20)
        if (old and notice.pk % 40) or (not old and notice.pk % 3 == 0):
            notice.read_at = min(notice.at + timedelta(minutes=5 + notice.pk % 90), now)
            notice.save(update_fields=["read_at"])


def _no_jobs_left() -> None:
    """The followers ran in their own time already; the worker must not run them again today."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'follow_later'")
