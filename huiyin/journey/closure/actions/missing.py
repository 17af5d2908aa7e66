"""What must be there before a complaint may be closed, each with the place where it is done."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from huiyin.journey.callbacks import rules as calls
from huiyin.journey.callbacks.words import CallbackKind
from huiyin.journey.closure.actions.demanding import unmet
from huiyin.journey.closure.actions.mediating import unsettled
from huiyin.journey.closure.actions.signing import refusals
from huiyin.journey.closure.actions.standing import (
    since,
    told,
    tries_in_vain,
    was_reached,
    word_of_customer,
)
from huiyin.journey.closure.models import Demand, Mediation
from huiyin.journey.closure.words import Need, Satisfaction
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status
from huiyin.journey.cooperation.actions import departments_that_owe
from huiyin.journey.cooperation.models import Task
from huiyin.journey.grouping.actions import merged_members, untold_members
from huiyin.journey.supervision.models import Supervision
from huiyin.journey.supervision.rules import BLOCKS_CLOSING

PROMISED_CALLS = (CallbackKind.ASKED, CallbackKind.PROMISE, CallbackKind.TALK)
PLACES = {Need.FIELD: "#panel-intake", Need.EVIDENCE: "#panel-evidence", Need.SIGN_OFF: ""}


class Missing(str):
    """One thing that is not there, in words; where on the page it is done, and the demand that
    asks for it, if one does."""

    link: str = ""
    demand: Demand | None = None
    refused: bool = False  # its signer has said no, and nobody has asked again

    @classmethod
    def at(
        cls, text: str, link: str, demand: Demand | None = None, *, refused: bool = False
    ) -> Missing:
        made = cls(text)
        made.link, made.demand, made.refused = link, demand, refused
        return made


def missing_for_closing(complaint: Complaint) -> list[Missing]:
    """Everything that is missing, in the order in which it is done."""
    return [*_not_told(complaint), *_not_done(complaint), *_demanded(complaint)]


def _not_told(complaint: Complaint) -> Iterator[Missing]:
    if not told(complaint):
        yield Missing.at(_("还没有向客户反馈结果"), "#panel-closure")
    if complaint.status == Status.FUV and word_of_customer(complaint) == Satisfaction.UNKNOWN:
        tries = tries_in_vain(complaint)
        if not calls.tried_enough(tries) and not was_reached(complaint):
            parts = "、".join(str(part.label) for part in calls.parts_tried(tries))
            sentence = _("还没有回访到客户（已试：%(parts)s；%(most)s 个不同时段都未接通才可结案）")
            told_of = {"parts": parts or _("无"), "most": calls.MOST_TRIES}
            yield Missing.at(sentence % told_of, "#panel-callbacks")
    if complaint.callbacks.open().filter(kind__in=PROMISED_CALLS).exists():
        yield Missing.at(_("还有约好的回电没有打"), "#panel-callbacks")


def _not_done(complaint: Complaint) -> Iterator[Missing]:
    if not complaint.findings.exists():
        yield Missing.at(_("还没有核实结论"), "#panel-investigation")
    if asked := departments_that_owe(complaint):
        sentence = _("还有协办任务没有办结：%(names)s") % {"names": "、".join(asked)}
        yield Missing.at(sentence, "#panel-cooperation")
    if watched := complaint.supervisions.open().filter(level__in=BLOCKS_CLOSING).first():
        what = watched.get_level_display()
        sentence = _("%(what)s还没有解除，请先报送措施，由督办员解除") % {"what": what}
        yield Missing.at(sentence, "#panel-supervision")
    for one in unsettled([complaint], carried_out_by=complaint):
        yield Missing.at(_unsettled(one), "#panel-closure")
    if untold := untold_members(complaint, since(complaint)):
        sentence = _("还有 %(count)s 位并入的投诉人没有告知结果（可用“统一回复”）")
        yield Missing.at(sentence % {"count": untold}, "#panel-grouping")
    if held := _members_held(complaint):
        sentence = _("并入的投诉还有协办任务、督办或调解没有了结：%(numbers)s")
        yield Missing.at(sentence % {"numbers": "、".join(held)}, "#panel-grouping")


def _unsettled(one: Mediation) -> str:
    if one.outcome is None:
        return _("%(body)s 的调解还没有结果") % {"body": one.body}
    return _("和 %(body)s 达成的协议还没有履行，请按协议拟方案并执行") % {"body": one.body}


def _demanded(complaint: Complaint) -> Iterator[Missing]:
    found = unmet(complaint)
    refused = refusals(complaint) if any(one.need == Need.SIGN_OFF for one in found) else {}
    for demand in found:
        sentence = _("缺：%(what)s") % {"what": demand.name}
        if demand.need == Need.SIGN_OFF:
            told_of = {"what": demand.name, "role": demand.get_role_display()}
            sentence = _("待签核：%(what)s（%(role)s）") % told_of
        if demand.pk in refused:
            told_of = {"what": demand.name, "why": refused[demand.pk].words}
            sentence = _("不同意签核：%(what)s。%(why)s") % told_of
        place = PLACES[Need(demand.need)]
        yield Missing.at(sentence, place, demand, refused=demand.pk in refused)


def _members_held(complaint: Complaint) -> list[str]:
    """Numbers of the members that could not be closed by themselves; closed with their master they
    would slip past that."""
    members = merged_members(complaint)
    if not members:
        return []
    tasks = Task.objects.open().filter(complaint__in=members)
    watched = Supervision.objects.open().filter(complaint__in=members, level__in=BLOCKS_CLOSING)
    held = {
        *tasks.values_list("complaint", flat=True),
        *watched.values_list("complaint", flat=True),
        *(one.complaint_id for one in unsettled(members, carried_out_by=complaint)),
    }
    return [one.number for one in members if one.pk in held]
