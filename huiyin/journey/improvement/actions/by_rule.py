"""Improvement by rule: what calls for one, once for each cause and period."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.complaint.events import frozen
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Channel, Severity, What
from huiyin.journey.grouping.models import Membership
from huiyin.journey.improvement import rules
from huiyin.journey.improvement.actions.opening import add_sources, propose
from huiyin.journey.improvement.models import Improvement, Rule
from huiyin.journey.improvement.words import Stage, Trigger
from huiyin.journey.intake.models import Answer
from huiyin.journey.investigation.models import Finding
from huiyin.journey.investigation.words import Cause
from huiyin.journey.routing.conditions import matches
from huiyin.journey.triage import knowledge

LOOKED_AT = 5000  # of the latest complaints, of the latest findings: what is older is no cluster
HOUSE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Found:
    """Why a rule may propose: a name that is the same however often it is asked within a period,
    the complaints that show it, and what they have in common."""

    name: str
    words: str
    complaints: list[Complaint]
    object_: tuple[str, str] = ("", "")
    single: bool = field(default=False)


def fire_rules(event: Event) -> None:
    """Follow whatever may call for an improvement. Runs in the worker and may run twice."""
    triggers = rules.trigger_of(event.what, event.facts)
    if not triggers:
        return
    ruled = Rule.objects.filter(trigger__in=triggers, enabled=True, kind__enabled=True)
    for rule in ruled.select_related("kind"):
        if rule.condition and not matches(rule.condition, event.complaint, now=moment.now()):
            continue
        found = _found(rule, event)
        if found is not None and len(found.complaints) >= _least(rule):
            _propose(rule, found)


def _least(rule: Rule) -> int:
    return rule.least if rule.trigger in rules.COUNTED else 1


def _propose(rule: Rule, found: Found) -> None:
    """A new one; or those complaints join the one that was proposed for this cause before.

    What concerns one complaint alone is proposed once, whatever calls for it, and not where the
    complaint is a source already.
    """
    if found.single and found.complaints[0].improvement_sources.exists():  # type: ignore[attr-defined]
        return
    there = Improvement.objects.filter(cause=found.name[:160]).first()
    complaints = sorted(found.complaints, key=lambda one: one.pk)[: rules.MOST_SOURCES]
    if there is None:
        made = propose(
            complaints,
            rule=rule,
            cause=found.name,
            title=found.words,
            object_=found.object_,
        )
        if made is not None:
            return
        there = Improvement.objects.filter(cause=found.name[:160]).first()
    if there is not None and there.stage in (Stage.PROPOSED, Stage.WORKING):
        add_sources(there, complaints, by=User.objects.system())


def _found(rule: Rule, event: Event) -> Found | None:
    """Whether it is so; None when it is not."""
    complaint = event.complaint
    if rule.trigger == Trigger.CLUSTER:
        return _incident(event) if event.what == What.INCIDENT_JOINED else _cluster(rule, complaint)
    if rule.trigger == Trigger.CAUSE:
        return _cause(complaint)
    is_so = {
        Trigger.CRITICAL: complaint.severity == Severity.S1,
        Trigger.SUPERVISED: event.what == What.SUPERVISED,
        Trigger.REGULATOR: event.what == What.POLICY_ATTACHED
        or complaint.channel == Channel.REGULATOR,
        Trigger.CLOSING: rule.trigger == Trigger.CLOSING and _closed_with(complaint),
    }
    if not is_so.get(Trigger(rule.trigger)):
        return None
    words = f"{frozen(Trigger(rule.trigger).label)} · {_named(complaint.category)}"
    if rule.trigger == Trigger.CLOSING:
        words = _what_must_not_happen(complaint) or words
    return Found(f"complaint {complaint.pk}", words, [complaint], single=True)


def _closed_with(complaint: Complaint) -> bool:
    """Whoever closed it ticked “需要改进”."""
    last = complaint.closings.order_by("pk").last()  # type: ignore[attr-defined]
    return bool(last and last.improvement)


def _what_must_not_happen(complaint: Complaint) -> str:
    """In the words of whoever closed it."""
    last = complaint.closings.order_by("pk").last()  # type: ignore[attr-defined]
    return last.prevent if last else ""


def _cluster(rule: Rule, complaint: Complaint) -> Found | None:
    """As many of the same category about the same batch, product, store within some days."""
    if not complaint.category or not rule.same:
        return None
    own = Answer.objects.filter(complaint=complaint, field__key__in=rule.same)
    since = complaint.received_at - timedelta(days=rule.days)
    latest = Complaint.objects.filter(
        received_at__gte=since, received_at__lte=complaint.received_at
    )
    keys = latest.order_by("-received_at", "-pk").values("pk")[:LOOKED_AT]
    for answer in own.select_related("field"):
        if answer.value in ("", None, []):
            continue
        alike = Answer.objects.filter(
            field=answer.field_id,
            value=answer.value,
            complaint__in=keys,
            complaint__category=complaint.category,
        )
        found = [one.complaint for one in alike.select_related("complaint").order_by("-pk")[:100]]
        if len(found) >= rule.least:
            value = str(answer.value)
            month = _month(complaint)
            name = f"cluster {complaint.category} {answer.field.key}={value[:80]} {month}"
            words = f"{_named(complaint.category)} · {answer.field.label} {value[:60]}"
            return Found(name, words, found, (answer.field.key, value))
    return None


def _incident(event: Event) -> Found | None:
    """A mass incident is one cause, however many join."""
    mine = Membership.objects.lasting().filter(complaint=event.complaint_id).first()
    if mine is None:
        return None
    members = Membership.objects.lasting().filter(incident=mine.incident_id).order_by("pk")
    found = [one.complaint for one in members.select_related("complaint")[: rules.MOST_SOURCES]]
    words = f"{frozen(gettext_lazy('群体事件'))} · {_named(event.complaint.category)}"
    return Found(f"incident {mine.incident_id}", words, found)


def _cause(complaint: Complaint) -> Found | None:
    """As many findings of the same cause in the same group of categories within this month."""
    last = Finding.objects.filter(complaint=complaint).order_by("pk").last()
    if last is None or not complaint.category:
        return None
    group = rules.group_of(complaint.category)
    begins = last.at.astimezone(HOUSE).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    latest = Finding.objects.order_by("-pk").values("pk")[:LOOKED_AT]
    alike = Finding.objects.filter(
        pk__in=latest, cause=last.cause, at__gte=begins, complaint__category__startswith=group
    )
    found = {one.complaint_id: one.complaint for one in alike.select_related("complaint")[:500]}
    words = f"{frozen(Cause(last.cause).label)} · {_named(group)}"
    name = f"cause {last.cause} {group} {begins:%Y-%m}"
    return Found(name, words, list(found.values()))


def _month(complaint: Complaint) -> str:
    return f"{complaint.received_at.astimezone(HOUSE):%Y-%m}"


def _named(category: str) -> str:
    return frozen(knowledge.current().path(category)) if category else ""
