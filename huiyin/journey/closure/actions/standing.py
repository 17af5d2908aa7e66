"""How this solution stands with the customer: told, asked, judged; and what closing still misses.

Everything counts from the moment this solution was there: what was said before belongs to an
earlier one, from before a rework.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.journey.callbacks import rules as calls
from huiyin.journey.closure import rules
from huiyin.journey.closure.models import Visit, VisitRule
from huiyin.journey.closure.models.visits import visit_rules
from huiyin.journey.closure.words import Satisfaction, VisitResult
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.cooperation.actions import departments_that_owe
from huiyin.journey.cooperation.models import Task
from huiyin.journey.grouping.actions import merged_members, untold_members
from huiyin.journey.routing.conditions import matches
from huiyin.journey.supervision.models import Supervision
from huiyin.journey.supervision.rules import BLOCKS_CLOSING


def since(complaint: Complaint) -> datetime:
    return complaint.resolved_at or complaint.received_at


def told(complaint: Complaint) -> bool:
    """Whether the customer knows of it."""
    return complaint.feedbacks.filter(at__gte=since(complaint)).exists()


def visit_rule(complaint: Complaint) -> VisitRule | None:
    """The rule by which it must be visited, None when it need not be."""
    now = moment.now()
    for rule in visit_rules():
        if rule.condition is None or matches(rule.condition, complaint, now=now):
            return rule if rules.in_sample(complaint.number, rule.percent) else None
    return None


def needs_visit(complaint: Complaint) -> bool:
    return visit_rule(complaint) is not None


def _visits(complaint: Complaint, *, reached: bool) -> list[Visit]:
    visits = complaint.visits.filter(at__gte=since(complaint))
    in_vain = {"result": VisitResult.NOT_REACHED}
    return list(visits.exclude(**in_vain) if reached else visits.filter(**in_vain))


def was_reached(complaint: Complaint) -> bool:
    return bool(_visits(complaint, reached=True))


def tries_in_vain(complaint: Complaint) -> list[datetime]:
    """When the call-back did not reach him, first to last, in local time."""
    return [timezone.localtime(one.at) for one in _visits(complaint, reached=False)][::-1]


def word_of_customer(complaint: Complaint) -> str:
    """How content he is, from the call-back, else from the portal."""
    visits = _visits(complaint, reached=True)
    if visits and visits[0].result in Satisfaction.values:
        return str(visits[0].result)
    judged = complaint.events.filter(what=What.CUSTOMER_JUDGED, at__gte=since(complaint))
    last = judged.order_by("pk").last()
    if last is None:
        return Satisfaction.UNKNOWN
    return Satisfaction.SATISFIED if last.facts.get("solved") else Satisfaction.UNSATISFIED


def times_reworked(complaint: Complaint) -> int:
    return complaint.events.filter(what=What.REWORKED).count()


def by_another(complaint: Complaint) -> bool:
    """Whether whoever worked on it before does not get it again: the customer was not content, or
    it came back twice."""
    last = complaint.events.filter(what=What.REWORKED).order_by("pk").last()
    if last is None:
        return False
    return bool(last.facts.get("another")) or last.facts.get("times", 1) >= rules.MOST_REWORKS


def left_to_the_manager(complaint: Complaint) -> bool:
    """Reworked as often as may be, and the customer is still not content."""
    exhausted = times_reworked(complaint) >= rules.MOST_REWORKS
    return exhausted and word_of_customer(complaint) == Satisfaction.UNSATISFIED


def missing_for_closing(complaint: Complaint) -> list[str]:
    """What must be there before it may be closed, in words."""
    missing = []
    if not told(complaint):
        missing.append(_("还没有向客户反馈结果"))
    if complaint.status == Status.FUV and word_of_customer(complaint) == Satisfaction.UNKNOWN:
        tries = tries_in_vain(complaint)
        if not calls.tried_enough(tries) and not was_reached(complaint):
            parts = "、".join(str(part.label) for part in calls.parts_tried(tries))
            missing.append(
                _("还没有回访到客户（已试：%(parts)s；%(most)s 个不同时段都未接通才可结案）")
                % {"parts": parts or _("无"), "most": calls.MOST_TRIES}
            )
    if not complaint.findings.exists():
        missing.append(_("还没有核实结论"))
    if asked := departments_that_owe(complaint):
        missing.append(_("还有协办任务没有办结：%(names)s") % {"names": "、".join(asked)})
    if watched := complaint.supervisions.open().filter(level__in=BLOCKS_CLOSING).first():
        what = watched.get_level_display()
        missing.append(_("%(what)s还没有解除，请先报送措施，由督办员解除") % {"what": what})
    if untold := untold_members(complaint, since(complaint)):
        missing.append(
            _("还有 %(count)s 位并入的投诉人没有告知结果（可用“统一回复”）") % {"count": untold}
        )
    if held := _members_held(complaint):
        missing.append(
            _("并入的投诉还有协办任务或督办没有了结：%(numbers)s") % {"numbers": "、".join(held)}
        )
    return missing


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
    }
    return [one.number for one in members if one.pk in held]
