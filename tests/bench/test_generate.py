"""Generated rows are what the acts would have written."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.search import rules as search
from huiyin.journey.callbacks.models import Callback
from huiyin.journey.callbacks.words import CallbackKind
from huiyin.journey.clocks.models import Clock
from huiyin.journey.closure.models import Closing
from huiyin.journey.complaint.models import Complaint, Event, NumberSeries
from huiyin.journey.complaint.words import Status
from huiyin.journey.conversation.models import Message
from huiyin.journey.promises.models import Promise
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.words import OfferState
from huiyin.surface.bench.generator import texts
from huiyin.surface.composer.models import Precedent
from huiyin.surface.operation.facts import differences
from tests.conftest import person

pytestmark = pytest.mark.django_db
MANY = 300


def generate(count: int, *arguments: str) -> str:
    said = io.StringIO()
    call_command("generate", count, *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture
def archive():
    return generate(MANY)


def numbers_by_year() -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number in Complaint.objects.order_by("number").values_list("number", flat=True):
        year, serial = number.removeprefix("TS").split("-")
        found.setdefault(year, []).append(int(serial))
    return found


def test_it_tells_how_far_it_is_and_makes_as_many_as_asked(archive):
    assert f"{MANY:,} complaints" in archive
    assert f"{MANY}/{MANY}" in archive
    assert Complaint.objects.count() == MANY


def test_the_spine_carries_what_the_stages_recorded(archive):
    assert list(differences()) == []


def test_numbers_have_no_gaps_and_go_on_from_what_was_there(make_complaint, archive):
    make_complaint()
    generate(50, "--seed", "2")
    found = numbers_by_year()
    assert len(found) >= 2
    for year, serials in found.items():
        assert serials == list(range(1, len(serials) + 1)), year
        assert NumberSeries.objects.get(year=year).last == serials[-1]


def test_each_complaint_has_its_whole_story(archive):
    for model in (Event, Message, Clock):
        assert model.objects.values("complaint").distinct().count() == MANY
    assert Event.objects.filter(what="received").count() == MANY
    assert Event.objects.filter(what="triaged").count() == MANY
    for complaint in Complaint.objects.all()[:40]:
        moments = list(complaint.events.order_by("pk").values_list("at", flat=True))
        assert moments == sorted(moments)
        assert moments[0] == complaint.received_at


def test_most_are_closed_and_a_few_are_open_in_many_states(archive):
    states = Counter(Complaint.objects.values_list("status", flat=True))
    open_share = Complaint.objects.open().count() / MANY
    assert 0.01 < open_share < 0.12
    assert states[Status.ARC] > MANY / 2
    assert len(states) >= 6


def test_what_stands_beside_the_road_is_there_too(archive):
    """Precedents of what is closed, a promise of each option that was agreed, calls of visits."""
    closed = Closing.objects.exclude(complaint__category="")
    assert Precedent.objects.count() == closed.count() > MANY / 2
    one = Precedent.objects.select_related("closing", "complaint").latest("pk")
    assert (one.closing.complaint_id, one.level3) == (one.complaint_id, one.complaint.category)
    agreed = Offer.objects.filter(state__in=(OfferState.AGREED, OfferState.EXECUTED))
    assert Promise.objects.count() == agreed.count() > MANY / 2
    executed = Offer.objects.filter(state=OfferState.EXECUTED).values("complaint")
    assert not Promise.objects.owed().filter(complaint__in=executed).exists()
    calls = Callback.objects.filter(kind=CallbackKind.VISIT)
    assert {call.complaint_id for call in calls.open()} <= set(
        Complaint.objects.filter(status=Status.FUV).values_list("pk", flat=True)
    )
    assert calls.exclude(done_at=None).count() > MANY / 20


def test_an_agent_sees_his_own_and_a_stranger_nothing(archive, sun):
    agent = Complaint.objects.exclude(assignee=None).latest("pk").assignee
    assert agent is not None
    seen = Complaint.objects.visible_to(agent)
    assert seen.filter(assignee=agent).count() == Complaint.objects.filter(assignee=agent).count()
    assert seen.count() < MANY
    teamless = person("teamless", "无组", Role.AGENT)
    assert not Complaint.objects.visible_to(teamless).exists()


def test_colleagues_that_were_added_cannot_sign_in(archive):
    added = User.objects.filter(username__startswith="gen-")
    assert added
    assert not any(user.has_usable_password() for user in added)


def test_search_finds_what_like_finds(archive):
    for word in (texts.RARE[0], "退款", "客服"):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM complaint_complaint WHERE text LIKE %s OR wanted LIKE %s",
                [f"%{word}%"] * 2,
            )
            assert Complaint.objects.search(word).count() == cursor.fetchone()[0]


def test_search_vectors_are_those_of_a_registration(archive):
    complaint = Complaint.objects.latest("pk")
    points = [point.shown for point in complaint.customer.contact_points.all()]
    expected = search.document(
        complaint.subject,
        complaint.text,
        complaint.wanted,
        complaint.order_no,
        complaint.customer.name,
        *points,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT search = %s::tsvector FROM complaint_complaint WHERE id = %s",
            [expected, complaint.pk],
        )
        assert cursor.fetchone()[0]


@pytest.mark.parametrize("count", [0, -5, 10**9])
def test_a_senseless_count_is_refused(count):
    with pytest.raises(CommandError, match="between 1 and"):
        generate(count)
