"""Designing: a draft is worked on by one at a time, what is published never changes."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.survey import actions
from huiyin.journey.survey.models import SendRule, Survey, Version
from tests.together import at_once

pytestmark = pytest.mark.django_db
ASKED = {"key": "q1", "ask": "csat", "title_zh": "满意吗", "required": True}


def published(survey: Survey) -> Version:
    found = survey.published
    assert found is not None
    return found


def test_only_managers_and_quality_officers_design(li, chen, admin, survey, tao):
    for one in (li, chen, admin):
        with pytest.raises(NotPermitted):
            actions.create(by=one, code="mine", name_zh="我的")
        with pytest.raises(NotPermitted):
            actions.draft_of(survey, by=one)
        with pytest.raises(NotPermitted):
            actions.change(survey, by=one, enabled=False)
    assert actions.create(by=tao, code="mine", name_zh="我的").versions.get().is_draft


@pytest.mark.parametrize("code", ["", "A", "x", "有中文", "a b", "a" * 50, "1a"])
def test_a_code_that_is_none_is_refused(tao, code):
    with pytest.raises(Invalid):
        actions.create(by=tao, code=code, name_zh="名称")


def test_the_same_code_twice_is_refused(tao, survey):
    with pytest.raises(Invalid, match="已经有"):
        actions.create(by=tao, code="handling", name_zh="又一个")
    with pytest.raises(Invalid):
        actions.create(by=tao, code="fresh", name_zh="")


def test_a_published_version_never_changes(survey, tao):
    version = survey.published
    with pytest.raises(Refused, match="不能修改"):
        actions.put(version, by=tao, edition=version.edition, questions=[ASKED])
    with pytest.raises(Refused):
        actions.publish(version, by=tao, edition=version.edition)
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(questions=[])
    with pytest.raises(DatabaseError), transaction.atomic():
        version.delete()


def test_a_new_version_begins_as_the_published_one_and_takes_its_place(survey, tao):
    draft = actions.draft_of(survey, by=tao)
    assert actions.draft_of(survey, by=tao) == draft
    assert draft.questions == published(survey).questions
    draft = actions.put(draft, by=tao, edition=draft.edition, questions=[ASKED])
    assert published(survey).number == 1
    actions.publish(draft, by=tao, edition=draft.edition)
    assert published(survey).number == 2
    assert len(published(survey).questions) == 1


def test_of_two_designers_the_second_is_refused(survey, tao, manager):
    draft = actions.draft_of(survey, by=tao)
    theirs = Version.objects.get(pk=draft.pk)
    actions.put(draft, by=tao, edition=1, questions=[ASKED])
    with pytest.raises(Refused, match="别人改过"):
        actions.put(theirs, by=manager, edition=1, questions=[ASKED | {"title_zh": "别的"}])
    with pytest.raises(Refused, match="别人改过"):
        actions.publish(theirs, by=manager, edition=1)


@pytest.mark.django_db(transaction=True)
def test_two_drafts_at_once_are_one(survey, tao, manager):
    results = at_once(
        lambda: actions.draft_of(survey, by=tao).pk,
        lambda: actions.draft_of(survey, by=manager).pk,
    )
    assert len(set(results)) == 1, results
    assert survey.versions.filter(published_at=None).count() == 1


def test_an_empty_survey_is_not_published(tao):
    made = actions.create(by=tao, code="empty", name_zh="空的")
    with pytest.raises(Invalid):
        actions.publish(made.versions.get(), by=tao, edition=1)


def test_settings_are_checked(survey, tao):
    with pytest.raises(Invalid):
        actions.change(survey, by=tao, low_csat=9)
    with pytest.raises(Invalid):
        actions.change(survey, by=tao, name_zh="")
    with pytest.raises(TypeError):
        actions.change(survey, by=tao, code="other")


def test_the_designer_adds_orders_changes_removes_and_publishes(signed_in, tao):
    desk = signed_in(tao)
    made = desk.post(reverse("survey:new"), {"code": "walk", "name_zh": "走一遍"})
    survey = Survey.objects.get(code="walk")
    assert made["Location"] == reverse("survey:design", args=[survey.pk])
    question = reverse("survey:question", args=[survey.pk])

    def draft():
        return survey.versions.get(published_at=None)

    def add(**typed):
        return desk.post(question, {"edition": draft().edition, **typed})

    assert add(ask="csat", title_zh="满意吗", required="on", look="stars").status_code == 302
    answer = add(
        ask="several",
        title_zh="缺什么",
        options="慢 | Slow\n凶",
        when='{"all":[{"field":"q1","is":"at_most","value":3}]}',
    )
    assert answer.status_code == 302
    assert add(ask="one", title_zh="一个选项", options="只有").status_code == 422
    assert add(ask="csat", title_zh="").status_code == 422
    assert [one["key"] for one in draft().questions] == ["q1", "q2"]
    assert draft().questions[1]["options"][0] == {"key": "o1", "zh": "慢", "en": "Slow"}
    page = desk.get(reverse("survey:design", args=[survey.pk]))
    assert "只在" in page.text

    order = reverse("survey:ordering", args=[survey.pk])
    refused = desk.post(order, {"key": "q2", "to": "up", "edition": draft().edition})
    assert refused.status_code == 422  # it asks for the first, so it cannot stand before it
    assert add(ask="text", title_zh="还有吗").status_code == 302
    moved = desk.post(order, {"key": "q3", "to": "up", "edition": draft().edition})
    assert moved.status_code == 302
    assert [one["key"] for one in draft().questions] == ["q1", "q3", "q2"]

    typed = {"ask": "several", "title_zh": "缺了什么", "options": "凶\n贵", "edition": 4}
    assert desk.post(f"{question}?key=q2", typed).status_code == 409  # seen too long ago
    typed["edition"] = draft().edition
    assert desk.post(f"{question}?key=q2", typed).status_code == 302
    assert [one["key"] for one in draft().questions[2]["options"]] == ["o2", "o1"]

    removal = reverse("survey:removal", args=[survey.pk])
    desk.post(removal, {"key": "q3", "edition": draft().edition})
    words = reverse("survey:wording", args=[survey.pk])
    desk.post(words, {"edition": draft().edition, "greeting_zh": "您好", "thanks_zh": "谢谢"})
    assert draft().greeting_zh == "您好"
    publish = reverse("survey:publication", args=[survey.pk])
    assert desk.post(publish, {"edition": draft().edition}).status_code == 302
    assert published(survey).number == 1
    preview = desk.get(reverse("portal:survey_preview", args=[published(survey).pk]))
    assert "缺了什么" in preview.text
    assert "data-keep" not in preview.text
    assert desk.get(f"{question}?key=q1").status_code == 404  # nothing to be worked on any more


def test_pages_of_the_designer_are_read_by_others_and_changed_by_none(signed_in, li, survey):
    desk = signed_in(li)
    page = desk.get(reverse("survey:design", args=[survey.pk]))
    assert page.status_code == 200
    assert "改出新版本" not in page.text
    for name in ("drafting", "wording", "ordering", "removal", "publication"):
        refused = desk.post(reverse(f"survey:{name}", args=[survey.pk]), {"edition": "1"})
        assert refused.status_code == 403, name
    for name in ("question", "settings"):
        assert desk.get(reverse(f"survey:{name}", args=[survey.pk])).status_code == 403


def test_the_rules_stand_in_the_console_with_their_condition(signed_in, manager, survey):
    desk = signed_in(manager)
    condition = '{"all":[{"field":"severity","is":"one_of","value":["1","2"]}]}'
    typed = {
        "name": "严重的都问",
        "survey": survey.pk,
        "after": "closed",
        "condition": condition,
        "percent": "50",
        "delay_hours": "4",
        "way": "mail",
        "expires_days": "10",
        "remind_days": "2",
        "position": "5",
    }
    made = desk.post(reverse("console:new", args=["survey-rules"]), typed)
    assert made.status_code == 302
    rule = SendRule.objects.get(name="严重的都问")
    assert "S1" in desk.get(reverse("console:section", args=["survey-rules"])).text
    wrong = typed | {"way": "letter", "after": "visited"}
    assert (
        desk.post(reverse("console:row", args=["survey-rules", rule.pk]), wrong).status_code == 422
    )


def test_every_installation_has_two_surveys_and_none_is_sent_by_itself(db):
    handling = Survey.objects.get(code="handling")
    assert {one["ask"] for one in published(handling).questions} >= {
        "csat",
        "ces",
        "yes",
        "several",
    }
    assert all(one["title_en"] for one in published(handling).questions)
    assert published(Survey.objects.get(code="recommend")).questions[0]["ask"] == "nps"
    assert not SendRule.objects.filter(enabled=True).exists()
