"""The clocks of chats: warnings and misses of the first reply within opening hours; the reminder
to a visitor who is silent, and the end when he stays so; summaries that nobody writes. By
schedule, safe to run twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_noop

from huiyin.ground import moment
from huiyin.ground.sentence import sentence as _
from huiyin.ground.worktime.models import calendar
from huiyin.journey.channels.chat.actions.alarms import alarm
from huiyin.journey.channels.chat.actions.beginning import is_open
from huiyin.journey.channels.chat.actions.distributing import distribute, return_lost, served_by
from huiyin.journey.channels.chat.actions.ending import end_by_time, sum_up_unsummed
from huiyin.journey.channels.chat.actions.lines import held, tell_all
from huiyin.journey.channels.chat.fairness import mark_passed, opening_seconds
from huiyin.journey.channels.chat.models import Alarm, Chat, Line
from huiyin.journey.channels.chat.models.alarms import AlarmQuerySet
from huiyin.journey.channels.chat.models.chats import ChatQuerySet
from huiyin.journey.channels.chat.words import AlarmKind, By, ChatState

LOOKED_BACK = timedelta(hours=1)  # answered too late, between two looks
UNSUMMED_FOR = timedelta(hours=24)
TOLD_AGAIN_AFTER = timedelta(minutes=30)  # that nobody sits at the desk of a team
AT_A_TIME = 50
WHOLE = 100


def watch() -> None:
    """Every ten seconds: who is lost comes back, who waits is given, limits are looked at."""
    return_lost()
    distribute()
    watch_seats()
    watch_limits()
    watch_silence()
    watch_summaries()


def watch_seats() -> int:
    """Somebody waits in opening hours and nobody sits there: told at once, of the first one of each
    team, and again only after a while. How many were told of."""
    now, served = moment.now(), served_by()
    lately = Alarm.objects.filter(kind=AlarmKind.NOBODY, at__gt=now - TOLD_AGAIN_AFTER)
    told: set[int | None] = set(lately.values_list("team", flat=True))
    found = 0
    for chat in Chat.objects.waiting().select_related("site", "team"):
        if chat.team_id in told or served(chat.team_id) or not is_open(chat.site, now):
            continue
        told.add(chat.team_id)
        alarm(chat, AlarmKind.NOBODY)
        found += 1
    return found


def watch_limits() -> int:
    """How many warnings and misses were found."""
    now = moment.now()
    found = 0
    chats = list(_unanswered(now).select_related("site", "team", "agent"))
    alarms = Alarm.objects.of_limits().filter(chat__in=chats)
    told = set(alarms.values_list("chat", "kind"))
    for chat in chats:
        until = chat.answered_at or chat.ended_at or now
        spent = opening_seconds(chat.asked_at, until, calendar(chat.site.calendar_code))
        marks = chat.site.warn_percents
        passed = mark_passed(spent, chat.site.first_reply_seconds, [*marks, WHOLE])
        kind = _kind(passed, marks)
        if passed and (chat.pk, str(kind)) not in told:
            alarm(chat, kind, agent=chat.agent)
            found += 1
    return found


def _kind(passed: int, marks: list[int]) -> AlarmKind:
    if passed >= WHOLE:
        return AlarmKind.MISSED
    return AlarmKind.NEARLY if len(marks) > 1 and passed == max(marks) else AlarmKind.WARNED


def _unanswered(now: datetime) -> ChatQuerySet:
    """Not answered yet, or answered (or ended) too late a moment ago."""
    since = now - LOOKED_BACK
    lately = Q(answered_at__gt=F("first_due_at")) & Q(answered_at__gt=since)
    gone = Q(answered_at=None, ended_at__gt=F("first_due_at")) & Q(ended_at__gt=since)
    waits = Q(answered_at=None, state__in=(ChatState.WAITING, ChatState.OPEN))
    return Chat.objects.filter(waits | lately | gone)


def watch_summaries() -> int:
    """Talked with and never summed up: the lead hears of it once; after a day it goes on record
    without a summary. How many went."""
    now = moment.now()
    late = Chat.objects.unsummed_for_long(now).select_related("site", "team", "agent")
    for chat in late.filter(~Exists(_told_of(AlarmKind.UNSUMMED)))[:AT_A_TIME]:
        alarm(chat, AlarmKind.UNSUMMED, agent=chat.agent)
    over = Chat.objects.unsummed().filter(ended_at__lte=now - UNSUMMED_FOR).order_by("ended_at")
    return sum(sum_up_unsummed(chat) for chat in over[:AT_A_TIME])


def _told_of(kind: AlarmKind) -> AlarmQuerySet:
    return Alarm.objects.filter(chat=OuterRef("pk"), kind=kind)


# --- silence --------------------------------------------------------------------------------------


def watch_silence() -> int:
    """Whom we answered and who says no more: reminded once, then ended. Who waits and has closed
    his page long ago: ended. How many were."""
    now = moment.now()
    acted = 0
    spoken = Line.objects.filter(chat=OuterRef("pk"), kind__in=(By.VISITOR, By.AGENT))
    last = spoken.order_by("-pk")
    talks = Chat.objects.filter(state=ChatState.OPEN).annotate(
        spoke=Subquery(last.values("kind")[:1]), spoke_at=Subquery(last.values("at")[:1])
    )
    for chat in talks.filter(spoke=By.AGENT).select_related("site").order_by("pk"):
        silent = now - chat.spoke_at  # type: ignore[attr-defined]
        remind = timedelta(minutes=chat.site.remind_minutes)
        if silent >= timedelta(minutes=chat.site.idle_minutes):
            acted += end_by_time(chat, reason=_("访客很久没有回应"))
        elif remind and silent >= remind:
            acted += _remind(chat, chat.spoke_at)  # type: ignore[attr-defined]
    for chat in Chat.objects.waiting().select_related("site"):
        if chat.visitor_here_at < now - timedelta(minutes=chat.site.idle_minutes):
            acted += end_by_time(chat, reason=_("访客已离开"))
    return acted


@transaction.atomic
def _remind(chat: Chat, spoke_at: datetime) -> bool:
    """Once for each silence, however many look."""
    kept = held(chat)
    since = Q(reminded_at=None) | Q(reminded_at__lt=spoke_at)
    still = Chat.objects.filter(since, pk=kept.pk, state=ChatState.OPEN)
    if not still.update(reminded_at=moment.now()):
        return False
    tell_all(kept, gettext_noop("您还在吗？如果没有别的问题，会话稍后会自动结束"))
    return True
