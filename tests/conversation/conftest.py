"""A channel that stands for any other than mail."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from huiyin.journey.conversation import ways
from huiyin.journey.conversation.models import Letter


@pytest.fixture
def pigeon(settings):
    """A carrier of social messages: takes 20 characters, no files; `told` says what it carried."""
    module = ModuleType("tests.conversation.pigeon")
    module.told, module.closed, module.fault = [], "", None  # type: ignore[attr-defined]

    def way(complaint):
        if module.closed:
            return ways.Way(
                "social", "社交媒体", closed=module.closed, refusal="窗口已关闭，请改用邮件"
            )
        return ways.Way("social", "社交媒体", "发到微信", recipient="wx:o1", most=20)

    def post(letter, body):
        if module.fault:
            raise module.fault
        module.told.append((letter.recipient, body))
        Letter.objects.filter(pk=letter.pk).update(outer_id="m1")

    module.way, module.post = way, post  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module
    settings.CARRIERS = {**settings.CARRIERS, "social": module.__name__}
    yield module
    del sys.modules[module.__name__]
