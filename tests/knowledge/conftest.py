"""An editor, a second one, a lawyer; and articles in force without the way that leads there."""

from __future__ import annotations

import pytest

from huiyin.ground import moment
from huiyin.ground.knowledge.models import Article, Version
from huiyin.ground.knowledge.words import Audience, Kind, State
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from tests.conftest import person


@pytest.fixture
def zhi(db):
    """支宁，知识编辑。"""
    return person("zhi", "支宁", Role.KNOWLEDGE)


@pytest.fixture
def ji(db):
    """季岚，另一位知识编辑。"""
    return person("ji", "季岚", Role.KNOWLEDGE)


@pytest.fixture
def fa(db):
    """方律，法务。"""
    return person("fa", "方律", Role.LEGAL)


def in_force(
    code: str, title: str, body: str = "正文。", kind: str = Kind.POLICY, **more
) -> Version:
    """As it stands after review and publication."""
    now = moment.now()
    article = Article.objects.create(code=code, kind=kind, created_at=now)
    more.setdefault("audience", Audience.AGENT)
    return Version.objects.create(
        article=article,
        number=1,
        title=title,
        body=body,
        author=User.objects.system(),
        created_at=now,
        state=State.PUBLISHED,
        in_force=True,
        published_at=now,
        **more,
    )
