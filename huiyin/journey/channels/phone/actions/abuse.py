"""The ladder for abusive calls: said step by step, and only its end ends a call."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.phone.actions import hearing, telling
from huiyin.journey.channels.phone.actions.linking import hold
from huiyin.journey.channels.phone.models import Act, Call, Rung, ladder
from huiyin.journey.channels.phone.permissions import can_speak
from huiyin.journey.channels.phone.rules.ladder import Step, left_out, may_end
from huiyin.journey.channels.phone.words import Allows, Did


@dataclass(frozen=True)
class Shown:
    """A step as the bar shows it."""

    rung: Rung
    said: bool
    open: bool  # may be said now


def to_say(call: Call, acts: list[Act]) -> list[Shown]:
    said = {one.rung_id for one in acts if one.rung_id}
    rungs = ladder()
    steps = [Step(one.pk, one.allows) for one in rungs]
    return [
        Shown(one, one.pk in said, one.pk not in said and _is_open(steps, said, one))
        for one in rungs
    ]


def _is_open(steps: list[Step], said: set[int], rung: Rung) -> bool:
    if rung.allows == Allows.END:
        return may_end(steps, said)
    return not left_out(steps, said, rung.pk)


@transaction.atomic
def say(call: Call, rung: Rung, *, by: User) -> Act:
    """One step was said. Ending is for after every warning; the supervisor hears of it."""
    can_speak.require(by, call)
    call = hold(call)
    if call.answered_at is None or call.abused:
        raise Refused(_("这通电话现在不能这样处置"))
    if not call.is_live:
        raise Refused(_("通话已经结束"))
    said = {pk for pk in call.acts.values_list("rung", flat=True) if pk}
    known = ladder()
    steps = [Step(one.pk, one.allows) for one in known]
    if rung.pk in said or rung.pk not in {one.pk for one in steps}:
        raise Refused(_("这一步已经说过，或已停用，请刷新页面"))
    if not _is_open(steps, said, rung):
        missing = left_out(steps, said, rung.pk)
        names = "、".join(one.name for one in known if one.pk in missing)
        raise Refused(_("请先说完：%(steps)s") % {"steps": names or _("警告")})
    if rung.allows != Allows.END:
        act = telling.act_of(call, Did.WARNED, by=by, rung=rung, words=rung.words_zh)
        telling.tell_act(call, act)
        hearing.ping({by.pk})
        return act
    return _ended(call, rung, by=by)


def _ended(call: Call, rung: Rung, *, by: User) -> Act:
    to = telling.supervisor_for(call, by)
    act = telling.act_of(call, Did.ENDED, by=by, rung=rung, words=rung.words_zh, to=to)
    call.abused = True
    call.save(update_fields=["abused"])
    telling.tell_act(call, act)
    if to is not None and to.pk != by.pk:
        telling.notify(act)
        hearing.ping({to.pk})
    hearing.ping({by.pk})
    return act
