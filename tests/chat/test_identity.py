"""Who is signed in at a site: signed and fresh it is proven, anything else fills the form only."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import uuid
from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.customers.models import ContactPoint, Customer
from huiyin.journey.channels.chat import actions, identity
from huiyin.journey.channels.chat.actions import identifying, summing
from huiyin.journey.channels.chat.models import Chat, Site, SiteField
from huiyin.journey.channels.chat.words import Ask, Outcome
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.intake.words import Via
from huiyin.surface.console.models import ConfigChange
from tests.chat.conftest import answered
from tests.chat.test_visiting import Browser

pytestmark = pytest.mark.django_db
WANG = {
    "id": "u-7",
    "name": "王芳",
    "phone": "13800138000",
    "email": "wf@example.com",
    "order": "YD20261130001",
    "level": "金卡",
    "page": "https://shop.example.com/orders/7?token=x",
}
PARTS = ("id", "name", "phone", "email", "order", "level", "page")


def signed(secret: str, who: dict | None = None, *, site: str = "shop", at: int | None = None):
    """As a server of the site does it, by the words of docs/chat.md alone."""
    who = dict(WANG if who is None else who)
    at = int(time.time()) if at is None else at
    text = "\n".join([site, str(at), *(who.get(name, "") for name in PARTS)])
    made = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return {**who, "at": at, "signature": made}


@pytest.fixture
def secret(shop, admin):
    SiteField.objects.create(site=shop, ask=Ask.NAME, required=True)
    SiteField.objects.create(site=shop, ask=Ask.PHONE, required=True, place=1)
    return identifying.renew_secret(shop, by=admin)


@pytest.fixture
def visitor(shop):
    return Browser()


def begins(visitor: Browser, told: object, **answers: str) -> Chat:
    answer = visitor.begin(identity=told, answers=answers)
    assert answer.status_code == 201, answer.content.decode()
    return Chat.objects.latest("pk")


TYPED = {"name": "某人", "phone": "13900139000"}


def test_what_is_signed_and_fresh_is_not_asked_again_and_cannot_be_changed(visitor, secret):
    told = visitor.post("known/", {"identity": signed(secret)}).json()
    assert told == {"verified": True, "answers": {"name": "王芳", "phone": "13800138000"}}
    chat = begins(visitor, signed(secret), **TYPED)
    assert (chat.name, chat.phone, chat.email) == ("王芳", "13800138000", "wf@example.com")
    assert chat.order_no == "YD20261130001"
    assert chat.identity["level"] == "金卡"
    assert chat.page_url == "https://shop.example.com/orders/7"
    assert set(chat.proven) == {"name", "phone", "email"}
    assert "signature" not in json.dumps(chat.identity)


def faults(secret: str) -> dict[str, object]:
    right = signed(secret)
    now = int(time.time())
    return {
        "none": None,
        "a word": "王芳",
        "a list": [WANG],
        "unsigned": WANG,
        "wrong": {**right, "signature": "0" * 64},
        "no signature": {**right, "signature": ""},
        "another name": {**right, "name": "李四"},
        "another number": {**right, "phone": "13900139000"},
        "another site": signed(secret, site="other"),
        "another secret": signed("hcs_guess"),
        "an empty secret": signed(""),
        "stale": signed(secret, at=now - 301),
        "from tomorrow": signed(secret, at=now + 3600),
        "no time": {**right, "at": ""},
        "a time in words": {**right, "at": "now"},
        "moved lines": {**right, "name": "王芳\n13800138000", "phone": ""},
        "signed line break": signed(secret, {**WANG, "name": "王芳\n13800138000"}),
        "huge": signed(secret, {**WANG, "name": "长" * 5000}),
        "a number far too large": {**right, "id": 10**40},
        "surrogates": {**right, "name": "\ud800"},
        "a deep one": {**right, "name": {"a": {"b": []}}},
        "a boolean": {**right, "at": True},
    }


@pytest.mark.parametrize("fault", list(faults("")))
def test_whatever_is_wrong_proves_nothing_and_shuts_nobody_out(visitor, secret, fault):
    told = faults(secret)[fault]
    answer = visitor.post("known/", {"identity": told})
    assert answer.status_code == 200
    assert answer.json()["verified"] is False
    chat = begins(visitor, told, **TYPED)
    assert (chat.name, chat.phone, chat.email) == ("某人", "13900139000", "")
    assert (chat.identity, chat.proven) == ({}, {})


def test_what_is_not_signed_fills_the_form_only(visitor, secret):
    told = visitor.post("known/", {"identity": {**WANG, "phone": "not a number"}}).json()
    assert told == {"verified": False, "answers": {"name": "王芳"}}
    assert visitor.begin(identity=WANG).status_code == 422  # he is asked as ever


def test_a_signed_number_that_is_none_is_asked_for(visitor, secret):
    odd = signed(secret, {**WANG, "phone": "x"})
    assert visitor.begin(identity=odd, answers={}).status_code == 422
    chat = begins(visitor, odd, phone="13900139000")
    assert chat.phone == "13900139000"
    assert set(chat.proven) == {"name", "email"}


def test_numbers_and_older_minutes_are_taken(visitor, secret):
    who = {**WANG, "id": "42"}
    made = signed(secret, who, at=int(time.time()) - 290)
    chat = begins(visitor, {**made, "id": 42, "at": str(made["at"])})
    assert chat.identity["id"] == "42"


def test_the_customer_is_found_by_it_and_not_by_what_he_typed(visitor, secret):
    his = find_or_create(Contact(name="王芳", phone="13800138000"))
    other = find_or_create(Contact(name="别人", phone="13900139000"))
    assert begins(visitor, signed(secret), **TYPED).customer == his
    assert begins(Browser(), None, **TYPED).customer == other
    only_mail = signed(secret, {"id": "u-8", "name": "新客", "email": "new@example.com"})
    fresh = begins(Browser(), only_mail, phone="13900139000")
    assert fresh.customer is None  # not whoever owns the number that he typed
    assert set(fresh.proven) == {"name", "email"}


def test_the_desk_says_what_is_proven(visitor, secret, li, signed_in, api):
    find_or_create(Contact(name="王芳", phone="13800138000"))
    chat = begins(visitor, signed(secret))
    actions.accept(chat, by=li)
    client = signed_in(li)
    page = client.get(f"/chats/{chat.pk}/context/").content.decode()
    assert page.count("已验证") == 3
    assert "金卡" in page
    assert "13800138000" not in page  # masked as ever
    found = api(li).get(f"/api/v1/chats/{chat.pk}").json()
    assert (found["verified"], found["member_level"]) == (True, "金卡")
    assert found["proven"] == ["email", "name", "phone"]
    summing.correct(chat, by=li, name="", phone="13700137000", email="")
    page = client.get(f"/chats/{chat.pk}/context/").content.decode()
    assert page.count("已验证") == 2
    assert "自己填写" in page


def test_a_complaint_of_proven_contact_is_vouched_for(visitor, secret, li):
    chat = begins(visitor, signed(secret))
    actions.accept(chat, by=li)
    answered(chat, li)
    made = actions.end(chat, by=li, outcome=Outcome.COMPLAINT, summary="要求换货")
    assert made is not None
    assert made.intake.via == Via.CHAT_KNOWN
    assert not made.intake.is_unverified
    points = dict(made.customer.contact_points.values_list("kind", "value"))
    assert points == {"phone": "+8613800138000", "email": "wf@example.com"}


def test_what_was_only_typed_reaches_nobodys_record(visitor, secret, li):
    """V62: the number is another's; what the site vouched for is his."""
    other = find_or_create(Contact(name="别人", phone="13900139000"))
    told = signed(secret, {"name": "新客", "email": "new@example.com"})
    chat = begins(visitor, told, phone="13900139000")
    visitor.post("end/")
    made = Complaint.objects.get()
    assert made.intake.via == Via.CHAT
    assert made.intake.is_unverified
    assert made.customer != other
    assert made.customer.contact_points.get().value == "new@example.com"
    assert other.contact_points.count() == 1
    assert chat.proven == {"name": "新客", "email": "new@example.com"}


def test_unsigned_it_is_as_unproven_as_ever(visitor, secret):
    begins(visitor, {**WANG, "signature": "0" * 64}, name="王芳", phone="13800138000")
    visitor.post("end/")
    made = Complaint.objects.get()
    assert (made.intake.via, made.intake.is_unverified) == (Via.CHAT, True)


def test_a_message_left_is_proven_alike(visitor, secret):
    Site.objects.update(calendar_code="office")
    body = {"text": "锅坏了", "client": str(uuid.uuid4()), "privacy_version": "2026-11"}
    assert visitor.post("message/", {**body, "identity": signed(secret)}).status_code == 201
    made = Complaint.objects.get()
    assert made.intake.via == Via.CHAT_KNOWN
    assert made.order_no == "YD20261130001"


def test_who_is_proven_opens_no_earlier_complaint(visitor, secret, make_complaint, li):
    """The desk sees his history; he himself gets no number and no code of it."""
    his = find_or_create(Contact(name="王芳", phone="13800138000"))
    old = make_complaint(customer=his)
    chat = begins(visitor, signed(secret))
    assert (chat.customer, chat.complaint) == (his, None)
    told = visitor.get("lines/").content.decode()
    assert old.number not in told
    visitor.post("end/")
    assert Complaint.objects.exclude(pk=old.pk).count() == 1  # a new one, not words in the old


def test_two_secrets_are_valid_while_it_is_renewed_and_none_when_revoked(
    visitor, shop, admin, secret
):
    newer = identifying.renew_secret(shop, by=admin)
    assert newer != secret

    def is_known(key: str) -> bool:
        return visitor.post("known/", {"identity": signed(key)}).json()["verified"]

    assert is_known(newer)
    assert is_known(secret)
    Site.objects.update(earlier_until=moment.now() - timedelta(seconds=1))
    assert not is_known(secret)
    Site.objects.update(earlier_until=moment.now() + timedelta(hours=1))
    shop.refresh_from_db()
    identifying.drop_earlier(shop, by=admin)
    assert (is_known(newer), is_known(secret)) == (True, False)
    identifying.revoke(shop, by=admin)
    assert not is_known(newer)
    third = identifying.renew_secret(shop, by=admin)
    assert shop.earlier_salt == ""  # what was revoked does not come back
    assert (is_known(third), is_known(newer)) == (True, False)


def test_it_is_shown_once_in_the_console_and_stands_nowhere(signed_in, admin, shop, manager):
    client, path = signed_in(admin), f"/console/chat-sites/{shop.pk}/"
    assert signed_in(manager).post(f"{path}acts/issue/").status_code == 403
    shown = signed_in(admin).post(f"{path}acts/issue/").content.decode()
    shop.refresh_from_db()
    assert shop.secret in shown
    client = signed_in(admin)
    assert shop.secret not in client.get(path).content.decode()
    kept = json.dumps(list(Site.objects.values()), default=str)
    assert shop.secret not in kept
    first = shop.secret
    assert client.post(f"{path}acts/issue/").status_code == 409
    client.post(f"{path}acts/rotate/")
    shop.refresh_from_db()
    assert first in shop.secrets(moment.now())
    client.post(f"{path}acts/drop/")
    client.post(f"{path}acts/revoke/")
    shop.refresh_from_db()
    assert shop.secrets(moment.now()) == []
    did = ConfigChange.objects.filter(section="chat-sites", subject_id=str(shop.pk))
    assert list(did.order_by("pk").values_list("did", flat=True)) == [
        *("issued", "issued", "revoked", "revoked"),
    ]


def test_programs_make_renew_and_end_it(api, admin, manager, shop):
    client, path = api(admin), f"/api/v1/chat-sites/{shop.pk}/secret"
    made = client.post(path).json()
    assert (made["has_secret"], made["secret"][:4]) == (True, "hcs_")
    assert client.get("/api/v1/chat-sites").json()[0]["secret"] == ""
    assert client.post(path).json()["earlier_until"]
    for _twice in range(2):
        assert client.delete(path).status_code == 204
    shop.refresh_from_db()
    assert len(shop.secrets(moment.now())) == 1
    assert client.delete(f"{path}?which=all").status_code == 204
    shop.refresh_from_db()
    assert shop.secrets(moment.now()) == []
    assert api(manager).post(path).status_code == 403


def test_the_same_words_give_the_same_signature_as_in_the_document():
    """docs/chat.md has it, for those who write it in another language."""
    parts = {"id": "42", "name": "王芳", "phone": "13800138000", "level": "金卡"}
    made = identity.signature("hcs_example", site="shop", at="1796000000", parts=parts)
    from pathlib import Path

    assert made in Path("docs/chat.md").read_text()


def test_too_much_asking_is_too_much_and_begins_all_the_same(visitor, secret, monkeypatch):
    from huiyin.journey.channels.chat import limits

    monkeypatch.setitem(limits.LIMITS, "known", (1, 60))
    visitor.post("known/", {"identity": signed(secret)})
    assert visitor.post("known/", {"identity": signed(secret)}).status_code == 429
    assert begins(visitor, signed(secret)).proven
    assert Customer.objects.count() == 0
    assert ContactPoint.objects.count() == 0  # a chat alone writes into no record
