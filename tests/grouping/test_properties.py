"""Random sequences of grouping and undoing: taken back in any order, everything is as it was."""

from __future__ import annotations

import random

import pytest

from huiyin.ground.refusal import Refused
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.grouping import actions as grouping
from huiyin.journey.grouping.actions import About, Item
from huiyin.journey.grouping.models import Bond, Membership
from huiyin.journey.intake.actions import Contact, register
from huiyin.journey.routing import actions as routing
from huiyin.surface.operation.facts import differences
from tests.grouping.test_merging import bond, clocks, had_by, seers, spine
from tests.roads import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd(li, sun, manager, after_sales, logistics, clock):
    """Six registered complaints of two teams: signed, unsigned, waiting, in a pool."""
    with clock("2026-11-26 10:00"):
        return _crowd(li, sun, manager, after_sales, logistics)


def _crowd(li, sun, manager, after_sales, logistics):
    made = []
    for n in range(6):
        one = register(
            by=(li, sun)[n % 2],
            channel="phone",
            contact=Contact(name=f"客户{n}", phone=f"1390000{n:04d}"),
            text=f"第{n}台电饭煲不加热，客服一直不处理，要求退款。",
            category="PD.01.07",
            severity=3,
        )
        to, team = ((li, after_sales), (sun, logistics))[n % 2]
        if n < 5:
            routing.dispatch(one, by=manager, team=team, to=to, note="")
        if n < 4:
            routing.accept(fresh(one), by=to)
        if n == 3:
            routing.wait(fresh(one), by=to, whom="customer", reason="等客户寄回")
        made.append(fresh(one))
    return made


class World:
    """What random people do, and how each of it is taken back."""

    def __init__(self, crowd, manager, seed):
        self.crowd, self.by, self.rng = crowd, manager, random.Random(seed)
        self.incident = grouping.open_incident(About("电饭煲批次故障"), by=manager)
        self.undo: list = []

    def two(self):
        a, b = self.rng.sample(self.crowd, 2)
        return fresh(a), fresh(b)

    def merge(self):
        a, b = self.two()
        done = grouping.merge(a, into=b, by=self.by, reason="同一批货")
        self.undo.append(lambda: grouping.unmerge(bond(done.pk), by=self.by))

    def link(self):
        a, b = self.two()
        done = grouping.link(a, to=b, by=self.by, nature="related")
        self.undo.append(lambda: grouping.unlink(bond(done.pk), by=self.by))

    def split(self):
        one, _other = self.two()
        items = [Item("电饭煲不加热，要求退款"), Item("客服骂人，要求道歉")]
        grouping.split(one, items=items, by=self.by, reason="两件事")
        self.undo.append(lambda: grouping.unsplit(fresh(one), by=self.by, reason="一件事"))

    def join(self):
        one, _other = self.two()
        member = grouping.join(self.incident, one, by=self.by)
        again = Membership.objects.select_related("incident", "complaint")
        self.undo.append(
            lambda: grouping.leave(again.get(pk=member.pk), by=self.by, reason="并错了")
        )

    def act(self):
        try:
            self.rng.choice((self.merge, self.merge, self.link, self.split, self.join))()
        except Refused:
            return  # it says no and changes nothing: the comparison at the end proves it


def snapshot(crowd, people):
    return [(spine(one), clocks(one), had_by(one), sorted(seers(one, *people))) for one in crowd]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_was_grouped_and_taken_back_leaves_no_trace(
    seed, crowd, manager, li, sun, qian, both, far_lead, zhou, clock
):
    people = (manager, li, sun, qian, both, far_lead, zhou)
    with clock("2026-11-26 10:00"):
        before = snapshot(crowd, people)
        world = World(crowd, manager, seed)
        for _step in range(14):
            world.act()
        assert world.undo
        pending, rounds = world.undo[::-1], 0
        while (
            pending and rounds < 20
        ):  # the last first; what is bound otherwise comes a round later
            rounds += 1
            world.rng.shuffle(pending)
            left = []
            for take_back in pending:
                try:
                    take_back()
                except Refused:
                    left.append(take_back)
            pending = left
        assert pending == []
    assert not Bond.objects.lasting().exists()
    after = snapshot(crowd, people)
    # Whoever has to sign has that time again from the undoing; frozen, it is the same moment.
    assert after == before


@pytest.mark.parametrize("seed", range(4))
def test_the_spine_and_the_records_agree_in_between(seed, crowd, manager):
    world = World(crowd, manager, 100 + seed)
    for _step in range(14):
        world.act()
    assert list(differences()) == []
    for one in Complaint.objects.all():
        assert one.assignments.current().count() <= 1
