"""What the customer is told unasked, in his language, by the way he chose; and who else hears."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground.webhooks import actions as webhooks
from huiyin.journey.callbacks.models import Callback
from huiyin.journey.complaint.events import run_later
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.models import Letter
from huiyin.journey.execution import actions
from huiyin.surface.notices.models import LetterTemplate, Notice
from tests.execution.conftest import again

pytestmark = pytest.mark.django_db


def postpone(step, by):
    day = step.offer.due_on + timedelta(days=5)
    actions.postpone(step, by=by, due_on=day, reason="供应商缺货。")
    return day


def test_by_mail_with_the_new_day_and_the_reason(agreed, complaint, li):
    (step,) = agreed("finance")
    day = postpone(step, li)
    told = complaint.messages.filter(kind="outbound").latest("pk")
    assert f"{day:%Y-%m-%d}" in told.text
    assert "原因：供应商缺货。\n" in told.text
    assert Letter.objects.get(message=told).recipient == "wf@example.com"
    assert not Callback.objects.exists()


def test_in_his_own_language(agreed, complaint, li):
    type(complaint.customer).objects.update(language="en")
    (step,) = agreed("finance")
    day = postpone(again(step)[0], li)
    told = complaint.messages.filter(kind="outbound").latest("pk")
    assert f"to be done by {day:%Y-%m-%d}" in told.text


def test_who_came_by_phone_and_left_no_address_is_called(agreed, complaint, li):
    complaint.customer.contact_points.filter(kind="email").delete()
    (step,) = agreed("finance")
    day = postpone(again(step)[0], li)
    told = complaint.messages.filter(kind="outbound").latest("pk")
    assert told.channel == "portal"
    assert f"{day:%Y-%m-%d}" in Callback.objects.get().reason


def test_a_letter_that_is_switched_off_is_not_sent(agreed, complaint, li):
    LetterTemplate.objects.filter(code="step_late").update(enabled=False)
    (step,) = agreed("finance")
    postpone(step, li)
    assert not complaint.messages.filter(kind="outbound").exists()


def test_whoever_handles_it_hears_that_a_step_failed(agreed, pay, standin, complaint, li):
    standin.plan = ["failed"]
    agreed("system:pay")
    webhooks.send_due_calls()
    event = complaint.events.get(what=What.STEP_FAILED)
    run_later(event.pk)
    assert "账户已注销" in Notice.objects.get(user=li, event=event).text


def test_finance_hears_when_it_is_its_turn(agreed, complaint, li, finance):
    first, _second = agreed("handler", "finance")
    run_later(complaint.events.filter(what=What.AGREED).latest("pk").pk)
    assert not Notice.objects.filter(user=finance).exists()  # not its turn yet
    actions.complete(first, by=li, proof="已取件")
    run_later(complaint.events.filter(what=What.STEP_SENT).latest("pk").pk)
    assert "待付款" in Notice.objects.get(user=finance).text


def test_nobody_is_called_about_a_delay_that_is_over(agreed, complaint, li, finance):
    complaint.customer.contact_points.filter(kind="email").delete()
    (step,) = agreed("finance")
    postpone(again(step)[0], li)
    actions.complete(again(step)[0], by=finance, proof="流水 1")
    for _twice in range(2):
        run_later(complaint.events.get(what=What.EXECUTED).pk)
    assert Callback.objects.get().state == "cancelled"
