"""What somebody asked a list for, and how it reads as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.conditions.forms import condition_in, written
from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint, ComplaintQuerySet
from huiyin.journey.complaint.words import Channel, Severity, Status
from huiyin.journey.cooperation.models import Task
from huiyin.journey.intake.words import Via
from huiyin.journey.routing import conditions
from huiyin.journey.triage.models import group_label
from huiyin.journey.triage.words import Risk
from huiyin.surface.workbench.lists.pages import ORDERS
from huiyin.surface.workbench.lists.standing import BY_KEY, SOON, StandingView

LONGEST_Q = 100
CONDITION = "cond"  # as a parameter: the JSON of ground.conditions
NOBODY = 0  # as `assignee`: those without one


class Due(TextChoices):
    LATE = "late", gettext_lazy("已超时")
    SOON = "soon", gettext_lazy("4 小时内到期")
    TODAY = "today", gettext_lazy("今天到期")
    THREE_DAYS = "3d", gettext_lazy("3 天内到期")
    DEPARTMENT = "department", gettext_lazy("部门超时")


@dataclass(frozen=True)
class Filters:
    """Checked: unknown values are dropped; only a condition that is none is an error."""

    view: StandingView
    q: str = ""
    status: str = ""
    severity: int | None = None
    category: str = ""
    team: int | None = None
    assignee: int | None = None
    channel: str = ""
    via: str = ""  # the door
    risk: str = ""
    due: str = ""
    since: date | None = None
    until: date | None = None
    condition: Mapping[str, Any] | None = None
    sort: str = "due"

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Filters:
        q = asked.get("q", "").replace("\0", "").strip()[:LONGEST_Q]
        view = BY_KEY.get(asked.get("view", ""), BY_KEY["all" if q else "mine"])
        sort = asked.get("sort", "")
        sort = sort if sort in ORDERS else view.sort
        if view.key == "all" and ORDERS[sort].open_only:
            sort = view.sort
        return cls(
            view=view,
            q=q,
            status=_one_of(Status, asked.get("status", "")),
            severity=_number(_one_of_four(asked.get("severity", ""))),
            category=asked.get("category", "").replace("\0", "")[:20],
            team=_number(asked.get("team", "")),
            assignee=_number(asked.get("assignee", "")),
            channel=_one_of(Channel, asked.get("channel", "")),
            via=_one_of(Via, asked.get("via", "")),
            risk=_one_of(Risk, asked.get("risk", "")),
            due=_one_of(Due, asked.get("due", "")),
            since=moment.read_day(asked.get("since", "")),
            until=moment.read_day(asked.get("until", "")),
            condition=_condition(asked.get(CONDITION, "")),
            sort=sort,
        )

    def pick(self, user: User, now: datetime) -> QuerySet[Complaint]:
        """The rows, visibility in the same query."""
        return self.narrow(Complaint.objects.visible_to(user), user, now)

    def narrow(self, rows: ComplaintQuerySet, user: User, now: datetime) -> QuerySet[Complaint]:
        """Of these rows, whoever may see them: for whoever only counts."""
        found = rows.filter(self.view.picks(user, now))
        if self.q:
            found = found.search(self.q)
        exact = {
            "status": self.status,
            "severity": self.severity,
            "team": self.team,
            "assignee": self.assignee,
            "channel": self.channel,
            "intake__via": self.via,
        }
        found = found.filter(**{name: value for name, value in exact.items() if value})
        if self.assignee == NOBODY:
            found = found.filter(assignee=None)
        if self.category:
            found = found.filter(category__startswith=self.category)
        if self.risk:
            found = found.filter(risks__contains=[self.risk])
        if self.due:
            found = found.open().filter(_due(self.due, now))
        if self.since:
            found = found.filter(received_at__gte=_begins(self.since))
        if self.until:
            found = found.filter(received_at__lt=_begins(self.until) + timedelta(days=1))
        if self.condition:
            found = found.filter(conditions.picked(self.condition, now))
        return found

    def query(self) -> dict[str, str]:
        """As URL parameters, without what is empty."""
        asked = {
            "view": self.view.key,
            "q": self.q,
            "status": self.status,
            "severity": self.severity,
            "category": self.category,
            "team": self.team,
            "assignee": self.assignee,
            "channel": self.channel,
            "via": self.via,
            "risk": self.risk,
            "due": self.due,
            "since": self.since,
            "until": self.until,
            CONDITION: written(self.condition),
            "sort": self.sort if self.sort != self.view.sort else "",
        }
        return {name: str(value) for name, value in asked.items() if value not in (None, "")}


def _condition(text: str) -> dict[str, Any] | None:
    return condition_in(text, conditions.attributes()) if text.strip() else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _one_of(words: type[TextChoices], value: str) -> str:
    return value if value in words.values else ""


def _one_of_four(value: str) -> str:
    return value if value in {"1", "2", "3", "4"} else ""


def _begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _due(due: str, now: datetime) -> Q:
    if due == Due.LATE:
        return Q(next_due_at__lt=now)
    if due == Due.DEPARTMENT:
        return Q(pk__in=Task.objects.late(now).values("complaint"))
    tonight = _begins(timezone.localtime(now).date() + timedelta(days=1))
    ends = {
        Due.SOON: now + SOON,
        Due.TODAY: tonight,
        Due.THREE_DAYS: tonight + timedelta(days=2),
    }
    return Q(next_due_at__gte=now, next_due_at__lt=ends[Due(due)])


def chips(filters: Filters, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """The filters as sentences, each with the parameter that it came from.

    `names`: what the category, team and assignee are called, by parameter.
    """
    f = filters
    said = [
        ("q", f.q and _("包含“%(x)s”") % {"x": f.q}),
        ("status", f.status and _("环节是 %(x)s") % {"x": Status(f.status).label}),
        ("severity", f.severity and _("级别是 %(x)s") % {"x": Severity(f.severity).label}),
        ("channel", f.channel and _("渠道是 %(x)s") % {"x": Channel(f.channel).label}),
        ("via", f.via and _("登记入口是 %(x)s") % {"x": Via(f.via).label}),
        ("category", f.category and _("类别是 %(x)s") % {"x": names["category"]}),
        ("team", f.team and _("小组是 %(x)s") % {"x": names["team"]}),
        ("assignee", _("无人处理") if f.assignee == NOBODY else ""),
        ("assignee", f.assignee and _("处理人是 %(x)s") % {"x": names["assignee"]}),
        ("risk", f.risk and _("有风险：%(x)s") % {"x": group_label(f.risk)}),
        ("due", f.due and Due(f.due).label),
        ("since", f.since and _("受理于 %(x)s 起") % {"x": f.since}),
        ("until", f.until and _("受理至 %(x)s") % {"x": f.until}),
        (CONDITION, conditions.in_words(f.condition)),
    ]
    return [(name, str(sentence)) for name, sentence in said if sentence]
