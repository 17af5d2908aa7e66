"""Outside systems for programs: set up, changed, tried; what came in. Secrets never come out, but
for our own one, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from ninja.responses import Status

from huiyin.ground.people.models import Team
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.hooks import actions, lists
from huiyin.journey.channels.hooks.connector import connectors, label_of, makes_secret
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.hooks.permissions import can_manage_hooks, can_see_arrivals
from huiyin.journey.channels.permissions import can_see_channels

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


class HookIn(Schema):
    code: str = Field(max_length=40, pattern=r"^[-a-zA-Z0-9_]+$")
    name: str = Field(max_length=80)
    connector: str
    enabled: bool = True
    team: str | None = Field(None, description="code of the team its complaints begin with")
    fields: dict[str, str] = Field({}, description="by the kind; a secret left out stays as it is")


class HookOut(Schema):
    id: int
    code: str
    name: str
    connector: str
    label: str
    enabled: bool
    team: str | None
    options: dict[str, Any]
    has_secrets: list[str]
    address: str
    came_ok_at: datetime | None
    came_error: str
    left_ok_at: datetime | None
    left_error: str
    secret: str = Field("", description="our own, only in the answer that made it")

    @staticmethod
    def resolve_team(hook: Hook) -> str | None:
        return hook.team.code if hook.team else None

    @staticmethod
    def resolve_label(hook: Hook) -> str:
        return label_of(hook.connector)

    @staticmethod
    def resolve_has_secrets(hook: Hook) -> list[str]:
        return sorted(hook.secrets)

    @staticmethod
    def resolve_address(hook: Hook) -> str:
        return actions.address_of(hook)

    @staticmethod
    def resolve_secret(hook: Hook) -> str:
        return str(getattr(hook, "shown_once", ""))


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
    text: str


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


@router.get("/hooks", response=list[HookOut], summary="Outside systems (渠道接入)")
def list_hooks(request: HuiyinRequest) -> list[Hook]:
    can_manage_hooks.require(request.user, None)
    return list(Hook.objects.select_related("team"))


@router.post("/hooks", response={201: HookOut}, summary="Connect an outside system")
def create_hook(request: HuiyinRequest, data: HookIn) -> Status[Hook]:
    """Our own secret, where the kind has one, is in this answer and never again."""
    can_manage_hooks.require(request.user, None)
    if Hook.objects.filter(code=data.code).exists():
        raise Invalid(_("“代码”与已有的重复，请换一个"), code=_("“代码”与已有的重复，请换一个"))
    hook = _kept(Hook(code=data.code, connector=data.connector), data)
    hook.shown_once = hook.secret if makes_secret(hook.connector) else ""  # type: ignore[attr-defined]
    return Status(201, hook)


@router.put("/hooks/{hook}", response=HookOut, summary="Change an outside system")
def change_hook(request: HuiyinRequest, hook: int, data: HookIn) -> Hook:
    can_manage_hooks.require(request.user, None)
    found = get_object_or_404(Hook, pk=hook)
    if (found.code, found.connector) != (data.code, data.connector):
        raise Invalid(_("代码和种类不能更改，请另建一个"))
    return _kept(found, data)


@router.post("/hooks/{hook}/test", response=TriedOut, summary="Try an outside system")
def test_hook(request: HuiyinRequest, hook: int) -> dict[str, Any]:
    can_see_channels.require(request.user, None)
    well, words = actions.tried(get_object_or_404(Hook, pk=hook), by=request.user)
    return {"well": well, "words": words}


@router.post("/hooks/{hook}/secret", response=HookOut, summary="A new secret of our own")
def new_secret(request: HuiyinRequest, hook: int) -> Hook:
    """Shown in this answer only; the one before is valid for 24 hours more."""
    can_manage_hooks.require(request.user, None)
    found = get_object_or_404(Hook, pk=hook)
    found.shown_once = actions.rotate(found, by=request.user)  # type: ignore[attr-defined]
    return found


@router.delete("/hooks/{hook}/secret", response={204: None}, summary="End the secret before")
def end_earlier(request: HuiyinRequest, hook: int) -> Status[None]:
    """The one before is valid no more: at once, for instance when it got known."""
    can_manage_hooks.require(request.user, None)
    actions.drop_earlier(get_object_or_404(Hook, pk=hook), by=request.user)
    return Status(204, None)


@router.get("/arrivals", response=list[ArrivalOut], summary="What came in (接入记录)")
def list_arrivals(
    request: HuiyinRequest, state: str = "", hook: str = "", q: str = "", before: str = ""
) -> list[Any]:
    """Fifty, the newest first; go on with `before` = the last id."""
    can_see_arrivals.require(request.user, None)
    asked = lists.read({"state": state, "hook": hook, "q": q, "before": before})
    return lists.page(asked, request.user)[0]


@router.post("/arrivals/{arrival}/again", response=ArrivalOut, summary="Take it once more")
def take_again(request: HuiyinRequest, arrival: int) -> Arrival:
    can_see_arrivals.require(request.user, None)
    found = get_object_or_404(Arrival.objects.select_related("hook"), pk=arrival)
    actions.take_again(found, by=request.user)
    found.refresh_from_db(fields=["state", "tries", "error"])
    return found


@router.post("/arrivals/{arrival}/raw", response=RawOut, summary="The body as it came")
def read_raw(request: HuiyinRequest, arrival: int, data: ReasonIn) -> dict[str, str]:
    """With a reason, which is kept with the reader's name."""
    can_see_arrivals.require(request.user, None)
    found = get_object_or_404(Arrival.objects.select_related("hook"), pk=arrival)
    return {"text": actions.read_raw(found, by=request.user, reason=data.reason)}


def _kept(hook: Hook, data: HookIn) -> Hook:
    faults = actions.faults_of(data.connector, data.fields, kept={**hook.secrets, **hook.options})
    if faults:
        raise Invalid("；".join(faults.values()), **faults)
    hook.name, hook.enabled = data.name.replace("\x00", ""), data.enabled
    hook.team = _team(data.team)
    actions.put_in(hook, data.fields)
    hook.save()
    return hook


def _team(code: str | None) -> Team | None:
    if not code:
        return None
    team = Team.objects.filter(code=code).first()
    if team is None:
        raise Invalid(_("请从列表里选择"), team=_("请从列表里选择"))
    return team
