"""The telephone system's clock is wrong: facts keep its time, whoever waits is timed by ours."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from huiyin.ground import moment
from huiyin.journey.channels.phone import actions
from huiyin.journey.channels.phone.models import Call
from huiyin.journey.channels.phone.rules.skew import skew
from tests.conftest import at

pytestmark = pytest.mark.django_db
NOON = at("2026-11-30 12:00")
SPANS = [timedelta(minutes=3), timedelta(minutes=-3), timedelta(hours=1)]


class Wrong:
    """A telephone system that tells at once, by a clock that is `behind` ours."""

    def __init__(self, pbx, behind) -> None:
        self.pbx, self.behind = pbx, behind

    def tell(self, event, seconds, **more):
        """So many seconds after noon."""
        with moment.at(NOON + timedelta(seconds=seconds)):
            self.pbx.began = NOON - self.behind
            return self.pbx.tell(event, after=seconds, **more)

    def hold(self):
        """Answered five seconds after noon, on hold from the twentieth on."""
        self.tell("ringing", 0, agent="8001")
        self.tell("answered", 5, agent="8001")
        return self.tell("hold", 20)


def since(page: str, name: str) -> datetime:
    found = re.search(rf'{name}="([^"]+)"', page)
    assert found is not None, page
    return datetime.fromisoformat(found.group(1)).astimezone(UTC)


def bar(signed_in, user, seconds):
    with moment.at(NOON + timedelta(seconds=seconds)):
        return signed_in(user).get("/calls/mine/").content.decode()


@pytest.mark.parametrize("behind", SPANS)
def test_the_guard_counts_by_our_clock(pbx, li, signed_in, behind):
    call = Wrong(pbx, behind).hold()
    assert call.skew == behind
    assert call.held_since == NOON + timedelta(seconds=20) - behind  # the fact is theirs
    page = bar(signed_in, li, 30)
    assert since(page, "data-held") == NOON + timedelta(seconds=20)
    assert since(page, "data-since") == NOON + timedelta(seconds=5)
    with moment.at(NOON + timedelta(seconds=60)):
        actions.watch()
    assert Call.objects.get().long_hold == 0
    with moment.at(NOON + timedelta(seconds=145)):
        actions.watch()
    assert Call.objects.get().long_hold == 125


@pytest.mark.parametrize("behind", SPANS)
def test_what_was_confirmed_counts_for_this_hold(pbx, li, signed_in, behind):
    wrong = Wrong(pbx, behind)
    call = wrong.hold()
    with moment.at(NOON + timedelta(seconds=90)):
        actions.checked(call, by=li)
    assert since(bar(signed_in, li, 91), "data-checked") == NOON + timedelta(seconds=90)
    wrong.tell("resume", 100)
    wrong.tell("hold", 110)
    assert 'data-checked=""' in bar(signed_in, li, 111)


@pytest.mark.parametrize("behind", SPANS)
def test_a_dropped_line_is_due_three_minutes_from_now(pbx, li, make_complaint, after_sales, behind):
    wrong = Wrong(pbx, behind)
    call = wrong.hold()
    with moment.at(NOON + timedelta(seconds=30)):
        actions.link(call, make_complaint(team=after_sales, assignee=li, status="HND"), by=li)
    wrong.tell("resume", 40)
    call = wrong.tell("hangup", 60, by="network")
    assert call.ended_at == NOON + timedelta(seconds=60) - behind
    assert call.callback.due_at == NOON + timedelta(seconds=240)


@pytest.mark.parametrize("behind", SPANS)
def test_an_end_said_by_hand_keeps_the_length_right(pbx, li, behind):
    call = Wrong(pbx, behind).hold()
    with moment.at(NOON + timedelta(seconds=65)):
        actions.close(call, by=li)
    assert Call.objects.get().talked_seconds == 60


def test_a_clock_that_is_hours_behind_ends_and_saves_nothing_early(pbx, li):
    wrong = Wrong(pbx, timedelta(hours=5))
    wrong.hold()
    with moment.at(NOON + timedelta(seconds=30)):
        actions.watch()
    assert Call.objects.get().state == "held"  # not “nothing was heard of it for four hours”
    wrong.tell("hangup", 60, by="customer")
    with moment.at(NOON + timedelta(minutes=5)):
        actions.watch()
    assert Call.objects.get().finished_at is None
    with moment.at(NOON + timedelta(minutes=35)):
        actions.watch()
    assert Call.objects.get().finished_at is not None


def test_what_is_told_late_is_no_wrong_clock(pbx, li, signed_in):
    """The bridge was cut off for three minutes: he has waited all that time."""
    pbx.began = NOON - timedelta(minutes=3)
    with moment.at(NOON):
        pbx.talk()
        call = pbx.tell("hold", after=20)
        assert call.skew == timedelta()
        actions.watch()
    assert Call.objects.get().long_hold == 160


def test_a_wrong_clock_is_told_where_its_times_stand(pbx, li, signed_in, api):
    call = Wrong(pbx, timedelta(minutes=3)).hold()
    page = signed_in(li).get(f"/calls/{call.pk}/").content.decode()
    assert "电话系统的时钟与这里相差 03:00" in page
    assert api(li).get(f"/api/v1/phone/calls/{call.pk}").json()["clock_behind"] == 180
    right = Wrong(pbx, timedelta())
    Call.objects.update(outer_id="other")
    other = right.hold()
    assert "相差" not in signed_in(li).get(f"/calls/{other.pk}/").content.decode()


def told(*pairs):
    """(happened, heard of), in seconds."""
    return [(NOON + timedelta(seconds=a), NOON + timedelta(seconds=b)) for a, b in pairs]


@pytest.mark.parametrize(
    ("pairs", "seconds"),
    [
        ([], 0),
        ([(0, 180)], 0),  # one alone shows nothing
        ([(0, 180.2), (6, 186.4)], 180.2),
        ([(0, 190), (6, 186.3), (20, 200.1)], 180.1),  # the first was held up on its way
        ([(0, 180), (6, 180.1), (20, 180.2)], 0),  # told late, all at once
        ([(0, 60), (6, 60.1), (20, 20.1), (30, 30.2)], 0.1),  # late first, then as it happens
        ([(0, 180), (1, 181), (2, 182)], 0),  # too near to tell it from a heap
        ([(200, 20.2), (206, 26)], -180),
        ([(0, 90_000), (6, 90_006)], 0),  # no clock is off by a day
    ],
)
def test_how_far_it_is_behind(pairs, seconds):
    assert skew(told(*pairs)).total_seconds() == pytest.approx(seconds)
