"""Rules before routes, skills before load, rotation and fairness, and the reasons that are kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from huiyin.ground import moment
from huiyin.ground.customers.models import Customer
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Presence, Role
from huiyin.journey.routing import actions as routing
from huiyin.journey.routing import why
from huiyin.journey.routing.models import Assignment, PersonSkill, Rule, Skill
from huiyin.journey.routing.words import Why
from huiyin.journey.triage.actions import confirm
from tests.conftest import person
from tests.roads import fresh
from tests.routing.conftest import BROKEN

pytestmark = pytest.mark.django_db

BY_PHONE = {"all": [{"field": "channel", "is": "one_of", "value": ["phone"]}]}
NOT_BY_PHONE = {"all": [{"field": "channel", "is": "none_of", "value": ["phone"]}]}


def rule(team, condition=BY_PHONE, **fields) -> Rule:
    fields.setdefault("name", "电话来的")
    return Rule.objects.create(team=team, condition=condition, **fields)


def reasons(complaint) -> list[str]:
    return [one["why"] for one in complaint.assignments.current().get().why]


def away(user: User, **fields) -> None:
    User.objects.filter(pk=user.pk).update(presence=Presence.AWAY, **fields)


def test_a_rule_goes_before_the_route(taken_in, he, sun, logistics):
    made = rule(logistics)
    complaint = taken_in()
    assert (complaint.team, complaint.assignee) == (logistics, sun)
    one = complaint.assignments.get()
    assert one.why[0] == {"why": "rule", "name": made.name, "version": 1}


def test_the_first_rule_that_holds_decides(taken_in, he, sun, logistics, quality):
    rule(quality, NOT_BY_PHONE, position=1)
    rule(logistics, position=3)
    rule(quality, position=2)
    assert taken_in().assignee == he


def test_a_rule_out_of_use_and_a_team_out_of_use_decide_nothing(taken_in, he, sun, logistics):
    rule(logistics, retired_at=moment.now())
    assert taken_in().assignee == he
    rule(logistics)
    logistics.retired_at = moment.now()
    logistics.save()
    assert taken_in().assignee == he


def test_a_rule_may_name_a_person_and_the_deputy_stands_in(taken_in, he, sun, ma, logistics):
    rule(logistics, person=sun)
    complaint = taken_in()
    assert complaint.assignee == sun
    assert reasons(complaint) == ["rule", "named"]
    away(sun, deputy=ma)
    complaint = taken_in()
    assert complaint.assignee == ma
    assert reasons(complaint) == ["rule", "named", "deputy"]
    away(ma)  # nobody stands in: the team has it
    assert (complaint := taken_in()).assignee is None
    assert complaint.team == logistics


def test_what_is_not_sure_goes_to_the_desk_unless_the_rule_takes_it_as_it_is(
    taken_in, sun, logistics, desk
):
    unsure = {"category": "", "severity": None, "text": "我要投诉，你们这里有点问题，请回电。"}
    made = rule(logistics)
    assert taken_in(**unsure).team == desk
    Rule.objects.filter(pk=made.pk).update(even_unsure=True)
    complaint = taken_in(**unsure)
    assert (complaint.team, complaint.assignee) == (logistics, sun)


def test_a_corrected_triage_is_asked_of_the_rules_again(taken_in, he, sun, zhou, logistics):
    complaint = taken_in()
    assert complaint.assignee == he
    rule(logistics, {"all": [{"field": "severity", "is": "one_of", "value": ["2"]}]})
    confirm(fresh(complaint), by=zhou, category=BROKEN, severity=2)
    assert fresh(complaint).assignee == sun


@pytest.fixture
def english(db):
    return Skill.objects.create(code="en", name="英语", kind="language", serves="en")


def test_the_customers_language_is_wanted(taken_in, he, ma, english, wang_fang):
    PersonSkill.objects.create(skill=english, person=ma, level=2)
    for _ in range(2):
        taken_in()
    Customer.objects.filter(pk=wang_fang.pk).update(language="en")
    for _ in range(3):  # again and again, whatever she carries
        complaint = taken_in()
        assert complaint.assignee == ma
        assert "skilled" in reasons(complaint)
    away(ma)
    complaint = taken_in()
    assert complaint.assignee == he
    assert {"why": "unskilled", "lacks": 1, "skills": "英语"} in complaint.assignments.get().why


def test_a_rule_wants_skills_and_the_channel_does(taken_in, he, ma, quality):
    repair = Skill.objects.create(code="repair", name="维修")
    phone = Skill.objects.create(code="phone", name="电话", kind="channel", serves="phone")
    PersonSkill.objects.create(skill=repair, person=he)
    made = rule(quality)
    made.skills.set([repair])
    assert taken_in().assignee == he
    PersonSkill.objects.create(skill=phone, person=ma)
    PersonSkill.objects.create(skill=repair, person=ma)
    for _ in range(3):
        assert taken_in().assignee == ma
    Skill.objects.update(retired_at=moment.now())
    assert taken_in().assignee == he


def test_s2_go_round_whatever_one_carries(taken_in, he, ma, make_complaint, quality):
    for _ in range(9):
        make_complaint(team=quality, assignee=ma, status="HND", severity=3)
    got = [taken_in(severity=2).assignee for _ in range(4)]
    assert got.count(he) == got.count(ma) == 2


def test_rotation_forgets_after_a_week(taken_in, he, ma, clock):
    with clock("2026-11-02 10:00"):
        first = taken_in(severity=2).assignee
    with clock("2026-11-20 10:00"):
        counted = Assignment.objects.filter(assignee=first).get()
        assert counted.severity == 2
        again = taken_in(severity=2)
        assert "rotated" not in reasons(again)


def test_nobody_gets_a_third_angry_customer_in_a_row(taken_in, he, ma, make_complaint, quality):
    for _ in range(30):
        make_complaint(team=quality, assignee=ma, status="HND", severity=3)
    angry = "气死我了！太过分了！我非常愤怒！电饭煲不加热！"
    complaints = [taken_in(text=angry) for _ in range(4)]
    assert all(c.emotion == "angry" for c in complaints)
    assert all(c.severity > 2 for c in complaints), [reasons(c) for c in complaints]
    assert [c.assignee for c in complaints] == [he, he, ma, ma]
    assert "spared" in reasons(complaints[2])
    assert complaints[0].assignments.get().angry


def test_dispatch_to_a_team_keeps_the_reasons_too(taken_in, he, ma, chen, manager, quality):
    complaint = fresh(taken_in())
    routing.accept(complaint, by=manager)
    routing.dispatch(complaint, by=manager, team=quality)
    assert reasons(fresh(complaint)) == ["least"]


def test_the_reasons_are_read_in_both_languages():
    told: list[dict[str, Any]] = [
        {"why": "rule", "name": "电话来的", "version": 3},
        {"why": "least", "weight": 4, "of": 2},
        {"why": "gone"},
    ]
    assert why.in_words(told) == [
        "符合派单规则“电话来的”（第 3 版）",
        "2 人中负荷最小（负荷 4）",
    ]
    assert set(why.SENTENCES) == set(Why)
    with translation.override("en"):
        assert len(why.in_words([{"why": str(one)} for one in Why])) == len(Why)


def test_the_panel_and_the_api_say_why(taken_in, he, signed_in, api):
    complaint = taken_in()
    page = signed_in(he).get(f"/complaints/{complaint.number}/panels/routing/").content.decode()
    assert "组内只有此人在岗" in page
    rows = api(he).get(f"/api/v1/complaints/{complaint.number}/assignments").json()
    assert "组内只有此人在岗" in rows[0]["why"]


def test_giving_asks_few_questions_however_many_rules_there_are(
    taken_in, he, ma, quality, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    taken_in()
    with CaptureQueriesContext(
        connection,
    ) as without:
        taken_in()
    for position in range(30):
        rule(quality, NOT_BY_PHONE, position=position)
    with django_assert_max_num_queries(len(without)):
        taken_in()


def test_a_rule_person_who_is_barred_is_passed_over(taken_in, sun, logistics, he):
    other = person("bian", "边远", Role.AGENT, teams=[logistics])
    rule(logistics, person=sun)
    complaint = taken_in()
    assert complaint.assignee in (sun, other)
