"""A person decides about what was held."""

from __future__ import annotations

import pytest

from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.channels.mail.actions import arrive_due, deciding
from huiyin.journey.channels.mail.models import Sign
from huiyin.journey.channels.mail.words import MailState, Outcome
from huiyin.journey.complaint.models import Complaint
from huiyin.surface.notices.actions import thank_customer
from tests.mail.letters import mail
from tests.together import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(arrived):
    kept = arrived(mail("电饭煲冒烟", X_Spam_Flag="YES"))
    assert kept.state == MailState.HELD
    return kept


def test_it_is_a_complaint_after_all(held, zhou):
    complaint = deciding.register(held, by=zhou)
    assert (held.state, held.outcome, held.complaint) == ("handled", "new", complaint)
    assert held.decided_by == zhou
    assert "冒烟" in complaint.text


def test_what_looks_like_a_machine_is_not_answered_even_then(held, zhou):
    from huiyin.journey.complaint.models import Event
    from huiyin.journey.conversation.models import Letter

    complaint = deciding.register(held, by=zhou)
    thank_customer(Event.objects.get(complaint=complaint, what="received"))
    assert not Letter.objects.filter(complaint=complaint).exists()


def test_it_belongs_to_a_complaint(held, zhou, make_complaint):
    complaint = make_complaint()
    deciding.thread(held, complaint, by=zhou)
    assert (held.outcome, held.complaint) == (Outcome.THREADED, complaint)
    assert complaint.messages.get().text == "电饭煲冒烟"


def test_nobody_threads_into_what_he_does_not_see(held, make_complaint, logistics, after_sales):
    from huiyin.ground.people.words import Role
    from tests.conftest import person

    lead = person("wu", "吴磊", Role.LEAD, teams=[logistics])
    complaint = make_complaint(team=after_sales)
    with pytest.raises(Refused):
        deciding.thread(held, complaint, by=lead)


def test_nothing_follows_from_it_with_a_reason(held, zhou):
    with pytest.raises(Invalid):
        deciding.dismiss(held, by=zhou, reason=" ")
    deciding.dismiss(held, by=zhou, reason="广告邮件")
    assert (held.state, held.outcome, held.reason) == ("handled", "dismissed", "广告邮件")


def test_read_again_after_a_sign_was_mended(held, zhou):
    for sign in Sign.objects.filter(header="x-spam-flag"):
        sign.enabled = False
        sign.save()
    deciding.read_again(held, by=zhou)
    arrive_due()
    held.refresh_from_db()
    assert (held.state, held.outcome) == (MailState.HANDLED, Outcome.NEW)


@pytest.mark.parametrize("act", ["register", "dismiss", "read_again", "thread"])
def test_agents_and_administrators_decide_nothing(held, li, admin, act, make_complaint):
    given = {"dismiss": {"reason": "广告"}}.get(act, {})
    args = [make_complaint()] if act == "thread" else []
    for who in (li, admin):
        with pytest.raises(NotPermitted):
            getattr(deciding, act)(held, *args, by=who, **given)


def test_decided_is_decided(held, zhou):
    deciding.dismiss(held, by=zhou, reason="广告")
    for act in (deciding.register, deciding.read_again):
        with pytest.raises(Refused):
            act(held, by=zhou)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_refused(held, zhou):
    from huiyin.journey.channels.mail.models import Mail

    one, two = Mail.objects.get(pk=held.pk), Mail.objects.get(pk=held.pk)
    results = at_once(
        lambda: deciding.register(one, by=zhou), lambda: deciding.register(two, by=zhou)
    )
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert Complaint.objects.count() == 1
