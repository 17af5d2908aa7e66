"""What intake's tests have in common."""

import pytest

from huiyin.journey.intake.actions import Contact, register


@pytest.fixture
def said():
    """王芳 tells her story to whoever registers it."""

    def with_(**changes):
        story = {
            "channel": "phone",
            "contact": Contact(name="王芳", phone="138-0013-8000"),
            "text": "上周买的电饭煲漏电，孩子的手被电到了，打了三次电话没人管。",
            "wanted": "退货退款",
        }
        return story | changes

    return with_


@pytest.fixture
def registered(said, li):
    return lambda **changes: register(**said(by=changes.pop("by", li), **changes))
