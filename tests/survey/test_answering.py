"""The customer's page: once, by link, and nothing that is forged gets in."""

from __future__ import annotations

import json
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.callbacks.models import Callback
from huiyin.journey.complaint.words import What
from huiyin.journey.survey import actions
from huiyin.journey.survey.models import Answer, Invitation, OptOut, Survey, Version
from tests.roads import fresh, story
from tests.survey.conftest import BAD, GOOD, later, token_in
from tests.together import at_once

pytestmark = pytest.mark.django_db


def posted(raw, *, consent=False):
    form = {f"q.{key}": value for key, value in raw.items()}
    return form | ({"consent": "1"} if consent else {})


def _without_nonce(text):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


@pytest.fixture
def link(closed, sent):
    invitation, token = sent(closed())
    return invitation, reverse("portal:survey", args=[token])


def test_the_page_asks_in_the_customers_language_and_tells_the_link_to_nobody(link, client):
    _invitation, path = link
    page = client.get(path)
    assert page.status_code == 200
    assert "您对这次投诉的处理满意吗？" in page.text
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    english = client.get(path, {"lang": "en"})
    assert "How satisfied are you" in english.text
    assert "How many" not in english.text


def test_looking_changes_nothing(link, client):
    invitation, path = link
    before = Invitation.objects.values().get(pk=invitation.pk)
    client.get(path)
    client.head(path)
    assert Invitation.objects.values().get(pk=invitation.pk) == before


def test_an_answer_is_taken_once_and_the_link_is_gone(link, client):
    invitation, path = link
    done = client.post(path, posted(GOOD, consent=True))
    assert done.status_code == 302
    assert "谢谢" in client.get(done["Location"]).text
    answer = Answer.objects.get()
    assert (answer.csat, answer.ces, answer.nps, answer.consent) == (5, 6, None, True)
    assert answer.said["q2"] == "yes"
    assert (answer.team, answer.handler) == (
        invitation.complaint.team,
        invitation.complaint.assignee,
    )
    again = client.post(path, posted(BAD))
    assert again.status_code == 404
    assert client.get(path).status_code == 404
    assert Answer.objects.count() == 1
    assert What.SURVEY_ANSWERED in story(invitation.complaint)


def test_wrong_used_expired_and_sealed_links_are_answered_alike(closed, sent, client):
    one, token = sent(closed())
    other, late = sent(closed())
    third, sealed = sent(closed())
    actions.answer(one, GOOD)
    Invitation.objects.filter(pk=other.pk).update(expires_at=other.sent_at)
    type(third.complaint).objects.filter(pk=third.complaint_id).update(status="ARC")
    paths = [token, late, sealed, "0" * 64, "0" * 63, "x" * 64, "nonsense", "中" * 64]
    answers = [client.get(reverse("portal:survey", args=[one])) for one in paths]
    assert {page.status_code for page in answers} == {404}
    assert len({_without_nonce(page.text) for page in answers}) == 1
    for one in paths:
        cache.clear()  # tries are counted
        assert client.post(reverse("portal:survey", args=[one]), posted(GOOD)).status_code == 404
        assert client.post(reverse("portal:survey_draft", args=[one])).status_code == 404
        assert client.post(reverse("portal:survey_opt_out", args=[one])).status_code == 404
    assert not OptOut.objects.exists()


def test_guessing_is_slowed_down(client, db):
    answers = {
        client.get(reverse("portal:survey", args=[f"{n:064x}"])).status_code for n in range(40)
    }
    assert answers == {404, 429}


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_at_once_one_is_taken(link):
    invitation, path = link
    results = at_once(
        lambda: Client().post(path, posted(GOOD)).status_code,
        lambda: Client().post(path, posted(BAD)).status_code,
        lambda: Client().post(path, posted(GOOD)).status_code,
    )
    assert sorted(map(str, results)) == ["302", "404", "404"], results
    assert Answer.objects.count() == 1
    assert story(invitation.complaint).count(What.SURVEY_ANSWERED) == 1


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ({"q2": "yes"}, "q1"),  # what is required is missing
        (GOOD | {"q1": "9"}, "q1"),
        (GOOD | {"q1": "3; DROP TABLE survey_answer"}, "q1"),
        (BAD | {"q3": ["slow", "option-of-another-survey"]}, "q3"),
        (GOOD | {"q4": "8"}, "q4"),
        (GOOD | {"q5": "长" * 100_000}, "q5"),
    ],
)
def test_forged_values_are_refused_at_their_question_and_typing_is_kept(link, client, raw, key):
    _invitation, path = link
    page = client.post(path, posted(raw))
    assert page.status_code == 422
    assert f'id="{key}-fault"' in page.text
    assert not Answer.objects.exists()
    assert client.post(path, posted(GOOD)).status_code == 302


def test_what_a_branch_hides_is_neither_demanded_nor_kept(link, client):
    _invitation, path = link
    client.post(path, posted(GOOD | {"q3": ["slow"]}))
    assert "q3" not in Answer.objects.get().said
    assert not Answer.objects.get().items.filter(question="q3").exists()


def test_a_script_is_only_text(link, client, signed_in, tao, survey):
    _invitation, path = link
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    assert client.post(path, posted(GOOD | {"q5": evil})).status_code == 302
    answer = Answer.objects.get()
    desk = signed_in(tao)
    for page in (
        desk.get(reverse("survey:answers", args=[survey.pk])),
        desk.get(reverse("survey:answer", args=[survey.pk, answer.pk])),
        desk.get(reverse("survey:results", args=[survey.pk])),
    ):
        assert page.status_code == 200
        assert "<script>alert(1)" not in page.text
        assert "<img src=x" not in page.text


def test_fields_of_nobodys_question_are_left_where_they_are(link, client):
    _invitation, path = link
    sent = posted(GOOD) | {"q.q99": "1", "low": "1", "csat": "1", "consent": "yes", "team": "x"}
    assert client.post(path, sent).status_code == 302
    answer = Answer.objects.get()
    assert (answer.csat, answer.low, answer.consent) == (5, False, False)
    assert set(answer.said) == {"q1", "q2", "q4", "q5"}


def test_an_empty_form_is_no_answer(nps_survey, closed, sent, tao):
    made = actions.create(by=tao, code="all-free", name_zh="都可不答")
    questions = [{"key": "q1", "ask": "line", "title_zh": "说点什么"}]
    draft = made.versions.get()
    actions.put(draft, by=tao, edition=1, questions=questions)
    actions.publish(draft, by=tao, edition=2)
    invitation, _token = sent(closed(), made)
    with pytest.raises(Invalid):
        actions.answer(invitation, {})
    with pytest.raises(Invalid):
        actions.answer(invitation, {"q1": " \n "})


def test_what_is_typed_is_kept_and_comes_back_on_another_phone(link, client):
    invitation, path = link
    kept = client.post(f"{path}draft/", posted({"q1": "4", "q2": "maybe", "q5": "还没写完"}))
    assert json.loads(kept.content) == {"kept": True}
    invitation.refresh_from_db()
    assert invitation.draft == {"said": {"q1": 4, "q5": "还没写完"}, "consent": False}
    page = Client().get(path)
    assert "还没写完" in page.text
    assert invitation.state == "sent"
    client.post(path, posted(GOOD))
    assert client.post(f"{path}draft/", posted(BAD)).status_code == 404
    invitation.refresh_from_db()
    assert invitation.draft == {}


def test_a_draft_that_came_late_changes_no_answer(link):
    invitation, _path = link
    actions.answer(invitation, GOOD)
    assert not actions.keep(invitation, BAD)
    with pytest.raises(Refused):
        actions.answer(invitation, BAD)


def test_a_published_change_does_not_reach_who_was_asked_before(link, survey, tao, client):
    invitation, path = link
    draft = actions.draft_of(survey, by=tao)
    questions = [*draft.questions, {"key": "q9", "ask": "line", "title_zh": "新加的题"}]
    draft = actions.put(draft, by=tao, edition=draft.edition, questions=questions)
    actions.publish(draft, by=tao, edition=draft.edition)
    assert "新加的题" not in client.get(path).text
    actions.answer(invitation, GOOD)
    assert Answer.objects.get().version.number == 1
    assert survey.published.number == 2


def test_a_low_score_asks_the_supervisors_post_once(link, li, client):
    invitation, path = link
    client.post(path, posted(BAD))
    call = Callback.objects.get()
    assert (call.kind, call.post) == ("low_score", "supervisor")
    assert call.not_by == [li.pk]
    assert "1" not in call.reason
    assert Answer.objects.get().low
    assert What.CALLBACK_ASKED in story(invitation.complaint)


def test_a_good_score_asks_nobody_and_the_limit_can_be_set(link, closed, sent, survey, tao):
    invitation, _path = link
    actions.answer(invitation, GOOD | {"q1": "3"})
    assert not Callback.objects.exists()
    actions.change(survey, by=tao, low_csat=3)
    second, _token = sent(closed())
    actions.answer(second, GOOD | {"q1": "3"})
    assert Callback.objects.count() == 1
    actions.change(survey, by=tao, low_csat=None, low_ces=None)
    third, _token = sent(closed())
    actions.answer(third, BAD)
    assert Callback.objects.count() == 1


def test_words_of_danger_count_as_low_whatever_the_score(link):
    invitation, _path = link
    actions.answer(invitation, GOOD | {"q5": "用了以后起火冒烟，孩子烫伤送医院了，没人管"})
    assert Answer.objects.get().low
    assert Callback.objects.exists()


def test_triage_reads_what_customers_write(link):
    invitation, _path = link
    text = "电饭煲还是不加热，客服态度恶劣，太气人了，退款一直没有到账"
    actions.answer(invitation, BAD | {"q5": text})
    answer = Answer.objects.get()
    assert answer.emotion in ("angry", "disappointed")
    assert answer.keywords
    assert answer.themes


def test_the_story_tells_neither_score_nor_words(link):
    invitation, _path = link
    actions.answer(invitation, BAD)
    told = invitation.complaint.events.filter(what=What.SURVEY_ANSWERED).get()
    assert set(told.facts) == {"survey", "answer", "name"}


def test_the_customer_opts_out_by_the_link(link, client):
    invitation, path = link
    assert client.post(f"{path}opt-out/").status_code == 200
    assert OptOut.objects.get().customer == invitation.customer
    assert OptOut.objects.get().via == "self"


def test_the_portal_shows_the_link_after_closing_and_only_then(closed, sent, client):
    complaint = closed()
    code = {"number": complaint.number, "code": complaint.tracking_code}
    client.post(reverse("portal:follow"), code)
    path = reverse("portal:mine", args=[complaint.number])
    assert "/portal/survey/" not in client.get(path).text
    invitation, token = sent(complaint)
    assert token in client.get(path).text
    actions.answer(invitation, GOOD)
    assert "/portal/survey/" not in client.get(path).text


def test_anothers_complaint_shows_no_link(closed, sent, client):
    mine, theirs = closed(), closed()
    _invitation, token = sent(theirs)
    client.post(reverse("portal:follow"), {"number": mine.number, "code": mine.tracking_code})
    assert token not in client.get(reverse("portal:mine", args=[mine.number])).text
    assert client.get(reverse("portal:mine", args=[theirs.number])).status_code == 302


def test_an_nps_survey_counts_its_own_metric(nps_survey, closed, sent):
    invitation, _token = sent(closed(), nps_survey)
    actions.answer(invitation, {"q1": "2", "q2": "太慢"})
    answer = Answer.objects.get()
    assert (answer.nps, answer.csat, answer.low) == (2, None, True)


def test_nothing_about_the_answer_is_mailed_to_anybody(link):
    invitation, _path = link
    actions.answer(invitation, BAD)
    assert mail.outbox == []


def test_a_version_that_nobody_published_cannot_be_reached(survey, tao):
    actions.draft_of(survey, by=tao)
    assert survey.published.number == 1
    assert Version.objects.filter(published_at=None).count() == 1
    assert Survey.objects.sendable().filter(pk=survey.pk).exists()


def test_late_is_late(link, client):
    invitation, path = link
    with later(15):
        assert client.get(path).status_code == 404
        with pytest.raises(Refused):
            actions.answer(invitation, GOOD)
    assert fresh(invitation.complaint)
    assert token_in(path)
