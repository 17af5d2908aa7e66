"""关联: both ways, with what they are to each other; told to whoever may see both; taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.grouping import actions as grouping
from huiyin.journey.grouping.models import Bond
from tests.conftest import person
from tests.roads import fresh, story
from tests.together import at_once

pytestmark = pytest.mark.django_db


def ends(user, complaint) -> list[tuple[str, str]]:
    return [(tie.words, tie.complaint.number) for tie in grouping.ties(user, fresh(complaint))]


def test_a_link_is_read_from_both_ends(mine, both, theirs):
    a, b = mine(), theirs()
    grouping.link(a, to=b, by=both, nature="cause", reason="灯是电饭煲的赠品")
    assert ends(both, a) == [("起因是", b.number)]
    assert ends(both, b) == [("引发了", a.number)]
    assert story(a)[-1] == story(b)[-1] == "linked"


def test_who_sees_only_one_end_learns_nothing_of_the_other(mine, theirs, both, li, sun):
    a, b = mine(), theirs()
    grouping.link(a, to=b, by=both, nature="related", reason="都是同一个门店")
    assert ends(li, a) == ends(sun, b) == []
    event = a.events.get(what="linked")
    assert set(event.facts) == {"bond", "side"}  # no number, no reason stands in the story
    assert grouping.told_of(li, [event]) == {}
    assert grouping.told_of(both, [event])[event.pk].number == b.number


def test_linked_once_whichever_end_one_begins_at(mine, both):
    a, b = mine(), mine()
    grouping.link(a, to=b, by=both, nature="duplicate")
    with pytest.raises(Refused, match="已经关联过"):
        grouping.link(b, to=a, by=both, nature="related")
    assert Bond.objects.count() == 1


def test_not_with_itself_and_not_without_saying_what_it_is(mine, li):
    a, b = mine(), mine()
    with pytest.raises(Invalid, match="不能和自己关联"):
        grouping.link(a, to=a, by=li, nature="related")
    with pytest.raises(Invalid, match="什么关系"):
        grouping.link(a, to=b, by=li, nature="friends")


def test_who_does_not_take_part_may_not(mine, db):
    a, b = mine(), mine()
    with pytest.raises(NotPermitted, match="参与办理"):
        grouping.link(a, to=b, by=person("legal", "法务", Role.LEGAL), nature="related")


def test_it_is_taken_back_within_seven_days_and_can_be_made_anew(mine, li, clock):
    with clock("2026-11-20 10:00"):
        a, b = mine(), mine()
        bond = grouping.link(a, to=b, by=li, nature="related")
    with clock("2026-11-27 10:00"):
        grouping.unlink(bond, by=li, reason="看错了编号")
        assert ends(li, a) == [] and story(b)[-1] == "unlinked"
        with pytest.raises(Refused, match="已经有人撤销"):
            grouping.unlink(bond, by=li)
        grouping.link(b, to=a, by=li, nature="related")


def test_later_than_that_it_stays(mine, li, settings):
    a, b = mine(), mine()
    bond = grouping.link(a, to=b, by=li, nature="related")
    with moment.at(moment.now() + timedelta(days=7, minutes=1)):
        with pytest.raises(Refused, match="已超过 7 天"):
            grouping.unlink(bond, by=li)
        settings.UNDO_DAYS = 8
        grouping.unlink(bond, by=li)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_link_at_once_one_does(mine, li, both):
    a, b = mine(), mine()
    results = at_once(
        lambda: grouping.link(fresh(a), to=fresh(b), by=li, nature="related"),
        lambda: grouping.link(fresh(b), to=fresh(a), by=both, nature="duplicate"),
    )
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert Bond.objects.lasting().count() == 1


def test_a_number_that_one_may_not_see_is_as_if_there_were_none(theirs, li):
    hidden = theirs()
    for number in (hidden.number, "TS1999-000001", "什么都不是", ""):
        with pytest.raises(Invalid, match="没有找到这个编号"):
            grouping.named(li, number)
