"""Mediation (调解): that it was begun, what came of it, and what that leads to.

An agreement under which we still owe something puts the complaint back to work: it is carried out
by an offer like any other, within the authority like any other. Until then nothing is closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.closure import rules
from huiyin.journey.closure.models import Mediation, MediationEnd, MediationPaper, Mediator
from huiyin.journey.closure.permissions import can_mediate
from huiyin.journey.closure.words import MediationOutcome
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.lifecycle import WORKING
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import Description, keep_evidence, said
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.conversation.words import Source
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.words import OfferState

SOLVED = (Status.RES, Status.FUV)
MEDIATED = (*WORKING, Status.RWK, *SOLVED)  # in which one may be begun
MOST_FILES = 10
LONGEST = 5000


@transaction.atomic
def begin_mediation(
    complaint: Complaint,
    *,
    by: User,
    mediator: Mediator | None,
    body: str = "",
    reference: str = "",
    begun_on: date | None = None,
    note: str = "",
    files: Iterable[UploadedFile[Any]] = (),
    papers: Sequence[Evidence] = (),
) -> Mediation:
    """A body has taken it up (开始调解). One at a time. Raises Invalid with fields mediator, body,
    reference, begun_on, note, files."""
    can_mediate.require(by, complaint)
    complaint.hold()
    if complaint.status not in MEDIATED:
        raise Refused(_("处理中、重办、已解决或待回访的投诉才能登记调解；已结案的请先重开"))
    if complaint.mediations.filter(end=None).exists():
        raise Refused(_("还有一项调解没有结果，请先登记它的结果"))
    if mediator is None:
        raise Invalid(_("请选择由谁调解"), mediator=_("请选择"))
    mediation: Mediation = Mediation.objects.create(
        complaint=complaint,
        mediator=mediator,
        body=said(body, name="body", most=80) or frozen(mediator),
        reference=said(reference, name="reference", most=60),
        begun_on=_day(begun_on, "begun_on", earliest=_day_of_receipt(complaint)),
        days=mediator.days,
        note=said(note, name="note", most=500),
        by=by,
        at=moment.now(),
    )
    _keep(mediation, by=by, files=files, papers=papers)
    told = {"mediation": mediation.pk, "name": mediation.body, "note": mediation.reference}
    record(What.MEDIATION_BEGUN, complaint, by=by, **told)
    return mediation


@transaction.atomic
def end_mediation(
    mediation: Mediation,
    *,
    by: User,
    outcome: str,
    words: str,
    owes: bool = False,
    ended_on: date | None = None,
    files: Iterable[UploadedFile[Any]] = (),
    papers: Sequence[Evidence] = (),
) -> MediationEnd:
    """What came of it (调解结果): agreed in these words, failed, or taken back. Raises Invalid with
    fields outcome, words, ended_on, files."""
    complaint = mediation.complaint
    can_mediate.require(by, complaint)
    complaint.hold()
    if not complaint.is_open and complaint.status != Status.MRG:
        raise Refused(_("这条投诉已经了结，不能再登记调解结果"))
    if MediationEnd.objects.filter(mediation=mediation).exists():
        raise Refused(_("这项调解的结果已经登记过了，请刷新页面"))
    if outcome not in MediationOutcome.values:
        raise Invalid(_("请选择调解结果"), outcome=_("请选择"))
    reached = outcome == MediationOutcome.REACHED
    missing = _("请写明协议内容（至少 10 个字）") if reached else _("请写明原因（至少 4 个字）")
    least = 10 if reached else 4
    ending: MediationEnd = MediationEnd.objects.create(
        mediation=mediation,
        outcome=outcome,
        ended_on=_day(ended_on, "ended_on", earliest=mediation.begun_on),
        words=said(words, name="words", most=LONGEST, missing=missing, least=least),
        owes=reached and owes,
        by=by,
        at=moment.now(),
    )
    _keep(mediation, by=by, files=files, papers=papers)
    works_again = ending.owes and complaint.status in SOLVED
    if works_again:
        complaint.move_to(Status.RWK)
        complaint.move_to(Status.HND)
        complaint.carry(resolved_at=None)
    _tell(ending, works_again=works_again)
    return ending


def end_mediations(event: Event) -> None:
    """Follow a complaint that was withdrawn or voided (later): what is mediated ends with it."""
    for mediation in event.complaint.mediations.filter(end=None):
        ending, is_new = MediationEnd.objects.get_or_create(
            mediation=mediation,
            defaults={
                "outcome": MediationOutcome.WITHDRAWN,
                "ended_on": timezone.localdate(event.at),
                "words": frozen(What(event.what).label),
                "by": event.by,
                "at": event.at,
            },
        )
        if is_new:
            _tell(ending, works_again=False)


def _tell(ending: MediationEnd, *, works_again: bool) -> None:
    mediation = ending.mediation
    record(
        What.MEDIATION_ENDED,
        mediation.complaint,
        by=ending.by,
        mediation=mediation.pk,
        works_again=works_again,
        outcome=frozen(MediationOutcome(ending.outcome).label),
        note=ending.words[:200],
        name=mediation.body,
    )


# --- what it holds up ----------------------------------------------------------------------------


def unsettled(complaints: Iterable[Complaint], *, carried_out_by: Complaint) -> list[Mediation]:
    """Those without an outcome, and agreements that no offer has carried out yet. Offers are made
    on the complaint on which all of them are worked."""
    found = Mediation.objects.filter(complaint__in=list(complaints)).select_related("end")
    executed = Offer.objects.filter(complaint=carried_out_by, state=OfferState.EXECUTED)
    last = executed.order_by("-executed_at").values_list("executed_at", flat=True).first()
    return [
        one
        for one in found.order_by("pk")
        if one.outcome is None or rules.is_owed(one.outcome.owes, one.outcome.at, last)
    ]


# --- details -------------------------------------------------------------------------------------


def _day_of_receipt(complaint: Complaint) -> date:
    return timezone.localtime(complaint.received_at).date()


def _day(day: date | None, name: str, *, earliest: date) -> date:
    """The day that was given, or today; no day before it could be, none to come."""
    today = moment.today()
    day = day or today
    if not earliest <= day <= today:
        sentence = _("日期要在 %(first)s 和今天之间") % {"first": earliest.isoformat()}
        raise Invalid(sentence, **{name: sentence})
    return day


def _keep(
    mediation: Mediation,
    *,
    by: User,
    files: Iterable[UploadedFile[Any]],
    papers: Sequence[Evidence],
) -> None:
    """Its papers, among the evidence of the complaint."""
    uploads = list(files)
    if len(uploads) + len(papers) > MOST_FILES:
        sentence = _("一次最多附 %(most)s 个文件") % {"most": MOST_FILES}
        raise Invalid(sentence, files=sentence)
    told = Description(
        source=Source.THIRD_PARTY, about=_("调解材料：%(body)s") % {"body": mediation.body}
    )
    complaint = mediation.complaint
    kept = [keep_evidence(complaint, by=by, upload=one, described=told) for one in uploads]
    MediationPaper.objects.bulk_create(
        (MediationPaper(mediation=mediation, evidence=one) for one in [*papers, *kept]),
        ignore_conflicts=True,
    )
