"""Lists: of surveys, of answers in keyset pages, of invitations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.search import rules as search
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.rules import looks_like_number
from huiyin.journey.survey.models import Answer, AnswerQuerySet, Invitation, Survey, Version
from huiyin.journey.survey.permissions import knows_who
from huiyin.journey.survey.results import Asked
from huiyin.journey.survey.words import Metric, State

PAGE = 50
LONGEST_Q = 100
LOW, HAS_TEXT, CONSENTED = "low", "text", "consent"
PARTS: tuple[tuple[str, Any], ...] = (
    ("", _("全部答卷")),
    (LOW, _("低分")),
    (HAS_TEXT, _("写了话的")),
    (CONSENTED, _("同意告知处理人的")),
)
KEEPS = {LOW: Q(low=True), HAS_TEXT: ~Q(text=""), CONSENTED: Q(consent=True)}
SENT = (
    ("", _("全部")),
    (str(State.PLANNED), _("待发送")),
    (str(State.SENT), _("未填写")),
    (str(State.ANSWERED), _("已填写")),
    (str(State.SKIPPED), _("未发送")),
)


@dataclass(frozen=True)
class Narrowed:
    """What of the answers is asked for, beside the period: a figure's own rows."""

    part: str = ""
    metric: str = ""
    scores: tuple[int, ...] = ()
    question: str = ""
    row: str = ""
    option: str = ""
    theme: str = ""
    keyword: str = ""
    emotion: str = ""
    q: str = ""
    after: int | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Narrowed:
        """Checked: unknown values are dropped, never an error."""
        metric = asked.get("metric", "")
        scores = tuple(
            int(one)
            for one in asked.get("score", "").split(",")[:11]
            if one.isascii() and one.isdecimal() and len(one) < 3
        )
        part = asked.get("part", "")
        plain = {
            name: asked.get(name, "").replace("\x00", "")[:40]
            for name in ("question", "row", "option", "theme", "keyword", "emotion")
        }
        return cls(
            part=part if part in KEEPS else "",
            metric=metric if metric in Metric.values else "",
            scores=scores if metric in Metric.values else (),
            q=asked.get("q", "").replace("\x00", "").strip()[:LONGEST_Q],
            after=number(asked.get("after", "")),
            **plain,
        )

    def query(self) -> dict[str, str]:
        asked = {name: value for name, value in vars(self).items() if name not in NOT_SAID}
        if self.scores:
            asked["score"] = ",".join(map(str, self.scores))
        return {name: str(value) for name, value in asked.items() if value}

    @property
    def is_any(self) -> bool:
        return bool(self.query())


NOT_SAID = ("scores", "after")


def number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def picked(user: User, survey: Survey, asked: Asked, narrowed: Narrowed) -> AnswerQuerySet:
    """The answers of which this person may know who gave them, as they are asked for."""
    found = asked.picked(Answer.objects.told_whole_to(user).filter(survey=survey))
    if narrowed.part:
        found = found.filter(KEEPS[narrowed.part])
    if narrowed.metric:
        has = {f"{narrowed.metric}__isnull": False}
        found = found.filter(**has)
        if narrowed.scores:
            found = found.filter(**{f"{narrowed.metric}__in": narrowed.scores})
    if narrowed.question:
        chosen = {"items__question": narrowed.question, "items__row": narrowed.row}
        if narrowed.option:
            chosen["items__option"] = narrowed.option
        found = found.filter(**chosen).distinct()
    if narrowed.theme:
        found = found.filter(themes__contains=[narrowed.theme])
    if narrowed.keyword:
        found = found.filter(keywords__contains=[narrowed.keyword])
    if narrowed.emotion:
        found = found.filter(emotion=narrowed.emotion)
    return _searched(user, found, narrowed.q)


def _searched(user: User, found: AnswerQuerySet, typed: str) -> AnswerQuerySet:
    """By the number of the complaint, or by words of what the customer wrote."""
    if not typed:
        return found
    if written := looks_like_number(typed):
        return found.filter(complaint__number__startswith=written)
    query = search.query(typed)
    return found.filter(search__matches=query) if query else found.none()


def page(
    user: User, survey: Survey, asked: Asked, narrowed: Narrowed, size: int = PAGE
) -> tuple[list[Answer], int | None]:
    """The newest first, after the one that is named; and the last id if more follow."""
    found = picked(user, survey, asked, narrowed)
    if narrowed.after:
        found = found.filter(pk__lt=narrowed.after)
    related = ("complaint__customer", "version", "team", "handler", "survey")
    rows = list(found.select_related(*related).order_by("-pk")[: size + 1])
    return rows[:size], rows[size - 1].pk if len(rows) > size else None


def openable(user: User, answers: list[Answer]) -> set[int]:
    """The complaints among them that this person may open: a quality officer sees few."""
    keys = [one.complaint_id for one in answers]
    return set(Complaint.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))


def surveys(typed: str = "", *, off: bool | None = None) -> QuerySet[Any]:
    """Every survey with its published version, whether it has a draft, and how many answered."""
    versions = Version.objects.filter(survey=OuterRef("pk"))
    found = Survey.objects.annotate(
        live=Subquery(
            versions.filter(published_at__isnull=False).order_by("-number").values("number")[:1]
        ),
        drafted=Subquery(versions.filter(published_at=None).values("number")[:1]),
        rules_on=Count("rules", filter=Q(rules__enabled=True), distinct=True),
        last_sent_at=Subquery(
            Invitation.objects.filter(survey=OuterRef("pk"), sent_at__isnull=False)
            .order_by()
            .values("survey")
            .annotate(last=Max("sent_at"))
            .values("last")
        ),
    )
    for word in typed.replace("\x00", "").split()[:5]:
        found = found.filter(
            Q(name_zh__icontains=word) | Q(name_en__icontains=word) | Q(about__icontains=word)
        )
    if off is not None:
        found = found.filter(enabled=not off)
    return found.order_by("-enabled", "pk")


def invitations(
    user: User, survey: Survey, *, state: str = "", q: str = "", after: int | None = None
) -> tuple[list[Invitation], int | None]:
    """What was sent, what waits and what was not sent and why: never what was answered."""
    found = Invitation.objects.filter(survey=survey)
    if not knows_who(user):
        found = found.filter(pk__in=Invitation.objects.visible_to(user).values("pk"))
    found = found.exclude(complaint__restricted=True)
    if state in State.values:
        found = found.filter(state=state)
    if written := looks_like_number(q):
        found = found.filter(complaint__number__startswith=written)
    elif q:
        seen = Complaint.objects.visible_to(user).search(q)
        found = found.filter(complaint__in=seen.values("pk"))
    if after:
        found = found.filter(pk__lt=after)
    related = ("complaint", "rule", "by", "version")
    rows = list(found.select_related(*related).order_by("-pk")[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None
