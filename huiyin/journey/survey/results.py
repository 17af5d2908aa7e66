"""The figures of a survey: every one counted by the database, from rows that the reader may have
counted. Those who are judged by them get none that fewer than five answers make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, DateField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import StrIndex, Substr, TruncWeek
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.survey import rules
from huiyin.journey.survey.models import Answer, AnswerQuerySet, Invitation, Item, Survey, Version
from huiyin.journey.survey.permissions import knows_who, sees_house
from huiyin.journey.survey.words import Metric, State

LONGEST = 366  # days of a period
PERIODS = ("30", "90", "month", "last-month", "quarter")
FIXED = ("month", "last-month", "90")  # for those who are judged: not to be cut into single days
SCORES = {Metric.CSAT: rules.csat, Metric.NPS: rules.nps, Metric.CES: rules.ces}
MOST_LINES = 30  # teams or categories of a table
MOST_WORDS = 40  # texts of customers shown to those who may not know whose they are


@dataclass(frozen=True)
class Asked:
    """Which answers: whole days, the first and the last included; a team, a heading, a version."""

    period: str
    since: date
    until: date
    team: str = ""
    category: str = ""
    version: int | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str], user: User) -> Asked:
        """Checked: what is unknown is dropped, never an error."""
        today, whole = moment.today(), knows_who(user)
        since, until = (moment.read_day(asked.get(name, "")) for name in ("from", "to"))
        key = asked.get("period", "")
        version = asked.get("version", "")
        number = version.isascii() and version.isdecimal() and len(version) < 4
        if whole and since and until and not key:
            first, last = sorted((min(since, today), min(until, today)))
            first = max(first, last - timedelta(days=LONGEST - 1))
            period = ("own", first, last)
        else:
            key = key if key in (PERIODS if whole else FIXED) else "90"
            period = (key, *_days(key, today))
        return cls(
            *period,
            team=asked.get("team", "")[:40].replace("\x00", ""),
            category=asked.get("category", "")[:20].replace("\x00", ""),
            version=int(version) if number and whole else None,
        )

    def query(self, **more: str) -> dict[str, str]:
        """As URL parameters."""
        when = {"period": self.period}
        if self.period == "own":
            when = {"from": f"{self.since}", "to": f"{self.until}"}
        asked = {**when, "team": self.team, "category": self.category, **more}
        if self.version:
            asked.setdefault("version", str(self.version))
        return {name: value for name, value in asked.items() if value}

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        return _midnight(self.since), _midnight(self.until + timedelta(days=1))

    def picked(self, found: AnswerQuerySet) -> AnswerQuerySet:
        since, until = self.bounds
        found = found.filter(at__gte=since, at__lt=until)
        if self.team:
            found = found.filter(team__code=self.team)
        if self.category:
            found = found.filter(
                Q(category=self.category) | Q(category__startswith=f"{self.category}.")
            )
        return found.filter(version__number=self.version) if self.version else found


def _days(key: str, today: date) -> tuple[date, date]:
    month = today.replace(day=1)
    if key == "last-month":
        last = month - timedelta(days=1)
        return last.replace(day=1), last
    begins = {
        "month": month,
        "quarter": today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1),
        "30": today - timedelta(days=29),
    }
    return begins.get(key, today - timedelta(days=89)), today


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class Line:
    """A team, a heading, a version: how many answered, and each metric."""

    key: str
    name: str
    answers: int
    scores: dict[str, rules.Score]


@dataclass
class Results:
    """Everything a page of figures shows. `hidden`: too few for this reader."""

    survey: Survey
    asked: Asked
    whole: bool  # the reader knows who said what
    version: int | None = None  # whose questions are told one by one
    answers: int = 0
    sent: int = 0
    answered: int = 0  # of those sent in the period
    mailed: int = 0
    hidden: bool = False
    scores: dict[str, rules.Score] = field(default_factory=dict)
    weeks: list[tuple[date, int, dict[str, rules.Score]]] = field(default_factory=list)
    teams: list[Line] = field(default_factory=list)
    categories: list[Line] = field(default_factory=list)
    choices: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    emotions: list[tuple[str, int]] = field(default_factory=list)
    themes: list[tuple[str, int]] = field(default_factory=list)
    keywords: list[tuple[str, int]] = field(default_factory=list)
    low: int = 0

    @property
    def rate(self) -> float | None:
        return rules.rate(self.answered, self.sent)


def results(user: User, survey: Survey, asked: Asked, version: Version | None = None) -> Results:
    """The figures as this person may have them; of `version` each question by itself."""
    found = asked.picked(Answer.objects.counted_for(user).filter(survey=survey)).order_by()
    made = Results(survey, asked, knows_who(user), version.number if version else None)
    made.answers = found.count()
    _sent(made, user)
    if not made.whole and made.answers < rules.FEWEST_SHOWN:
        made.hidden = True
        made.answers = 0
        return made
    _scores(made, found)
    _lines(made, found)
    made.choices = _choices(found.filter(version=version)) if version else {}
    if not made.whole:
        made.choices = {key: counts for key, counts in made.choices.items() if _enough(counts)}
    made.emotions = _told(made, found.exclude(emotion="").values_list("emotion"))
    made.themes = _told(made, _each(found, "themes"))
    made.keywords = _told(made, _each(found, "keywords"))[:MOST_LINES]
    if made.whole:
        made.low = found.filter(low=True).count()
    return made


def _enough(counts: Mapping[str, int]) -> bool:
    return sum(counts.values()) >= rules.FEWEST_SHOWN


def _sent(made: Results, user: User) -> None:
    """How many were sent in the period, and of those how many answered. Teams only count where
    the reader sees that team."""
    since, until = made.asked.bounds
    found = Invitation.objects.filter(survey=made.survey, sent_at__gte=since, sent_at__lt=until)
    found = found.exclude(complaint__restricted=True)
    if not (user.is_system or sees_house(user, None)):
        found = found.filter(complaint__team__in=user.team_ids)
    if made.asked.team:
        found = found.filter(complaint__team__code=made.asked.team)
    if made.asked.category:
        code = made.asked.category
        under = Q(complaint__category=code) | Q(complaint__category__startswith=f"{code}.")
        found = found.filter(under)
    if made.asked.version:
        found = found.filter(version__number=made.asked.version)
    counts = found.aggregate(
        sent=Count("pk"),
        answered=Count("pk", filter=Q(state=State.ANSWERED)),
        mailed=Count("pk", filter=Q(mailed=True)),
    )
    made.sent, made.answered, made.mailed = counts["sent"], counts["answered"], counts["mailed"]


def _scores(made: Results, found: AnswerQuerySet) -> None:
    """Each metric whole and by week: one question for each metric that has answers."""
    weeks: dict[date, dict[str, dict[int, int]]] = {}
    for metric in Metric:
        rows = (
            found.filter(**{f"{metric}__isnull": False})
            .annotate(week=TruncWeek("at", output_field=DateField()))
            .values_list("week", str(metric))
            .annotate(n=Count("pk"))
        )
        whole: dict[int, int] = {}
        for week, score, n in rows:
            whole[score] = whole.get(score, 0) + n
            weeks.setdefault(week, {}).setdefault(str(metric), {})[score] = n
        if whole and (made.whole or _enough(_texts(whole))):
            made.scores[str(metric)] = SCORES[metric](whole)
    for week, by_metric in sorted(weeks.items()):
        n = max(sum(counts.values()) for counts in by_metric.values())
        if made.whole or n >= rules.FEWEST_SHOWN:
            told = {key: SCORES[Metric(key)](counts) for key, counts in by_metric.items()}
            made.weeks.append((week, n, told))


def _texts(counts: Mapping[int, int]) -> dict[str, int]:
    return {str(key): n for key, n in counts.items()}


def _lines(made: Results, found: AnswerQuerySet) -> None:
    heading = Substr(F("category"), 1, StrIndex(F("category"), Value(".")) - 1)
    made.teams = _grouped(made, found, found.filter(team__isnull=False), "team__code", "team__name")
    placed = found.filter(category__contains=".").annotate(heading=heading)
    made.categories = _grouped(made, found, placed, "heading", "heading")


def _grouped(
    made: Results, whole: AnswerQuerySet, found: QuerySet[Any], key: str, name: str
) -> list[Line]:
    """By one thing, each metric from its counts: one question."""
    rows = found.values_list(key, name, "csat", "nps", "ces").annotate(n=Count("pk"))
    lines: dict[str, tuple[str, int, dict[str, dict[int, int]]]] = {}
    for code, called, csat, nps, ces, n in rows:
        _name, count, by_metric = lines.get(code, (called, 0, {}))
        for metric, score in ((Metric.CSAT, csat), (Metric.NPS, nps), (Metric.CES, ces)):
            if score is not None:
                counts = by_metric.setdefault(str(metric), {})
                counts[score] = counts.get(score, 0) + n
        lines[code] = (called, count + n, by_metric)
    told = [
        Line(code, called, n, {m: SCORES[Metric(m)](counts) for m, counts in by_metric.items()})
        for code, (called, n, by_metric) in lines.items()
        if made.whole or n >= rules.FEWEST_SHOWN
    ]
    return sorted(told, key=lambda line: (-line.answers, line.key))[:MOST_LINES]


def _choices(found: AnswerQuerySet) -> dict[tuple[str, str], dict[str, int]]:
    """How many chose what, by question and row."""
    rows = (
        Item.objects.filter(answer__in=found.values("pk"))
        .order_by()
        .values_list("question", "row", "option")
        .annotate(n=Count("pk"))
    )
    told: dict[tuple[str, str], dict[str, int]] = {}
    for question, row, option, n in rows:
        told.setdefault((question, row), {})[option] = n
    return told


def _each(found: AnswerQuerySet, name: str) -> QuerySet[Any, Any]:
    """One row for each element of an array."""
    each = Func(F(name), function="unnest", output_field=TextField())
    return found.exclude(**{name: []}).annotate(each=each).values_list("each")


def _told(made: Results, rows: QuerySet[Any, Any]) -> list[tuple[str, int]]:
    counts = rows.annotate(n=Count("pk"))
    told = [(key, n) for key, n in counts if made.whole or n >= rules.FEWEST_SHOWN]
    return sorted(told, key=lambda row: (-row[1], row[0]))
