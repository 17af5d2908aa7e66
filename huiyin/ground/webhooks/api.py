"""Webhooks for programs: outside systems, what was asked of them, what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest
from huiyin.ground.webhooks import actions
from huiyin.ground.webhooks.models import Attempt, Call, Endpoint
from huiyin.ground.webhooks.permissions import can_manage_endpoints, can_see_calls

router = Router(tags=["webhooks"])
PAGE = 50


class EndpointIn(Schema):
    code: str = Field(max_length=40, pattern=r"^[a-z0-9-]+$")
    name: str = Field(min_length=1, max_length=80)
    url: str = Field(max_length=500)
    status_url: str = Field(
        "", max_length=500, description="with {id}; asked what became of a call"
    )
    kinds: list[str] = Field([], description="kinds of calls it takes; none: all")
    enabled: bool = True


class EndpointOut(EndpointIn):
    earlier_until: datetime | None = Field(description="until then the secret before is valid too")


class SecretOut(Schema):
    code: str
    secret: str = Field(description="whsec_…, shown this once")


class AttemptOut(Schema):
    at: datetime
    asked: bool = Field(description="a question or a report, not a try to send")
    took_ms: int
    status: int | None
    error: str
    answer: str


class CallOut(Schema):
    id: str
    endpoint: str
    kind: str
    subject: str
    about: str
    amount_fen: int | None
    state: str
    tries: int
    reference: str
    reported_fen: int | None
    error: str
    created_at: datetime

    @staticmethod
    def resolve_id(call: Call) -> str:
        return call.uid

    @staticmethod
    def resolve_endpoint(call: Call) -> str:
        return call.endpoint.code


class CallPage(Schema):
    items: list[CallOut]
    next: int | None


class CallWhole(CallOut):
    attempts: list[AttemptOut]

    @staticmethod
    def resolve_attempts(call: Call) -> list[Attempt]:
        return list(call.attempts.all()[:100])


class TriedOut(Schema):
    status: int


@router.get("/webhooks/endpoints", response=list[EndpointOut], summary="Outside systems")
def list_endpoints(request: HuiyinRequest) -> list[Endpoint]:
    can_manage_endpoints.require(request.user, None)
    return list(Endpoint.objects.all())


@router.post("/webhooks/endpoints", response={201: SecretOut}, summary="Set up an outside system")
def create_endpoint(request: HuiyinRequest, data: EndpointIn) -> Answer[SecretOut]:
    """Its secret is answered this once; a lost one is replaced by a new one."""
    can_manage_endpoints.require(request.user, None)
    endpoint = _checked(Endpoint(**data.dict()))
    endpoint.save()
    return Answer(201, SecretOut(code=endpoint.code, secret=endpoint.secret))


@router.put("/webhooks/endpoints/{code}", response=EndpointOut, summary="Change it")
def change_endpoint(request: HuiyinRequest, code: str, data: EndpointIn) -> Endpoint:
    can_manage_endpoints.require(request.user, None)
    with transaction.atomic():
        endpoint = get_object_or_404(Endpoint.objects.select_for_update(), code=code)
        for name, value in data.dict(exclude={"code"}).items():
            setattr(endpoint, name, value)
        _checked(endpoint).save()
    return endpoint


def _checked(endpoint: Endpoint) -> Endpoint:
    try:
        endpoint.full_clean()
    except ValidationError as error:
        fields = {name: str(said[0]) for name, said in error.message_dict.items()}
        raise Invalid("；".join(fields.values()), **fields) from error
    return endpoint


@router.post("/webhooks/endpoints/{code}/secret", response=SecretOut, summary="A new secret")
def rotate(request: HuiyinRequest, code: str) -> SecretOut:
    """For a day the one before is valid too."""
    can_manage_endpoints.require(request.user, None)
    endpoint = get_object_or_404(Endpoint, code=code)
    return SecretOut(code=code, secret=actions.rotate(endpoint, by=request.user))


@router.post("/webhooks/endpoints/{code}/test", response=TriedOut, summary="Send a signed ping")
def try_out(request: HuiyinRequest, code: str) -> TriedOut:
    can_manage_endpoints.require(request.user, None)
    endpoint = get_object_or_404(Endpoint, code=code)
    return TriedOut(status=actions.try_out(endpoint, by=request.user))


class CallsIn(Schema):
    state: str = Field("", description="waiting, accepted, done, failed, refused, lost, mismatch")
    before: int | None = Field(None, ge=1, le=2**62, description="`next` of the page before")


@router.get("/webhooks/calls", response=CallPage, summary="Calls, the newest first")
def list_calls(request: HuiyinRequest, wanted: Query[CallsIn]) -> dict[str, Any]:
    can_see_calls.require(request.user, None)
    calls = Call.objects.select_related("endpoint")
    if wanted.state:
        calls = calls.filter(state=wanted.state)
    if wanted.before:
        calls = calls.filter(pk__lt=wanted.before)
    some = list(calls[: PAGE + 1])
    more = some[PAGE - 1].pk if len(some) > PAGE else None
    return {"items": some[:PAGE], "next": more}


@router.get("/webhooks/calls/{call_id}", response=CallWhole, summary="A call with its tries")
def read_call(request: HuiyinRequest, call_id: str) -> Call:
    can_see_calls.require(request.user, None)
    return get_object_or_404(Call.objects.select_related("endpoint"), uid=call_id)
