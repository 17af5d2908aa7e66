"""Routing for programs. People are named by sign-in name, teams by code."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema
from ninja.responses import Status as Answer
from pydantic import AwareDatetime

from huiyin.ground import moment
from huiyin.ground.conditions.forms import condition_in, offered
from huiyin.ground.people.models import Team, User
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import ComplaintOut, seen
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing import actions, conditions, why
from huiyin.journey.routing.models import Absence, Assignment, Ring
from huiyin.journey.routing.people import on_duty
from huiyin.journey.routing.views.green import calling
from huiyin.journey.routing.views.team import absences_shown_to
from huiyin.journey.routing.words import Post, Whom

router = Router(tags=["routing"])


class AssignmentOut(Schema):
    team: str
    assignee: str | None
    how: str
    by: str
    reason: str
    at: datetime
    why: list[str] = Field(description="why this person, in sentences; empty when somebody chose")
    accepted_at: datetime | None
    ended_at: datetime | None

    @staticmethod
    def resolve_why(a: Assignment) -> list[str]:
        return why.in_words(a.why)

    @staticmethod
    def resolve_team(a: Assignment) -> str:
        return a.team.code

    @staticmethod
    def resolve_assignee(a: Assignment) -> str | None:
        return a.assignee.username if a.assignee else None

    @staticmethod
    def resolve_by(a: Assignment) -> str:
        return a.by.username


class DispatchIn(Schema):
    team: str = Field(description="code of the team")
    to: str | None = Field(None, description="sign-in name; without it the least loaded member")
    note: str = ""


class HandOverIn(Schema):
    to: str
    note: str = Field(description="what the next person must know")


class ReturnIn(Schema):
    reason: str
    team: str | None = Field(None, description="code of the right team, when known")


class WaitIn(Schema):
    whom: Whom
    reason: str


class ReasonIn(Schema):
    reason: str


class UrgingIn(Schema):
    words: str = ""
    by_customer: bool = Field(False, description="the customer asked; once in four hours")


class ManyIn(DispatchIn):
    numbers: list[str] = Field(max_length=200)


class OutcomeOut(Schema):
    number: str
    refusal: str = Field(description="why it was not done; empty when it was")


class OwnerIn(Schema):
    to: str = Field(description="sign-in name")
    reason: str


class CallOut(Schema):
    """An S1 that calls you: accept it before the next rung is called."""

    number: str
    subject: str
    post: str = Field(description="the rung called last")
    called: list[str] = Field(description="sign-in names of everybody called so far")
    passes_at: datetime | None = Field(description="when the next rung is called; null: none left")

    @staticmethod
    def resolve_number(ring: Ring) -> str:
        return ring.complaint.number

    @staticmethod
    def resolve_subject(ring: Ring) -> str:
        return ring.complaint.subject

    @staticmethod
    def resolve_called(ring: Ring) -> list[str]:
        return [call.person.username for call in ring.calls.select_related("person")]


class AbsenceIn(Schema):
    person: str = Field(description="sign-in name")
    deputy: str | None = None
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    reason: str = ""


class AbsenceOut(Schema):
    id: int
    person: str
    deputy: str | None
    starts_at: datetime
    ends_at: datetime
    began_at: datetime | None
    reason: str

    @staticmethod
    def resolve_person(a: Absence) -> str:
        return a.person.username

    @staticmethod
    def resolve_deputy(a: Absence) -> str | None:
        return a.deputy.username if a.deputy else None


class ReliefIn(Schema):
    to: str | None = Field(None, description="sign-in name; without it whoever fits best")
    note: str


class DutyOut(Schema):
    post: str
    person: str | None = Field(description="sign-in name of whoever holds the post now")


class AttributeOut(Schema):
    """Something a condition can ask: `operators` by key, `choices` as pairs of value and label."""

    key: str
    label: str
    kind: str
    unit: str
    operators: list[str]
    choices: list[tuple[str, str]]


class ConditionIn(Schema):
    condition: dict[str, Any] = Field(
        description='{"all": [{"field": "severity", "is": "one_of", "value": ["1"]}, {"any": […]}]}'
    )


class FittingOut(Schema):
    words: str = Field(description="the condition as a sentence")
    count: int = Field(description="of the last 7 days, as far as you see them; at most 500")
    is_more: bool
    latest: list[ComplaintOut]


def _team(code: str) -> Team:
    return get_object_or_404(Team, code=code)


def _person(username: str) -> User:
    person: User = get_object_or_404(User.objects.active(), username=username)
    return person


@router.get("/complaints/{number}/assignments", response=list[AssignmentOut], summary="Who had it")
def list_assignments(request: HuiyinRequest, number: str) -> list[Assignment]:
    complaint = seen(request, number)
    return list(complaint.assignments.select_related("team", "assignee", "by"))


@router.post("/complaints/{number}/assignment", response=ComplaintOut, summary="Dispatch (派单)")
def dispatch(request: HuiyinRequest, number: str, data: DispatchIn) -> Complaint:
    complaint = seen(request, number)
    to = _person(data.to) if data.to else None
    actions.dispatch(complaint, by=request.user, team=_team(data.team), to=to, note=data.note)
    return complaint


@router.post("/assignments", response=list[OutcomeOut], summary="Dispatch several (批量派单)")
def dispatch_many(request: HuiyinRequest, data: ManyIn) -> list[dict[str, str]]:
    """One that cannot be dispatched stops none of the others; unknown numbers are left out."""
    visible = Complaint.objects.visible_to(request.user).filter(number__in=data.numbers)
    outcomes = actions.dispatch_many(
        visible.select_related("team", "assignee").order_by("pk"),
        by=request.user,
        team=_team(data.team),
        to=_person(data.to) if data.to else None,
        note=data.note,
    )
    return [{"number": number, "refusal": refusal} for number, refusal in outcomes.items()]


@router.post("/complaints/{number}/taking", response=ComplaintOut, summary="Take from the pool")
def take(request: HuiyinRequest, number: str) -> Complaint:
    complaint = seen(request, number)
    actions.take(complaint, by=request.user)
    return complaint


@router.post("/complaints/{number}/acceptance", response=ComplaintOut, summary="Sign for (签收)")
def accept(request: HuiyinRequest, number: str) -> Complaint:
    complaint = seen(request, number)
    actions.accept(complaint, by=request.user)
    return complaint


@router.post("/complaints/{number}/handover", response=ComplaintOut, summary="Hand over (转派)")
def hand_over(request: HuiyinRequest, number: str, data: HandOverIn) -> Complaint:
    complaint = seen(request, number)
    actions.hand_over(complaint, by=request.user, to=_person(data.to), note=data.note)
    return complaint


@router.post("/complaints/{number}/return", response=ComplaintOut, summary="Return (退回)")
def give_back(request: HuiyinRequest, number: str, data: ReturnIn) -> Complaint:
    complaint = seen(request, number)
    team = _team(data.team) if data.team else None
    actions.give_back(complaint, by=request.user, reason=data.reason, team=team)
    return complaint


@router.post("/complaints/{number}/waiting", response=ComplaintOut, summary="Wait (等待)")
def wait(request: HuiyinRequest, number: str, data: WaitIn) -> Complaint:
    complaint = seen(request, number)
    actions.wait(complaint, by=request.user, whom=data.whom, reason=data.reason)
    return complaint


@router.post("/complaints/{number}/resumption", response=ComplaintOut, summary="Go on (恢复)")
def resume(request: HuiyinRequest, number: str) -> Complaint:
    complaint = seen(request, number)
    actions.resume(complaint, by=request.user)
    return complaint


@router.post("/complaints/{number}/urging", response=ComplaintOut, summary="Urge (催办)")
def urge(request: HuiyinRequest, number: str, data: UrgingIn) -> Complaint:
    complaint = seen(request, number)
    actions.urge(complaint, by=request.user, words=data.words, by_customer=data.by_customer)
    return complaint


@router.post("/complaints/{number}/escalation", response=ComplaintOut, summary="Escalate (升级)")
def escalate(request: HuiyinRequest, number: str, data: ReasonIn) -> Complaint:
    complaint = seen(request, number)
    actions.escalate(complaint, by=request.user, reason=data.reason)
    return complaint


@router.get("/conditions/attributes", response=list[AttributeOut], summary="What can be asked")
def list_attributes(request: HuiyinRequest) -> list[dict[str, Any]]:
    """The attributes of a complaint that a condition may ask, with their operators and values."""
    rows = offered(conditions.attributes())
    return [row | {"operators": [one["key"] for one in row["operators"]]} for row in rows]


@router.post("/conditions/preview", response=FittingOut, summary="Which complaints fit")
def preview(request: HuiyinRequest, data: ConditionIn) -> dict[str, Any]:
    """Counts among the complaints of the last seven days that you see. Changes nothing."""
    condition = condition_in(json.dumps(data.condition), conditions.attributes())
    found = conditions.fitting(request.user, condition, moment.now())
    return {
        "words": conditions.in_words(condition),
        "count": found.count,
        "is_more": found.is_more,
        "latest": found.latest,
    }


@router.post("/complaints/{number}/answer", response=ComplaintOut, summary="Accept a call (接办)")
def answer(request: HuiyinRequest, number: str) -> Complaint:
    """An S1 calls those on duty until one accepts. Of two who accept at once one gets it."""
    complaint = seen(request, number)
    actions.answer(complaint, by=request.user)
    return complaint


@router.post("/complaints/{number}/pull-back", response=ComplaintOut, summary="Pull back (收回)")
def pull_back(request: HuiyinRequest, number: str, data: ReasonIn) -> Complaint:
    """What nobody signed for yet goes back to whoever handed it over, else to the pool."""
    complaint = seen(request, number)
    actions.pull_back(complaint, by=request.user, reason=data.reason)
    return complaint


@router.put("/complaints/{number}/owner", response=ComplaintOut, summary="Change the owner (首接)")
def change_owner(request: HuiyinRequest, number: str, data: OwnerIn) -> Complaint:
    complaint = seen(request, number)
    actions.change_owner(complaint, by=request.user, to=_person(data.to), reason=data.reason)
    return complaint


@router.get("/calls", response=list[CallOut], summary="S1 that call me (绿色通道)")
def list_calls(request: HuiyinRequest) -> list[Ring]:
    return list(calling(request.user))


@router.get("/duty", response=list[DutyOut], summary="Who is on duty now (值班)")
def list_duty(request: HuiyinRequest, team: str = "") -> list[dict[str, str | None]]:
    """`team`: its code; without it the posts of the whole house."""
    of, now = _team(team) if team else None, moment.now()
    found = {post: on_duty(post, team=of, now=now) for post in Post}
    return [{"post": post, "person": one.username if one else None} for post, one in found.items()]


@router.get("/absences", response=list[AbsenceOut], summary="Planned absences (离岗安排)")
def list_absences(request: HuiyinRequest) -> list[Absence]:
    """One's own, and those of the people one leads."""
    return list(absences_shown_to(request.user))


@router.post("/absences", response={201: AbsenceOut}, summary="Plan an absence")
def plan_absence(request: HuiyinRequest, data: AbsenceIn) -> Answer[Absence]:
    absence = actions.arrange_absence(
        _person(data.person),
        by=request.user,
        starts_at=data.starts_at,
        ends_at=data.ends_at,
        deputy=_person(data.deputy) if data.deputy else None,
        reason=data.reason,
    )
    return Answer(201, absence)


@router.post("/absences/{absence_id}/end", response=AbsenceOut, summary="End or cancel an absence")
def end_absence(request: HuiyinRequest, absence_id: int) -> Absence:
    absence = get_object_or_404(absences_shown_to(request.user), pk=absence_id)
    actions.cancel_absence(absence, by=request.user)
    return absence


@router.post(
    "/people/{username}/relief", response=list[OutcomeOut], summary="Hand over all (整体移交)"
)
def relieve(request: HuiyinRequest, username: str, data: ReliefIn) -> list[dict[str, str]]:
    """Everything open that a person has goes to one colleague, or to whoever fits best."""
    person: User = get_object_or_404(User.objects.people(), username=username)
    to = _person(data.to) if data.to else None
    outcomes = actions.relieve(person, by=request.user, to=to, note=data.note)
    return [{"number": number, "refusal": refusal} for number, refusal in outcomes.items()]
