"""What the category and its handling rule ask before closing, and who vouches for it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.language import in_own
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.closure.actions.standing import since
from huiyin.journey.closure.models import Demand, SignOff
from huiyin.journey.closure.models.demands import demands
from huiyin.journey.closure.permissions import can_feed_back
from huiyin.journey.closure.words import Need
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.actions import said
from huiyin.journey.conversation.words import EvidenceKind
from huiyin.journey.intake.models import Answer, Field
from huiyin.journey.routing.conditions import matches

ANSWER = "answer."  # a custom field of the registration


def asked_of(complaint: Complaint) -> list[Demand]:
    """Every demand whose condition holds of it."""
    now = moment.now()
    return [
        one
        for one in demands()
        if one.condition is None or matches(one.condition, complaint, now=now)
    ]


def unmet(complaint: Complaint) -> list[Demand]:
    """What is still not there. A signature counts for the solution it was given for."""
    asked = asked_of(complaint)
    if not asked:
        return []
    signed = set(
        complaint.sign_offs.filter(at__gte=since(complaint)).values_list("demand", flat=True)
    )
    return [one for one in asked if one.pk not in signed and not _is_there(one, complaint)]


def _is_there(demand: Demand, complaint: Complaint) -> bool:
    if demand.need == Need.EVIDENCE:
        kinds = [kind.strip() for kind in demand.what.split(",")]
        found = complaint.evidence.all()
        return found.exists() if "any" in kinds else found.filter(kind__in=kinds).exists()
    if demand.need == Need.FIELD and demand.what.startswith(ANSWER):
        key = demand.what.removeprefix(ANSWER)
        answers = Answer.objects.filter(complaint_id=complaint.pk, field__key=key)
        return any(one.value not in ("", None, [], {}) for one in answers)
    if demand.need == Need.FIELD and demand.what in FIELDS:
        return bool(getattr(complaint, demand.what))
    return False


def what_in_words(demand: Demand) -> str:
    """What it asks for, by the names that people know: 订单号; 合同、发票单据 or any of a kind."""
    if demand.need == Need.EVIDENCE:
        kinds = [kind.strip() for kind in demand.what.split(",") if kind.strip()]
        if "any" in kinds:
            return _("任何一种证据")
        names = dict(EvidenceKind.choices)
        return "、".join(str(names.get(kind, kind)) for kind in kinds)
    if demand.what.startswith(ANSWER):
        found = Field.objects.filter(key=demand.what.removeprefix(ANSWER)).first()
        return in_own(found.label, found.label_en) if found else demand.what
    return str(_labels().get(demand.what, demand.what))


def _labels() -> dict[str, Any]:
    own = {"category": _("类别"), "severity": _("严重程度"), "emotion": _("情绪")}
    known = {name: Complaint._meta.get_field(name).verbose_name for name in FIELDS}  # type: ignore[union-attr]
    return known | own


FIELDS = ("order_no", "happened_on", "wanted", "category", "severity", "emotion")


@transaction.atomic
def waive(complaint: Complaint, *, by: User, demand: Demand, words: str) -> SignOff:
    """Say why this one does not need it: a cash sale has no order number."""
    can_feed_back.require(by, complaint)
    open_demand(complaint, demand)
    if not demand.may_be_waived:
        raise Refused(_("这一项不能免，请补齐后再结案"))
    return vouch(complaint, by=by, demand=demand, words=words, waived=True)


def open_demand(complaint: Complaint, demand: Demand) -> None:
    complaint.hold()
    if not complaint.is_open or complaint.resolved_at is None:
        raise Refused(_("方案执行完成后、结案之前才能签核"))
    if demand.pk not in {one.pk for one in unmet(complaint)}:
        raise Refused(_("这一项已经齐了，或不适用于这件投诉，请刷新页面"))


def vouch(complaint: Complaint, *, by: User, demand: Demand, words: str, waived: bool) -> SignOff:
    missing = _("请写明理由（至少 4 个字）") if waived else _("请写明核对了什么（至少 4 个字）")
    words = said(words, name="words", most=500, missing=missing, least=4)
    return SignOff.objects.create(
        complaint=complaint, demand=demand, waived=waived, words=words, by=by, at=moment.now()
    )


def demand_called(code: str) -> Demand:
    found = Demand.objects.filter(code=code, enabled=True).first()
    if found is None:
        raise Invalid(_("没有这一项要求，请刷新页面"), demand=_("没有这一项要求"))
    return found
