"""Surveys for programs: designing, rules, sending, figures, answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema
from ninja.responses import Status as Reply

from huiyin.ground.privacy.rules import masked_name
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import seen
from huiyin.journey.survey import actions, lists, rules, shown
from huiyin.journey.survey import results as figures
from huiyin.journey.survey.models import Answer, Invitation, SendRule, Survey, Version
from huiyin.journey.survey.permissions import can_see_surveys
from huiyin.journey.survey.results import Asked
from huiyin.journey.survey.words import After, Metric, Way

router = Router(tags=["survey"])


class NamedIn(Schema):
    """An option, or a row of a matrix."""

    key: str = Field("", description="a-z 0-9 _; empty: the next free one")
    zh: str
    en: str = ""


class QuestionIn(Schema):
    key: str = Field(description="q1, q2 …; stays the same as long as the question does")
    ask: str = Field(description="csat, nps, ces, one, several, yes, line, text, matrix")
    title_zh: str
    title_en: str = ""
    help_zh: str = ""
    help_en: str = ""
    required: bool = False
    look: str = Field("", description="of csat: faces or stars")
    options: list[NamedIn] = Field([], description="of one and several")
    rows: list[NamedIn] = Field([], description="of matrix, each rated 1 to 5")
    when: dict[str, Any] | None = Field(
        None, description="condition over the questions before it; none: always shown"
    )


class VersionIn(Schema):
    edition: int = Field(description="of the draft as it was read; another's change refuses it")
    questions: list[QuestionIn]
    greeting_zh: str = ""
    greeting_en: str = ""
    thanks_zh: str = ""
    thanks_en: str = ""


class VersionOut(Schema):
    number: int
    edition: int
    questions: list[dict[str, Any]]
    greeting_zh: str
    greeting_en: str
    thanks_zh: str
    thanks_en: str
    published_at: datetime | None


class SurveyIn(Schema):
    code: str
    name_zh: str
    name_en: str = ""
    about: str = ""


class SurveyOut(Schema):
    code: str
    name_zh: str
    name_en: str
    about: str
    enabled: bool
    published: int | None = Field(description="number of the version that is sent")
    low_csat: int | None
    low_nps: int | None
    low_ces: int | None
    call_within: int = Field(description="hours in which the supervisor's post calls after a low")

    @staticmethod
    def resolve_published(survey: Survey) -> int | None:
        version = survey.published
        return version.number if version else None


class SettingsIn(Schema):
    name_zh: str
    name_en: str = ""
    about: str = ""
    enabled: bool = True
    low_csat: int | None = None
    low_nps: int | None = None
    low_ces: int | None = None
    call_within: int = 24


class PublishIn(Schema):
    edition: int


class RuleIn(Schema):
    survey: str = Field(description="code")
    name: str
    name_en: str = ""
    after: After
    condition: dict[str, Any] | None = None
    percent: int = 100
    delay_hours: int = 2
    way: Way = Way.MAIL
    expires_days: int = 14
    remind_days: int = 3
    position: int = 100
    enabled: bool = True


class RuleOut(RuleIn):
    id: int

    @staticmethod
    def resolve_survey(rule: SendRule) -> str:
        return rule.survey.code


class SendingIn(Schema):
    survey: str = Field(description="code")
    way: Way = Way.MAIL
    days: int = 14


class InvitationOut(Schema):
    id: int
    survey: str
    state: str = Field(description="planned, sent, answered, skipped")
    why: str = Field(description="why it was not sent")
    way: str
    sent_at: datetime | None
    expires_at: datetime | None
    reminded_at: datetime | None
    answered_at: datetime | None

    @staticmethod
    def resolve_survey(one: Invitation) -> str:
        return one.survey.code


class SentOut(InvitationOut):
    link: str = Field(description="to be shown once; it is not kept")


class AnswerOut(Schema):
    id: int
    complaint: str
    customer: str = Field(description="masked")
    at: datetime
    version: int
    team: str | None
    handler: str | None
    category: str
    csat: int | None
    nps: int | None
    ces: int | None
    low: bool
    consent: bool
    said: dict[str, Any]
    text: str
    emotion: str
    themes: list[str]

    @staticmethod
    def resolve_complaint(one: Answer) -> str:
        return one.complaint.number

    @staticmethod
    def resolve_customer(one: Answer) -> str:
        return masked_name(one.complaint.customer.name)

    @staticmethod
    def resolve_version(one: Answer) -> int:
        return one.version.number

    @staticmethod
    def resolve_team(one: Answer) -> str | None:
        return one.team.code if one.team else None

    @staticmethod
    def resolve_handler(one: Answer) -> str | None:
        return one.handler.username if one.handler else None


class AnswerPage(Schema):
    items: list[AnswerOut]
    next_after: int | None = Field(description="give it as ?after= for the next page")


class ScoreOut(Schema):
    metric: str
    value: float | None
    of: int = Field(description="the denominator; below 30 read it with care")
    few: bool


class LineOut(Schema):
    key: str
    name: str
    answers: int
    scores: list[ScoreOut]


class WeekOut(Schema):
    week: date
    answers: int
    scores: list[ScoreOut]


class ResultsOut(Schema):
    since: date
    until: date
    sent: int
    answered: int = Field(description="of those sent in the period")
    rate: float | None
    answers: int
    hidden: bool = Field(description="too few to be told to the caller")
    scores: list[ScoreOut]
    weeks: list[WeekOut]
    teams: list[LineOut]
    categories: list[LineOut]
    choices: dict[str, dict[str, int]] = Field(description="by question, or question.row")
    emotions: dict[str, int]
    themes: dict[str, int]
    keywords: dict[str, int]
    words: list[str] = Field(description="without number or name, for who may not know whose")


def _scores(found: dict[str, rules.Score]) -> list[dict[str, Any]]:
    return [
        {"metric": metric, "value": score.value, "of": score.of, "few": score.is_few}
        for metric, score in found.items()
    ]


def _survey(request: HuiyinRequest, code: str) -> Survey:
    can_see_surveys.require(request.user, None)
    return get_object_or_404(Survey, code=code)


@router.get("/surveys", response=list[SurveyOut], summary="Surveys")
def list_surveys(request: HuiyinRequest) -> list[Survey]:
    can_see_surveys.require(request.user, None)
    return list(Survey.objects.all()[:200])


@router.post("/surveys", response={201: SurveyOut}, summary="New survey (新建问卷)")
def create_survey(request: HuiyinRequest, data: SurveyIn) -> Reply[Survey]:
    return Reply(201, actions.create(by=request.user, **data.dict()))


@router.get("/surveys/{code}", response=SurveyOut, summary="One survey")
def get_survey(request: HuiyinRequest, code: str) -> Survey:
    return _survey(request, code)


@router.put("/surveys/{code}", response=SurveyOut, summary="Change its settings")
def change_survey(request: HuiyinRequest, code: str, data: SettingsIn) -> Survey:
    return actions.change(_survey(request, code), by=request.user, **data.dict())


@router.get("/surveys/{code}/versions", response=list[VersionOut], summary="Versions")
def list_versions(request: HuiyinRequest, code: str) -> list[Version]:
    return list(_survey(request, code).versions.all()[:100])


@router.post("/surveys/{code}/draft", response={201: VersionOut}, summary="Begin a draft (草稿)")
def begin_draft(request: HuiyinRequest, code: str) -> Reply[Version]:
    """The one that is there, else one that begins as the published version stands."""
    return Reply(201, actions.draft_of(_survey(request, code), by=request.user))


@router.put("/surveys/{code}/draft", response=VersionOut, summary="Write the draft")
def write_draft(request: HuiyinRequest, code: str, data: VersionIn) -> Version:
    draft = get_object_or_404(_survey(request, code).versions, published_at=None)
    names = ("greeting_zh", "greeting_en", "thanks_zh", "thanks_en")
    return actions.put(
        draft,
        by=request.user,
        edition=data.edition,
        questions=[one.dict() for one in data.questions],
        words=actions.Words(**{name: getattr(data, name) for name in names}),
    )


@router.post("/surveys/{code}/publication", response=VersionOut, summary="Publish (发布)")
def publish(request: HuiyinRequest, code: str, data: PublishIn) -> Version:
    draft = get_object_or_404(_survey(request, code).versions, published_at=None)
    return actions.publish(draft, by=request.user, edition=data.edition)


@router.get("/surveys/{code}/results", response=ResultsOut, summary="Figures (结果)")
def get_results(
    request: HuiyinRequest,
    code: str,
    period: str = Query("90", description="30, 90, month, last-month, quarter; or from and to"),  # type: ignore[type-arg]
    since: str = Query("", alias="from"),  # type: ignore[type-arg]
    until: str = Query("", alias="to"),  # type: ignore[type-arg]
    team: str = "",
    category: str = "",
    version: str = "",
) -> dict[str, Any]:
    """CSAT, NPS and CES (domain §5.1, K22–K24) and the response rate. Those who are judged by them
    get no figure of fewer than five answers, and fixed periods only: month, last-month, 90."""
    survey = _survey(request, code)
    wanted = {"from": since, "to": until, "team": team, "category": category, "version": version}
    asked = Asked.read(wanted if since and until else wanted | {"period": period}, request.user)
    told = survey.published if asked.version is None else None
    found = figures.results(request.user, survey, asked, told)
    return {
        **{name: getattr(asked, name) for name in ("since", "until")},
        **{name: getattr(found, name) for name in ("sent", "answered", "rate", "answers")},
        "hidden": found.hidden,
        "scores": _scores(found.scores),
        "weeks": [
            {"week": week, "answers": n, "scores": _scores(scores)}
            for week, n, scores in found.weeks
        ],
        "teams": _lines(found.teams),
        "categories": _lines(found.categories),
        "choices": {
            f"{question}.{row}" if row else question: counts
            for (question, row), counts in found.choices.items()
        },
        **{name: dict(getattr(found, name)) for name in ("emotions", "themes", "keywords")},
        "words": []
        if found.whole or found.hidden
        else shown.words_without_names(request.user, survey, asked),
    }


def _lines(found: list[figures.Line]) -> list[dict[str, Any]]:
    return [
        {"key": one.key, "name": one.name, "answers": one.answers, "scores": _scores(one.scores)}
        for one in found
    ]


@router.get("/surveys/{code}/answers", response=AnswerPage, summary="Answers (答卷)")
def list_answers(
    request: HuiyinRequest,
    code: str,
    period: str = "90",
    since: str = Query("", alias="from"),  # type: ignore[type-arg]
    until: str = Query("", alias="to"),  # type: ignore[type-arg]
    team: str = "",
    category: str = "",
    part: str = Query("", description="low, text, consent"),  # type: ignore[type-arg]
    metric: Metric | None = None,
    score: str = Query("", description="scores by comma, with metric"),  # type: ignore[type-arg]
    q: str = "",
    after: str = "",
    limit: int = Query(50, ge=1, le=200),  # type: ignore[type-arg]
) -> dict[str, Any]:
    """All of them for managers and quality officers; for others those whose customers allowed it,
    of complaints they see."""
    survey = _survey(request, code)
    wanted = {"from": since, "to": until, "team": team, "category": category}
    asked = Asked.read(wanted if since and until else wanted | {"period": period}, request.user)
    more = {"part": part, "metric": metric or "", "score": score, "q": q, "after": after}
    rows, last = lists.page(request.user, survey, asked, lists.Narrowed.read(more), limit)
    return {"items": rows, "next_after": last}


# --- rules and sending ---------------------------------------------------------------------------


@router.get(
    "/complaints/{number}/surveys", response=list[InvitationOut], summary="Surveys of a complaint"
)
def list_of_complaint(request: HuiyinRequest, number: str) -> list[Invitation]:
    """That they were sent and answered, never what was answered."""
    found = seen(request, number).invitations
    return list(found.select_related("survey")[:50])


@router.post("/complaints/{number}/surveys", response={201: SentOut}, summary="Send by hand")
def send(request: HuiyinRequest, number: str, data: SendingIn) -> Reply[Invitation]:
    """Refused with the reason where the customer is to be left in peace."""
    complaint = seen(request, number)
    survey = get_object_or_404(Survey.objects.sendable(), code=data.survey)
    made, link = actions.send_by_hand(
        complaint, by=request.user, survey=survey, way=data.way, days=data.days
    )
    made.link = link  # type: ignore[attr-defined]  # in this answer only
    return Reply(201, made)


@router.post(
    "/complaints/{number}/survey-opt-out", response={204: None}, summary="No surveys (不再发调查)"
)
def opt_out(request: HuiyinRequest, number: str) -> Reply[None]:
    actions.opt_out(seen(request, number), by=request.user)
    return Reply(204, None)


@router.delete("/complaints/{number}/survey-opt-out", response={204: None}, summary="Surveys again")
def opt_in(request: HuiyinRequest, number: str) -> Reply[None]:
    actions.opt_in(seen(request, number), by=request.user)
    return Reply(204, None)
