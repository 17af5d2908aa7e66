"""A reply that has not left yet: taken back, moved to another moment, sent at once.

Of undo and leaving one wins: both are a conditional UPDATE on the same letter.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.worktime.models import calendar
from huiyin.ground.worktime.rules import opening
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.models import Letter, Message
from huiyin.journey.conversation.permissions import can_undo
from huiyin.journey.conversation.ways import Way, way_of
from huiyin.journey.conversation.words import LetterState

UNDO_FOR = timedelta(seconds=10)
LONGEST_PLAN = timedelta(days=60)


def leaves_at(planned: datetime | None = None) -> datetime:
    """When a reply written now leaves: in ten seconds, or at the moment its writer chose."""
    now = moment.now()
    if planned is None:
        return now + UNDO_FOR
    if planned <= now:
        sentence = _("定时发送的时间要在现在之后")
        raise Invalid(sentence, planned_at=sentence)
    if planned > now + LONGEST_PLAN:
        sentence = _("定时发送最多安排到 60 天以后")
        raise Invalid(sentence, planned_at=sentence)
    return planned


def in_window(way: Way, when: datetime) -> None:
    """What is planned beyond the window of its way would fail when nobody looks."""
    if way.until is not None and when > way.until:
        until = timezone.localtime(way.until)
        sentence = _("%(way)s的窗口到 %(until)s 关闭，之后平台不让发，请提前或换一种方式") % {
            "way": way.label,
            "until": f"{until:%m-%d %H:%M}",
        }
        raise Invalid(sentence, planned_at=sentence)


@transaction.atomic
def undo(message: Message, *, by: User) -> None:
    """Take a reply back before it leaves: the customer never sees it; the story keeps it."""
    can_undo.require(by, message)
    _waiting(message, state=LetterState.UNDONE, pending=False)
    record(What.REPLY_UNDONE, message.complaint, by=by, message=message.pk)


@transaction.atomic
def plan(message: Message, *, by: User, at: datetime | None) -> datetime:
    """Let it leave at another moment; without one, now. Returns when."""
    can_undo.require(by, message)
    when = leaves_at(at) if at is not None else moment.now()
    if at is not None:
        in_window(way_of(message.complaint, message.channel), when)
    _waiting(message, next_try_at=when, planned_at=at)
    return when


def _waiting(message: Message, **fields: object) -> None:
    waiting = Letter.objects.undoable().filter(message=message)
    if not waiting.update(**fields):
        raise Refused(_("这条回复已经发出或已撤回，请刷新查看"))


def presets(complaint: Complaint) -> list[tuple[str, datetime]]:
    """Moments that writers choose: soon, and when the team of the complaint begins its next day."""
    now = moment.now()
    works = calendar(complaint.team.calendar_code if complaint.team else "office")
    today = works.day_of(now)
    soon = (now + timedelta(hours=1)).replace(second=0, microsecond=0)
    start = opening(today, works)
    if start <= now or not works.is_workday(today):
        start = opening(works.workday_after(today, 1), works)
    return [(_("1 小时后"), soon), (_day(start, now), start)]


def _day(at: datetime, now: datetime) -> str:
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    days = (local.date() - today).days
    if days > 1:
        return f"{local:%m-%d %H:%M}"
    words = _("明早 %(time)s") if days else _("今天 %(time)s")
    return words % {"time": f"{local:%-H:%M}"}
