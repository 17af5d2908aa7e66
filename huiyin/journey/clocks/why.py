"""“Why this deadline?” in words: the steps of the arithmetic as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from huiyin.ground.web.panels import rows
from huiyin.ground.worktime.models import calendar
from huiyin.ground.worktime.rules import Step
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks.actions.planning import explained, limits_for, pauses_of
from huiyin.journey.clocks.models import Attachment, Clock, Term
from huiyin.journey.clocks.rules import Limit
from huiyin.journey.complaint.models import Complaint

DAYS = ("counted", "makeup", "weekend", "holiday", "rolled")


def why(clock: Clock) -> list[str]:
    """Every step of this clock's due date, computed anew: it ends in the same minute."""
    zone = ZoneInfo(calendar(clock.calendar_code).zone)
    return [
        *_chosen(clock, zone),
        *(_sentence(steps, zone) for steps in _runs(explained(clock).steps)),
        *_history(clock, zone),
    ]


def attached(complaint: Complaint) -> list[Attachment]:
    """The policies attached to a complaint, read once for all its clocks."""
    return rows(complaint, "attachments", lambda found: found.select_related("policy", "by"))


def _chosen(clock: Clock, zone: ZoneInfo) -> Iterator[str]:
    """The policy, and those it was chosen from."""
    said = {"policy": clock.policy, "version": clock.policy_version or "1"}
    if clock.subject:
        yield _("%(label)s 自己的时限：%(amount)s %(unit)s") % {
            "label": clock.label,
            "amount": _number(clock.amount),
            "unit": Unit(clock.unit).label,
        }
        return
    if clock.fixed_at is not None:
        yield _("按时限政策 %(policy)s（第 %(version)s 版）附加的文书") % said
    else:
        yield _("按时限政策 %(policy)s（第 %(version)s 版）：%(amount)s %(unit)s") % {
            **said,
            "amount": _number(clock.amount),
            "unit": Unit(clock.unit).label,
        }
    if clock.stopped_at is None:
        complaint = clock.complaint
        pauses, documents = pauses_of(clock), attached(complaint)
        limits = limits_for(complaint, clock.kind, clock.started_at, pauses, documents)
        if len(limits) > 1:
            yield _("同时适用：%(limits)s，取最早的一项") % {
                "limits": _("、").join(_limit(one, zone) for one in limits)
            }


def _limit(one: tuple[Limit, Term], zone: ZoneInfo) -> str:
    limit = one[0]
    source = _("%(policy)s 的文书") % {"policy": limit.policy} if limit.fixed else limit.policy
    return f"{source} {_end(limit.due_at, zone)}"


def _history(clock: Clock, zone: ZoneInfo) -> Iterator[str]:
    for extension in clock.extensions.all():
        yield _("%(who)s 于 %(at)s 批准延期 %(amount)s %(unit)s：%(reason)s") % {
            "who": extension.approved_by.name,
            "at": _moment(extension.at, zone),
            "amount": _number(extension.amount),
            "unit": Unit(extension.unit).label,
            "reason": extension.reason,
        }
    if clock.paused_at is not None:
        yield _("%(at)s 起停表，恢复后期限相应后移") % {"at": _moment(clock.paused_at, zone)}
    if clock.replanned_at is not None:
        yield _("%(at)s 政策或日历修改后重新计算") % {"at": _moment(clock.replanned_at, zone)}
    if clock.first_due_at != clock.due_at:
        yield _("最初的期限是 %(at)s") % {"at": _end(clock.first_due_at, zone)}


def _runs(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Days of one kind and name that follow each other become one line."""

    def kind(step: Step) -> Any:
        is_day = step.kind in DAYS
        return (step.kind, step.values.get("name")) if is_day else (step.kind, id(step))

    for _kind, run in groupby(steps, key=kind):
        yield list(run)


def _sentence(steps: list[Step], zone: ZoneInfo) -> str:
    step, v = steps[0], steps[0].values
    if step.kind in (*DAYS, "not_counted"):
        return _days(step.kind, [s.values["day"] for s in steps], v.get("name", ""))
    if step.kind in ("worked", "paused"):
        span = {"a": _moment(v["from"], zone), "b": _until(v["from"], v["until"], zone)}
        if step.kind == "paused":
            return _("%(a)s 至 %(b)s 停表，不计时") % span
        return _("%(a)s 至 %(b)s 计 %(length)s") % {
            **span,
            "length": _length(v["until"] - v["from"]),
        }
    told = _end if step.kind in ("due", "fixed") else _moment
    sentences = {
        "start": _("从 %(at)s 起算"),
        "extended": _("延长 %(amount)s %(unit)s"),
        "moved": _("停表共 %(hours)s 小时，末日顺延 %(days)s 天"),
        "provisional": _("途经的年份放假安排尚未公布，此期限为暂定"),
        "fixed": _("文书规定了期限，内部提前一个工作日：%(at)s"),
        "due": _("到 %(at)s 为止"),
    }
    return sentences[step.kind] % {
        "at": told(v["at"], zone) if "at" in v else "",
        "amount": _number(v.get("amount", 0)),
        "unit": Unit(v["unit"]).label if "unit" in v else "",
        "hours": _number(round(v.get("hours", 0), 1)),
        "days": v.get("days", ""),
    }


def _days(kind: str, days: list[date], name: str) -> str:
    told = _day(days[0])
    if len(days) > 1:
        told = _("%(a)s 至 %(b)s") % {"a": told, "b": _day(days[-1])}
    sentences = {
        "not_counted": _("%(days)s 当天不计"),
        "counted": _("%(days)s 计 %(n)s 天"),
        "weekend": _("%(days)s 周末，不计"),
        "holiday": _("%(days)s %(name)s放假，不计"),
        "makeup": _("%(days)s %(name)s，计 %(n)s 天"),
        "rolled": _("%(days)s 休息，顺延"),
    }
    return sentences[kind] % {"days": told, "name": name, "n": len(days)}


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _until(begin: datetime, end: datetime, zone: ZoneInfo) -> str:
    """The clock alone where it is the same day."""
    same = begin.astimezone(zone).date() == end.astimezone(zone).date()
    return f"{end.astimezone(zone):%H:%M}" if same else _moment(end, zone)


def _end(at: datetime, zone: ZoneInfo) -> str:
    """Midnight is 24:00 of the day that ends: nobody thinks of a deadline as the next day's."""
    local = at.astimezone(zone)
    if (local.hour, local.minute) == (0, 0):
        return f"{local.date() - timedelta(days=1):%Y-%m-%d} 24:00"
    return _moment(at, zone)


def _length(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(n)s 分钟") % {"n": rest}
    told = _("%(n)s 小时") % {"n": hours}
    return f"{told} {_('%(n)s 分钟') % {'n': rest}}" if rest else told


def _day(day: date) -> str:
    names = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return f"{day:%m-%d} {names[day.weekday()]}"


def _number(amount: Any) -> str:
    return f"{float(amount):g}"
