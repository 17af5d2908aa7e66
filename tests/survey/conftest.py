"""A closed complaint, the surveys that every installation has, and who reads them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.people.words import Role
from huiyin.journey.survey import actions
from huiyin.journey.survey.models import Invitation, Survey
from tests.conftest import person


@pytest.fixture(autouse=True)
def _nothing_is_counted_yet():
    cache.clear()


@pytest.fixture
def survey(db):
    """投诉处理满意度：CSAT、是否解决、缺了什么、CES、原话。"""
    return Survey.objects.get(code="handling")


@pytest.fixture
def nps_survey(db):
    found = Survey.objects.get(code="recommend")
    found.enabled = True
    found.save()
    return found


@pytest.fixture
def tao(db):
    """陶冶，质检员。"""
    return person("tao", "陶冶", Role.QA)


@pytest.fixture
def han(after_sales):
    """韩梅，售后组组长。"""
    return person("han", "韩梅", Role.LEAD, teams=[after_sales])


@pytest.fixture
def closed(make_complaint, after_sales, li):
    """`closed()` gives a closed complaint of 小李; each of a customer of its own."""
    count = iter(range(1000))

    def make(**fields):
        at = next(count)
        if "customer" not in fields:
            phone = f"1390000{at:04d}"
            fields["customer"] = find_or_create(
                Contact(name=f"客户{at}", phone=phone, email=f"c{at}@example.com")
            )
        fields = {
            "team": after_sales,
            "assignee": li,
            "severity": 3,
            "category": "PD.01.01",
            "status": "CLO",
            "closed_at": moment.now(),
            **fields,
        }
        return make_complaint(**fields)

    return make


@pytest.fixture
def sent(survey, manager):
    """`sent(complaint)` gives the invitation and its token."""

    def send(complaint, of: Survey | None = None) -> tuple[Invitation, str]:
        made, link = actions.send_by_hand(complaint, by=manager, survey=of or survey, way="link")
        return actions.opened(token_in(link)) or made, token_in(link)

    return send


def token_in(link: str) -> str:
    return link.rstrip("/").rsplit("/", 1)[1]


GOOD = {"q1": "5", "q2": "yes", "q4": "6", "q5": "处理得很快，谢谢"}
BAD = {"q1": "1", "q2": "no", "q3": ["slow", "attitude"], "q5": "等了一个月没有人理，太气人了"}


@pytest.fixture
def answered(closed, sent):
    """`answered(raw)` gives an answer of a closed complaint of its own."""

    def answer(raw=None, *, consent=False, **fields):
        invitation, _token = sent(closed(**fields))
        return actions.answer(invitation, raw or GOOD, consent=consent)

    return answer


def later(days: float):
    """A moment some days from now."""
    return moment.at(moment.now() + timedelta(days=days))
