"""A selection of the queue is returned, each an act of its own."""

from __future__ import annotations

import pytest

from huiyin.ground import moment
from tests.roads import fresh

pytestmark = pytest.mark.django_db


def test_what_can_be_returned_is_and_the_rest_says_why(
    signed_in, chen, li, make_complaint, after_sales, logistics, desk
):
    def given(status, team=after_sales):
        complaint = make_complaint(team=team, assignee=li, status=status, severity=3)
        complaint.assignments.create(team=team, assignee=li, how="route", by=chen, at=moment.now())
        return complaint

    one, worked, foreign = given("DIS"), given("HND"), given("DIS", logistics)
    numbers = [one.number, worked.number, foreign.number, one.number]
    client = signed_in(chen)
    without = client.post("/queue/returns/", {"number": [one.number], "reason": " "}).json()
    assert not without["results"][0]["done"]
    answer = client.post("/queue/returns/", {"number": numbers, "reason": "不归本组"}).json()
    done = {row["number"]: row for row in answer["results"]}
    assert len(answer["results"]) == 3
    assert done[one.number]["done"]
    assert "已经签收" in done[worked.number]["sentence"]
    assert "没有找到" in done[foreign.number]["sentence"]
    assert (fresh(one).status, fresh(one).team) == ("TRI", desk)
    assert fresh(worked).assignee == li
