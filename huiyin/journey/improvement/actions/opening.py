"""Opening an improvement, from a complaint or from what a rule proposed; changing whose it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import Department, User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.clocks.actions import stop_for
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import said
from huiyin.journey.improvement import rules
from huiyin.journey.improvement.actions.moving import held, limit, run_clock, tell, turn, write
from huiyin.journey.improvement.models import Improvement, Kind, PlanStep, Rule, Source
from huiyin.journey.improvement.permissions import can_open, can_steer
from huiyin.journey.improvement.words import Act, Stage, Trigger
from huiyin.journey.intake.models import Answer


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is asked of whom: as typed, not checked yet."""

    kind: str  # code
    title: str
    text: str = ""
    department: Department | None = None
    person: User | None = None
    amount: Decimal | None = None  # None: what the kind gives
    unit: str = ""
    category: str = ""  # "": of the complaint that leads
    object_field: str = ""
    object_value: str = ""


@transaction.atomic
def begin(
    complaints: Iterable[Complaint],
    *,
    by: User,
    plan: Plan,
    trigger: str = Trigger.HAND,
    again_of: Improvement | None = None,
) -> Improvement:
    """Open it (发起整改) with these complaints as its source. The caller has seen that `by` sees
    them. Raises Invalid with fields kind, title, text, owner, amount."""
    sources = sorted({one.pk: one for one in complaints}.values(), key=lambda one: one.pk)
    if not sources:
        raise Invalid(_("请至少选择一件投诉作为来源"), sources=_("请选择"))
    if len(sources) > rules.MOST_SOURCES:
        sentence = _("一项整改最多关联 %(most)s 件投诉") % {"most": rules.MOST_SOURCES}
        raise Invalid(sentence, sources=sentence)
    for one in sources:
        can_open.require(by, one)
    _hold(sources)
    it = _checked(plan, sources[0])
    now = moment.now()
    it.by, it.at, it.opened_at, it.sort_at = by, now, now, now
    it.trigger, it.again_of, it.stage = trigger, again_of, Stage.WORKING
    it.remember_words()
    it.save()
    Source.objects.bulk_create(Source(improvement=it, complaint=one) for one in sources)
    _start(it, by=by)
    return it


@transaction.atomic
def propose(
    complaints: list[Complaint], *, rule: Rule, cause: str, title: str, object_: tuple[str, str]
) -> Improvement | None:
    """A rule asks for one, for this cause and period; None when it was asked for already.

    Whoever may open improvements confirms or dismisses it. Its sources may grow until it ends.
    """
    system = User.objects.system()
    lead = min(complaints, key=lambda one: one.pk)
    now = moment.now()
    kind = rule.kind
    it = Improvement(
        title=title[: rules.LONGEST_TITLE],
        kind=kind,
        trigger=rule.trigger,
        rule=rule,
        cause=cause[:160],
        stage=Stage.PROPOSED,
        lead=lead,
        department=kind.department,
        amount=kind.amount,
        unit=kind.unit,
        category=lead.category,
        object_field=object_[0],
        object_value=object_[1][:200],
        effect_days=kind.effect_days,
        target_percent=kind.target_percent,
        by=system,
        at=now,
        sort_at=now,
    )
    it.remember_words()
    try:
        with transaction.atomic():
            it.save()
    except IntegrityError:  # another worker was faster, or it was proposed before
        return None
    Source.objects.bulk_create(Source(improvement=it, complaint=one) for one in complaints)
    write(it, Act.PROPOSED, by=system, text=rule.name)
    return it


@transaction.atomic
def add_sources(it: Improvement, complaints: Iterable[Complaint], *, by: User) -> int:
    """More complaints of the same cause; those that are there already stay once."""
    can_steer.require(by, it)
    there = set(it.sources.values_list("complaint", flat=True))
    new = {one.pk: one for one in complaints if one.pk not in there}
    if not new or not it.is_open:
        return 0
    room = rules.MOST_SOURCES - len(there)
    new = dict(sorted(new.items())[: max(room, 0)])
    _hold(list(new.values()))
    rows = [Source(improvement=it, complaint=one) for one in new.values()]
    Source.objects.bulk_create(rows, ignore_conflicts=True)
    if it.stage != Stage.PROPOSED and new:
        tell(it, What.IMPROVEMENT_OPENED, by=by, only=list(new), joined=True)
    numbers = "、".join(one.number for one in new.values())
    if new:
        write(it, Act.JOINED, by=by, text=numbers)
    return len(new)


@transaction.atomic
def confirm(it: Improvement, *, by: User, plan: Plan) -> None:
    """What a rule proposed is to be done: with the owner and the limit that this person gives."""
    can_steer.require(by, it)
    held(it)
    if it.stage != Stage.PROPOSED:
        raise Refused(_("这项整改已经确认过了，请刷新页面"))
    asked = _checked(plan, it.lead)
    fields = (
        *("title", "text", "kind", "department", "person", "amount", "unit"),
        *("category", "effect_days", "target_percent"),
    )
    changed = {name: getattr(asked, name) for name in fields}
    if plan.object_value:
        changed |= {"object_field": asked.object_field, "object_value": asked.object_value}
    turn(it, Stage.WORKING, opened_at=moment.now(), **changed)
    it.remember_words()
    it.save(update_fields=["search"])
    _start(it, by=by)


@transaction.atomic
def dismiss(it: Improvement, *, by: User, words: str) -> None:
    """Nothing is to be improved, and why; the same cause is not proposed again in this period."""
    can_steer.require(by, it)
    held(it)
    missing = _("请写明为什么不整改（至少 5 个字）")
    words = said(words, name="words", most=rules.LONGEST_WORDS, missing=missing, least=5)
    if it.stage not in (Stage.PROPOSED, Stage.WORKING):
        raise Refused(_("已经提交或核验的整改不能取消，请刷新页面"))
    was_open, now = it.stage == Stage.WORKING, moment.now()
    turn(it, Stage.DISMISSED, words=words, ended_by=by, ended_at=now, sort_at=now)
    if was_open:
        stop_for(it.lead, subject=it.subject, at=now, by=by)
    write(it, Act.DISMISSED, by=by, text=words)


@transaction.atomic
def change(
    it: Improvement,
    *,
    by: User,
    reason: str,
    department: Department | None = None,
    person: User | None = None,
    amount: Decimal | None = None,
    unit: str = "",
) -> None:
    """Another owner, or another limit from now on; K28 keeps counting by the first one."""
    can_steer.require(by, it)
    held(it)
    missing = _("请写明为什么调整（至少 4 个字）")
    reason = said(reason, name="reason", most=rules.LONGEST_WORDS, missing=missing, least=4)
    if it.stage != Stage.WORKING:
        raise Refused(_("只有整改中的可以调整责任人和时限，请刷新页面"))
    _owned(department, person)
    amount, unit = limit(amount, unit, it.amount, it.unit)
    turn(
        it,
        Stage.WORKING,
        department=department,
        person=person,
        amount=amount,
        unit=unit,
        late=False,
    )
    stop_for(it.lead, subject=it.subject, at=moment.now(), by=by)
    run_clock(it)
    write(it, Act.CHANGED, by=by, text=f"{it.owner}：{reason}")
    tell(it, What.IMPROVEMENT_OPENED, by=by, changed=True, reason=reason, due_at=_iso(it))


def _start(it: Improvement, *, by: User) -> None:
    """Its steps, its clock, its first line."""
    PlanStep.objects.bulk_create(PlanStep(improvement=it, text=text) for text in it.kind.steps)
    run_clock(it)
    write(it, Act.OPENED, by=by, text=it.owner)
    tell(it, What.IMPROVEMENT_OPENED, by=by, due_at=_iso(it))


def _iso(it: Improvement) -> str:
    return it.due_at.isoformat() if it.due_at else ""


def _hold(complaints: list[Complaint]) -> None:
    """In the order of their ids, whoever holds several."""
    keys = sorted(one.pk for one in complaints)
    rows = Complaint.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    list(rows.values_list("pk", flat=True))


def _checked(plan: Plan, lead: Complaint) -> Improvement:
    """An improvement of this plan, not saved; Invalid with every field that is wrong."""
    kind = Kind.objects.in_use().filter(code=plan.kind).first()
    if kind is None:
        raise Invalid(_("请选择整改类型"), kind=_("请选择"))
    missing = _("请写明要改什么（至少 4 个字）")
    title = said(plan.title, name="title", most=rules.LONGEST_TITLE, missing=missing, least=4)
    title = " ".join(title.split())
    text = said(plan.text, name="text", most=rules.LONGEST_TEXT)
    _owned(plan.department, plan.person)
    amount, unit = limit(plan.amount, plan.unit, kind.amount, kind.unit)
    object_field, value = _object(plan, lead)
    return Improvement(
        title=title,
        text=text,
        kind=kind,
        lead=lead,
        department=plan.department,
        person=plan.person,
        amount=amount,
        unit=unit,
        category=(plan.category or lead.category)[:20],
        object_field=object_field,
        object_value=value,
        effect_days=kind.effect_days,
        target_percent=kind.target_percent,
    )


def _object(plan: Plan, lead: Complaint) -> tuple[str, str]:
    """The field and its value by which the effect is measured; the value as the lead answered."""
    if not plan.object_field:
        return "", ""
    value = plan.object_value.strip()
    if not value:
        found = Answer.objects.filter(complaint=lead, field__key=plan.object_field).first()
        value = str(found.value) if found is not None else ""
    if not value:
        sentence = _("这件投诉没有填写这一项，请换一个对象或留空")
        raise Invalid(sentence, object_field=sentence)
    return plan.object_field[:40], said(value, name="object_value", most=200)


def _owned(department: Department | None, person: User | None) -> None:
    if department is None and person is None:
        sentence = _("请选择责任部门或责任人")
        raise Invalid(sentence, owner=sentence)
    if department is not None and department.retired_at is not None:
        sentence = _("%(name)s 已停用，请选择别的部门") % {"name": department.name}
        raise Invalid(sentence, owner=sentence)
    if person is not None and (not person.is_active or person.is_system):
        sentence = _("请选择一位在用的同事")
        raise Invalid(sentence, owner=sentence)
