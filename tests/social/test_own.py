"""A system of one's own by signed JSON: messages, files, posts, receipts; answers go back."""

from __future__ import annotations

import hashlib
import random
from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.customers.models import ContactPoint, Customer
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Refused
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.social.actions import fetch_again, fetch_due
from huiyin.journey.channels.social.models import Account, File, Post
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.ways import way_of
from huiyin.surface.demo.files import png
from tests.conftest import person
from tests.hooks.conftest import message
from tests.signing import tell
from tests.social.conftest import sent_out, take
from tests.together import at_once


def heard(hook, told, **more) -> Arrival:
    assert tell(hook, told, **more).status_code == 200
    take()
    return Arrival.objects.latest("pk")


def test_the_same_message_under_another_delivery_is_one(own_hook):
    heard(own_hook, message(), key="a")
    again = heard(own_hook, message(), key="b")
    assert again.state == "taken"
    assert again.outcome == "先前已收到"
    assert Complaint.objects.count() == 1


def test_a_thread_holds_only_its_authors_words(own_hook):
    heard(own_hook, {**message(1), "thread": "t1"})
    heard(own_hook, {**message(2, text="同一线索"), "thread": "t1"})
    heard(own_hook, {**message(3, author="u9", text="我来凑热闹"), "thread": "t1"})
    mine, other = Complaint.objects.order_by("pk")
    assert mine.messages.count() == 2
    assert (other.messages.count(), other.customer_id == mine.customer_id) == (1, False)


def test_the_same_author_of_another_system_is_somebody_else(own_hook):
    other = Hook.objects.create(code="other", name="另一个", connector="webhook")
    heard(own_hook, message(1))
    heard(other, message(1))
    assert Complaint.objects.count() == 2
    assert Account.objects.count() == 2
    assert len({one.customer_id for one in Account.objects.all()}) == 2


def test_a_number_that_anybody_may_type_adds_nothing_to_its_owner(own_hook, wang_fang):
    told = message()
    told["author"] |= {"phone": "13800138000", "email": "evil@example.org"}
    heard(own_hook, told)
    points = set(ContactPoint.objects.filter(customer=wang_fang).values_list("kind", flat=True))
    assert points == {"phone", "email"}
    assert wang_fang.contact("email") == "wf@example.com"
    assert way_of(Complaint.objects.get(), "social").recipient == "webhook:u1"


def test_a_new_author_stands_with_his_account_in_the_record(own_hook):
    heard(own_hook, message())
    point = ContactPoint.objects.get(kind="social")
    assert (point.value, point.customer.name) == ("webhook:u1", "小王")


def test_files_are_fetched_and_their_hash_is_checked(own_hook, outside):
    data = png(5)
    outside.files |= {"a.png": ("image/png", data), "b.png": ("image/png", data)}
    good = {"url": f"{outside.url}/files/a.png", "name": "破损.png"}
    good["sha256"] = hashlib.sha256(data).hexdigest()
    bad = {"url": f"{outside.url}/files/b.png", "name": "b.png", "sha256": "0" * 64}
    inner = {"url": "http://169.254.169.254/latest/meta-data/", "name": "x.png"}
    heard(own_hook, {**message(), "files": [good, bad, inner]})
    fetch_due()
    states = dict(File.objects.values_list("source__name", "state"))
    assert states == {"破损.png": "kept", "b.png": "waiting", "x.png": "failed"}
    assert "内部地址" in File.objects.get(source__name="x.png").error


def test_a_file_that_our_rules_do_not_take_is_told(own_hook, outside):
    outside.files["x.exe"] = ("application/octet-stream", b"MZ" * 50)
    file = {"url": f"{outside.url}/files/x.exe", "name": "x.exe"}
    heard(own_hook, {**message(), "files": [file]})
    fetch_due()
    assert File.objects.get().state == "failed"
    assert "x.exe" in File.objects.get().error


def test_files_of_a_post_are_fetched_too(own_hook, outside):
    outside.files["a.png"] = ("image/png", png(5))
    file = {"url": f"{outside.url}/files/a.png", "name": "破损.png"}
    heard(own_hook, {**message(1), "kind": "post", "files": [file]})
    heard(own_hook, {**message(2, text="还有一张"), "kind": "post", "files": [file]})
    fetch_due()
    complaint = Complaint.objects.get()
    kept = complaint.evidence.order_by("pk")
    assert [(one.name, one.message and one.message.text) for one in kept] == [
        ("破损.png", complaint.messages.order_by("pk")[0].text),
        ("破损.png", "还有一张"),
    ]


def missed_one(hook, outside) -> File:
    """A file that our rules do not take."""
    outside.files["x.exe"] = ("application/octet-stream", b"MZ" * 50)
    heard(hook, {**message(), "files": [{"url": f"{outside.url}/files/x.exe", "name": "x.exe"}]})
    fetch_due()
    return File.objects.get()


def test_a_file_that_was_not_had_is_told_beside_its_complaint(
    own_hook, outside, signed_in, manager, sun
):
    file = missed_one(own_hook, outside)
    boss = signed_in(manager)
    panels = f"/complaints/{file.complaint.number}/panels/"
    page = boss.get(panels).content.decode()
    assert "没有取到的文件" in page
    assert "x.exe" in page
    outside.files["x.exe"] = ("image/png", png(5))
    again = f"/social-files/{file.pk}/again/"
    assert signed_in(sun).post(again).status_code in (403, 404)
    assert boss.post(again).status_code == 204
    assert boss.post(again).status_code == 409  # it is being fetched
    file.refresh_from_db()
    assert (file.state, file.error) == ("waiting", "")
    assert "x.exe" not in boss.get(panels).content.decode()
    assert boss.post("/social-files/999999/again/").status_code == 404


def test_programs_fetch_again(own_hook, outside, api, manager):
    file = missed_one(own_hook, outside)
    client, place = api(manager), f"/api/v1/complaints/{file.complaint.number}/missed-files"
    told = client.get(place).json()
    assert [(one["name"], one["state"]) for one in told] == [("x.exe", "failed")]
    sees = person("du", "督", Role.SUPERVISION)  # all of them, and writes to nobody
    assert api(sees).post(f"{place}/{file.pk}/fetch").status_code == 403
    assert client.post(f"{place}/{file.pk}/fetch").json()["state"] == "waiting"
    assert client.post(f"{place}/{file.pk}/fetch").status_code == 409
    assert client.get(place).json() == []


def test_in_the_archive_nothing_is_fetched(own_hook, outside, manager):
    file = missed_one(own_hook, outside)
    file.complaint.status = "ARC"
    with pytest.raises(Refused, match="已归档"):
        fetch_again(file, by=manager)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_fetch_again_one_does(own_hook, outside, manager):
    file = missed_one(own_hook, outside)
    results = at_once(
        *[lambda: fetch_again(File.objects.get(pk=file.pk), by=manager) for _ in range(2)]
    )
    assert sorted(type(one).__name__ for one in results) == ["NoneType", "Refused"]


def _answer(li, text="在核实") -> Letter:
    complaint = Complaint.objects.latest("pk")
    made = conversation.reply(complaint, by=li, text=text, channel="social")
    sent_out()
    return Letter.objects.get(message=made)


def test_answers_are_signed_and_receipts_come_back(own_hook, outside, li):
    heard(own_hook, message())
    letter = _answer(li)
    assert outside.sent[0]["to"] == {"id": "u1"}
    assert outside.sent[0]["signature"].startswith("v1,")
    named = f"o-huiyin-letter-{letter.pk}"
    receipt = {"kind": "receipt", "id": "r1", "message": named, "status": "delivered"}
    assert heard(own_hook, receipt).outcome == "回执"
    letter.refresh_from_db()
    assert letter.reach == "delivered"
    heard(own_hook, {**receipt, "id": "r2", "status": "read"})
    heard(own_hook, {**receipt, "id": "r3"})
    letter.refresh_from_db()
    assert letter.reach == "read"


def test_another_system_cannot_report_about_our_letters(own_hook, outside, li):
    heard(own_hook, message())
    letter = _answer(li)
    other = Hook.objects.create(code="other", name="另一个", connector="webhook")
    named = f"o-huiyin-letter-{letter.pk}"
    heard(other, {"kind": "receipt", "id": "r", "message": named, "status": "read"})
    letter.refresh_from_db()
    assert letter.reach == ""


def test_a_receiver_that_fails_a_third_gets_everything_once(own_hook, outside, li):
    for number in range(20):
        heard(own_hook, message(number, author=f"u{number}"))
    outside.fails = 30
    outside.chance = random.Random(11)
    for complaint in Complaint.objects.order_by("pk"):
        conversation.reply(complaint, by=li, text=f"答 {complaint.pk}", channel="social")
    now = moment.now()
    for minutes in (0, 2, 8, 24, 70):
        with moment.at(now + timedelta(minutes=minutes)):
            sent_out()
    outside.fails = 0
    for letter in Letter.objects.filter(purpose="reply", state="failed"):
        conversation.retry_letter(letter)
    with moment.at(now + timedelta(hours=3)):
        sent_out()
    replies = Letter.objects.filter(purpose="reply")
    assert set(replies.values_list("state", flat=True)) == {"sent"}
    said = [one["text"] for one in outside.sent if one["text"].startswith("答 ")]
    assert sorted(said) == sorted(replies.values_list("body", flat=True))


def test_a_system_that_only_tells_is_no_way_to_answer(db, li):
    hook = Hook.objects.create(code="deaf", name="只收", connector="webhook")
    heard(hook, message())
    assert way_of(Complaint.objects.get(), "social").closed == "只收不发"


def test_one_that_was_switched_off_is_no_way_either(own_hook):
    heard(own_hook, message())
    Hook.objects.update(enabled=False)
    assert way_of(Complaint.objects.get(), "social").closed == "接入已停用"


def test_a_post_by_webhook_is_a_post(own_hook):
    told = {**message(), "kind": "post", "platform": "微博", "public": True}
    told["author"]["followers"] = 5
    arrival = heard(own_hook, told)
    assert (arrival.outcome, Post.objects.get().platform) == ("公开帖子", "微博")


@pytest.mark.parametrize(
    "told",
    [
        {"id": "1"},
        {"id": "1", "author": {"id": "x"}},
        {"id": "1", "author": [], "text": "x"},
        {"id": "1", "kind": "else", "author": {"id": "x"}, "text": "x"},
        {"id": "1", "kind": "receipt", "status": "maybe"},
        {"id": True, "author": {"id": "x"}, "text": "x"},
    ],
)
def test_what_does_not_say_enough_waits_for_a_person(own_hook, told):
    assert heard(own_hook, told).state == "failed"
    assert not Complaint.objects.exists()


def test_hostile_words_stay_words(own_hook):
    told = message(text="<script>alert(1)</script>\u202e\x07'; DROP TABLE--")
    told["author"] |= {"name": "<b>\u0000甲</b>" * 50, "phone": "不是号码", "email": "x"}
    heard(own_hook, told)
    complaint = Complaint.objects.get()
    assert "<script>" in complaint.text
    assert Customer.objects.get(pk=complaint.customer_id).name


@pytest.mark.django_db(transaction=True)
def test_two_messages_of_one_author_at_once_are_one_complaint():
    hook = Hook.objects.create(code="forum", name="论坛", connector="webhook")
    from huiyin.journey.channels.social.actions import Said, hear

    acts = [
        lambda n=n: hear(hook, Said(f"m{n}", author="u1", text=f"第 {n} 句")).outcome
        for n in range(4)
    ]
    assert sorted(map(str, at_once(*acts))) == ["并入会话"] * 3 + ["新投诉"]
    assert Complaint.objects.count() == 1
    assert Complaint.objects.get().messages.count() == 4
