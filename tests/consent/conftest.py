"""A round of two options that waits for 王芳's answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.worktime.models import forget as forget_calendars
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.resolution import actions as resolution
from huiyin.journey.resolution.models import Offer, Remedy
from tests.roads import assigned


@pytest.fixture(autouse=True)
def _calendars_are_read_again():
    forget_calendars()
    yield
    forget_calendars()


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    """In 处理中, with 小李 (每件 ¥50，每月 ¥1,000)."""
    return assigned(make_complaint, after_sales, li)


@pytest.fixture
def offers(complaint, li):
    """部分退款 ¥30, with its calculation, or an apology."""
    return round_of(complaint, li)


def round_of(complaint: Complaint, by, fen: int = 3000) -> list[Offer]:
    due = moment.today() + timedelta(days=3)
    refund, sorry = Remedy.objects.get(code="RMD.04"), Remedy.objects.get(code="RMD.08")
    steps = [{"label": "实付 100.00 × 30 %", "value": "30.00", "source": "售后条款 AS-03"}]
    return resolution.propose_round(
        complaint,
        by=by,
        drafts=[
            resolution.Draft(refund, "售后条款 3.2", "退您 30 元", due, fen, calculation=steps),
            resolution.Draft(sorry, "服务规范 2", "当面致歉", due),
        ],
    )
