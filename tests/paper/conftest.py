"""Scans that are kept, drawn, and wait."""

from __future__ import annotations

import pytest

from huiyin.journey.channels.paper import actions
from huiyin.journey.channels.paper.actions.deciding import Said
from tests.paper import scans

# What a person settles about the letter of `scans`.
SAID = Said(
    text=scans.LETTER,
    name="陈桂芳",
    phone="13812345678",
    address="浙江省杭州市西湖区文三路 98 号",
    order_no="YD20261012008817",
    amount_fen=45900,
    wanted="退货退款",
)


@pytest.fixture
def scanned(li):
    """`scanned(*uploads)` keeps one letter of these files and has its pages drawn."""

    def take(*uploads, by=None, together=True):
        kept = actions.keep(
            list(uploads) or [scans.upload("来信.pdf", scans.pdf(2))],
            by=by or li,
            together=together,
        )
        actions.draw_due()
        piece = kept.pieces[0]
        piece.refresh_from_db()
        return piece

    return take


@pytest.fixture(scope="session")
def font(tmp_path_factory):
    """The printing font, made once for all tests of a process."""
    from django.conf import settings

    from huiyin.ground.printing import fonts

    assert fonts.pieces(), "the front-end packages are installed before tests run"
    return fonts.prepare() and settings.DATA_DIR
