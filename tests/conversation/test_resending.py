"""Sending a reply once more: by its own channel, by whoever may write, once."""

from __future__ import annotations

from functools import partial

import pytest

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.complaint.models import ComplaintAccess
from huiyin.journey.conversation import actions, rules, ways
from huiyin.journey.conversation.actions import Undelivered
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.words import LetterState, Reach
from tests.conftest import person
from tests.together import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(make_complaint, pigeon, li):
    """A reply by another channel than mail, which the other side refused for good."""
    message = actions.reply(make_complaint(channel="social", assignee=li), by=li, text="您好")
    pigeon.fault = Undelivered("对方拒收", final=True)
    actions.send_due_letters()
    pigeon.fault = None
    return message


def address(message, *, api: bool = False) -> str:
    path = f"/complaints/{message.complaint.number}/messages/{message.pk}/resend"
    return f"/api/v1{path}" if api else f"{path}/"


@pytest.mark.parametrize("state", LetterState.values)
@pytest.mark.parametrize("came_back", [True, False])
def test_what_never_left_or_came_back_goes_again(state, came_back):
    expected = state in ("failed", "held") or (state == "sent" and came_back)
    assert rules.may_go_again(state, came_back=came_back) == expected


def test_what_failed_by_another_channel_never_goes_to_a_mail_address(
    make_complaint, pigeon, li, signed_in, wang_fang
):
    complaint = make_complaint(channel="social", assignee=li, customer=wang_fang)
    message = actions.reply(complaint, by=li, text="您好")
    pigeon.fault = Undelivered("对方拒收", final=True)
    actions.send_due_letters()
    assert not actions.addresses_of(message).exists()
    mail = wang_fang.contact_points.get(kind="email")
    with pytest.raises(Invalid):
        actions.resend(message, by=li, point=mail.pk)
    page = signed_in(li).get(f"/complaints/{complaint.number}/story/").content.decode()
    assert f"/messages/{message.pk}/resend/" in page
    pigeon.fault = None
    actions.resend(message, by=li)
    actions.send_due_letters()
    assert pigeon.told == [("wx:o1", "您好")]
    assert actions.reached("social", "m1", Reach.MISSED, "号码停机")
    page = signed_in(li).get(f"/complaints/{complaint.number}/story/").content.decode()
    assert "号码停机" in page and f"/messages/{message.pk}/resend/" not in page


def test_a_carrier_says_what_came_back_and_where_else_it_may_go(make_complaint, pigeon, li):
    message = actions.reply(make_complaint(channel="social", assignee=li), by=li, text="您好")
    actions.send_due_letters()
    assert pigeon.told == [("wx:o1", "您好")]
    assert not ways.came_back(message.letter)
    with pytest.raises(Refused, match="没有退回"):
        actions.resend(message, by=li)
    pigeon.came_back = lambda letter: letter.recipient == "wx:o1"
    actions.resend(message, by=li)
    actions.send_due_letters()
    assert pigeon.told == [("wx:o1", "您好")] * 2


def test_it_goes_again_from_the_page_and_over_the_api(failed, pigeon, li, signed_in, api):
    form = signed_in(li).get(address(failed)).content.decode()
    assert "再发一次" in form and "邮箱" not in form
    assert signed_in(li).post(address(failed)).status_code == 204
    assert signed_in(li).post(address(failed)).status_code == 409  # it waits already
    Letter.objects.update(state=LetterState.FAILED)
    answer = api(li).post(address(failed, api=True), {"point": None}, "application/json")
    assert (answer.status_code, answer.json()) == (200, {"state": "queued"})
    actions.send_due_letters()
    assert pigeon.told == [("wx:o1", "您好")]


@pytest.mark.parametrize("point", ["-1", "x", "９", "99999999999999999999", "\0"])
def test_what_is_no_point_goes_where_it_went(failed, li, signed_in, point):
    assert signed_in(li).post(address(failed), {"point": point}).status_code == 204
    assert Letter.objects.get().recipient == "wx:o1"


def test_who_does_not_see_it_or_may_not_write_does_not(failed, sun, after_sales, signed_in, api):
    assert signed_in(sun).post(address(failed)).status_code == 404
    path = address(failed, api=True)
    assert api(sun).post(path, {"point": None}, "application/json").status_code == 404
    legal = person("fa", "法务", Role.LEGAL, teams=[after_sales])
    named = {"user": legal, "by": failed.by, "at": moment.now()}
    ComplaintAccess.objects.create(complaint=failed.complaint, **named)
    with pytest.raises(NotPermitted):
        actions.resend(failed, by=legal)
    assert signed_in(legal).post(address(failed)).status_code == 403
    assert Letter.objects.get().state == LetterState.FAILED


def test_what_is_a_record_only_or_sealed_is_not_sent(make_complaint, failed, li):
    spoken = actions.reply(make_complaint(assignee=li), by=li, text="电话里说过了", channel="phone")
    with pytest.raises(Refused, match="只作记录"):
        actions.resend(spoken, by=li)
    failed.complaint.status = "ARC"
    failed.complaint.save(update_fields=["status"])
    with pytest.raises(Refused):
        actions.resend(failed, by=li)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_sends(failed, pigeon, li):
    again = partial(actions.resend, failed, by=li)
    results = at_once(again, again)
    assert sum(isinstance(one, Refused) for one in results) == 1
    actions.send_due_letters()
    assert pigeon.told == [("wx:o1", "您好")]


def test_from_the_outbox_it_is_an_answer_too(failed, pigeon, li, manager, signed_in):
    """Before, the first response stayed owed though the customer had his answer."""
    complaint, letter = failed.complaint, Letter.objects.get(message=failed)
    assert not actions.has_answer(complaint)
    again = f"/console/letters/{letter.pk}/acts/retry/"
    assert signed_in(manager).post(again).status_code == 302
    told = complaint.events.filter(what="reply_resent")
    assert list(told.values_list("by", flat=True)) == [manager.pk]
    assert actions.has_answer(complaint)
    assert signed_in(manager).post(again).status_code == 409
    assert told.count() == 1
    actions.send_due_letters()
    letter.refresh_from_db()
    assert letter.state == LetterState.SENT


def test_what_no_person_said_is_sent_again_without_a_word(make_complaint, manager):
    complaint = make_complaint()
    letter = actions.post_letter(
        complaint, event=None, purpose="received", recipient="a@example.com", subject="x", body="y"
    )
    assert letter is not None
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.FAILED)
    actions.retry_letter(letter, by=manager)
    assert not complaint.events.filter(what="reply_resent").exists()
    letter.refresh_from_db()
    assert letter.state == LetterState.QUEUED
