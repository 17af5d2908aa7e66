"""Ways to answer: what each allows, which one is chosen, and that only its carrier carries it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation import actions, ways
from huiyin.journey.conversation.actions import NoWayOut, Undelivered
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.words import LetterState, Reach
from huiyin.schedule import SCHEDULE
from tests.conftest import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def nobody():
    """A customer without any address."""
    return find_or_create(Contact(name="路人", phone="13900000001"))


def test_the_preferred_way_comes_first_then_the_one_he_came_by(make_complaint, pigeon, wang_fang):
    wang_fang.preferred = "email"
    complaint = make_complaint(channel="social", customer=wang_fang)
    found = ways.ways_of(complaint)
    assert [one.value for one in found[:2]] == ["email", "social"]
    assert ways.chosen(found) == "email"
    assert {one.value for one in found} == set(Channel) - {"import", "api"}


def test_a_closed_way_is_not_chosen_and_says_what_to_do(make_complaint, pigeon, li, wang_fang):
    wang_fang.preferred = "social"
    complaint = make_complaint(channel="phone", customer=wang_fang, assignee=li)
    pigeon.closed = "超过 48 小时"
    assert ways.chosen(ways.ways_of(complaint)) == "email"
    with pytest.raises(Refused, match="窗口已关闭，请改用邮件"):
        actions.reply(complaint, by=li, text="您好", channel="social")
    assert not complaint.messages.filter(kind="outbound").exists()


def test_a_composer_begins_with_what_reaches_him(make_complaint, wang_fang, nobody):
    """Not with what is only kept on record, unless he wants it so."""
    called = make_complaint(channel="phone", customer=nobody)
    assert ways.chosen(ways.ways_of(called)) == "portal"
    called = make_complaint(channel="phone", customer=wang_fang)
    assert ways.chosen(ways.ways_of(called)) == "email"
    wang_fang.preferred = "phone"
    called = make_complaint(channel="phone", customer=wang_fang)
    assert ways.chosen(ways.ways_of(called), "phone") == "phone"


def test_what_a_way_allows_is_said_where_it_is_chosen():
    closes = at("2026-12-02 09:15")
    way = ways.Way("social", "社交媒体", "发到微信", recipient="wx:o1", most=600, until=closes)
    assert way.allows == "发到微信，可回复到 12-02 09:15，最多 600 字，不能带附件"
    mail = ways.Way("email", "邮件", "发到邮箱", recipient="a@example.com", most_bytes=2**20)
    assert mail.allows == "发到邮箱"


def test_who_names_no_way_answers_by_the_first_that_is_open(make_complaint, pigeon, li, nobody):
    pigeon.closed = "超过 48 小时"
    complaint = make_complaint(channel="social", customer=nobody, assignee=li)
    assert actions.reply(complaint, by=li, text="您好").channel == "phone"
    nobody.preferred = "portal"
    assert actions.reply(complaint, by=li, text="您好").channel == "portal"


def test_too_long_for_the_way_is_refused_before_anything_is_written(make_complaint, pigeon, li):
    complaint = make_complaint(channel="social", assignee=li)
    with pytest.raises(Invalid, match="一条最多 20 字，现在是 21 字"):
        actions.reply(complaint, by=li, text="字" * 21)
    actions.reply(complaint, by=li, text=" " + "字" * 20 + "\r\n")
    assert Letter.objects.get().body == "字" * 20


def test_files_where_none_can_go(make_complaint, pigeon, li):
    complaint = make_complaint(channel="social", assignee=li)
    file = actions.add_evidence(complaint, by=li, upload=SimpleUploadedFile("a.txt", b"a"))
    with pytest.raises(Invalid, match="不能带附件"):
        actions.reply(complaint, by=li, text="您好", attached=[file])


def upload(client, complaint, *sizes, channel="social", **fields):
    files = [SimpleUploadedFile(f"{at}.txt", b"a" * size) for at, size in enumerate(sizes)]
    told = {"kind": "outbound", "text": "您好", "channel": channel, "files": files, **fields}
    return client.post(f"/complaints/{complaint.number}/messages/", told)


def test_what_is_uploaded_with_a_reply_is_refused_before_anything_is_written(
    make_complaint, pigeon, li, signed_in
):
    complaint = make_complaint(channel="social", assignee=li)
    answer = upload(signed_in(li), complaint, 3)
    assert answer.status_code == 422
    assert "社交媒体不能带附件" in answer.content.decode()
    assert not complaint.messages.filter(kind="outbound").exists()
    assert not complaint.evidence.exists() and not Letter.objects.exists()
    assert not complaint.events.exists()
    # what is only kept on record keeps any file, and so does a note
    assert upload(signed_in(li), complaint, 3, channel="phone").status_code == 204
    assert upload(signed_in(li), complaint, 3, kind="note").status_code == 204
    assert complaint.evidence.count() == 2


def test_files_that_are_too_much_together_are_refused_when_they_are_written(
    make_complaint, li, signed_in, api, monkeypatch
):
    monkeypatch.setattr("huiyin.journey.channels.mail.carrier.LARGEST", 1 << 20)
    complaint = make_complaint(channel="email", assignee=li)
    kept = actions.add_evidence(
        complaint, by=li, upload=SimpleUploadedFile("a.txt", b"a" * (600 << 10))
    )
    answer = upload(signed_in(li), complaint, 400 << 10, (30 << 10), channel="email")
    assert answer.status_code == 204
    page = signed_in(li)
    for sizes, chosen in (((600 << 10, 500 << 10), []), ((500 << 10,), [kept.uuid])):
        answer = upload(page, complaint, *sizes, channel="email", attached=chosen)
        assert answer.status_code == 422
        assert "附件合计最多 1 MB，现在是 1.1 MB" in answer.content.decode()
    other = actions.add_evidence(
        complaint, by=li, upload=SimpleUploadedFile("b.txt", b"b" * (500 << 10))
    )
    told = {"kind": "outbound", "text": "您好", "attached": [str(kept.uuid), str(other.uuid)]}
    answer = api(li).post(
        f"/api/v1/complaints/{complaint.number}/messages", told, content_type="application/json"
    )
    assert answer.status_code == 422
    assert "现在是 1.1 MB" in answer.json()["detail"]
    assert Letter.objects.count() == 1  # the first one


def test_its_own_carrier_takes_it_and_reports_are_shown(make_complaint, pigeon, li):
    complaint = make_complaint(channel="social", assignee=li)
    actions.reply(complaint, by=li, text="您好")
    actions.send_due_letters()
    assert pigeon.told == [("wx:o1", "您好")]
    letter = Letter.objects.get()
    assert (letter.state, letter.channel) == (LetterState.SENT, "social")
    assert actions.reached("social", "m1", Reach.DELIVERED)
    assert actions.reached("social", "m1", Reach.READ)
    assert actions.reached("social", "m1", Reach.MISSED, "太晚")  # told late: it was read
    letter.refresh_from_db()
    assert letter.reach == Reach.READ
    assert not actions.reached("sms", "m1", Reach.READ)
    assert not actions.reached("social", "", Reach.READ)


def test_a_channel_that_fails_blocks_no_other(make_complaint, pigeon, li, monkeypatch):
    broken = make_complaint(channel="social", assignee=li)
    actions.reply(broken, by=li, text="您好")
    pigeon.fault = RuntimeError("boom")
    assert actions.send_due_letters() == 1
    assert Letter.objects.get().state == LetterState.QUEUED
    pigeon.fault = Undelivered("对方拒收", final=True)
    Letter.objects.update(next_try_at="2020-01-01T00:00Z")
    actions.send_due_letters()
    assert (Letter.objects.get().state, Letter.objects.get().error) == ("failed", "对方拒收")
    pigeon.fault = NoWayOut()
    actions.retry_letter(Letter.objects.get())
    actions.send_due_letters()
    assert Letter.objects.get().state == LetterState.HELD


def test_each_channel_is_sent_by_itself(make_complaint, pigeon, li):
    for channel in ("social", "email"):
        actions.reply(make_complaint(channel=channel, assignee=li), by=li, text="您好")
    assert actions.send_due_letters("email") == 1
    assert pigeon.told == []
    assert Letter.objects.get(channel="social").state == LetterState.QUEUED
    assert actions.send_due_letters("social", "sms") == 1
    assert len(pigeon.told) == 1


def test_the_schedule_sends_every_channel_once():
    names = [entry.do.__name__ for entry in SCHEDULE if "send_letters" in entry.do.__name__]
    there = [channel for name in names for channel in name.removeprefix("send_letters_").split("_")]
    assert sorted(there) == sorted(Channel.values)


def test_no_carrier_no_letter(make_complaint, li, settings, nobody):
    complaint = make_complaint(channel="walkin", customer=nobody, assignee=li)
    actions.reply(complaint, by=li, text="您好")
    assert not Letter.objects.exists()
    assert complaint.messages.get(kind="outbound").channel == "walkin"


def test_a_letter_of_a_channel_that_is_gone_stays_in_the_outbox(
    make_complaint, pigeon, li, settings
):
    complaint = make_complaint(channel="social", assignee=li)
    actions.reply(complaint, by=li, text="您好")
    settings.CARRIERS = {}
    actions.send_due_letters()
    assert Letter.objects.get().state == LetterState.HELD


def test_what_the_product_says_goes_as_preferred_as_came_or_by_mail(
    make_complaint, pigeon, wang_fang, nobody
):
    came = make_complaint(channel="social", customer=wang_fang)
    assert ways.by_machine(came) == "social"
    longer = ways.reaching(came, length=21)
    assert longer is not None and longer.value == "email"  # too long for it
    wang_fang.preferred = "email"
    assert ways.by_machine(came) == "email"
    assert ways.by_machine(make_complaint(channel="phone", customer=wang_fang)) == "email"
    assert ways.by_machine(make_complaint(channel="phone", customer=nobody)) == "portal"
    assert ways.reaching(make_complaint(channel="phone", customer=nobody)) is None


def test_the_preferred_channel_is_said_on_page_and_by_program(make_complaint, li, signed_in, api):
    complaint = make_complaint(assignee=li)
    address = f"/customers/{complaint.customer_id}/"
    page = signed_in(li).get(address)
    assert "希望的答复方式" in page.content.decode()
    path = f"/api/v1/complaints/{complaint.number}/customer"
    sent = {"level": "normal", "preferred": "sms"}
    answer = api(li).put(path, sent, content_type="application/json")
    assert (answer.status_code, answer.json()["preferred"]) == (200, "sms")
    change = complaint.customer.changes.get()
    assert {"field": "希望的答复方式", "before": "", "after": "短信"} in change.changes
    refused = api(li).put(path, {**sent, "preferred": "fax"}, content_type="application/json")
    assert refused.status_code == 422
