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


def test_many_that_are_alike_are_set_aside_with_one_reason(arrived, zhou, li, signed_in):
    kept = [arrived(mail(f"特价 {n}", X_Spam_Flag="YES")) for n in range(3)]
    real = arrived(mail("电饭煲冒烟", X_Spam_Flag="YES"))
    deciding.dismiss(kept[2], by=zhou, reason="先处理了")
    page = signed_in(zhou)
    listed = page.get("/mail/").content.decode()
    assert listed.count('name="mail"') == 3
    told = {"mail": [str(one.pk) for one in kept], "reason": "广告"}
    assert signed_in(li).post("/mail/dismiss/", told).status_code == 403
    there = page.post("/mail/dismiss/", told, headers={"Referer": "http://testserver/mail/?q=特价"})
    assert "q=" in there["Location"]  # the list as it was narrowed
    after = page.get("/mail/").content.decode()
    assert "2 封已记为不处理" in after
    assert "1 封已被别人处理" in after
    for one, reason in zip(kept, ("广告", "广告", "先处理了"), strict=True):
        one.refresh_from_db()
        assert (one.outcome, one.reason, one.decided_by) == ("dismissed", reason, zhou)
    real.refresh_from_db()
    assert real.state == MailState.HELD
    assert 'id="dismiss-many"' not in page.get("/mail/?view=settled").content.decode()


@pytest.mark.parametrize(
    ("mails", "reason"),
    [([], "广告"), (["x", "-1", ""], "广告"), (["1"], " "), ([str(n) for n in range(201)], "广告")],
)
def test_none_or_far_too_many_are_refused_with_a_sentence(held, zhou, signed_in, mails, reason):
    answer = signed_in(zhou).post("/mail/dismiss/", {"mail": mails, "reason": reason})
    assert answer.status_code == 422
    held.refresh_from_db()
    assert held.state == MailState.HELD


def test_programs_set_many_aside(held, zhou, li, api):
    told = {"mails": [held.pk, held.pk, 999999], "reason": "广告"}
    place, how = "/api/v1/mails/dismiss", {"content_type": "application/json"}
    assert api(li).post(place, told, **how).status_code == 403
    assert api(zhou).post(place, told, **how).json() == {"done": 1, "missed": 1}
    assert api(zhou).post(place, told, **how).json() == {"done": 0, "missed": 2}
    assert api(zhou).post(place, {**told, "mails": []}, **how).status_code == 422
    assert api(zhou).post(place, {**told, "mails": [2**70]}, **how).status_code < 500


@pytest.mark.django_db(transaction=True)
def test_of_two_who_set_the_same_aside_each_is_set_aside_once(arrived, zhou, manager):
    pks = [arrived(mail(f"特价 {n}", X_Spam_Flag="YES")).pk for n in range(4)]
    results = at_once(
        *[lambda by=by: deciding.dismiss_many(pks, by=by, reason="广告") for by in (zhou, manager)]
    )
    assert sum(one[0] for one in results if isinstance(one, tuple)) == 4
