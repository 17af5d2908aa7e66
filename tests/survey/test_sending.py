"""When a survey goes out, to whom it does not, and the one reminder."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.complaint.events import record, run_later
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import send_due_letters
from huiyin.journey.conversation.models import Letter
from huiyin.journey.survey import actions
from huiyin.journey.survey.actions.linking import address_of, line_for_letter, unsealed
from huiyin.journey.survey.models import Invitation, OptOut, SendRule
from huiyin.surface.notices.actions import tell_customer_result
from tests.roads import fresh, story
from tests.survey.conftest import GOOD, later, token_in
from tests.together import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule(survey):
    SendRule.objects.all().delete()
    return SendRule.objects.create(survey=survey, name="结案后", after="closed", delay_hours=2)


def told(complaint, what=What.CLOSED, **facts):
    """The event as the stages record it, with what follows later."""
    event = record(what, complaint, by=User.objects.system(), **facts)
    actions.invite(event)
    return event


def test_after_closing_one_is_planned_and_sent_when_it_is_due(rule, closed, survey):
    complaint = closed()
    event = told(complaint)
    assert actions.invite(event) is None  # the worker ran twice
    planned = Invitation.objects.get()
    assert (planned.state, planned.sent_at) == ("planned", None)
    assert actions.send_due() == 0
    with later(3 / 24):
        assert actions.send_due() == 1
        assert actions.send_due() == 0
    sent = Invitation.objects.get()
    assert (sent.state, sent.mailed, sent.version) == ("sent", True, survey.published)
    assert What.SURVEY_SENT in story(complaint)


def test_the_flow_itself_leads_to_an_invitation(rule, closed):
    complaint = closed()
    event = record(What.CLOSED, complaint, by=User.objects.system())
    run_later(event.pk)
    run_later(event.pk)
    assert Invitation.objects.get().complaint == complaint


def test_only_the_event_the_condition_and_the_sample_of_a_rule_count(rule, closed):
    told(closed(), What.FED_BACK)
    rule.condition = {"all": [{"field": "severity", "is": "one_of", "value": ["1"]}]}
    rule.save()
    told(closed(severity=3))
    assert not Invitation.objects.exists()
    told(closed(severity=1))
    assert Invitation.objects.count() == 1
    rule.condition, rule.percent = None, 1
    rule.save()
    for _turn in range(8):
        told(closed())
    assert Invitation.objects.count() <= 3
    rule.percent, rule.enabled = 100, False
    rule.save()
    before = Invitation.objects.count()
    told(closed())
    assert Invitation.objects.count() == before


def test_a_call_back_that_reached_nobody_leads_to_none(rule, closed):
    rule.after = "visited"
    rule.save()
    told(closed(status="FUV"), What.VISITED, reached=False)
    assert not Invitation.objects.exists()
    told(closed(status="FUV"), What.VISITED, reached=True)
    assert Invitation.objects.exists()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"restricted": True}, "restricted"),
        ({"category": "SF.01.01"}, "sensitive"),
        ({"risks": ["safety"]}, "sensitive"),
        ({"status": "HND", "closed_at": None}, "not_ended"),
        ({"status": "ARC"}, "not_ended"),
    ],
)
def test_nothing_is_sent_where_something_speaks_against_it(rule, closed, fields, why):
    told(closed(**fields))
    with later(1):
        assert actions.send_due() == 0
    found = Invitation.objects.get()
    assert (found.state, found.why) == ("skipped", why)
    assert not Letter.objects.filter(purpose="survey").exists()


def test_never_twice_in_thirty_days_to_one_customer_whatever_complaint(rule, closed, wang_fang):
    told(closed(customer=wang_fang))
    told(closed(customer=wang_fang))
    with later(1):
        assert actions.send_due() == 1
    assert sorted(Invitation.objects.values_list("state", "why")) == [
        ("sent", ""),
        ("skipped", "lately"),
    ]
    with later(30.9):
        told(closed(customer=wang_fang))
    with later(31.1):
        assert actions.send_due() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_and_two_complaints_of_one_customer_one_is_sent(rule, closed, wang_fang):
    told(closed(customer=wang_fang))
    told(closed(customer=wang_fang))
    from huiyin.journey.survey.actions.sending import send

    with later(1):
        now = moment.now()
        ones = list(Invitation.objects.all())

        def act(one):
            def run():
                with moment.at(now):
                    return send(one)

            return run

        results = at_once(*(act(one) for one in [*ones, *ones]))
    assert results.count(True) == 1, results
    assert Letter.objects.filter(purpose="survey").count() == 1


def test_the_letter_holds_no_token_until_it_is_sent(rule, closed, settings):
    complaint = closed()
    told(complaint)
    with later(1):
        actions.send_due()
        letter = Letter.objects.get(purpose="survey")
        invitation = Invitation.objects.get()
        link = address_of(invitation)
        assert token_in(link) not in letter.body
        assert token_in(link) not in str(list(Invitation.objects.values()))
        settings.EMAIL_HOST = "mail"
        send_due_letters()
        assert link in mail.outbox[0].body
    assert actions.opened(token_in(link)) == invitation


def test_a_link_that_has_ended_is_not_put_into_a_letter(sent, closed):
    invitation, _token = sent(closed())
    assert "http" in unsealed(str(invitation.pk))
    actions.answer(invitation, GOOD)
    assert "http" not in unsealed(str(invitation.pk))


def test_the_letter_of_the_closing_ends_with_the_link(rule, closed):
    rule.way = "letter"
    rule.save()
    complaint = closed()
    event = told(complaint)
    invitation = Invitation.objects.get()
    assert invitation.state == "sent"
    tell_customer_result(event)
    letter = Letter.objects.get(purpose="closed")
    assert f"⟦sealed:{invitation.pk}⟧" in letter.body
    other = record(What.CLOSED, closed(), by=User.objects.system())
    assert line_for_letter(other) == ""


def test_a_name_that_is_a_mark_opens_nothing(closed, sent, settings):
    """Somebody calls himself like the mark of another's survey."""
    victim, token = sent(closed())
    complaint = closed()
    complaint.customer.name = f"⟦sealed:{victim.pk}⟧"
    complaint.customer.save()
    tell_customer_result(record(What.CLOSED, complaint, by=User.objects.system()))
    settings.EMAIL_HOST = "mail"
    send_due_letters()
    assert mail.outbox
    assert all(token not in one.body for one in mail.outbox)


def test_reminded_once_and_not_when_answered_or_left_in_peace(rule, closed):
    for _turn in range(4):
        told(closed())
    with later(0.5):
        assert actions.send_due() == 4
    answered, out, narrow, quiet = Invitation.objects.order_by("pk")
    with later(1):
        actions.answer(answered, GOOD)
        actions.opt_out(out.complaint, by=User.objects.system())
        fresh(narrow.complaint).carry(restricted=True)
    assert actions.remind_due() == 0
    with later(4):
        assert actions.remind_due() == 1
        assert actions.remind_due() == 0
    quiet.refresh_from_db()
    assert quiet.reminded_at
    with later(9):
        assert actions.remind_due() == 0
    letters = Letter.objects.filter(purpose="survey", complaint=quiet.complaint)
    assert letters.count() == 2
    assert Letter.objects.filter(purpose="survey").count() == 5


def test_no_reminder_after_the_link_has_expired(rule, closed):
    rule.expires_days, rule.remind_days = 4, 3
    rule.save()
    told(closed())
    with later(0.5):
        actions.send_due()
    with later(6):
        assert actions.remind_due() == 0


def test_who_opted_out_is_never_asked_until_he_wants_it_again(rule, closed, li, survey, manager):
    complaint = closed()
    told(complaint)
    actions.opt_out(complaint, by=li)
    actions.opt_out(complaint, by=li)
    assert OptOut.objects.count() == 1
    assert Invitation.objects.get().why == "opted_out"
    with pytest.raises(Refused, match="不愿收到"):
        actions.send_by_hand(complaint, by=manager, survey=survey, way="link")
    actions.opt_in(complaint, by=li)
    assert actions.send_by_hand(complaint, by=manager, survey=survey, way="link")


def test_the_handler_does_not_pick_whom_to_ask(closed, survey, li, chen, sun, tao):
    complaint = closed()
    for one in (li, sun):
        with pytest.raises(NotPermitted):
            actions.send_by_hand(complaint, by=one, survey=survey, way="link")
    with pytest.raises(NotPermitted):
        actions.opt_out(complaint, by=sun)
    made, link = actions.send_by_hand(complaint, by=chen, survey=survey, way="link")
    assert made.state == "sent"
    assert token_in(link)
    with pytest.raises(Refused, match="30 天"):
        actions.send_by_hand(complaint, by=tao, survey=survey, way="link")


def test_by_hand_what_cannot_be_sent_is_refused_with_its_reason(closed, survey, manager):
    with pytest.raises(Refused, match="限制查看"):
        actions.send_by_hand(closed(restricted=True), by=manager, survey=survey, way="link")
    with pytest.raises(Invalid):
        actions.send_by_hand(closed(), by=manager, survey=survey, way="pigeon")
    with pytest.raises(Invalid):
        actions.send_by_hand(closed(), by=manager, survey=survey, way="link", days=31)
    silent = closed()
    silent.customer.contact_points.filter(kind="email").delete()
    with pytest.raises(Invalid, match="没有能送达"):
        actions.send_by_hand(fresh(silent), by=manager, survey=survey, way="mail")


def test_a_survey_that_is_off_or_unpublished_is_not_sent(rule, closed, survey, tao):
    actions.change(survey, by=tao, enabled=False)
    told(closed())
    assert not Invitation.objects.exists()
    empty = actions.create(by=tao, code="empty-one", name_zh="空的")
    rule.survey = empty
    rule.save()
    told(closed())
    assert not Invitation.objects.exists()


def test_english_customers_get_english_letters(rule, closed):
    complaint = closed()
    complaint.customer.language = "en"
    complaint.customer.save()
    told(fresh(complaint))
    with later(1):
        actions.send_due()
    assert Invitation.objects.get().language == "en"


def test_an_answer_stays_as_it_was_given(sent, closed):
    invitation, _token = sent(closed())
    answer = actions.answer(invitation, GOOD)
    with pytest.raises(DatabaseError), transaction.atomic():
        type(answer).objects.filter(pk=answer.pk).update(csat=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        answer.items.all().delete()


def test_expiry_counts_from_the_sending(rule, closed):
    told(closed())
    with later(5):
        actions.send_due()
        sent_at = moment.now()
    found = Invitation.objects.get()
    assert found.expires_at is not None
    assert abs(found.expires_at - sent_at - timedelta(days=14)) < timedelta(minutes=1)
