"""The same round put forward twice in the same moment; a draft kept by two tabs at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Refused
from huiyin.journey.resolution.models import Offer
from huiyin.surface.composer import actions, writing
from huiyin.surface.composer.models import Composing
from tests.conftest import person
from tests.roads import assigned, fresh
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case(make_complaint, after_sales):
    li = person("li2", "李明", Role.AGENT, teams=[after_sales])
    return assigned(make_complaint, after_sales, li, category="SV.01.01"), li


def apology() -> writing.Option:
    return writing.Option(
        "RMD.08",
        basis="服务规范",
        wording="诚恳致歉。",
        due_on=(moment.today() + timedelta(days=1)).isoformat(),
        fields={"by_whom": "lead"},
    )


def test_of_two_rounds_at_once_one_is_refused(case):
    complaint, li = case

    def put():
        return actions.put_forward(fresh(complaint), by=li, options=[apology()])

    results = at_once(put, put)
    assert sum(isinstance(one, Refused) for one in results) == 1, results
    assert Offer.objects.filter(complaint=complaint).count() == 1


def test_two_tabs_keep_one_draft(case):
    complaint, li = case

    def keep():
        return actions.keep(fresh(complaint), by=li, options=[apology()])

    results = at_once(keep, keep, keep)
    assert not [one for one in results if isinstance(one, Exception)], results
    assert Composing.objects.count() == 1
