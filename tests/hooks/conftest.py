"""An outside system that speaks JSON."""

from __future__ import annotations

import pytest

from huiyin.journey.channels.hooks.models import Hook


@pytest.fixture
def hook(db):
    return Hook.objects.create(code="forum", name="论坛", connector="webhook")


def message(number: int = 1, author: str = "u1", text: str = "电饭煲坏了，没人处理") -> dict:
    return {
        "id": f"m{number}",
        "kind": "message",
        "author": {"id": author, "name": "小王"},
        "text": text,
    }
