"""Chat windows written by programs: the same checks and the same history as on the page."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest
from huiyin.ground.worktime.models import Calendar
from huiyin.journey.channels.chat.models import Site, SiteField
from huiyin.journey.channels.chat.permissions import can_manage_sites
from huiyin.journey.channels.chat.words import Ask
from huiyin.surface.console import actions
from huiyin.surface.console.api.teams import team_of
from huiyin.surface.console.sections import BY_NAME
from huiyin.surface.console.sections.chatting import script_line

router = Router(tags=["chats"])
SITES = BY_NAME["chat-sites"]
ACTS = {act.name: act for act in SITES.acts}


class QuestionIO(Schema):
    ask: Ask
    label_zh: str = Field("", max_length=40)
    label_en: str = Field("", max_length=60)
    required: bool = False


class SiteFields(Schema):
    name: str = Field(max_length=80)
    name_en: str = Field("", max_length=80)
    enabled: bool = True
    origins: list[str] = Field([], max_length=50, description="https://www.example.com, exact")
    calendar_code: str = "office"
    colour: str = "#0b6e75"
    position: str = "right"
    greeting_zh: str = Field("", max_length=300)
    greeting_en: str = Field("", max_length=300)
    offline_zh: str = Field("", max_length=300)
    offline_en: str = Field("", max_length=300)
    danger_zh: str | None = Field(None, max_length=300, description="None: as it is")
    danger_en: str | None = Field(None, max_length=300, description="None: as it is")
    privacy_zh: str = Field("", max_length=4000)
    privacy_en: str = Field("", max_length=4000)
    privacy_version: str = Field("", max_length=20)
    first_reply_seconds: int = 60
    warn_percents: list[int] = [50, 80]
    return_seconds: int = Field(60, description="0: never")
    remind_minutes: int = Field(5, description="0: never")
    idle_minutes: int = 15
    summary_minutes: int = Field(30, description="then the lead is told; after a day registered")
    files_allowed: bool = True
    follows_pages: bool = Field(True, description="the desk sees which page a visitor is on")


class SiteIn(SiteFields):
    code: str = Field("", max_length=40, description="of a new one; it never changes")
    team: str | None = Field(None, description="code of the team")
    questions: list[QuestionIO] = Field([], max_length=20, description="before the chat, in order")


class SiteOut(SiteFields):
    id: int
    code: str
    team: str | None
    questions: list[QuestionIO]
    script: str = Field(description="the line for the pages of the site")
    has_secret: bool = Field(description="the site can sign who is signed in there")
    earlier_until: datetime | None = Field(description="until then the secret before is valid too")
    secret: str = Field(description="shown once, in the answer in which it was made")

    @staticmethod
    def resolve_team(site: Site) -> str | None:
        return site.team.code if site.team else None

    @staticmethod
    def resolve_questions(site: Site) -> list[SiteField]:
        return list(site.fields.all())

    @staticmethod
    def resolve_has_secret(site: Site) -> bool:
        return bool(site.salt)

    @staticmethod
    def resolve_secret(site: Site) -> str:
        return getattr(site, "shown_once", "")

    @staticmethod
    def resolve_script(site: Site) -> str:
        return script_line(site)


@router.get("/chat-sites", response=list[SiteOut], summary="Chat windows")
def list_sites(request: HuiyinRequest) -> list[Site]:
    can_manage_sites.require(request.user, None)
    return list(Site.objects.select_related("team").prefetch_related("fields"))


@router.post("/chat-sites", response={201: SiteOut}, summary="New chat window")
def create_site(request: HuiyinRequest, data: SiteIn) -> Answer[Site]:
    can_manage_sites.require(request.user, None)
    return Answer(201, _saved(request, Site(code=data.code), data))


@router.put("/chat-sites/{site}", response=SiteOut, summary="Change a chat window")
def change_site(request: HuiyinRequest, site: int, data: SiteIn) -> Site:
    """Whole, with its questions; the code stays."""
    can_manage_sites.require(request.user, None)
    return _saved(request, get_object_or_404(Site, pk=site), data)


@router.post("/chat-sites/{site}/secret", response=SiteOut, summary="A new secret of a window")
def new_secret(request: HuiyinRequest, site: int) -> Site:
    """Shown in this answer only; the one before, if any, is valid for 24 hours more."""
    can_manage_sites.require(request.user, None)
    found = get_object_or_404(Site, pk=site)
    act = ACTS["rotate" if found.salt else "issue"]
    found.shown_once = actions.run(SITES, act, found, by=request.user)  # type: ignore[attr-defined]
    return found


@router.delete("/chat-sites/{site}/secret", response={204: None}, summary="End its secrets")
def end_secret(
    request: HuiyinRequest, site: int, which: Literal["earlier", "all"] = "earlier"
) -> Answer[None]:
    """At once: the one before, or all, for instance when it got known. Twice is once."""
    can_manage_sites.require(request.user, None)
    found = get_object_or_404(Site, pk=site)
    act = ACTS["revoke" if which == "all" else "drop"]
    if act.shown(found):
        actions.run(SITES, act, found, by=request.user)
    return Answer(204, None)


def _saved(request: HuiyinRequest, site: Site, data: SiteIn) -> Site:
    for name, value in data.dict(exclude={"code", "team", "questions"}).items():
        if value is not None:
            setattr(site, name, value)
    site.team = team_of(data.team)
    _check(site)
    return actions.kept(SITES, site, lambda: _write(site, data), by=request.user)


@transaction.atomic
def _write(site: Site, data: SiteIn) -> Site:
    site.save()
    site.fields.all().delete()
    for place, one in enumerate(data.questions):
        SiteField.objects.create(site=site, place=place, **one.dict())
    return site


def _check(site: Site) -> None:
    """What the form says of the page, in the same words."""
    try:
        site.full_clean()
    except ValidationError as error:
        told = {name: "；".join(said) for name, said in error.message_dict.items()}
        raise Invalid("；".join(error.messages), **told) from error
    if not Calendar.objects.filter(code=site.calendar_code).exists():
        raise Invalid(_("请从列表里选择"), calendar_code=_("请从列表里选择"))
    if site.remind_minutes and site.remind_minutes >= site.idle_minutes:
        sentence = _("应比“多久不说话就结束”短，或填 0 不提醒")
        raise Invalid(sentence, remind_minutes=sentence)
    if site.privacy_zh and not site.privacy_version:
        sentence = _("改了隐私告知请写一个新的版本号，访客会重新同意")
        raise Invalid(sentence, privacy_version=sentence)
