"""The letter of result as the record tells it: a draft that the handler checks and edits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.promises.words import State as PromiseState
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.rules import yuan
from huiyin.journey.resolution.words import OfferState, ResponseKind


@dataclass(frozen=True)
class Draft:
    measures: str
    result: str
    prevention: str
    kinds: list[str]


def draft(complaint: Complaint) -> Draft:
    """Composed from findings, the offer, the steps that were done, and the promises that were kept,
    in the customer's language."""
    offers = list(
        complaint.offers.filter(state=OfferState.EXECUTED).select_related("remedy").order_by("pk")
    )
    with translation.override(complaint.customer.language or settings.LANGUAGE_CODE):
        return Draft(
            measures=_measures(complaint),
            result=_result(complaint, offers),
            prevention=_prevention(complaint),
            kinds=kinds_of(offers),
        )


def kinds_of(offers: list[Offer]) -> list[str]:
    """The kinds of response of annex G that these remedies are, in the order of the annex."""
    there = {offer.remedy.response_kind for offer in offers}
    return [kind for kind in ResponseKind.values if kind in there]


def _measures(complaint: Complaint) -> str:
    lines = []
    finding = complaint.findings.first()
    if finding is not None:
        lines.append(_("我们核实了您反映的情况：%(facts)s") % {"facts": finding.facts.strip()})
    # Not the wording of the offers: that speaks of what was to come, and it has come.
    lines += [
        _("已完成：%(what)s%(on)s") % {"what": name, "on": _on(at)}
        for name, at in _steps_done(complaint)
    ]
    return "\n".join(lines)


def _steps_done(complaint: Complaint) -> list[tuple[str, datetime]]:
    """What was carried out for this solution, as the story tells it: in the words of the house, so
    only for whoever reads them."""
    if str(translation.get_language()).startswith("en"):
        return []
    done = complaint.events.filter(what=What.STEP_DONE).order_by("pk")
    return [(e.facts["name"], e.at) for e in done if e.facts.get("name")][-10:]


def _result(complaint: Complaint, offers: list[Offer]) -> str:
    lines = []
    for offer in offers:
        paid = offer.amount_fen if offer.paid_fen is None else offer.paid_fen
        told = {"remedy": offer.remedy.name, "amount": yuan(paid), "on": _on(offer.executed_at)}
        if paid:
            lines.append(_("%(remedy)s %(amount)s，已经办好%(on)s。") % told)
        else:
            lines.append(_("%(remedy)s，已经办好%(on)s。") % told)
    kept = complaint.promises.filter(state=PromiseState.KEPT).exclude(source__startswith="offer:")
    for promise in kept.order_by("kept_at")[:10]:
        told = {"what": promise.what, "on": _on(promise.kept_at)}
        lines.append(_("答应您的“%(what)s”已经做到%(on)s。") % told)
    return "\n".join(lines)


def _prevention(complaint: Complaint) -> str:
    finding = complaint.findings.first()
    return finding.recommendation.strip() if finding is not None else ""


def _on(at: datetime | None) -> str:
    """“（11月29日）”, in the words of the customer's language; nothing for no day."""
    if at is None:
        return ""
    day = timezone.localtime(at)
    return _("（%(month)s 月 %(day)s 日）") % {"month": day.month, "day": day.day}
