"""Rules that propose an improvement: once for each cause and period, with all its complaints."""

from __future__ import annotations

import pytest

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import What
from huiyin.journey.improvement import actions
from huiyin.journey.improvement.models import Improvement, Rule
from huiyin.journey.improvement.words import Stage, Trigger
from huiyin.journey.intake.models import Answer, Field
from huiyin.journey.investigation.actions import find
from tests.improvement.conftest import again, planned
from tests.roads import assigned

pytestmark = pytest.mark.django_db


def happens(what: What, complaint, **facts) -> Event:
    event = Event(
        what=what, complaint=complaint, by=User.objects.system(), at=moment.now(), facts=facts
    )
    event.save()
    return event


def of_batch(make, batch: str, **fields):
    made = make(category="PD.03.01", severity=3, **fields)
    Answer.objects.create(complaint=made, field=Field.objects.get(key="batch_no"), value=batch)
    return made


def test_an_s1_calls_for_one_and_only_once(make_complaint):
    made = make_complaint(severity=1, category="SF.02.01")
    for _twice in range(2):
        actions.fire_rules(happens(What.RECEIVED, made))
    actions.fire_rules(happens(What.SUPERVISED, made))  # another cause, the same complaint
    it = Improvement.objects.get()
    assert (it.stage, it.trigger, it.lead) == (Stage.PROPOSED, Trigger.CRITICAL, made)
    assert it.due_at is None
    assert not made.clocks.filter(kind="improvement").exists()


def test_three_of_one_batch_are_one_proposal_and_the_fourth_joins(make_complaint):
    for _n in range(2):
        actions.fire_rules(happens(What.RECEIVED, of_batch(make_complaint, "B1")))
    actions.fire_rules(happens(What.RECEIVED, of_batch(make_complaint, "B2")))
    assert not Improvement.objects.exists()
    actions.fire_rules(happens(What.RECEIVED, of_batch(make_complaint, "B1")))
    it = Improvement.objects.get()
    assert (it.sources.count(), it.object_field, it.object_value) == (3, "batch_no", "B1")
    actions.fire_rules(happens(What.RECEIVED, of_batch(make_complaint, "B1")))
    assert Improvement.objects.get().sources.count() == 4


def test_a_dismissed_cause_is_not_proposed_again_in_its_period(make_complaint, chen):
    for _n in range(3):
        last = of_batch(make_complaint, "B1")
    actions.fire_rules(happens(What.RECEIVED, last))
    actions.dismiss(again(Improvement.objects.get()), by=chen, words="供应商已召回")
    actions.fire_rules(happens(What.RECEIVED, of_batch(make_complaint, "B1")))
    assert Improvement.objects.get().stage == Stage.DISMISSED
    assert Improvement.objects.get().sources.count() == 3


def test_the_same_cause_five_times_in_a_month(make_complaint, after_sales, li):
    for n in range(5):
        one = assigned(make_complaint, after_sales, li, category=f"SV.01.0{n + 1}")
        find(one, by=li, facts="坐席没有回电", cause="CAU.5", liability="RSP.1")
        actions.fire_rules(one.events.filter(what=What.FOUND).get())
        assert Improvement.objects.filter(trigger=Trigger.CAUSE).count() == (n == 4)
    it = Improvement.objects.get(trigger=Trigger.CAUSE)
    assert it.sources.count() == 5
    assert "人员操作或技能" in it.title


def test_closing_with_improvement_regulator_and_supervision(
    make_complaint, after_sales, li, manager
):
    from tests.roads import close, feed_back, solved

    one = solved(make_complaint, after_sales, li, category="PD.02.01", order_no="SO-1")
    feed_back(one, li)
    close(one, li, improvement=True)
    actions.fire_rules(one.events.get(what=What.CLOSED))
    assert Improvement.objects.get().trigger == Trigger.CLOSING
    two = make_complaint(channel="regulator", severity=3, category="PD.02.01")
    actions.fire_rules(happens(What.RECEIVED, two))
    three = make_complaint(severity=3, category="PD.02.01")
    actions.fire_rules(happens(What.SUPERVISED, three))
    triggers = set(Improvement.objects.values_list("trigger", flat=True))
    assert triggers == {Trigger.CLOSING, Trigger.REGULATOR, Trigger.SUPERVISED}


def test_a_condition_narrows_a_rule_and_a_retired_one_is_silent(make_complaint):
    rule = Rule.objects.get(trigger=Trigger.CRITICAL)
    rule.condition = {"all": [{"field": "channel", "is": "equal", "value": "phone"}]}
    rule.save()
    by_mail = make_complaint(severity=1, category="SF.02.01", channel="email")
    actions.fire_rules(happens(What.RECEIVED, by_mail))
    assert not Improvement.objects.exists()
    rule.enabled = False
    rule.save()
    actions.fire_rules(happens(What.RECEIVED, make_complaint(severity=1, category="SF.02.01")))
    assert not Improvement.objects.exists()


def test_a_file_of_old_complaints_is_no_news(make_complaint):
    made = make_complaint(severity=1, category="SF.02.01")
    actions.fire_rules(happens(What.RECEIVED, made, via="import"))
    assert not Improvement.objects.exists()


def test_a_proposal_is_confirmed_with_an_owner_and_runs(make_complaint, chen, goods):
    made = make_complaint(severity=1, category="SF.02.01")
    actions.fire_rules(happens(What.RECEIVED, made))
    it = again(Improvement.objects.get())
    actions.confirm(it, by=chen, plan=planned(department=goods))
    it = again(it)
    assert (it.stage, it.department, it.kind.code) == (Stage.WORKING, goods, "page")
    assert it.due_at is not None
    assert made.clocks.get(kind="improvement").subject == it.subject
