"""Beginning a supervision, raising it, lifting it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import Department, User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks.actions import run_for, stop_for
from huiyin.journey.clocks.models import Clock
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import DueKind, What
from huiyin.journey.conversation.actions import said
from huiyin.journey.supervision import rules
from huiyin.journey.supervision.models import Rule, Supervision, Term
from huiyin.journey.supervision.people import heads_of
from huiyin.journey.supervision.permissions import can_lift, can_supervise
from huiyin.journey.supervision.words import Ending, Level, Stage, Trigger, Whom


@dataclass(frozen=True)
class Limit:
    """How long there is for filing measures."""

    amount: Decimal
    unit: str
    calendar_code: str = "office"


def term_of(level: str) -> Limit:
    """What a level gives by itself."""
    term = Term.objects.filter(level=level).first()
    if term is None:  # an installation without reference rows
        return Limit(Decimal(1), Unit.WORK_DAYS)
    return Limit(term.amount, term.unit, term.calendar_code)


@transaction.atomic
def begin(
    complaint: Complaint,
    *,
    by: User,
    level: str,
    reason: str,
    department: Department | None = None,
    amount: Decimal | None = None,
    unit: str = "",
    trigger: str = Trigger.HAND,
    rule: Rule | None = None,
) -> Supervision:
    """Put it under supervision (督办): the handler, or a department's head, owes measures."""
    can_supervise.require(by, complaint)
    complaint.hold()
    if not complaint.is_open:
        raise Refused(_("这条投诉已经结束，不能再督办；需要继续处理请先重开"))
    _known(level)
    reason = _because(reason)
    if department is not None:
        _can_answer(department)
    whose = complaint.supervisions.open().filter(department=department)  # type: ignore[attr-defined]
    if whose.exists():
        raise Refused(_("已经在督办了，请刷新页面；需要加重的请提升等级"))
    limit = _limit(level, amount, unit, department)
    now = moment.now()
    supervision = Supervision.objects.create(
        complaint=complaint,
        level=level,
        trigger=trigger,
        rule=rule,
        whom=Whom.HEAD if department else Whom.HANDLER,
        department=department,
        reason=reason,
        due_at=now,
        by=by,
        at=now,
    )
    run_clock(supervision, limit, start=now)
    _carry(complaint)
    record(What.SUPERVISED, complaint, by=by, **_facts(supervision), reason=reason)
    return supervision


@transaction.atomic
def raise_level(
    supervision: Supervision,
    *,
    by: User,
    level: str,
    reason: str,
    amount: Decimal | None = None,
    unit: str = "",
) -> None:
    """A level higher, with a limit of its own; measures are to be filed anew."""
    complaint = held(supervision, by=by)
    can_supervise.require(by, complaint)
    _known(level)
    reason = _because(reason)
    if not supervision.is_open:
        raise Refused(_("这项督办已经解除，请刷新页面"))
    if not rules.higher(level, supervision.level):
        sentence = _("只能提升等级：现在是%(level)s") % {"level": supervision.get_level_display()}
        raise Invalid(sentence, level=sentence)
    limit = _limit(level, amount, unit, supervision.department)
    now = moment.now()
    turn(supervision, Stage.DUE, level=level, late=False, raised_at=now)
    stop_for(complaint, subject=supervision.subject, at=now, by=by)
    run_clock(supervision, limit, start=now)
    _carry(complaint)
    record(What.SUPERVISED, complaint, by=by, **_facts(supervision), reason=reason, raised=True)


@transaction.atomic
def lift(supervision: Supervision, *, by: User, words: str, ending: str = Ending.DONE) -> None:
    """End it (解除督办): the officer alone, with words that stay."""
    complaint = held(supervision, by=by)
    can_lift.require(by, supervision)
    if ending not in Ending.values:
        raise Invalid(_("请选择解除的原因"), ending=_("请选择"))
    missing = _("请写明核实了什么、为什么可以解除（至少 5 个字）")
    words = said(words, name="words", most=rules.LONGEST_REASON, missing=missing, least=5)
    if not supervision.is_open:
        raise Refused(_("这项督办已经解除，请刷新页面"))
    if not rules.may_lift(ending, supervision.stage, goes_on=complaint.is_open):
        raise Refused(_("还没有采纳的措施，不能按“措施已落实”解除；督办本身不当的请选择撤销"))
    now = moment.now()
    ended = {"ending": ending, "words": words, "lifted_by": by, "lifted_at": now}
    turn(supervision, Stage.LIFTED, **ended)
    stop_for(complaint, subject=supervision.subject, at=now, by=by)
    _carry(complaint)
    result = frozen(Ending(ending).label)
    record(
        What.SUPERVISION_LIFTED,
        complaint,
        by=by,
        **_facts(supervision),
        result=result,
        words=words,
    )


def run_clock(supervision: Supervision, limit: Limit, *, start: datetime) -> Clock:
    """Start its clock and remember when it is due."""
    clock = run_for(
        supervision.complaint,
        DueKind.SUPERVISION,
        subject=supervision.subject,
        label=f"{frozen(Level(supervision.level).label)} · {supervision.addressee}",
        amount=limit.amount,
        unit=limit.unit,
        calendar_code=limit.calendar_code,
        start=start,
        department=supervision.department,
        person=supervision.person,
    )
    Supervision.objects.filter(pk=supervision.pk).update(due_at=clock.due_at)
    supervision.due_at = clock.due_at
    return clock


def held(supervision: Supervision, *, by: User) -> Complaint:
    """Its complaint, held until commit: acts of both follow each other."""
    supervision.complaint.hold()
    return supervision.complaint


def turn(supervision: Supervision, stage: Stage, **fields: object) -> Supervision:
    """Go on, if it still stands where it was seen: of two at once, one is refused."""
    seen = Supervision.objects.filter(
        pk=supervision.pk, stage=supervision.stage, level=supervision.level
    )
    if not seen.update(stage=stage, **fields):
        raise Refused(_("这项督办刚刚被别人处理过，请刷新后再看"))
    for name, value in {"stage": stage, **fields}.items():
        setattr(supervision, name, value)
    return supervision


def _limit(level: str, amount: Decimal | None, unit: str, department: Department | None) -> Limit:
    """What was asked for, else what the level gives; by the calendar of the department."""
    given = term_of(level)
    calendar = department.calendar_code if department else given.calendar_code
    if amount is None:
        return Limit(given.amount, given.unit, calendar)
    if unit not in Unit.values or not rules.is_limit(float(amount), unit):
        sentence = _("时限请填 0 以上、一年以内的数；天数填整数")
        raise Invalid(sentence, amount=sentence)
    return Limit(amount, unit, calendar)


def _known(level: str) -> None:
    if level not in Level.values:
        raise Invalid(_("请选择督办等级"), level=_("请选择"))


def _because(reason: str) -> str:
    missing = _("请写明督办的原因（至少 4 个字）")
    return said(reason, name="reason", most=rules.LONGEST_REASON, missing=missing, least=4)


def _can_answer(department: Department) -> None:
    if department.retired_at is not None or not heads_of(department):
        sentence = _("%(name)s 没有负责人，请先在部门目录里指定") % {"name": department.name}
        raise Invalid(sentence, department=sentence)


def _carry(complaint: Complaint) -> None:
    """The spine tells the highest level that is open."""
    levels = complaint.supervisions.open().values_list("level", flat=True)  # type: ignore[attr-defined]
    complaint.carry(supervised=rules.highest(levels))


def _facts(supervision: Supervision) -> dict[str, object]:
    return {
        "supervision": supervision.pk,
        "level": frozen(Level(supervision.level).label),
        "to": supervision.addressee,
        "due_at": supervision.due_at.isoformat(),
    }
