"""“Why this deadline?” in words: the steps of the arithmetic as sentences."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from huiyin.ground.worktime.rules import Step
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks.actions import explained
from huiyin.journey.clocks.models import Clock

ZONE = ZoneInfo("Asia/Shanghai")


def why(clock: Clock) -> list[str]:
    """Every step of this clock's due date, computed anew: it ends in the same minute."""
    said = [
        _("按时限政策 %(policy)s：%(amount)s %(unit)s")
        % {
            "policy": clock.policy,
            "amount": _number(clock.amount),
            "unit": Unit(clock.unit).label,
        }
    ]
    said += [sentence for step in explained(clock).steps if (sentence := _sentence(step))]
    if clock.first_due_at != clock.due_at:
        said.append(_("最初的期限是 %(at)s") % {"at": _moment(clock.first_due_at)})
    return said


def _sentence(step: Step) -> str:
    v = step.values
    if step.kind == "start":
        return _("从 %(at)s 起算") % {"at": _moment(v["at"])}
    if step.kind == "due":
        return _("到 %(at)s 为止") % {"at": _moment(v["at"])}
    if step.kind == "extended":
        return _("延长 %(amount)s %(unit)s") % {
            "amount": _number(v["amount"]),
            "unit": Unit(v["unit"]).label,
        }
    if step.kind == "paused":
        until = _moment(v["until"]) if v["until"] else _("现在")
        return _("%(a)s 至 %(b)s 暂停，不计时") % {"a": _moment(v["from"]), "b": until}
    return _day_sentence(step.kind, v)


def _day_sentence(kind: str, v: Any) -> str:
    sentences = {
        "not_counted": _("%(day)s 当天不计"),
        "counted": _("%(day)s 计 1 天"),
        "weekend": _("%(day)s 周末，不计"),
        "holiday": _("%(day)s %(name)s放假，不计"),
        "makeup": _("%(day)s %(name)s，计 1 天"),
        "rolled": _("%(day)s 休息，顺延"),
    }
    return sentences[kind] % {"day": _day(v["day"]), "name": v.get("name", "")}


def _moment(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%m-%d %H:%M")


def _day(day: date) -> str:
    names = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return f"{day:%m-%d} {names[day.weekday()]}"


def _number(amount: Any) -> str:
    return f"{float(amount):g}"
