"""The two tables of consequences: what follows an event, what happens by itself."""

from __future__ import annotations

import pytest

from huiyin.flow import FLOW
from huiyin.journey.complaint.words import What
from huiyin.schedule import SCHEDULE


def test_every_event_has_a_line_in_the_flow():
    assert set(FLOW) == set(What)


def test_few_things_share_the_transaction_of_an_event():
    assert [what for what, follow in FLOW.items() if len(follow.now) > 3] == []


def test_no_follower_is_named_twice_for_an_event():
    for what, follow in FLOW.items():
        followers = (*follow.now, *follow.later)
        assert len(set(followers)) == len(followers), what


@pytest.mark.django_db
@pytest.mark.parametrize("entry", SCHEDULE, ids=lambda entry: entry.do.__name__)
def test_what_happens_by_itself_may_happen_twice_on_an_empty_house(entry):
    assert entry.interval.total_seconds() >= 10
    entry.do()
    entry.do()
