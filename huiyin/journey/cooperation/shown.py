"""What each side reads of a task, and what it may do now: the one place that decides both."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks.models import Clock
from huiyin.journey.clocks.why import why
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.cooperation import rules
from huiyin.journey.cooperation.actions.working import refusal_of_return
from huiyin.journey.cooperation.masks import Mask
from huiyin.journey.cooperation.models import Answer, Dispute, Link, MoreTime, Task
from huiyin.journey.cooperation.people import colleagues, heads, works_on
from huiyin.journey.cooperation.permissions import (
    can_judge,
    can_rule,
    can_see_contact,
    sees_complaint,
)
from huiyin.journey.cooperation.words import Shows, State


@dataclass
class Matter:
    """What the asked may know of the complaint."""

    number: str
    severity: int | None
    customer: str
    question: str
    subject: str = ""
    text: str = ""
    wanted: str = ""
    order_no: str = ""
    happened_on: Any = None
    files: list[Evidence] = field(default_factory=list)


def matter(task: Task) -> Matter:
    """Masked, and no more than the task shows; of a restricted complaint the question alone."""
    complaint, mask = task.complaint, Mask(task.complaint)
    told = Matter(
        number=complaint.number,
        severity=complaint.severity,
        customer=mask.name,
        question=mask(task.question),
    )
    if task.shows == Shows.QUESTION or complaint.restricted:
        return told
    told.subject, told.text = mask(complaint.subject), mask(complaint.text)
    told.wanted, told.order_no = mask(complaint.wanted), complaint.order_no
    told.happened_on = complaint.happened_on
    if task.shows == Shows.FILES:
        told.files = [one for one in task.files.all() if not one.is_sensitive]
    return told


def files_for(task: Task, *, theirs: bool) -> list[Evidence]:
    """Every file that this side may open: what was given along, and what was answered with."""
    answered = Evidence.objects.filter(pk__in=task.answers.values("files"))
    given = matter(task).files if theirs else list(task.files.all())
    return [*given, *answered]


@dataclass
class Line:
    """Something that was said or happened, for the course of the task."""

    at: datetime
    who: str
    text: str
    kind: str  # question, answer, remark, event
    ours: bool = True
    answer: Answer | None = None
    files: list[Evidence] = field(default_factory=list)


def course(task: Task, *, theirs: bool) -> list[Line]:
    """Talk and answers and what happened, oldest first. To the department everything is masked."""
    mask = Mask(task.complaint) if theirs else str
    lines: list[Line] = []
    for one in task.answers.prefetch_related("files"):
        lines.append(
            Line(
                one.at,
                one.name,
                mask(one.text),
                "answer",
                ours=False,
                answer=one,
                files=list(one.files.all()),
            )
        )
    for event in task.complaint.events.filter(facts__task=task.pk).select_related("by"):
        if event.what == "noted" or event.what == "task_answered":
            continue
        text = " · ".join(
            filter(
                None,
                (
                    str(event.get_what_display()),
                    str(event.facts.get("to", "")) if event.what != "task_signed" else "",
                    str(event.facts.get("note", "")),
                    mask(str(event.facts.get("reason", ""))),
                    str(event.facts.get("words", "")),
                ),
            )
        )
        lines.append(Line(event.at, event.by.shown_name, text, "event"))
    for said in task.remarks.all():
        lines.append(Line(said.at, said.name, mask(said.text), "remark", ours=said.ours))
    return sorted(lines, key=lambda line: line.at)


@dataclass
class May:
    """What this person may do with the task now."""

    sign: bool = False
    answer: bool = False
    give_back: bool = False
    no_return: str = ""  # why not, where one might expect it
    dispute: bool = False
    hand: bool = False
    forward: bool = False
    ask_time: bool = False
    room: str = ""  # how much more time, with its unit
    talk: bool = False
    contact: bool = False
    judge: bool = False
    redo: bool = False
    send_on: bool = False
    decide_time: bool = False
    rule: bool = False
    cancel: bool = False
    link: bool = False

    @property
    def anything(self) -> bool:
        return any(value is True for value in vars(self).values())


def may(task: Task, user: User, *, link: Link | None = None) -> May:
    """Asked of the permissions and the life cycle, for buttons; the acts ask again."""
    found = May()
    if link is not None:
        found.sign = task.state == State.SENT
        found.answer = task.is_waiting
        found.talk = task.is_open
        return found
    if works_on(user, task):
        _theirs(found, task, user)
    if can_judge(user, task):
        _ours(found, task)
    found.rule = task.state == State.DISPUTED and can_rule(user, task)
    found.talk = task.is_open
    return found


def _theirs(found: May, task: Task, user: User) -> None:
    found.contact = task.is_open and can_see_contact(user, task)
    if not task.is_waiting:
        return
    found.sign = task.state == State.SENT
    found.answer = True
    found.no_return = refusal_of_return(task, user)
    found.give_back = not found.no_return
    found.dispute = task.ruled_at is None
    free = task.handler_id is None or task.hops < rules.MOST_HOPS
    found.hand = free and any(one.pk != task.handler_id for one in colleagues(task.department))
    heads_it = heads(user, task.department)
    found.forward = heads_it and task.ruled_at is None and task.hops < rules.MOST_HOPS
    room = _room(task)
    found.ask_time = bool(room) and pending(task) is None
    found.room = room


def _ours(found: May, task: Task) -> None:
    found.judge = task.state == State.ANSWERED
    found.redo = found.judge and task.redone < rules.MOST_REDOS
    found.send_on = task.state == State.RETURNED
    if task.state == State.RETURNED and task.ruled_at is None:
        found.dispute = True
    found.decide_time = task.is_waiting and pending(task) is not None
    found.cancel = task.is_open
    found.link = task.is_waiting


def _room(task: Task) -> str:
    clock = task.current.clock
    if clock is None or clock.stopped_at is not None or clock.due_at <= moment.now():
        return ""
    left = float(clock.most_extra) - clock.extra
    return f"{left:g} {Unit(clock.unit).label}" if left > 0 else ""


def pending(task: Task) -> MoreTime | None:
    """The request for more time that waits for an answer."""
    return task.more_time.filter(decided_at=None).select_related("clock").first()


def reasons(clock: Clock | None) -> list[str]:
    """Why the limit is what it is, step by step."""
    return why(clock) if clock is not None else []


def page(task: Task, user: User, *, link: Link | None = None) -> dict[str, Any]:
    """Everything that a page of one task shows this reader."""
    ours = link is None and sees_complaint(user, task)
    theirs = not ours
    dispute: Dispute | None = task.open_dispute
    last = task.legs.select_related("owner").last()
    return {
        "task": task,
        "leg": last,
        "ours": ours,
        "matter": matter(task),
        "course": course(task, theirs=theirs),
        "may": may(task, user, link=link),
        "clock": task.clock,
        "reasons": reasons(task.clock),
        "dispute": dispute,
        "pending": pending(task),
        "late": task.is_late(moment.now()),
        "shows_all": theirs and task.shows != Shows.QUESTION and not task.complaint.restricted,
    }
