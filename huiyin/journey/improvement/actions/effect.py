"""Whether it helped: complaints of the same kind before and after, counted once, judged by a
person; what did not help is opened again as a new action."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.journey.complaint.events import frozen
from huiyin.journey.complaint.models import Complaint, ComplaintQuerySet
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import said
from huiyin.journey.improvement import rules
from huiyin.journey.improvement.actions.moving import held, tell, turn, write
from huiyin.journey.improvement.actions.opening import Plan, begin
from huiyin.journey.improvement.models import Check, Improvement
from huiyin.journey.improvement.permissions import can_judge
from huiyin.journey.improvement.words import Act, Stage, Trigger
from huiyin.journey.intake.models import Answer

logger = logging.getLogger(__name__)

BATCH = 200
NOT_COUNTED = (
    Status.CAN,
    Status.MRG,
)  # entered by mistake, or counted as the one it was merged into


@dataclass(frozen=True)
class Compared:
    """Both periods, and the complaints that are counted in each."""

    before: rules.Span
    after: rules.Span


def compared(it: Improvement) -> Compared | None:
    """Which periods are compared; None as long as it is not done."""
    if it.opened_at is None or it.done_at is None:
        return None
    return Compared(*rules.spans(it.opened_at, it.done_at, it.effect_days))


def received_in(span: rules.Span) -> ComplaintQuerySet:
    within = Complaint.objects.filter(received_at__gte=span.begins, received_at__lt=span.ends)
    return within.exclude(status__in=NOT_COUNTED)


def alike_in(it: Improvement, span: rules.Span) -> ComplaintQuerySet:
    """Of the same category (and below), and of the same object where one is named."""
    found = received_in(span)
    if it.category:
        found = found.filter(category__startswith=it.category)
    if it.object_field:
        answered = Answer.objects.filter(field__key=it.object_field, value=it.object_value)
        found = found.filter(pk__in=answered.values("complaint"))
    return found


def count_effects() -> int:
    """Count what is due. Runs every hour; safe to run twice."""
    now = moment.now()
    due = Improvement.objects.filter(stage=Stage.WATCHING, effect_due_at__lte=now)
    return sum(_counted(one) for one in due.order_by("effect_due_at", "pk").with_all()[:BATCH])


def _counted(it: Improvement) -> bool:
    try:
        with transaction.atomic():
            _count(it)
    except Refused:  # another worker was faster
        return False
    except Exception:  # one bad row must not hold up the others
        logger.exception("The effect of improvement %s could not be counted", it.pk)
        return False
    return True


def _count(it: Improvement) -> None:
    both = compared(it)
    assert both is not None
    held(it)
    before, after = alike_in(it, both.before).count(), alike_in(it, both.after).count()
    before_of, after_of = received_in(both.before).count(), received_in(both.after).count()
    now = moment.now()
    turn(it, Stage.JUDGING, sort_at=now)
    Check.objects.create(
        improvement=it,
        before_from=both.before.begins,
        before_to=both.before.ends,
        after_from=both.after.begins,
        after_to=both.after.ends,
        before=before,
        before_of=before_of,
        after=after,
        after_of=after_of,
        suggests=rules.worked(before, before_of, after, after_of, it.target_percent),
        at=now,
    )
    told = f"{before}/{before_of} → {after}/{after_of}"
    write(it, Act.COUNTED, by=User.objects.system(), text=told)


@transaction.atomic
def judge(it: Improvement, *, by: User, effective: bool, words: str = "") -> Improvement | None:
    """Whether it helped (效果复核). Against the numbers only with a reason; what did not help is
    opened again, and that new improvement is given back."""
    can_judge.require(by, it)
    held(it)
    check = Check.objects.filter(improvement=it).first()
    if it.stage != Stage.JUDGING or check is None:
        raise Refused(_("这项整改现在不在判定效果，请刷新查看最新进展"))
    missing = ""
    if effective != check.suggests:
        missing = _("结论与统计结果不一致，请写明理由（至少 5 个字）")
    elif not effective:
        missing = _("请写明为什么没有效果、下一步改什么（至少 5 个字）")
    words = said(words, name="words", most=rules.LONGEST_WORDS, missing=missing, least=5)
    now, stage = moment.now(), Stage.EFFECTIVE if effective else Stage.INEFFECTIVE
    turn(it, stage, words=words, ended_by=by, ended_at=now, sort_at=now)
    write(it, Act.JUDGED, by=by, text=" · ".join(filter(None, (frozen(stage.label), words))))
    tell(
        it,
        What.EFFECT_CHECKED,
        by=by,
        effective=effective,
        note=words,
        before=check.before,
        after=check.after,
    )
    return None if effective else _again(it, by=by, words=words)


def again_title(title: str) -> str:
    """With what it is begun anew, once."""
    begun = frozen(gettext_lazy("再整改："))
    return title if title.startswith(begun) else f"{begun}{title}"[: rules.LONGEST_TITLE]


def _again(it: Improvement, *, by: User, words: str) -> Improvement:
    """A new action with the same sources, owner and measure."""
    sources = [one.complaint for one in it.sources.select_related("complaint")]
    plan = Plan(
        kind=it.kind.code,
        title=again_title(it.title),
        text=words,
        department=it.department,
        person=it.person,
        amount=it.amount,
        unit=it.unit,
        category=it.category,
        object_field=it.object_field,
        object_value=it.object_value,
    )
    return begin(sources, by=by, plan=plan, trigger=Trigger.AGAIN, again_of=it)
