"""A department finds its improvements on its desk, beside its tasks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.ground import moment
from huiyin.ground.people.models import Department
from huiyin.ground.people.words import Role
from huiyin.journey.improvement import lists
from tests.conftest import person
from tests.improvement.conftest import opened, reported

pytestmark = pytest.mark.django_db
DESK, TAB = "/desk/", "/desk/improvements/"


@pytest.fixture
def it(complaint, goods, chen):
    return opened(complaint, chen, goods)


@pytest.fixture
def other(db):
    """物流部，负责人路远."""
    department = Department.objects.create(code="carrier", name="物流部")
    department.head = person("lu", "路远", Role.DEPT_HEAD, department=department)
    department.save()
    return department


def test_it_stands_under_the_tasks_and_in_its_own_tab(it, tong, signed_in):
    client = signed_in(tong)
    desk = client.get(DESK).content.decode()
    assert "要办的整改" in desk and it.title in desk and TAB in desk
    tab = client.get(TAB).content.decode()
    assert it.title in tab and f"/improvements/{it.pk}/" in tab and "商品部" in tab


def test_of_another_department_it_shows_nothing(it, other, signed_in):
    client = signed_in(other.head)
    assert it.title not in client.get(DESK).content.decode()
    html = client.get(TAB).content.decode()
    assert it.title not in html and "由本部门负责的整改会出现在这里" in html


def test_whoever_owns_one_by_name_has_the_tab_others_of_ours_have_not(
    complaint, chen, li, sun, signed_in
):
    it = opened(complaint, chen, None, person=li)
    assert it.title in signed_in(li).get(TAB).content.decode()
    assert TAB in signed_in(li).get(DESK).content.decode()
    assert TAB not in signed_in(sun).get(DESK).content.decode()


def test_what_is_late_is_marked_and_found_by_its_state(it, tong, signed_in):
    assert it.title not in signed_in(tong).get(f"{TAB}?view=late").content.decode()
    with moment.at(it.due_at + timedelta(hours=1)):
        html = signed_in(tong).get(f"{TAB}?view=late").content.decode()
    assert it.title in html and "is-late" in html


def test_reported_it_waits_for_another_and_is_no_longer_owed(it, tong, signed_in):
    reported(it, tong)
    client = signed_in(tong)
    assert it.title not in client.get(TAB).content.decode()
    assert it.title in client.get(f"{TAB}?view=done").content.decode()
    assert "要办的整改" not in client.get(DESK).content.decode()


@pytest.mark.parametrize(
    ("q", "is_there"),
    [("容量", True), ("ZG-{pk}", True), ("运费", False), ("'\";--%", False), ("长" * 500, False)],
)
def test_it_is_searched(q, is_there, it, tong, signed_in):
    answer = signed_in(tong).get(TAB, {"q": q.format(pk=it.pk)})
    assert answer.status_code == 200
    assert (f"/improvements/{it.pk}/" in answer.content.decode()) == is_there


@pytest.mark.parametrize("asked", ["view=nonsense", "after=x", "after=999999999", "kind=abc"])
def test_nonsense_is_no_fault(asked, it, tong, signed_in):
    assert signed_in(tong).get(f"{TAB}?{asked}").status_code == 200


def test_many_come_in_pages_and_cost_no_more_questions(
    make_complaint, goods, chen, tong, signed_in
):
    client = signed_in(tong)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(TAB)
        return len(found)

    opened(make_complaint(category="PD.02.01"), chen, goods)
    client.get(TAB)
    few = asked()
    for _n in range(12):
        opened(make_complaint(category="PD.02.01"), chen, goods)
    assert asked() <= few
    found, after = lists.page(tong, lists.Asked(view="working", mine=True), moment.now(), 10)
    rest, last = lists.page(
        tong, lists.Asked(view="working", mine=True, after=after), moment.now(), 10
    )
    assert len(found) == 10 and len(rest) == 3 and last is None
    assert not {one.pk for one in found} & {one.pk for one in rest}


def test_a_program_asks_for_its_own(it, complaint, tong, tao, api, chen, other):
    opened(complaint, chen, other)
    mine = api(tong).get("/api/v1/improvements?mine=true&view=working").json()
    assert [one["id"] for one in mine["items"]] == [it.pk]
    assert api(tao).get("/api/v1/improvements?mine=true").json()["items"] == []
