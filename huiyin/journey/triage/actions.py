"""Reading on receipt, confirming or correcting, and refusing to take up."""

from __future__ import annotations

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Severity, Status, What
from huiyin.journey.triage import knowledge, rules
from huiyin.journey.triage.models import Category, Rejection, Triage
from huiyin.journey.triage.permissions import can_reject, can_triage
from huiyin.journey.triage.words import RejectReason, Risk, Source

# From here on a guess may choose the team; below, the complaint desk looks first.
SURE = 0.5
SHORTEST_REASON = 5  # characters
# Refusing to take these up would leave somebody in danger (domain §7.3).
NEVER_REJECTED = (Risk.SAFETY, Risk.SELF_HARM)
# A person who lowers the severity in spite of these says why; the rest lifts nothing by itself.
WEIGHTY = frozenset(Risk.values) - {Risk.VULNERABLE}


def read_on_receipt(event: Event) -> None:
    """Follow a receipt: read the text, suggest, and send it on to dispatch.

    What a person chose at the desk stands; a risk can raise the severity, never lower it.
    """
    complaint = event.complaint
    system = User.objects.system()
    chosen, said = complaint.category, complaint.severity
    if chosen:
        _usable(chosen)
    reading = knowledge.preview(
        complaint.text,
        contact_count=complaint.contact_count,
        level=complaint.customer.level,
        category=chosen,
        channel=complaint.channel,
        wanted=complaint.wanted,
    )
    severity = _with_word_of(said, reading)
    complaint.move_to(Status.TRI)
    Triage.of_reading(complaint, reading, severity=severity, by=system).save()
    complaint.carry(
        severity=severity,
        category=reading.category,
        category_confirmed=bool(chosen),
        risks=list(reading.risks),
        emotion=reading.emotion,
    )
    record(
        What.TRIAGED,
        complaint,
        by=system,
        severity=severity,
        category=_name(reading.category),
        code=reading.category,
        confidence=reading.confidence,
        sure=bool(chosen) or reading.confidence >= SURE,
        risks=list(reading.risks),
    )


def _with_word_of(said: int | None, reading: rules.Reading) -> int:
    """The severity a person gave, unless a risk in the text demands more."""
    if said is None:
        return reading.severity
    floors = [point.points for point in reading.points if point.key.startswith("floor.")]
    return min([said, *floors])


def _name(code: str) -> str:
    return knowledge.current().path(code) or code


def _usable(code: str) -> Category:
    """The category of this code; Invalid when there is none, it is retired, or only a heading."""
    category = knowledge.current().categories.get(code)
    if category is None or category.retired_at or category.level == 1:
        sentence = (
            _("没有这个类别，请重新选择")
            if category is None
            else _("“%(name)s”已停用，请选择别的类别") % {"name": category.name}
            if category.retired_at
            else _("“%(name)s”是大类，请选择下面的具体类别") % {"name": category.name}
        )
        raise Invalid(sentence, category=sentence)
    return category


@transaction.atomic
def confirm(
    complaint: Complaint,
    *,
    by: User,
    category: str,
    severity: int,
    reason: str = "",
    seen: int | None = None,
) -> Triage:
    """Settle category and severity: confirm what the rules suggest, or correct it.

    `seen` is the id of the Triage that the person looked at; if there is a newer one, Refused.
    Lowering the severity of a complaint with a risk needs a reason. Raises Invalid with fields
    category, severity, reason.
    """
    can_triage.require(by, complaint)
    if not complaint.is_open:
        raise Refused(_("这条投诉已经办结，不能再更正分级；如有新情况请先重开"))
    settled = _usable(category)
    reason = " ".join(reason.split())[:500]
    _check_severity(complaint, severity, reason)
    latest = Triage.objects.latest_of(complaint)
    if seen is not None and latest is not None and latest.pk != seen:
        raise Refused(_("这条投诉刚刚被别人更正过分级，请查看最新结果后再决定"))
    before = {
        "severity": complaint.severity,
        "category": complaint.category,
        "category_confirmed": complaint.category_confirmed,
    }
    first = complaint.status in (Status.NEW, Status.REG)
    if first:
        complaint.move_to(Status.TRI)
    complaint.carry(seen=before, category=settled.code, category_confirmed=True, severity=severity)
    decided = _decision(complaint, latest, by=by, category=settled, severity=severity)
    decided.reason = reason
    decided.save()
    changed = (before["category"], before["severity"]) != (settled.code, severity)
    facts: dict[str, object] = {
        "severity": severity,
        "category": _name(settled.code),
        "code": settled.code,
        "reason": reason,
        "sure": True,
        "old": {
            "severity": before["severity"],
            "category": _name(str(before["category"])),
            "code": before["category"],
        },
    }
    if not first and not changed:
        facts["note"] = _("确认系统建议")
    record(What.TRIAGED if first else What.RECLASSIFIED, complaint, by=by, **facts)
    return decided


def _check_severity(complaint: Complaint, severity: int, reason: str) -> None:
    if severity not in Severity.values:
        sentence = _("严重程度应为 1 到 4")
        raise Invalid(sentence, severity=sentence)
    lowered = complaint.severity is not None and severity > complaint.severity
    if lowered and WEIGHTY.intersection(complaint.risks) and len(reason) < SHORTEST_REASON:
        sentence = _("这条投诉有风险标记，降低严重度请写明理由（至少 %(least)s 个字）") % {
            "least": SHORTEST_REASON
        }
        raise Invalid(sentence, reason=sentence)


def _decision(
    complaint: Complaint, latest: Triage | None, *, by: User, category: Category, severity: int
) -> Triage:
    """A person's decision: what was read stands beside it, and the reading counts as looked at."""
    now = moment.now()
    if latest is not None and latest.source == Source.RULE and latest.confirmed_at is None:
        Triage.objects.filter(pk=latest.pk).update(confirmed_at=now, confirmed_by=by)
    read = latest or Triage(risks=list(complaint.risks), emotion=complaint.emotion)
    return Triage(
        complaint=complaint,
        source=Source.HUMAN,
        category=category,
        confidence=1.0,
        severity=severity,
        score=read.score,
        nature=category.nature,
        emotion=read.emotion,
        intensity=read.intensity,
        urgency=read.urgency,
        scope=read.scope,
        risks=list(read.risks),
        conduct=read.conduct,
        raised=read.raised,
        points=read.points,
        guesses=read.guesses,
        rule_version=read.rule_version,
        by=by,
        at=now,
        confirmed_at=now,
        confirmed_by=by,
    )


@transaction.atomic
def raise_severity(complaint: Complaint, *, by: User, severity: int, reason: str) -> None:
    """It weighs more than it did, by what happened since: a promise that was not kept. Category
    and reading stay as they are; who raised it and why stands beside them."""
    can_triage.require(by, complaint)
    before, latest = complaint.severity, Triage.objects.latest_of(complaint)
    if latest is None or before is None or not Severity.S1 <= severity < before:
        raise Refused(_("严重程度只能提高，请刷新页面查看最新分级"))
    complaint.carry(seen={"severity": before}, severity=severity)
    decided = Triage.objects.get(pk=latest.pk)
    decided.pk, decided._state.adding = None, True
    decided.severity, decided.reason = severity, reason
    decided.by, decided.at = by, moment.now()
    decided.save()
    told = {"severity": severity, "reason": reason, "code": complaint.category}
    record(What.RECLASSIFIED, complaint, by=by, **told, old={"severity": before})


@transaction.atomic
def reject(complaint: Complaint, *, by: User, reason: str, remedies: str) -> Rejection:
    """Do not take the complaint up (不予受理); the customer is told why and where else to go.

    Never where somebody's safety is concerned. Raises Invalid with fields reason, remedies.
    """
    can_reject.require(by, complaint)
    in_danger = {str(risk) for risk in NEVER_REJECTED}.intersection(complaint.risks)
    if in_danger or complaint.category.startswith("SF"):
        raise Refused(_("涉及人身安全的投诉不能不予受理，请按安全流程处理"))
    if reason not in RejectReason.values:
        sentence = _("请从列表中选择不予受理的原因")
        raise Invalid(sentence, reason=sentence)
    remedies = " ".join(remedies.split())[:2000]
    if len(remedies) < SHORTEST_REASON:
        sentence = _("请写明客户还可以通过什么途径解决（至少 %(least)s 个字）") % {
            "least": SHORTEST_REASON
        }
        raise Invalid(sentence, remedies=sentence)
    complaint.move_to(Status.REJ)
    rejection = Rejection.objects.create(
        complaint=complaint, reason=reason, remedies=remedies, by=by, at=moment.now()
    )
    record(
        What.REJECTED,
        complaint,
        by=by,
        reason=str(RejectReason(reason).label),
        remedies=remedies,
    )
    return rejection
