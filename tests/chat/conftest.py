"""A shop with a widget, and a visitor at it."""

from __future__ import annotations

import secrets
import uuid

import pytest

from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Role
from huiyin.journey.channels.chat import actions
from huiyin.journey.channels.chat.actions import Asked
from huiyin.journey.channels.chat.models import Chat, Seat, Site
from tests.conftest import person

ORIGIN = "https://shop.example.com"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
HTMX = {"HX-Request": "true"}


def new_token() -> str:
    return secrets.token_urlsafe(32)


@pytest.fixture
def shop(after_sales):
    """云朵商城的网页：谁也不用留电话，随时有人。"""
    return Site.objects.create(
        code="shop",
        name="云朵商城",
        origins=[ORIGIN],
        team=after_sales,
        calendar_code="always",
        privacy_zh="我们只为处理您的问题使用这些信息。",
        privacy_en="We use this only to help you.",
        privacy_version="2026-11",
    )


def asked(**more) -> Asked:
    more.setdefault("origin", ORIGIN)
    more.setdefault("privacy_version", "2026-11")
    return Asked(**more)


@pytest.fixture
def visit(shop):
    """`visit("电饭煲不加热")` is a visitor who waits and has said that."""

    def begin(text: str = "电饭煲不加热", *, site: Site = shop, **answers: str):
        wish = asked(text=text, client=uuid.uuid4(), answers=answers)
        return actions.begin(site, token=new_token(), asked=wish).chat

    return begin


@pytest.fixture
def talk(visit, li):
    """A chat that 小李 has accepted."""
    chat = visit()
    actions.accept(chat, by=li)
    return chat


@pytest.fixture
def luo(after_sales):
    return person("luo", "罗翔", Role.SPECIALIST, teams=[after_sales])


@pytest.fixture
def han(after_sales):
    lead = person("han", "韩梅", Role.LEAD, teams=[after_sales])
    Team.objects.filter(pk=after_sales.pk).update(lead=lead)
    return lead


def sits(user: User, most: int = 5) -> None:
    Seat.objects.update_or_create(user=user, defaults={"ready": True, "most": most})


def holder(chat: Chat) -> User | None:
    chat.refresh_from_db()
    return chat.agent


def answered(chat: Chat, by: User, text: str = "您好，请讲") -> None:
    actions.answer(chat, by=by, text=text, client=uuid.uuid4())
