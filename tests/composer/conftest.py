"""What tests of this folder share."""

from __future__ import annotations

import pytest

from huiyin.journey.closure.models import VisitRule
from tests.roads import assigned


@pytest.fixture
def nobody_is_called_back(db):
    """Whether a call-back is drawn by lot is no matter here."""
    VisitRule.objects.all().delete()


@pytest.fixture
def card_case(make_complaint, after_sales, li):
    """A gym card to be given back, in 处理中 with 小李."""
    return assigned(
        make_complaint, after_sales, li, category="CT.04.01", wanted="健身房退卡，退还余额"
    )


@pytest.fixture
def kettle(make_complaint, after_sales, li):
    return assigned(make_complaint, after_sales, li, category="PD.01.07", wanted="要求退货退款")


@pytest.fixture
def caller(client, li):
    client.force_login(li)
    return client
