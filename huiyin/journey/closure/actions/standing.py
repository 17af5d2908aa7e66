"""How this solution stands with the customer: told, asked, judged; and what closing still misses.

Everything counts from the moment this solution was there: what was said before belongs to an
earlier one, from before a rework.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from huiyin.ground import moment
from huiyin.journey.closure import rules
from huiyin.journey.closure.models import Visit, VisitRule
from huiyin.journey.closure.models.visits import visit_rules
from huiyin.journey.closure.words import Satisfaction, VisitResult
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.routing.conditions import matches


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
