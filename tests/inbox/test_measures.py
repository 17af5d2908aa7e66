"""Measures under supervision in the officer's inbox."""

import pytest

from huiyin.ground.people.words import Role
from huiyin.journey.supervision import actions
from huiyin.journey.supervision.words import Stage
from huiyin.surface.inbox import lists
from tests.conftest import person
from tests.together import at_once

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def du(db):
    return person("du", "杜衡", Role.SUPERVISION)


@pytest.fixture
def measure(complaint, du, li):
    watch = actions.begin(complaint, by=du, level="posted", reason="三次来诉仍未解决")
    return actions.file_measures(watch, by=li, text="今天上门换新，由李明负责，下班前回电。")


def test_they_wait_for_the_officer_alone(measure, du, li, chen, manager, sun):
    item = lists.page(du)[0][0]
    assert (item.kind.key, item.by) == ("measure", "李明")
    assert "今天上门换新" in item.why
    for other in (li, chen, manager, sun):
        assert [i for i in lists.page(other)[0] if i.kind.key == "measure"] == []


def test_they_are_accepted_where_they_stand(measure, du, signed_in):
    client = signed_in(du)
    assert "今天上门换新" in client.get(f"/inbox/measure/{measure.pk}/").text
    answer = client.post(f"/inbox/measure/{measure.pk}/", {"approve": "1"}, headers=HTMX)
    assert "已采纳措施" in answer.text
    measure.supervision.refresh_from_db()
    assert measure.supervision.stage == Stage.ACCEPTED
    assert lists.page(du)[0] == []
    assert client.post(f"/inbox/measure/{measure.pk}/", {"approve": "1"}).status_code == 409


def test_sending_back_needs_a_reason(measure, du, signed_in):
    client, address = signed_in(du), f"/inbox/measure/{measure.pk}/"
    assert client.post(address, {"approve": "0"}, headers=HTMX).status_code == 422
    assert client.post(address, {"approve": "0", "note": "没有写完成时间"}).status_code == 302
    measure.supervision.refresh_from_db()
    assert measure.supervision.stage == Stage.DUE


def test_nobody_else_can(measure, manager, li, sun, signed_in):
    address = f"/inbox/measure/{measure.pk}/"
    for who, status in ((manager, 403), (li, 403), (sun, 404)):
        assert signed_in(who).post(address, {"approve": "1"}).status_code == status


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_once_one_decides(measure, du, signed_in):
    clients = (signed_in(du), signed_in(person("du2", "杜二", Role.SUPERVISION)))
    acts = [lambda c=c: c.post(f"/inbox/measure/{measure.pk}/", {"approve": "1"}) for c in clients]
    assert sorted(answer.status_code for answer in at_once(*acts)) == [302, 409]
