"""Calls that are not over yet, calls that customers asked for, and cases for training."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from huiyin.ground import moment
from huiyin.journey.callbacks import actions as callbacks
from huiyin.journey.callbacks.words import CallbackKind, Result
from huiyin.journey.closure import actions as closure
from huiyin.journey.closure.models import Case
from huiyin.journey.complaint.words import Severity
from huiyin.surface.demo.story.story import HOME, Story
from huiyin.surface.demo.theatre import Acts
from huiyin.surface.demo.turns import turn

MOST_CASES = 3
LESSON = "先听客户说完，复述一遍再讲方案；结果告诉客户之前，把答应过的事逐条对一遍。"


def tried(it: Story) -> Acts:
    """What still waits for its visit: one was not reached, one agreed on a time."""
    callback = it.complaint.callbacks.open().filter(kind=CallbackKind.VISIT).first()
    if callback is None:
        return
    callback.complaint = it.complaint
    third = turn(it.complaint) % 3
    if third == 0:
        yield it.after(45)
        callbacks.answer(callback, by=it.people["he"], result=Result.NOT_REACHED)
    elif third == 1:
        yield it.after(30)
        callbacks.answer(
            callback,
            by=it.people["he"],
            result=Result.LATER,
            words="在开会，请明天下午再打",
            appointment_at=_tomorrow(15),
        )


def call_wanted(it: Story) -> None:
    """Of those that are being worked on some customers asked to be called back."""
    if turn(it.complaint) % 9 == 0 and it.complaint.assignee is not None:
        callbacks.arrange(
            it.complaint,
            by=it.handler,
            reason="客户白天上班，请下班前回电说明进度",
            appointment_at=_tomorrow(17),
        )


def _tomorrow(hour: int) -> datetime:
    day = moment.today() + timedelta(days=1)
    return datetime.combine(day, time(hour, 30), HOME)


def learn(it: Story) -> None:
    """The first few that ended well become cases: recommended, checked by quality."""
    complaint = it.complaint
    told = complaint.severity in (Severity.S2, Severity.S3) and not complaint.restricted
    if not told or Case.objects.count() >= MOST_CASES or turn(complaint) % 5:
        return
    case = closure.propose_case(complaint, by=it.handler, lesson=LESSON)
    if Case.objects.count() < MOST_CASES:  # the last one waits for whoever judges it
        fields = {name: getattr(case, name) for name in ("title", "story", "handling", "lesson")}
        closure.accept_case(case, by=it.people["tao"], **fields)
