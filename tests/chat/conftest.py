"""A shop with a widget, and a visitor at it."""

from __future__ import annotations

import secrets
import uuid

import pytest

from huiyin.journey.channels.chat import actions
from huiyin.journey.channels.chat.actions import Asked
from huiyin.journey.channels.chat.models import Site

ORIGIN = "https://shop.example.com"


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
