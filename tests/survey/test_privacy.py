"""Nothing that identifies goes to those judged unless the customer allows it: role by role."""

from __future__ import annotations

import pytest
from asgiref.sync import async_to_sync
from django.urls import reverse

from huiyin.ground.people.words import Role
from huiyin.journey.survey import actions, lists, shown
from huiyin.journey.survey import results as figures
from huiyin.journey.survey.models import Answer
from huiyin.journey.survey.results import Asked
from tests.conftest import person
from tests.survey.conftest import BAD, GOOD

pytestmark = pytest.mark.django_db


def figures_of(user, survey):
    asked = Asked.read({"period": "90"}, user)
    return figures.results(user, survey, asked, survey.published)


def answers_of(user, survey):
    asked = Asked.read({"period": "90"}, user)
    return lists.page(user, survey, asked, lists.Narrowed())[0]


def read(answer):
    """A streamed file whole."""

    async def pieces():
        return b"".join([piece async for piece in answer.streaming_content])

    return async_to_sync(pieces)().decode("utf-8-sig")


@pytest.fixture
def many(answered):
    """`many(n)` gives n answers without consent."""
    return lambda n, raw=None: [answered(raw) for _turn in range(n)]


def test_managers_and_quality_officers_see_all(many, survey, manager, tao):
    many(3)
    for one in (manager, tao):
        assert len(answers_of(one, survey)) == 3
        assert figures_of(one, survey).answers == 3
        assert figures_of(one, survey).scores["csat"].value == 100


def test_the_handler_and_his_team_see_sums_of_five_and_no_answer(many, survey, li, chen, han):
    many(4)
    for one in (li, chen, han):
        assert answers_of(one, survey) == []
        seen = figures_of(one, survey)
        assert (seen.hidden, seen.answers, seen.scores, seen.weeks) == (True, 0, {}, [])
    many(1)
    for one in (li, chen, han):
        assert answers_of(one, survey) == []
        seen = figures_of(one, survey)
        assert (seen.hidden, seen.answers) == (False, 5)
        assert seen.scores["csat"].value == 100


def test_a_sixth_answer_moves_no_figure_until_there_are_five_new_ones(many, survey, li):
    many(5)
    before = figures_of(li, survey).scores["csat"]
    many(4, BAD)
    assert figures_of(li, survey).scores["csat"] == before
    many(1, BAD)
    assert figures_of(li, survey).scores["csat"].of == 10


def test_another_team_sees_none_of_it(many, survey, sun):
    many(6)
    seen = figures_of(sun, survey)
    assert (seen.hidden, seen.answers, seen.sent) == (True, 0, 0)
    assert answers_of(sun, survey) == []


def test_officers_see_sums_of_the_house_without_names(many, survey, li):
    many(6)
    du = person("du", "杜衡", Role.SUPERVISION)
    assert figures_of(du, survey).answers in (5, 6)
    assert answers_of(du, survey) == []


def test_with_consent_those_who_see_the_complaint_see_the_answer(answered, survey, li, sun):
    allowed = answered(BAD, consent=True)
    answered(BAD)
    assert answers_of(li, survey) == [allowed]
    assert answers_of(sun, survey) == []


def test_few_of_one_choice_are_hidden_from_those_judged(many, survey, li):
    many(6)
    seen = figures_of(li, survey)
    assert all(sum(counts.values()) >= 5 for counts in seen.choices.values())
    assert all(line.answers >= 5 for line in [*seen.teams, *seen.categories])


def test_who_is_judged_cannot_cut_single_days_out(survey, li, manager):
    own = {"from": "2026-11-24", "to": "2026-11-24"}
    assert Asked.read(own, manager).period == "own"
    assert Asked.read(own, li).period == "90"
    assert Asked.read({"period": "30"}, li).period == "90"
    assert Asked.read({"version": "1"}, li).version is None


def test_a_restricted_complaint_is_in_nobodys_figures(answered, survey, manager, tao, li):
    answer = answered(consent=True)
    answer.complaint.carry(restricted=True)
    for one in (manager, tao, li):
        assert answers_of(one, survey) == []
        assert figures_of(one, survey).answers == 0


def test_free_words_reach_those_judged_without_number_name_or_phone(many, closed, sent, survey, li):
    many(4)
    complaint = closed()
    invitation, _token = sent(complaint)
    name, phone = complaint.customer.name, complaint.customer.contact("phone")
    text = f"我是{name}，电话{phone}，投诉{complaint.number}，等太久了"
    actions.answer(invitation, GOOD | {"q5": text})
    words = shown.words_without_names(li, survey, Asked.read({}, li))
    assert len(words) == 5
    told = "\n".join(words)
    assert "等太久了" in told
    assert name not in told
    assert phone.replace(" ", "")[3:7] not in told
    assert complaint.number not in told
    page = shown.words_without_names(li, survey, Asked.read({"team": "nobody"}, li))
    assert page == []


@pytest.mark.parametrize("path", ["answers", "results"])
def test_the_pages_tell_those_judged_no_more(many, survey, signed_in, li, path):
    for answer in many(5, BAD):
        number = answer.complaint.number
    page = signed_in(li).get(reverse(f"survey:{path}", args=[survey.pk]))
    assert page.status_code == 200
    assert number not in page.text
    assert "/answers/" not in page.text.replace(f'/surveys/{survey.pk}/answers/"', "")


def test_the_page_of_one_answer_does_not_exist_for_those_judged(answered, survey, signed_in, li):
    hidden, allowed = answered(BAD), answered(BAD, consent=True)
    desk = signed_in(li)
    assert desk.get(reverse("survey:answer", args=[survey.pk, hidden.pk])).status_code == 404
    assert desk.get(reverse("survey:answer", args=[survey.pk, allowed.pk])).status_code == 200


def test_the_panel_tells_the_handler_that_it_was_answered_never_what(answered, signed_in, li, tao):
    answer = answered(BAD)
    number = answer.complaint.number
    page = signed_in(li).get(f"/complaints/{number}/panels/survey/")
    assert page.status_code == 200
    assert "已填写" in page.text
    assert "/5" not in page.text
    assert "气人" not in page.text
    story = signed_in(li).get(f"/complaints/{number}/story/").text
    assert "客户填写调查" in story
    assert "气人" not in story


def test_that_a_supervisor_calls_after_a_low_score_is_not_told_to_whom_it_judges(
    answered, signed_in, api, li, han, chen, tao
):
    complaint = answered(BAD).complaint
    number = complaint.number
    for one in (li, han):
        for part in ("story", "panels/callbacks", "panels/clocks"):
            page = signed_in(one).get(f"/complaints/{number}/{part}/")
            assert "低分" not in page.text, part
        told = api(one).get(f"/api/v1/complaints/{number}").json()
        assert "low_score" not in str(told)
        assert "low_score" not in api(one).get(f"/api/v1/complaints/{number}/callbacks").text
    assert "low_score" in str(api(chen).get(f"/api/v1/complaints/{number}").json())
    assert "低分回访" in signed_in(chen).get(f"/complaints/{number}/story/").text


def test_programs_are_told_no_more_than_pages(many, survey, api, li, tao, sun, admin):
    number = many(5, BAD)[0].complaint.number
    asked = api(li).get(f"/api/v1/surveys/{survey.code}/answers").json()
    assert asked == {"items": [], "next_after": None}
    told = api(li).get(f"/api/v1/complaints/{number}").json()
    assert "气人" not in str(told)
    assert "'q1': 1" not in str(told)
    figures_ = api(li).get(f"/api/v1/surveys/{survey.code}/results").json()
    assert figures_["answers"] == 5
    assert number not in str(figures_)
    assert len(api(tao).get(f"/api/v1/surveys/{survey.code}/answers").json()["items"]) == 5
    assert api(sun).get(f"/api/v1/surveys/{survey.code}/results").json()["hidden"]
    assert api(admin).get(f"/api/v1/surveys/{survey.code}/results").status_code == 403


def test_a_file_is_for_those_who_may_know_and_the_reason_stays(
    answered, survey, signed_in, li, chen, tao
):
    answered(BAD)
    path = reverse("exchange:survey_export", args=[survey.pk])
    for one in (li, chen):
        refused = signed_in(one).post(path, {"reason": "月度复盘使用"})
        assert refused.status_code == 403
    desk = signed_in(tao)
    assert desk.post(path, {"reason": ""}).status_code == 422
    file = desk.post(path, {"reason": "月度复盘使用"})
    text = read(file)
    assert Answer.objects.get().complaint.number in text
    assert "李明" not in text  # the customer has not allowed to name who handled it
    assert "客户0" not in text
    from huiyin.ground.privacy.models import Export

    made = Export.objects.get()
    assert (made.kind, made.rows, made.reason) == ("survey", 1, "月度复盘使用")
    assert desk.get(reverse("exchange:export", args=[made.pk])).status_code in (403, 404)


def test_a_formula_in_an_answer_is_text_in_the_file(answered, survey, signed_in, manager):
    answered(GOOD | {"q5": "=cmd|'/c calc'!A1"})
    path = reverse("exchange:survey_export", args=[survey.pk])
    file = signed_in(manager).post(path, {"reason": "月度复盘使用"})
    text = read(file)
    assert ",=cmd" not in text
    assert '"=cmd' not in text
