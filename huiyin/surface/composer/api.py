"""Proposals, precedents, drafts and calculators for programs. Money is whole fen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404
from ninja import Field, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import seen
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.resolution import calculators
from huiyin.journey.resolution.actions.calculating import calculate
from huiyin.journey.resolution.fitting import Case
from huiyin.journey.resolution.permissions import can_propose
from huiyin.journey.resolution.rules import MOST_FEN
from huiyin.surface.composer import actions, precedents, proposing, shown, writing
from huiyin.surface.composer.authority import foresee
from huiyin.surface.composer.models import Composing, Precedent

router = Router(tags=["composer"])


class StepOut(Schema):
    label: str
    value: str
    source: str = Field(description="law and article, or where else the number comes from")


class ResultOut(Schema):
    amount_fen: int
    steps: list[StepOut]
    warnings: list[str]


class QuestionOut(Schema):
    name: str
    label: str
    kind: str = Field(description="money (fen), count, date, choice, yes, rate (0.01 %), share (%)")
    required: bool
    choices: list[list[str]]
    help: str


class CalculatorOut(Schema):
    kind: str
    name: str
    about: str
    questions: list[QuestionOut]


class CalculationIn(Schema):
    answers: dict[str, Any] = Field(description="by the names of the calculator's questions")


class ProposalOut(Schema):
    remedy: str
    name: str
    reasons: list[str]
    cautions: list[str]
    basis: str
    cost: str
    days: int
    due_on: date
    wording: str


class ProposalsOut(Schema):
    proposals: list[ProposalOut]
    cautions: list[str]


class PrecedentOut(Schema):
    number: str
    remedy: str
    amount_fen: int
    outcome: str
    satisfaction: str
    ended_at: datetime

    @staticmethod
    def of(row: Precedent) -> PrecedentOut:
        return PrecedentOut(
            number=row.complaint.number,
            remedy=row.remedy_id,
            amount_fen=row.amount_fen,
            outcome=row.closing.outcome,
            satisfaction=row.closing.satisfaction,
            ended_at=row.ended_at,
        )


class FigureOut(Schema):
    remedy: str
    used: int
    satisfied: int
    answered: int
    middle_fen: int
    least_fen: int
    most_fen: int


class PrecedentsOut(Schema):
    category: str
    level: int = Field(description="3 the category itself, 2 its group, 1 its kind")
    figures: list[FigureOut]
    rows: list[PrecedentOut]


class WrittenIn(Schema):
    """One option as somebody is writing it: text as typed, wrong or not."""

    remedy: str
    amount: str = Field("", description="yuan, as typed")
    order: str = ""
    cost: str = ""
    basis: str = ""
    wording: str = ""
    due_on: str = ""
    fields: dict[str, str] = Field({}, description="the remedy's own fields; money in yuan")
    calculator: str = ""
    answers: dict[str, Any] = {}


class RoundIn(Schema):
    options: list[WrittenIn] = Field(max_length=writing.MOST_OPTIONS)


class RoundOut(Schema):
    options: list[WrittenIn]
    updated_at: datetime | None


class ForeseenIn(Schema):
    remedy: str
    value_fen: int = Field(ge=0, le=MOST_FEN)
    order_fen: int | None = Field(None, ge=0, le=MOST_FEN)
    words: str = Field("", max_length=6000, description="basis and wording")


class ForeseenOut(Schema):
    within: bool
    sentence: str
    roles: list[str] = Field(description="who approves where it is not within one's own authority")
    why: str = Field(description="the rule or the bound that asks for it")


def _to_write(request: HuiyinRequest, number: str) -> Complaint:
    complaint = seen(request, number)
    can_propose.require(request.user, complaint)
    return complaint


def _options(data: RoundIn) -> list[writing.Option]:
    return writing.restored({"options": [one.dict() for one in data.options]})


@router.get("/calculators", response=list[CalculatorOut], summary="Calculators")
def list_calculators(request: HuiyinRequest) -> list[CalculatorOut]:
    return [
        CalculatorOut(
            kind=kind,
            name=str(one.NAME),
            about=str(one.ABOUT),
            questions=[_question(question) for question in one.QUESTIONS],
        )
        for kind, one in calculators.ALL.items()
    ]


def _question(one: calculators.Question) -> QuestionOut:
    return QuestionOut(
        name=one.name,
        label=str(one.label),
        kind=str(one.kind),
        required=one.required,
        choices=[[value, str(label)] for value, label in one.choices],
        help=str(one.help),
    )


@router.post("/calculators/{kind}", response=ResultOut, summary="Work out a sum")
def work_out(request: HuiyinRequest, kind: str, data: CalculationIn) -> calculators.Result:
    """Every step with where in the law it stands. Nothing is kept."""
    if kind not in calculators.ALL:
        raise Http404
    return calculate(kind, data.answers)


@router.get("/complaints/{number}/proposals", response=ProposalsOut, summary="What fits")
def list_proposals(request: HuiyinRequest, number: str) -> ProposalsOut:
    """One to three remedies that fit category, liability, history and policy, each with why."""
    complaint = seen(request, number)
    found = precedents.find(request.user, complaint)
    told = proposing.propose(request.user, Case(complaint), found)
    return ProposalsOut(
        cautions=told.cautions,
        proposals=[
            ProposalOut(
                remedy=one.remedy.code,
                name=one.remedy.name,
                reasons=one.reasons,
                cautions=one.cautions,
                basis=one.basis,
                cost=one.cost,
                days=one.remedy.days,
                due_on=one.due_on,
                wording=writing.begun(one.remedy, complaint).wording,
            )
            for one in told.found
        ],
    )


@router.get("/complaints/{number}/precedents", response=PrecedentsOut, summary="Precedents")
def list_precedents(
    request: HuiyinRequest, number: str, remedy: str = "", satisfaction: str = ""
) -> PrecedentsOut:
    """How the last similar complaints ended, as far as the caller sees them."""
    found = precedents.find(request.user, seen(request, number))
    return PrecedentsOut(
        category=found.category,
        level=found.level,
        figures=[FigureOut(**vars(one)) for one in found.figures],
        rows=[PrecedentOut.of(row) for row in found.narrowed(remedy, satisfaction)],
    )


@router.get("/complaints/{number}/options/draft", response=RoundOut, summary="The round I write")
def read_draft(request: HuiyinRequest, number: str) -> RoundOut:
    complaint = _to_write(request, number)
    mine = Composing.objects.filter(complaint=complaint, user=request.user).first()
    options = writing.restored(mine.content) if mine else []
    return RoundOut(
        options=[WrittenIn(**one.kept()) for one in options],
        updated_at=mine.updated_at if mine else None,
    )


@router.put("/complaints/{number}/options/draft", response=RoundOut, summary="Keep what I write")
def keep_draft(request: HuiyinRequest, number: str, data: RoundIn) -> RoundOut:
    """No options: the draft is dropped."""
    complaint = _to_write(request, number)
    actions.keep(complaint, by=request.user, options=_options(data))
    return read_draft(request, number)


@router.delete(
    "/complaints/{number}/options/draft", response={204: None}, summary="Drop what I write"
)
def drop_draft(request: HuiyinRequest, number: str) -> Answer[None]:
    actions.discard(_to_write(request, number), by=request.user)
    return Answer(204, None)


@router.post("/complaints/{number}/options", response={201: list[int]}, summary="Put forward")
def put_forward(request: HuiyinRequest, number: str, data: RoundIn) -> Answer[list[int]]:
    """Propose the round as it is written; gives the ids of its offers. Sums as people type them:
    programs that have fen at hand propose the round of `resolution` instead."""
    complaint = _to_write(request, number)
    made = actions.put_forward(complaint, by=request.user, options=_options(data))
    return Answer(201, [one.pk for one in made])


@router.post(
    "/complaints/{number}/options/authority", response=ForeseenOut, summary="Who would decide"
)
def who_decides(request: HuiyinRequest, number: str, data: ForeseenIn) -> ForeseenOut:
    """Reads only; the act asks again when the round is put forward."""
    complaint = _to_write(request, number)
    remedy = shown.usable(data.remedy)
    if remedy is None:
        raise Http404
    told = foresee(
        request.user,
        complaint,
        remedy,
        data.value_fen,
        order_fen=data.order_fen,
        words=data.words,
    )
    return ForeseenOut(
        within=told.within, sentence=told.sentence, roles=list(told.roles), why=told.why
    )
