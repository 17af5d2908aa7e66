"""The customer's own choice through a link: once, only what is open, nothing that is private."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest
from django.test import Client

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.callbacks.models import Callback
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.consent import actions, rules
from huiyin.journey.consent.models import Consent, ConsentLink
from huiyin.journey.conversation.actions import send_due_letters
from huiyin.journey.conversation.models import Letter
from huiyin.journey.resolution import actions as resolution
from huiyin.journey.resolution.models import Offer
from tests.consent.conftest import round_of
from tests.roads import fresh, story
from tests.together import at_once

pytestmark = pytest.mark.django_db
PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8Dw"
    "HwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
)


@pytest.fixture
def path(offers, complaint, li):
    """Where the link leads."""
    _link, address = actions.send(complaint, by=li, sends=False)
    return "/" + address.split("/", 3)[3]


def post(path: str, act: str, **said):
    return Client().post(f"{path}{act}/", said)


def states(offers) -> list[str]:
    return [Offer.objects.get(pk=one.pk).state for one in offers]


def test_the_page_says_in_plain_words_what_is_offered(path, offers, complaint):
    page = Client().get(path)
    text = page.content.decode()
    for words in (
        "退您 30 元",
        "¥30.00",
        "实付 100.00 × 30 %",
        "售后条款 AS-03",
        "当面致歉",
        "先和我谈谈",
    ):
        assert words in text
    for private in (
        complaint.customer.name,
        "13800138000",
        "wf@example.com",
        "李明",
        complaint.text,
    ):
        assert private not in text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page.headers["Cache-Control"]


def test_opening_it_changes_nothing(path, offers):
    before = list(ConsentLink.objects.values())
    for _again in range(3):
        Client().get(path)
    assert list(ConsentLink.objects.values()) == before
    assert states(offers) == ["offered", "offered"]


def test_yes_to_one_option_passes_the_others_and_begins_its_steps(path, offers, complaint):
    assert post(path, "accept", offer=offers[0].pk).status_code == 302
    assert states(offers) == ["agreed", "passed"]
    consent = Consent.objects.get()
    assert (consent.how, consent.link_id is not None) == ("link", True)
    assert (consent.told["wording"], consent.told["amount_fen"]) == ("退您 30 元", 3000)
    assert offers[0].steps.filter(state="open").count() == 1
    assert What.CONSENTED in story(complaint)
    assert "您已同意" in Client().get(path).content.decode()


def test_a_link_answers_once(path, offers):
    post(path, "accept", offer=offers[0].pk)
    for act in ("accept", "refuse", "talk"):
        assert post(path, act, offer=offers[1].pk, text="再想想").status_code == 409
    assert states(offers) == ["agreed", "passed"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one_answer(path, offers):
    results = at_once(
        lambda: post(path, "accept", offer=offers[0].pk).status_code,
        lambda: post(path, "refuse", text="不要").status_code,
    )
    assert sorted(results, key=str) == [302, 409]


def test_no_to_all_goes_back_to_work_with_his_words(path, offers, complaint):
    assert post(path, "refuse", text="医药费呢").status_code == 302
    assert states(offers) == ["declined", "declined"]
    assert fresh(complaint).status == Status.HND
    assert Offer.objects.get(pk=offers[0].pk).answer_note == "医药费呢"


def test_let_us_talk_asks_for_a_call_and_leaves_the_options_open(path, offers, complaint):
    assert post(path, "talk", text="明天下午方便").status_code == 302
    call = Callback.objects.get()
    assert (call.kind, call.reason) == ("talk", "明天下午方便")
    assert states(offers) == ["offered", "offered"]
    assert post(path, "talk", text="再催一次").status_code == 409
    assert Callback.objects.count() == 1
    assert post(path, "accept", offer=offers[1].pk).status_code == 302


def test_a_newer_round_makes_the_old_link_say_so(path, offers, complaint, li):
    resolution.decline(offers[0], by=li)
    resolution.decline(Offer.objects.select_related("complaint").get(pk=offers[1].pk), by=li)
    round_of(fresh(complaint), li, fen=4000)
    text = Client().get(path).content.decode()
    assert "方案已更新" in text
    assert "退您 30 元" not in text
    assert post(path, "accept", offer=offers[0].pk).status_code == 409


def test_an_option_of_another_round_or_complaint_is_none(path, offers):
    for wrong in ("0", "999999", "x", ""):
        assert post(path, "accept", offer=wrong).status_code in (409, 422)
    assert states(offers) == ["offered", "offered"]


def test_wrong_expired_revoked_and_replaced_are_answered_alike(path, complaint, li):
    wrong = Client().get(re.sub(r"[0-9a-f]{64}", "0" * 64, path))
    assert wrong.status_code == 404
    with moment.at(moment.now() + timedelta(days=8)):
        expired = Client().get(path)
    actions.send(complaint, by=li, sends=False)
    replaced = Client().get(path)
    strip = re.compile(r"[A-Za-z0-9+/=_-]{20,}")  # the token itself, and what is new on each page
    pages = {strip.sub("", one.content.decode()) for one in (wrong, expired, replaced)}
    assert (expired.status_code, replaced.status_code, len(pages)) == (404, 404, 1)


def test_guessing_is_limited(path):
    codes = {
        Client().get(re.sub(r"[0-9a-f]{64}", f"{n:064x}", path)).status_code for n in range(35)
    }
    assert codes == {404, 429}


def test_the_token_is_in_neither_the_table_nor_the_outbox_but_in_the_letter(
    offers, complaint, li, settings, mailoutbox
):
    settings.EMAIL_HOST = "mail.example"
    link, address = actions.send(complaint, by=li)
    token = address.rstrip("/").rsplit("/", 1)[1]
    assert token not in str(ConsentLink.objects.values().get(pk=link.pk))
    letter = Letter.objects.get(purpose="consent_link")
    assert token not in letter.body
    send_due_letters()
    assert address in mailoutbox[-1].body
    assert complaint.customer.name not in mailoutbox[-1].body


def test_who_may_send_a_link_and_when(offers, complaint, li, sun, manager):
    with pytest.raises(NotPermitted):
        actions.send(complaint, by=sun)
    with pytest.raises(Invalid):
        actions.send(complaint, by=li, days=400)
    resolution.agree(offers[0], by=li)
    with pytest.raises(Refused):
        actions.send(complaint, by=li)


def test_the_language_is_the_customers_own(offers, complaint, li):
    type(complaint.customer).objects.update(language="en")
    _link, address = actions.send(fresh(complaint), by=li, sends=False)
    text = Client().get("/" + address.split("/", 3)[3]).content.decode()
    assert 'lang="en"' in text


def test_a_drawn_signature_is_kept_as_evidence(path, offers, complaint):
    assert post(path, "accept", offer=offers[0].pk, signature=PIXEL).status_code == 302
    evidence = Consent.objects.get().evidence
    assert evidence is not None
    assert (evidence.media_type, evidence.internal) == ("image/png", True)


@pytest.mark.parametrize(
    "sent",
    [
        "drawn",
        "data:text/html;base64,PGI+",
        "data:image/png;base64,AAAA",
        "data:image/png;base64,!",
    ],
)
def test_what_is_no_drawing_is_refused(sent, path, offers):
    assert post(path, "accept", offer=offers[0].pk, signature=sent).status_code == 422
    assert states(offers) == ["offered", "offered"]


def test_a_huge_drawing_is_refused():
    huge = (
        "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"x" * 400_000).decode()
    )
    assert rules.drawing(huge) is None


def test_he_changes_his_mind_before_it_is_done(path, offers, complaint):
    post(path, "accept", offer=offers[0].pk)
    assert post(path, "withdraw", text="不想要了").status_code == 302
    assert fresh(complaint).status == Status.HND
    consent = Consent.objects.get()
    assert (consent.withdrawal, consent.withdrawn_at is not None) == ("不想要了", True)
    assert set(offers[0].steps.values_list("state", flat=True)) == {"cancelled"}
    assert What.CONSENT_WITHDRAWN in story(complaint)
    assert post(path, "withdraw").status_code == 409


def test_unknown_acts_are_nothing(path):
    assert post(path, "steal").status_code == 404
    assert Client().get(f"{path}accept/").status_code == 405
