"""What an agreed offer asks for, step by step; each begins when the one before is done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.people.models import Department, User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks.models import Endpoint
from huiyin.ground.worktime.models import calendar
from huiyin.ground.worktime.rules import due_at
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks.actions import run_until
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.cooperation import actions as cooperation
from huiyin.journey.execution import rules
from huiyin.journey.execution.actions import outside
from huiyin.journey.execution.models import Step
from huiyin.journey.execution.permissions import can_steer
from huiyin.journey.execution.words import Doer, StepState
from huiyin.journey.resolution import actions as resolution
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.rules import yuan
from huiyin.journey.resolution.words import OfferState

EVENING = time(18)  # until then of its last day a promise is kept
OFFICE = "office"


def plan(event: Event) -> None:
    """Follow the customer's yes: the steps of this remedy, the first of them begun."""
    offer = Offer.objects.select_related("remedy").filter(pk=event.facts.get("offer")).first()
    if offer is None:
        return
    offer.complaint = event.complaint
    plan_for(offer, by=event.by, at=event.at)


def plan_for(offer: Offer, *, by: User, at: datetime) -> list[Step]:
    asked = [rules.read(row) for row in offer.remedy.execution]
    if not asked or offer.steps.exists():
        return []
    place = rules.pays(asked)
    steps = [
        _step(offer, number, one, offer.amount_fen if number == place else 0, at)
        for number, one in enumerate(asked)
    ]
    Step.objects.bulk_create(steps)
    begin_next(offer, by=by, after=None)
    return steps


def _step(offer: Offer, position: int, asked: rules.Asked, amount_fen: int, at: datetime) -> Step:
    step = Step(
        complaint=offer.complaint,
        offer=offer,
        position=position,
        what_zh=asked.what_zh,
        what_en=asked.what_en,
        doer=asked.doer,
        days=asked.days,
        amount_fen=amount_fen,
        at=at,
    )
    if asked.doer == Doer.DEPARTMENT:
        step.department = Department.objects.in_use().filter(code=asked.code).first()
        if step.department is None:
            by_hand(step, _("没有部门 %(code)s") % {"code": asked.code})
    if asked.doer == Doer.SYSTEM:
        endpoint = Endpoint.objects.in_use().filter(code=asked.code).first()
        step.endpoint = endpoint if endpoint and endpoint.takes(outside.STEP) else None
        if step.endpoint is None:
            by_hand(step, _("没有接入外部系统 %(code)s") % {"code": asked.code})
    return step


def by_hand(step: Step, why: str) -> None:
    """Whoever was to do it is not there: finance does what pays, the handler everything else."""
    step.doer = Doer.FINANCE if step.amount_fen else Doer.HANDLER
    step.problem = _("%(why)s，改由人工办理") % {"why": why}


def begin_next(offer: Offer, *, by: User, after: Step | None) -> Step | None:
    """Begin the first step that has not; None when there is none left."""
    step = offer.steps.filter(state=StepState.PLANNED).order_by("position").first()
    if step is None:
        return None
    step.complaint, step.offer = offer.complaint, offer
    now = moment.now()
    step.turn(StepState.OPEN, begun_at=now)
    _run_clock(step, now)
    finance: list[str] = [Role.FINANCE] if step.doer == Doer.FINANCE else []
    if offer.complaint.waits_for != finance:
        offer.complaint.carry(waits_for=finance)
    if step.doer == Doer.DEPARTMENT:
        _ask_department(step)
    elif step.doer == Doer.SYSTEM:
        outside.send(step)
    if step.doer == Doer.SYSTEM or (after is not None and step.doer == Doer.FINANCE):
        record(What.STEP_SENT, step.complaint, by=by, **step.facts, to=frozen(step.who))
    return step


def _run_clock(step: Step, now: datetime) -> None:
    code = step.department.calendar_code if step.department else OFFICE
    due = due_at(now, step.days, Unit.WORK_DAYS, calendar(code))  # type: ignore[arg-type]
    last = evening_of(step.offer.due_on)
    step.clock = run_until(
        step.complaint,
        ClockKind.STEP,
        subject=step.subject,
        label=step.what_zh,
        start=now,
        due_at=min(due, last) if last > now else due,  # inside it is never later than promised
        department=step.department,
        person=None if step.department else step.complaint.assignee,
    )
    Step.objects.filter(pk=step.pk).update(clock=step.clock)


def evening_of(day: date) -> datetime:
    return datetime.combine(day, EVENING, timezone.get_current_timezone())


def _ask_department(step: Step) -> None:
    """Its part of the matter comes to the desk of the department, as a task like any other."""
    offer = step.offer
    lines = [frozen(gettext_lazy("客户已同意方案“%(name)s”，请办理：%(what)s")) % {
        "name": offer.remedy.name_zh, "what": step.what_zh,
    }]  # fmt: skip
    if step.amount_fen:
        lines.append(frozen(gettext_lazy("金额：%(amount)s")) % {"amount": yuan(step.amount_fen)})
    lines += [f"{label}：{value}" for label, value in offer.remedy.shown(offer.fields, "zh")]
    lines.append(frozen(gettext_lazy("办好后请答复，并附凭证（运单号、照片或流水号）。")))
    step.task = cooperation.send(
        step.complaint,
        by=User.objects.system(),
        department=step.department,
        title=step.what_zh,
        question="\n".join(lines),
        amount=step.days,  # type: ignore[arg-type]
        unit=Unit.WORK_DAYS,
    )
    Step.objects.filter(pk=step.pk).update(task=step.task)


@transaction.atomic
def plan_by_hand(offer: Offer, *, by: User) -> list[Step]:
    """For an offer that was agreed before its remedy had steps."""
    can_steer.require(by, Step(complaint=offer.complaint, offer=offer, amount_fen=offer.amount_fen))
    offer.complaint.hold()
    if offer.complaint.status != Status.EXE or offer.state != OfferState.AGREED:
        raise Refused(_("只有客户已同意、还在执行的方案可以安排步骤"))
    steps = plan_for(offer, by=by, at=moment.now())
    if not steps:
        raise Refused(_("这种补救方式没有设置执行步骤，或已经安排过了"))
    return steps


def go_on(step: Step, *, by: User) -> None:
    """A step is done: the next one begins, or the whole offer is carried out."""
    offer = step.offer
    offer.complaint = step.complaint
    if offer.state != OfferState.AGREED or step.complaint.status != Status.EXE:
        return
    if begin_next(offer, by=by, after=step) is not None or offer.steps.open().exists():
        return
    steps = list(offer.steps.all())
    proof = "；".join(one.proof for one in steps if one.proof)[:500]
    resolution.execute(
        offer,
        by=by if resolution_allows(by, step) else User.objects.system(),
        proof=proof,
        paid_fen=sum(one.paid_fen for one in steps),
    )


def resolution_allows(by: User, step: Step) -> bool:
    from huiyin.journey.resolution.permissions import can_execute

    return can_execute(by, step.complaint)


def forecast(step: Step, now: datetime, steps: Iterable[Step] | None = None) -> date:
    """The day on which all will be done, as it looks now. `steps` of its offer, if at hand."""
    assert step.clock is not None
    from_ = rules.counts_from(now, step.clock.due_at, troubled=_in_trouble(step))
    office = calendar(OFFICE)
    steps = step.offer.steps.all() if steps is None else steps
    rest = sum(one.days for one in steps if one.state == StepState.PLANNED)
    if from_ is None:
        ends = step.clock.due_at
    else:
        ends, rest = from_, rest + step.days
    if rest:
        ends = due_at(ends, rest, Unit.WORK_DAYS, office)  # type: ignore[arg-type]
    return timezone.localtime(ends).date()


def _in_trouble(step: Step) -> bool:
    task = step.task
    return step.is_troubled or (task is not None and task.state in ("sent", "returned", "disputed"))


def told_on(offer: Offer, steps: Iterable[Step] | None = None) -> date:
    """The day of which the customer knows: agreed, or told since."""
    steps = offer.steps.all() if steps is None else steps
    return max([offer.due_on, *(one.told_on for one in steps if one.told_on)])


def tell_if_late(step: Step, day: date, *, by: User, reason: str = "") -> bool:
    """The customer hears unasked when it will be later than he knows: once for each change."""
    if not rules.is_later(day, told_on(step.offer)):
        return False
    Step.objects.filter(pk=step.pk).update(told_on=day)
    step.told_on = day
    facts = {"due_on": day.isoformat(), "note": f"{day:%Y-%m-%d}", "reason": reason}
    record(What.STEP_LATE, step.complaint, by=by, **step.facts, **facts)
    return True


def days_until(day: date) -> int:
    return (day - moment.today()) // timedelta(days=1)
