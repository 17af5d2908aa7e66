"""Followers: what clocks and the complaint's end do to tasks."""

from __future__ import annotations

from huiyin.ground.people.models import User
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import What
from huiyin.journey.cooperation.actions.deciding import cancelled
from huiyin.journey.cooperation.models import Leg, Task


def task_of(event: Event) -> Task | None:
    """The task an event tells of: by its own fact, or by the subject of its clock."""
    pk = task_named(event)
    if not pk:
        return None
    told = Task.objects.select_related("department", "leg").order_by()
    task = next(iter(told.filter(pk=pk, complaint=event.complaint_id)), None)
    if task is not None:
        task.complaint = event.complaint
    return task


def task_named(event: Event) -> int:
    """Its number alone; 0 where the event tells of none."""
    subject = str(event.facts.get("subject", ""))
    pk = event.facts.get("task") or subject.removeprefix("task:")
    return int(pk) if str(pk).isdecimal() else 0


def count_late(event: Event) -> None:
    """Follow a missed clock of a task: it counts for the department that has it."""
    if not str(event.facts.get("subject", "")).startswith("task:"):
        return
    task = task_of(event)
    if task is None or task.leg is None:
        return
    signing = event.facts.get("kind") == ClockKind.TASK_SIGN_IN
    field = "sign_late" if signing else "answer_late"
    Leg.objects.filter(pk=task.leg.pk).update(**{field: True})
    record(
        What.TASK_LATE,
        event.complaint,
        by=User.objects.system(),
        **task.facts,
        kind=event.facts.get("kind", ""),
        clock=event.facts.get("clock", ""),
        due_at=event.facts.get("due_at", ""),
    )


def cancel_open(event: Event) -> None:
    """Follow an end that is no closing: nobody needs an answer any more."""
    if event.complaint._state.adding:
        return
    waiting = event.complaint.tasks.open()
    if not waiting.exists():  # mostly; a task with all that it shows is a dear question
        return
    for task in waiting.with_all():
        cancelled(task, by=event.by, reason=str(What(event.what).label))
