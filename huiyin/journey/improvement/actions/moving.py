"""What every verb of improvement needs: hold, turn, tell the complaints, write the own story."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks.actions import run_for
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import DueKind, What
from huiyin.journey.improvement import rules
from huiyin.journey.improvement.models import Improvement, Line
from huiyin.journey.improvement.words import Act, Stage


def held(it: Improvement) -> Improvement:
    """The row kept still until commit, and after it the complaints, in the order of their ids: so
    whoever acts on both never waits in a circle. Refused when somebody was faster."""
    sources = it.sources.values("complaint")
    list(
        Complaint.objects.select_for_update(no_key=True)
        .filter(pk__in=sources)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    row = Improvement.objects.select_for_update(no_key=True).filter(pk=it.pk)
    if row.values_list("stage", flat=True).first() != it.stage:
        raise Refused(_("这项整改刚刚被别人处理过，请刷新后再看"))
    return it


def turn(it: Improvement, stage: Stage, **fields: object) -> None:
    """Go on, if it still stands where it was seen: of two at once, one is refused."""
    seen = Improvement.objects.filter(pk=it.pk, stage=it.stage)
    changed = {"stage": stage, **fields}
    if not seen.update(**changed):
        raise Refused(_("这项整改刚刚被别人处理过，请刷新后再看"))
    for name, value in changed.items():
        setattr(it, name, value)


def write(it: Improvement, act: Act, *, by: User, text: str = "") -> Line:
    return Line.objects.create(improvement=it, act=act, text=text, by=by, at=moment.now())


def tell(
    it: Improvement, what: What, *, by: User, only: list[int] | None = None, **facts: object
) -> None:
    """The same line in the story of every source; `lead` marks the one that others follow.

    `only`: complaints that have just joined.
    """
    sources = it.sources.select_related("complaint").order_by("complaint")
    for source in sources if only is None else sources.filter(complaint__in=only):
        record(
            what,
            source.complaint,
            by=by,
            improvement=it.pk,
            name=it.title,
            kind=frozen(it.kind.name_zh),
            to=it.owner,
            lead=source.complaint_id == it.lead_id,
            **facts,
        )


def limit(
    amount: Decimal | None, unit: str, it_kind_amount: Decimal, it_kind_unit: str
) -> tuple[Decimal, str]:
    """What was asked for, else what the kind gives."""
    if amount is None:
        return it_kind_amount, it_kind_unit
    if unit not in Unit.values or not rules.is_limit(float(amount), unit):
        sentence = _("时限请填 0 以上、一年以内的数；天数填整数")
        raise Invalid(sentence, amount=sentence)
    return amount, unit


def run_clock(it: Improvement) -> None:
    """Start its clock on the complaint that leads, and remember when it is due."""
    clock = run_for(
        it.lead,
        DueKind.IMPROVEMENT,
        subject=it.subject,
        label=it.title,
        amount=it.amount,
        unit=it.unit,
        calendar_code=it.department.calendar_code if it.department else "office",
        start=moment.now(),
        department=it.department,
        person=it.person,
    )
    first = it.first_due_at or clock.due_at
    due = {"due_at": clock.due_at, "first_due_at": first, "sort_at": clock.due_at}
    Improvement.objects.filter(pk=it.pk).update(**due)
    for name, value in due.items():
        setattr(it, name, value)
