"""Mailboxes set up by programs. Secrets go in and never come out."""

from __future__ import annotations

from datetime import datetime

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema
from ninja.responses import Status

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.mail.actions.setting_up import filled_by, set_up
from huiyin.journey.channels.mail.models import Mailbox, Provider
from huiyin.journey.channels.mail.permissions import can_manage_mailboxes
from huiyin.journey.channels.mail.words import Login, OnceKept, Security
from huiyin.surface.console import actions
from huiyin.surface.console.api.teams import team_of
from huiyin.surface.console.sections import BY_NAME

router = Router(tags=["mail"])
MAILBOXES = BY_NAME["mailboxes"]


class BoxFields(Schema):
    address: str = Field(max_length=254)
    name: str = Field("", max_length=80)
    team: str | None = Field(None, description="code of the team its complaints begin with")
    enabled: bool = True
    is_default: bool = False
    imap_host: str = ""
    imap_port: int = 993
    imap_security: Security = Security.TLS
    folder: str = "INBOX"
    after: OnceKept = OnceKept.SEEN
    moved_to: str = ""
    smtp_host: str = ""
    smtp_port: int = 465
    smtp_security: Security = Security.TLS
    plus_addressing: bool = False
    login: Login = Login.PASSWORD
    username: str = ""
    oauth_authorize_url: str = ""
    oauth_token_url: str = ""
    oauth_client_id: str = ""
    oauth_scope: str = ""
    dkim_selector: str = ""


class BoxIn(BoxFields):
    provider: str = Field("", max_length=40, description="name of one: fills in what is left empty")
    secret: str = Field("", max_length=4000, description="written only; empty keeps what is set")
    oauth_client_secret: str = Field("", max_length=4000)
    dkim_key: str = Field("", max_length=8000)


class BoxOut(BoxFields):
    id: int
    has_secret: bool
    received_ok_at: datetime | None
    receive_error: str
    sent_ok_at: datetime | None
    send_error: str

    @staticmethod
    def resolve_team(box: Mailbox) -> str | None:
        return box.team.code if box.team else None

    @staticmethod
    def resolve_has_secret(box: Mailbox) -> bool:
        return bool(box.secret)


@router.get("/mailboxes", response=list[BoxOut], summary="Mailboxes")
def list_boxes(request: HuiyinRequest) -> list[Mailbox]:
    can_manage_mailboxes.require(request.user, None)
    return list(Mailbox.objects.select_related("team"))


@router.post("/mailboxes", response={201: BoxOut}, summary="Set up a mailbox")
def create_box(request: HuiyinRequest, data: BoxIn) -> Status[Mailbox]:
    can_manage_mailboxes.require(request.user, None)
    return Status(201, _saved(request, Mailbox(), data))


@router.put("/mailboxes/{box}", response=BoxOut, summary="Change a mailbox")
def change_box(request: HuiyinRequest, box: int, data: BoxIn) -> Mailbox:
    can_manage_mailboxes.require(request.user, None)
    return _saved(request, get_object_or_404(Mailbox, pk=box), data)


def _saved(request: HuiyinRequest, box: Mailbox, data: BoxIn) -> Mailbox:
    team, by = team_of(data.team), request.user
    said = data.dict(exclude={"team", "provider"})
    if data.provider:
        provider = get_object_or_404(Provider.objects.in_use(), name=data.provider)
        said |= filled_by(provider, said, is_new=box._state.adding)
    return actions.kept(MAILBOXES, box, lambda: set_up(box, by=by, team=team, said=said), by=by)
