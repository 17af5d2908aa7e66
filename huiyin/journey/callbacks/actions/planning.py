"""When to call: in our hours, in a part of the day not tried yet, or when the customer said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid
from huiyin.ground.sentence import sentence as _
from huiyin.ground.worktime.models import calendar
from huiyin.journey.callbacks import rules

HOURS = "office"  # the calendar in whose hours we call


def zone() -> ZoneInfo:
    return ZoneInfo(calendar(HOURS).zone)


def first_try(now: datetime) -> datetime:
    """Now, in our hours; else when they begin."""
    begin, _end = next(iter(calendar(HOURS).open_spans(now.astimezone(UTC))))
    return max(begin, now)


def another_try(tries: Sequence[datetime], now: datetime) -> datetime:
    """In a part of the day that is in none of the tries so far."""
    spans = calendar(HOURS).open_spans(now.astimezone(UTC))
    return rules.next_try(now, rules.parts_tried(tries), spans, zone())


def part(at: datetime) -> str:
    return str(rules.part_of_day(timezone.localtime(at, zone())))


def checked_appointment(at: datetime | None, *, name: str = "appointment_at") -> datetime:
    """What the customer wished, as far as it can be kept."""
    now = moment.now()
    if at is None:
        sentence = _("请填写与客户约定的时间")
    elif timezone.is_naive(at):
        return checked_appointment(timezone.make_aware(at, zone()), name=name)
    elif at <= now:
        sentence = _("约定的时间已经过去，请重新填写")
    elif at > now + rules.FARTHEST_APPOINTMENT:
        sentence = _("约定的时间最远 30 天")
    elif not rules.is_good_hour(timezone.localtime(at, zone())):
        sentence = _("请约在 8 点到 21 点之间")
    else:
        return at
    raise Invalid(sentence, **{name: sentence})
