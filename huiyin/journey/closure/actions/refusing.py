"""Saying no, with the reason and with where else to turn (ISO 10002 7.9)."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.closure.actions.standing import needs_visit, since
from huiyin.journey.closure.models import Feedback, Telling, Way
from huiyin.journey.closure.permissions import can_feed_back
from huiyin.journey.closure.words import WayKind
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.lifecycle import WORKING
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import reply, said
from huiyin.journey.resolution.words import ResponseKind
from huiyin.journey.routing.conditions import matches

LONGEST = 3000
INSIDE = (WayKind.REVIEW,)


def ways_for(complaint: Complaint) -> list[Way]:
    """Those that fit this complaint: the general ones, and the regulator of its category."""
    now = moment.now()
    return [
        way
        for way in Way.objects.filter(enabled=True)
        if way.condition is None or matches(way.condition, complaint, now=now)
    ]


def told_of_ways(complaint: Complaint) -> bool:
    """Whether the customer knows, of this solution, where else to turn."""
    return complaint.tellings.filter(at__gte=since(complaint)).exists()


def no_letter(
    reason: str, basis: str, ways: Sequence[dict[str, str]], *, language: str = ""
) -> str:
    """The letter in the customer's language: why not, on what basis, and where else to turn."""
    with translation.override(language or settings.LANGUAGE_CODE):
        lines = [_("我们核实了您反映的情况。很抱歉，您的诉求我们不能支持，理由如下："), reason]
        if basis:
            lines.append(_("依据：%(basis)s") % {"basis": basis})
        lines.append(_("如果您不同意，还可以："))
        lines += [f"{n}. {way['name']}：{way['text']}" for n, way in enumerate(ways, start=1)]
        lines.append(_("您补充新的情况，我们随时重新核实。"))
        return "\n\n".join(lines[:2]) + "\n\n" + "\n".join(lines[2:])


@transaction.atomic
def tell_alternatives(
    complaint: Complaint,
    *,
    by: User,
    reason: str,
    basis: str = "",
    ways: Sequence[str] | None = None,
    channel: str = "",
) -> Telling:
    """Tell him why not and where else to turn, once a solution is there. Kept as it was sent."""
    can_feed_back.require(by, complaint)
    complaint.hold()
    if complaint.status not in (Status.RES, Status.FUV):
        raise Refused(_("已解决或待回访的投诉才能在这里告知其他途径"))
    made = _tell(complaint, by=by, reason=reason, basis=basis, ways=ways, channel=channel)
    record(What.ALTERNATIVES_TOLD, complaint, by=by, **_facts(made))
    return made


@transaction.atomic
def refuse_claim(
    complaint: Complaint,
    *,
    by: User,
    reason: str,
    basis: str = "",
    ways: Sequence[str] | None = None,
    channel: str = "",
) -> Telling:
    """The claim is not accepted and nothing is offered: he is told why, and where else to turn.

    The letter is the feedback, too; a call-back follows where a rule asks for one. Never by a
    machine (GB/T 47746), never before it was looked into.
    """
    can_feed_back.require(by, complaint)
    if by.is_system:
        raise NotPermitted(_("不支持客户的诉求，只能由人决定"))
    complaint.hold()
    if complaint.status not in WORKING:
        raise Refused(_("处理中的投诉才能作出不支持的决定"))
    if not complaint.findings.exists():
        raise Refused(_("请先填写核实结论，再作出不支持的决定"))
    complaint.move_to(Status.RES)
    complaint.carry(resolved_at=moment.now())
    made = _tell(
        complaint, by=by, reason=reason, basis=basis, ways=ways, channel=channel, refused=True
    )
    record(What.ALTERNATIVES_TOLD, complaint, by=by, **_facts(made))
    _is_feedback(made)
    return made


def _is_feedback(made: Telling) -> None:
    """The letter told him the result: no second one is owed."""
    complaint = made.complaint
    latest = complaint.findings.first()
    Feedback.objects.create(
        complaint=complaint,
        measures=latest.facts if latest is not None else made.reason,
        result=made.reason,
        kinds=[ResponseKind.INFORMATION, ResponseKind.REFERRAL],
        message=made.message,
        by=made.by,
        at=made.at,
    )
    if needs_visit(complaint):
        complaint.move_to(Status.FUV)
    record(What.FED_BACK, complaint, by=made.by)


def _facts(made: Telling) -> dict[str, object]:
    names = "、".join(str(way["name"]) for way in made.ways)
    return {"telling": made.pk, "refused": made.refused, "reason": made.reason[:200], "note": names}


def _tell(
    complaint: Complaint,
    *,
    by: User,
    reason: str,
    basis: str,
    ways: Sequence[str] | None,
    channel: str,
    refused: bool = False,
) -> Telling:
    missing = _("请写明为什么不能支持（至少 10 个字），客户会看到这段话")
    reason = said(reason, name="reason", most=LONGEST, missing=missing, least=10)
    basis = said(basis, name="basis", most=500)
    chosen = _chosen(complaint, ways)
    language = complaint.customer.language
    text = no_letter(reason, basis, frozen_ways(chosen, language), language=language)
    message = reply(complaint, by=by, text=text, channel=channel, fixed=True, binds=False)
    return Telling.objects.create(
        complaint=complaint,
        reason=reason,
        basis=basis,
        ways=frozen_ways(chosen, language),
        refused=refused,
        message=message,
        by=by,
        at=moment.now(),
    )


def _chosen(complaint: Complaint, ways: Sequence[str] | None) -> list[Way]:
    """Those that were ticked, at least one inside and one outside; None: all that fit."""
    fitting = ways_for(complaint)
    chosen = fitting if ways is None else [way for way in fitting if way.code in ways]
    inside = [way for way in chosen if way.kind in INSIDE]
    if not inside or len(inside) == len(chosen):
        sentence = _("请至少告知一条内部途径和一条外部途径")
        raise Invalid(sentence, ways=sentence)
    return chosen


def frozen_ways(ways: Sequence[Way], language: str) -> list[dict[str, str]]:
    """As they are told: later edits of the rows change nothing that was said."""
    with translation.override(language or settings.LANGUAGE_CODE):
        return [
            {
                "code": way.code,
                "kind": way.kind,
                "name": way.name,
                "text": way.text,
                "source": way.source,
            }
            for way in ways
        ]
