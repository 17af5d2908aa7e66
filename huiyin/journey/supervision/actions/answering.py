"""Measures: filed by the supervised, accepted or sent back by the officer."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.clocks.actions import stop_for
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import Description, keep_evidence, said
from huiyin.journey.conversation.words import Source
from huiyin.journey.supervision import rules
from huiyin.journey.supervision.actions.watching import _limit, held, run_clock, turn
from huiyin.journey.supervision.models import Measure, Supervision
from huiyin.journey.supervision.permissions import can_file, can_review
from huiyin.journey.supervision.words import Level, Stage, Verdict


@transaction.atomic
def file_measures(
    supervision: Supervision,
    *,
    by: User,
    text: str,
    files: Iterable[UploadedFile[Any]] = (),
) -> Measure:
    """Say what was done and will be done, by when, by whom (报送措施); its clock stops."""
    complaint = held(supervision, by=by)
    can_file.require(by, supervision)
    missing = _("请写明采取了什么措施、谁负责、何时完成（至少 10 个字）")
    text = said(text, name="text", most=rules.LONGEST_MEASURES, missing=missing, least=10)
    uploads = list(files)
    if len(uploads) > rules.MOST_FILES:
        sentence = _("一次最多附 %(most)s 个文件") % {"most": rules.MOST_FILES}
        raise Invalid(sentence, files=sentence)
    if supervision.stage != Stage.DUE:
        raise Refused(_("这项督办现在不需要报送措施，请刷新查看最新进展"))
    now = moment.now()
    turn(supervision, Stage.FILED)
    measure = Measure.objects.create(
        supervision=supervision, text=text, by=by, at=now, late=now > supervision.due_at
    )
    source = Source.DEPARTMENT if supervision.department_id else Source.STAFF
    told = Description(source=source, about=_told_of(supervision))
    kept = [keep_evidence(complaint, by=by, upload=one, described=told) for one in uploads]
    measure.files.set(kept)
    stop_for(complaint, subject=supervision.subject, at=now, by=by)
    record(What.MEASURES_FILED, complaint, by=by, **_facts(measure), note=text[:200])
    return measure


@transaction.atomic
def review(
    measure: Measure,
    *,
    by: User,
    accept: bool,
    note: str = "",
    amount: Decimal | None = None,
    unit: str = "",
) -> None:
    """Accept the measures, or send them back with what is missing and a new limit."""
    supervision = measure.supervision
    complaint = held(supervision, by=by)
    can_review.require(by, supervision)
    if measure.by_id == by.pk:
        raise NotPermitted(_("自己报送的措施，由另一位督办员审核"))
    missing = "" if accept else _("请写明哪里不够，让对方知道怎样补")
    note = said(note, name="note", most=rules.LONGEST_REASON, missing=missing)
    verdict = Verdict.ACCEPTED if accept else Verdict.REFUSED
    limit = _limit(supervision.level, None if accept else amount, unit, supervision.department)
    seen = Measure.objects.filter(pk=measure.pk, verdict=Verdict.WAITING)
    now = moment.now()
    decided = {"verdict": verdict, "note": note, "reviewed_by": by, "reviewed_at": now}
    if supervision.stage != Stage.FILED or not seen.update(**decided):
        raise Refused(_("这些措施已经审过了，请刷新查看最新进展"))
    for name, value in decided.items():
        setattr(measure, name, value)
    turn(supervision, Stage.ACCEPTED if accept else Stage.DUE)
    if not accept:
        run_clock(supervision, limit, start=now)
    result = frozen(verdict.label)
    record(What.MEASURES_FILED, complaint, by=by, **_facts(measure), result=result, note=note)


def waiting_for(user: User) -> QuerySet[Measure]:
    """Measures that wait for this person's word, the oldest first."""
    if not user.has_role(Role.SUPERVISION):
        return Measure.objects.none()
    seen = Supervision.objects.visible_to(user)
    found = Measure.objects.filter(verdict=Verdict.WAITING, supervision__in=seen.values("pk"))
    related = found.exclude(by=user).select_related("supervision__complaint", "by")
    return related.order_by("at", "pk")


def _told_of(supervision: Supervision) -> str:
    return f"{frozen(Level(supervision.level).label)} · {supervision.addressee}"[:300]


def _facts(measure: Measure) -> dict[str, object]:
    supervision = measure.supervision
    return {
        "supervision": supervision.pk,
        "measure": measure.pk,
        "level": frozen(Level(supervision.level).label),
        "to": supervision.addressee,
    }
