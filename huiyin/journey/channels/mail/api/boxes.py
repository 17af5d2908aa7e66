"""Mailboxes for programs: set up, changed, tried. Secrets go in and never come out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from ninja.responses import Status

from huiyin.ground.people.models import Team
from huiyin.ground.refusal import Invalid
from huiyin.ground.sealing import seal
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.mail.actions.tls import is_this_machine
from huiyin.journey.channels.mail.actions.trying import tried
from huiyin.journey.channels.mail.models import Mailbox
from huiyin.journey.channels.mail.permissions import can_manage_mailboxes
from huiyin.journey.channels.mail.words import After, Login, Security
from huiyin.journey.channels.permissions import can_see_channels

router = Router()
SEALED = {
    "secret": "secret",
    "oauth_client_secret": "oauth_client_secret",
    "dkim_key": "dkim_key",
}


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
    after: After = After.SEEN
    moved_to: str = ""
    smtp_host: str = ""
    smtp_port: int = 465
    smtp_security: Security = Security.TLS
    plus_addressing: bool = False
    login: Login = Login.PASSWORD
    username: str = ""
    oauth_token_url: str = ""
    oauth_client_id: str = ""
    oauth_scope: str = ""
    dkim_selector: str = ""


class BoxIn(BoxFields):
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


class TriedOut(Schema):
    receiving: str | None = Field(description="empty is well; null: there is no such server")
    sending: str | None


@router.get("/mailboxes", response=list[BoxOut], summary="Mailboxes")
def list_boxes(request: HuiyinRequest) -> list[Mailbox]:
    can_manage_mailboxes.require(request.user, None)
    return list(Mailbox.objects.select_related("team"))


@router.post("/mailboxes", response={201: BoxOut}, summary="Set up a mailbox")
def create_box(request: HuiyinRequest, data: BoxIn) -> Status[Mailbox]:
    can_manage_mailboxes.require(request.user, None)
    return Status(201, _kept(Mailbox(), data))


@router.put("/mailboxes/{box}", response=BoxOut, summary="Change a mailbox")
def change_box(request: HuiyinRequest, box: int, data: BoxIn) -> Mailbox:
    can_manage_mailboxes.require(request.user, None)
    return _kept(get_object_or_404(Mailbox, pk=box), data)


@router.post("/mailboxes/{box}/test", response=TriedOut, summary="Try a mailbox")
def test_box(request: HuiyinRequest, box: int) -> Any:
    """Connect to its servers and sign in; what is wrong, in a sentence."""
    can_see_channels.require(request.user, None)
    return tried(get_object_or_404(Mailbox, pk=box), by=request.user)


def _kept(box: Mailbox, data: BoxIn) -> Mailbox:
    for name, value in data.dict(exclude={*SEALED, "team"}).items():
        setattr(box, name, value)
    for name, kept in SEALED.items():
        if typed := getattr(data, name):
            setattr(box, kept, seal(typed))
    box.team = _team(data.team)
    _check(box)
    try:
        box.full_clean()
        with transaction.atomic():
            box.save()
    except ValidationError as error:
        raise Invalid(
            "；".join(error.messages),
            **{name: "；".join(said) for name, said in error.message_dict.items()},
        ) from error
    except IntegrityError as error:
        raise Invalid(_("已经有默认发信邮箱了，请先取消那一个")) from error
    return box


def _team(code: str | None) -> Team | None:
    if not code:
        return None
    team = Team.objects.filter(code=code).first()
    if team is None:
        raise Invalid(_("请从列表里选择"), team=_("请从列表里选择"))
    return team


def _check(box: Mailbox) -> None:
    for host, security in (
        (box.imap_host, box.imap_security),
        (box.smtp_host, box.smtp_security),
    ):
        if host and security == Security.NONE and not is_this_machine(host):
            raise Invalid(_("不加密只能用于本机的服务器"))
