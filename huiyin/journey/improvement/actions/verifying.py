"""Verification by another person: passed, or sent back with what is missing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import said
from huiyin.journey.improvement import rules
from huiyin.journey.improvement.actions.moving import held, limit, run_clock, tell, turn, write
from huiyin.journey.improvement.models import Improvement, Report
from huiyin.journey.improvement.people import VERIFIERS, departments_of
from huiyin.journey.improvement.permissions import can_verify
from huiyin.journey.improvement.words import Act, Stage, Verdict


@transaction.atomic
def verify(
    report: Report,
    *,
    by: User,
    passed: bool,
    note: str = "",
    amount: Decimal | None = None,
    unit: str = "",
) -> None:
    """Whether it is really done (核验): by somebody else, once. Passed, its effect is watched; sent
    back, it says what is missing and has a limit anew."""
    it = report.improvement
    can_verify.require(by, it)
    held(it)
    missing = "" if passed else _("请写明哪里不够，让对方知道怎样补（至少 5 个字）")
    note = said(note, name="note", most=rules.LONGEST_WORDS, missing=missing, least=5)
    amount, unit = limit(None if passed else amount, unit, it.amount, it.unit)
    now = moment.now()
    verdict = Verdict.PASSED if passed else Verdict.REFUSED
    seen = Report.objects.filter(pk=report.pk, verdict=Verdict.WAITING)
    decided = {"verdict": verdict, "note": note, "verified_by": by, "verified_at": now}
    if it.stage != Stage.DONE or not seen.update(**decided):
        raise Refused(_("这次提交已经核验过了，请刷新查看最新进展"))
    for name, value in decided.items():
        setattr(report, name, value)
    if passed:
        _passed(it, by=by, note=note)
    else:
        _sent_back(it, by=by, note=note, amount=amount, unit=unit)


def _passed(it: Improvement, *, by: User, note: str) -> None:
    assert it.done_at is not None
    effect_due = it.done_at + timedelta(days=it.effect_days)
    now = moment.now()
    turn(
        it,
        Stage.WATCHING,
        verified_at=now,
        verified_by=by,
        effect_due_at=effect_due,
        sort_at=effect_due,
    )
    write(it, Act.PASSED, by=by, text=note)
    tell(it, What.IMPROVEMENT_VERIFIED, by=by, note=note, due_at=effect_due.isoformat())


def _sent_back(it: Improvement, *, by: User, note: str, amount: Decimal, unit: str) -> None:
    turn(it, Stage.WORKING, done_at=None, done_by=None, late=False, amount=amount, unit=unit)
    run_clock(it)
    write(it, Act.REFUSED, by=by, text=note)
    tell(it, What.IMPROVEMENT_SENT_BACK, by=by, reason=note)


def waiting_for(user: User) -> QuerySet[Report]:
    """Reports that wait for this person's word, the oldest first."""
    if not user.has_role(*VERIFIERS):
        return Report.objects.none()
    seen = Improvement.objects.visible_to(user)
    own = Q(improvement__person=user) | Q(improvement__reports__by=user)
    if departments := departments_of(user):
        own |= Q(improvement__department__in=departments)
    mine = Report.objects.filter(own).values("pk")
    found = Report.objects.filter(verdict=Verdict.WAITING, improvement__in=seen.values("pk"))
    return found.exclude(pk__in=mine).select_related("improvement__lead", "by").order_by("at", "pk")
