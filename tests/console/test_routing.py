"""Rules, skills and the roster in the console."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.journey.routing.models import DutyShift, PersonSkill, Rule, Skill
from huiyin.surface.console.models import ConfigChange
from tests.conftest import person

pytestmark = pytest.mark.django_db

S1 = {"all": [{"field": "severity", "is": "one_of", "value": ["1"]}]}


@pytest.fixture
def boss(signed_in, manager):
    return signed_in(manager)


def test_a_rule_is_built_and_its_changes_are_versions(boss, fill, li, after_sales):
    answer = fill(
        boss, "rules", name="急件", position="1", team=after_sales.pk, condition=json.dumps(S1)
    )
    assert answer.status_code == 302
    rule = Rule.objects.get()
    assert (rule.condition, rule.version, rule.team) == (S1, 1, after_sales)
    assert fill(boss, "rules", rule).status_code == 302
    rule.refresh_from_db()
    assert rule.version == 1  # nothing was changed
    assert fill(boss, "rules", rule, person=li.pk).status_code == 302
    rule.refresh_from_db()
    assert (rule.version, rule.person) == (2, li)
    assert fill(boss, "rules", rule, position="7").status_code == 302
    rule.refresh_from_db()
    assert rule.version == 2
    told = [change["field"] for one in ConfigChange.objects.all() for change in one.changes]
    assert "条件" in told
    assert "严重程度 是 S1" in boss.get("/console/rules/").content.decode()


@pytest.mark.parametrize(
    "changed",
    [
        {"condition": ""},
        {"condition": "{"},
        {"condition": '{"all": [{"field": "password", "is": "filled"}]}'},
        {"name": ""},
    ],
)
def test_a_rule_without_sense_is_refused(boss, fill, after_sales, changed):
    typed = {"name": "急件", "position": "1", "condition": json.dumps(S1)} | changed
    assert fill(boss, "rules", team=after_sales.pk, **typed).status_code == 422
    assert not Rule.objects.exists()


def test_a_rule_names_a_person_of_its_team(boss, fill, sun, after_sales):
    typed = {"name": "急件", "position": "1", "condition": json.dumps(S1), "person": sun.pk}
    answer = fill(boss, "rules", team=after_sales.pk, **typed)
    assert answer.status_code == 422
    assert "不在所选小组里" in answer.content.decode()


def test_a_team_that_rules_need_stays(boss, admin, signed_in, logistics):
    Rule.objects.create(name="x", condition=S1, team=logistics)
    url = reverse("console:state", args=["teams", logistics.pk])
    from huiyin.journey.routing.models import Route

    Route.objects.filter(team=logistics).delete()
    assert boss.post(url, {"state": "retired"}).status_code == 409
    Rule.objects.update(retired_at=moment.now())
    assert boss.post(url, {"state": "retired"}).status_code == 302


def test_skills_serve_what_they_are_for(boss, fill, li):
    typed = {"code": "en", "name": "英语", "kind": "language"}
    assert fill(boss, "skills", **typed).status_code == 422
    assert fill(boss, "skills", **typed, serves="phone").status_code == 422
    assert fill(boss, "skills", **typed, serves="en").status_code == 302
    skill = Skill.objects.get()
    who = {"parent": skill.pk, "person": li.pk, "level": "2"}
    assert fill(boss, "person-skills", **who).status_code == 302
    assert PersonSkill.objects.get().level == 2
    assert fill(boss, "person-skills", **who).status_code == 422  # once
    assert li.name in boss.get(f"/console/skills/{skill.pk}/").content.decode()


def test_a_roster_is_kept_for_a_week_at_once(boss, fill, chen, li, after_sales):
    begins = moment.now().replace(minute=0, second=0, microsecond=0)
    shift = {
        "post": "supervisor",
        "team": after_sales.pk,
        "person": chen.pk,
        "starts_at": begins.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (begins + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M"),
    }
    assert fill(boss, "duty", **shift, repeat="6").status_code == 302
    assert DutyShift.objects.count() == 7
    page = boss.get("/console/duty/").content.decode()
    assert page.count(chen.name) >= 8  # in the weeks and in the list
    answer = fill(boss, "duty", **shift | {"person": li.pk})
    assert answer.status_code == 422
    assert "不能值这个班" in answer.content.decode()
    assert fill(boss, "duty", **shift | {"ends_at": shift["starts_at"]}).status_code == 422


def test_a_supervisor_keeps_the_roster_and_no_rules(signed_in, chen, fill, after_sales):
    client = signed_in(chen)
    assert client.get("/console/duty/new/").status_code == 200
    assert client.get("/console/rules/").status_code == 200
    assert client.get("/console/rules/new/").status_code == 403
    nobody = person("qa", "质检", Role.QA)
    assert signed_in(nobody).get("/console/duty/").status_code == 403
