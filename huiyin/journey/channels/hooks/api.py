"""Outside systems for programs: their kinds, whether they answer, what came in. They are set up in
`surface/console/api`, where the history of settings is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.hooks import actions, lists
from huiyin.journey.channels.hooks.connector import connectors
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.hooks.permissions import can_manage_hooks, can_see_arrivals
from huiyin.journey.channels.permissions import can_try_channels

router = Router(tags=["hooks"])


class FieldOut(Schema):
    name: str
    label: str
    secret: bool
    required: bool


class KindOut(Schema):
    kind: str
    label: str
    channel: str
    fields: list[FieldOut]


class TriedOut(Schema):
    well: bool
    words: str


class ArrivalOut(Schema):
    id: int
    hook: str
    key: str
    received_at: datetime
    state: str
    tries: int
    outcome: str
    error: str
    complaint: str = Field("", description="its number, where the caller may see it")

    @staticmethod
    def resolve_hook(arrival: Arrival) -> str:
        return arrival.hook.code

    @staticmethod
    def resolve_complaint(arrival: Any) -> str:
        return str(getattr(arrival, "number", ""))


class ReasonIn(Schema):
    reason: str = Field(max_length=200)


class RawOut(Schema):
    text: str = Field(description="as it came")
    opened: str = Field("", description="what was sealed in it; empty where it came plainly")
    closed: str = Field("", description="why what is sealed in it cannot be opened")


@router.get("/hook-kinds", response=list[KindOut], summary="Kinds of outside systems")
def list_kinds(request: HuiyinRequest) -> list[dict[str, Any]]:
    can_manage_hooks.require(request.user, None)
    return [
        {
            "kind": kind,
            "label": str(one.LABEL),
            "channel": str(one.CHANNEL),
            "fields": [
                {"name": f.name, "label": str(f.label), "secret": f.secret, "required": f.required}
                for f in one.FIELDS
            ],
        }
        for kind, one in connectors().items()
    ]


@router.post("/hooks/{hook}/test", response=TriedOut, summary="Try an outside system")
def test_hook(request: HuiyinRequest, hook: int) -> dict[str, Any]:
    can_try_channels.require(request.user, None)
    well, words = actions.tried(get_object_or_404(Hook, pk=hook), by=request.user)
    return {"well": well, "words": words}


@router.get("/arrivals", response=list[ArrivalOut], summary="What came in (接入记录)")
def list_arrivals(
    request: HuiyinRequest,
    state: str = "",
    hook: str = "",
    q: str = "",
    since: str = "",
    until: str = "",
    before: str = "",
) -> list[Any]:
    """Fifty, the newest first; go on with `before` = the last id. `since`, `until`: days
    (2026-11-30), both with them."""
    can_see_arrivals.require(request.user, None)
    typed = {"state": state, "hook": hook, "q": q, "since": since, "until": until}
    asked = lists.read({**typed, "before": before})
    return lists.page(asked, request.user)[0]


@router.post("/arrivals/{arrival}/again", response=ArrivalOut, summary="Take it once more")
def take_again(request: HuiyinRequest, arrival: int) -> Arrival:
    can_see_arrivals.require(request.user, None)
    found = get_object_or_404(Arrival.objects.select_related("hook"), pk=arrival)
    actions.take_again(found, by=request.user)
    found.refresh_from_db(fields=["state", "tries", "error"])
    return found


@router.post("/arrivals/{arrival}/raw", response=RawOut, summary="The body as it came")
def read_raw(request: HuiyinRequest, arrival: int, data: ReasonIn) -> actions.Original:
    """With a reason, which is kept with the reader's name."""
    can_see_arrivals.require(request.user, None)
    found = get_object_or_404(Arrival.objects.select_related("hook"), pk=arrival)
    return actions.read_raw(found, by=request.user, reason=data.reason)
