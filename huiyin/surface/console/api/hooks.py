"""Outside systems set up by programs. Secrets never come out, but for our own one, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from ninja.responses import Status

from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.hooks import actions as hooks
from huiyin.journey.channels.hooks.connector import label_of, makes_secret
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.hooks.permissions import can_manage_hooks
from huiyin.surface.console import actions
from huiyin.surface.console.api.teams import team_of
from huiyin.surface.console.sections import BY_NAME

router = Router(tags=["hooks"])
HOOKS = BY_NAME["hooks"]
ACTS = {one.name: one for one in HOOKS.acts}


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
        return hooks.address_of(hook)

    @staticmethod
    def resolve_secret(hook: Hook) -> str:
        return str(getattr(hook, "shown_once", ""))


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
    hook = _saved(request, Hook(code=data.code, connector=data.connector), data)
    hook.shown_once = hook.secret if makes_secret(hook.connector) else ""  # type: ignore[attr-defined]
    return Status(201, hook)


@router.put("/hooks/{hook}", response=HookOut, summary="Change an outside system")
def change_hook(request: HuiyinRequest, hook: int, data: HookIn) -> Hook:
    can_manage_hooks.require(request.user, None)
    found = get_object_or_404(Hook, pk=hook)
    if (found.code, found.connector) != (data.code, data.connector):
        raise Invalid(_("代码和种类不能更改，请另建一个"))
    return _saved(request, found, data)


def _saved(request: HuiyinRequest, hook: Hook, data: HookIn) -> Hook:
    by = request.user

    def set_up() -> Hook:
        return hooks.set_up(
            hook,
            by=by,
            given=data.fields,
            name=data.name,
            enabled=data.enabled,
            team=team_of(data.team),
        )

    return actions.kept(HOOKS, hook, set_up, by=by)


@router.post("/hooks/{hook}/secret", response=HookOut, summary="A new secret of our own")
def new_secret(request: HuiyinRequest, hook: int) -> Hook:
    """Shown in this answer only; the one before is valid for 24 hours more."""
    can_manage_hooks.require(request.user, None)
    found = get_object_or_404(Hook, pk=hook)
    found.shown_once = actions.run(HOOKS, ACTS["rotate"], found, by=request.user)  # type: ignore[attr-defined]
    return found


@router.delete("/hooks/{hook}/secret", response={204: None}, summary="End the secret before")
def end_earlier(request: HuiyinRequest, hook: int) -> Status[None]:
    """The one before is valid no more: at once, for instance when it got known. Twice is once."""
    can_manage_hooks.require(request.user, None)
    found = get_object_or_404(Hook, pk=hook)
    if found.earlier_salt:
        actions.run(HOOKS, ACTS["drop"], found, by=request.user)
    return Status(204, None)
