"""Programs read the same board and league, of what their person may see."""

from __future__ import annotations

import pytest

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from tests.conftest import at, person
from tests.oversight.test_board import NOW, house  # noqa: F401 — the same complaints

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]


def got(api, user, path):
    with moment.at(at(NOW)):
        return api(user).get(path)


def test_a_manager_reads_all_and_a_supervisor_his_team(api, manager, chen):
    board = got(api, manager, "/api/v1/board").json()
    assert board["total"] == {"open": 5, "due_today": 2, "overdue": 1, "urgent": 1}
    assert {line["team"] for line in board["teams"]} == {"aftersales", "logistics", None}
    assert [one["burn"] for one in board["burning"]] == ["late"]
    assert sum(step["count"] for step in board["road"]) == 5
    own = got(api, chen, "/api/v1/board?team=aftersales").json()
    assert own["total"]["open"] == 3


def test_another_team_does_not_exist_and_an_agent_has_no_board(api, chen, li):
    assert got(api, chen, "/api/v1/board?team=logistics").status_code == 404
    assert got(api, li, "/api/v1/board").status_code == 403
    assert got(api, li, "/api/v1/league").status_code == 403
    assert got(api, chen, "/api/v1/board?severity=9").status_code == 422


def test_the_league_tells_its_period_and_shares(api, manager):
    league = got(api, manager, "/api/v1/league?of=teams&period=30").json()
    assert (league["since"], league["until"]) == ("2026-10-22", "2026-11-20")
    for line in league["lines"]:
        assert line["rank"] is None  # too few cases
        for cell in line["cells"]:
            assert cell["part"] <= cell["whole"]


def test_a_supervision_officer_may_too(api):
    officer = person("du", "杜衡", Role.SUPERVISION)
    assert got(api, officer, "/api/v1/board").status_code == 200
