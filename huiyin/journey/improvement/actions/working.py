"""The owner at work: ticking off steps, reporting that it is done, with evidence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.clocks.actions import stop_for
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation import rules as files_rules
from huiyin.journey.conversation.actions import said
from huiyin.journey.conversation.actions.evidence import refusal_of_file
from huiyin.journey.conversation.actions.evidence import store_bytes as stored
from huiyin.journey.improvement import rules
from huiyin.journey.improvement.actions.moving import held, tell, turn, write
from huiyin.journey.improvement.models import File, Improvement, PlanStep, Report
from huiyin.journey.improvement.permissions import can_work
from huiyin.journey.improvement.words import Act, Stage


@transaction.atomic
def tick(step: PlanStep, *, by: User, done: bool) -> None:
    """A step is done, or was not after all. Asked twice, it stays as it is."""
    it = step.improvement
    can_work.require(by, it)
    held(it)
    _working(it)
    fields = (
        {"done_at": moment.now(), "done_by": by} if done else {"done_at": None, "done_by": None}
    )
    seen = PlanStep.objects.filter(pk=step.pk, done_at__isnull=done)
    if seen.update(**fields):
        write(it, Act.STEP_DONE if done else Act.STEP_UNDONE, by=by, text=step.text)


@transaction.atomic
def add_step(it: Improvement, *, by: User, text: str) -> PlanStep:
    """One more step of the plan, by whoever works on it."""
    can_work.require(by, it)
    held(it)
    _working(it)
    missing = _("请写明这一步做什么")
    text = said(text, name="step", most=rules.LONGEST_STEP, missing=missing)
    if it.steps.count() >= rules.MOST_STEPS:
        sentence = _("最多 %(most)s 步") % {"most": rules.MOST_STEPS}
        raise Invalid(sentence, step=sentence)
    write(it, Act.STEP_ADDED, by=by, text=text)
    return PlanStep.objects.create(improvement=it, text=" ".join(text.split()))


@transaction.atomic
def report(
    it: Improvement, *, by: User, text: str, files: Iterable[UploadedFile[Any]] = ()
) -> Report:
    """Say that it is done and what shows it (提交整改); its clock stops, another person verifies.

    Open steps must be done first: what is not to be done is said in the text and ticked off.
    """
    can_work.require(by, it)
    held(it)
    _working(it)
    missing = _("请写明做了什么、怎么证明（至少 10 个字）")
    text = said(text, name="text", most=rules.LONGEST_TEXT, missing=missing, least=10)
    uploads = list(files)
    if len(uploads) > rules.MOST_FILES:
        sentence = _("一次最多附 %(most)s 个文件") % {"most": rules.MOST_FILES}
        raise Invalid(sentence, files=sentence)
    if left := it.steps.filter(done_at=None).count():
        raise Refused(
            _("还有 %(n)s 步没有勾选完成；不需要的步骤请勾选并在说明里写明") % {"n": left}
        )
    now = moment.now()
    turn(it, Stage.DONE, done_at=now, done_by=by, sort_at=now)
    late = bool(it.due_at and now > it.due_at)
    made = Report.objects.create(improvement=it, text=text, late=late, by=by, at=now)
    for one in uploads:
        _keep(made, one)
    stop_for(it.lead, subject=it.subject, at=now, by=by)
    write(it, Act.REPORTED, by=by, text=text)
    tell(it, What.IMPROVEMENT_DONE, by=by, report=made.pk)
    return made


def follow_clock(event: Event) -> None:
    """Follow a clock of ours: the list shows what is late and sorts by when it is due."""
    subject = str(event.facts.get("subject") or "")
    if not subject.startswith("improvement:"):
        return
    mine = Improvement.objects.filter(pk=int(subject.partition(":")[2]), stage=Stage.WORKING)
    if event.what == What.CLOCK_MISSED and mine.filter(late=False).update(late=True):
        write(mine.get(), Act.LATE, by=User.objects.system())


def _working(it: Improvement) -> None:
    if it.stage != Stage.WORKING:
        raise Refused(_("这项整改现在不在办理中，请刷新查看最新进展"))


def _keep(made: Report, upload: UploadedFile[Any]) -> None:
    """Bytes first, row after; what a file is we look at ourselves."""
    name = files_rules.safe_name(upload.name or "")
    head = upload.read(files_rules.HEAD)
    upload.seek(0)
    verdict = files_rules.judge_file(name, upload.size or 0, head)
    if verdict.refusal:
        sentence = refusal_of_file(name, verdict.refusal)
        raise Invalid(sentence, files=sentence)
    path, digest = stored(upload)
    File.objects.create(
        report=made,
        name=name,
        media_type=verdict.media_type,
        size=upload.size or 0,
        sha256=digest,
        path=path,
    )
