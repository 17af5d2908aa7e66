"""Providers of mailboxes (邮箱服务商) for programs: servers, ports, encryption as rows."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema
from ninja.responses import Status

from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.mail.models import Provider
from huiyin.journey.channels.mail.permissions import can_manage_mailboxes
from huiyin.journey.channels.mail.words import Login, Security
from huiyin.surface.console import actions
from huiyin.surface.console.sections import BY_NAME

router = Router(tags=["mail"])
PROVIDERS = BY_NAME["mail-providers"]


class ProviderIn(Schema):
    name: str = Field(max_length=40)
    imap_host: str = Field(max_length=200)
    imap_port: int = 993
    imap_security: Security = Security.TLS
    smtp_host: str = Field(max_length=200)
    smtp_port: int = 465
    smtp_security: Security = Security.TLS
    login: Login = Login.PASSWORD
    oauth_authorize_url: str = Field("", max_length=300)
    oauth_token_url: str = Field("", max_length=300)
    oauth_scope: str = Field("", max_length=300)
    told: str = Field("", max_length=200, description="what is to be done there first")
    enabled: bool = True
    source: str = Field("", max_length=200)
    version: str = Field("", max_length=20)
    dated: date | None = None


class ProviderOut(ProviderIn):
    id: int


@router.get("/mail-providers", response=list[ProviderOut], summary="Providers of mailboxes")
def list_providers(request: HuiyinRequest) -> list[Provider]:
    """Those that are out of use too."""
    can_manage_mailboxes.require(request.user, None)
    return list(Provider.objects.all())


@router.post("/mail-providers", response={201: ProviderOut}, summary="New provider")
def create_provider(request: HuiyinRequest, data: ProviderIn) -> Status[Provider]:
    can_manage_mailboxes.require(request.user, None)
    return Status(201, _saved(request, Provider(), data))


@router.put("/mail-providers/{provider}", response=ProviderOut, summary="Change a provider")
def change_provider(request: HuiyinRequest, provider: int, data: ProviderIn) -> Provider:
    """Mailboxes that were filled in by it stay as they are; `enabled` false puts it out of use."""
    can_manage_mailboxes.require(request.user, None)
    return _saved(request, get_object_or_404(Provider, pk=provider), data)


def _saved(request: HuiyinRequest, provider: Provider, data: ProviderIn) -> Provider:
    def write() -> Provider:
        for name, value in data.dict().items():
            setattr(provider, name, value)
        _check(provider)
        provider.save()
        return provider

    return actions.kept(PROVIDERS, provider, write, by=request.user)


def _check(provider: Provider) -> None:
    """What the form says of the page."""
    try:
        provider.full_clean()
    except ValidationError as error:
        told = {name: "；".join(words) for name, words in error.message_dict.items()}
        raise Invalid("；".join(error.messages), **told) from error
