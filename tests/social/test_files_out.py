"""Answers with pictures and files: what goes by which way, each part once, and what is told."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as house
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.channels.hooks import actions as hooks
from huiyin.journey.channels.social import sending
from huiyin.journey.channels.social.connectors import wechat, wecom
from huiyin.journey.channels.social.limits import of_window
from huiyin.journey.channels.social.models import Account
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation import rules
from huiyin.journey.conversation.actions import parts
from huiyin.journey.conversation.models import Evidence, Letter, Part
from huiyin.journey.conversation.ways import way_of
from huiyin.surface.demo.files import png
from tests.hooks.conftest import message
from tests.signing import tell
from tests.social.conftest import from_wechat, sent_out, take, words
from tests.social.test_wecom import called, news
from tests.together import at_once

MINUTES = (0, 2, 8, 24, 70)  # when a letter is tried that fails


class Killed(BaseException):
    """As a kill is: nobody catches it."""


def kept(complaint, li, name="照片.png", data=None, **more) -> Evidence:
    upload = SimpleUploadedFile(name, png(3) if data is None else data)
    return conversation.add_evidence(complaint, by=li, upload=upload, **more)


def answer(complaint, li, *files, text="请看照片") -> Letter:
    said = conversation.reply(complaint, by=li, text=text, channel="social", attached=files)
    sent_out()
    return Letter.objects.get(message=said)


def later(*minutes) -> None:
    now = moment.now()
    for one in minutes:
        with moment.at(now + timedelta(minutes=one)):
            sent_out()


def states(letter) -> list[str]:
    return list(Part.objects.filter(letter=letter).values_list("state", flat=True))


@pytest.fixture
def follower(wechat_hook):
    """Who wrote to the official account."""
    from_wechat(wechat_hook, words())
    take()
    return Complaint.objects.get()


@pytest.fixture
def guest(wecom_hook, outside):
    """Who wrote to the customer service of WeCom."""
    outside.news = [news(1)]
    called()
    take()
    return Complaint.objects.get()


# --- what goes


def test_words_then_each_picture_by_the_official_account(follower, outside, li):
    files = [kept(follower, li), kept(follower, li, "第二张.png", png(5))]
    letter = answer(follower, li, *files)
    assert [one["msgtype"] for one in outside.sent] == ["text", "image", "image"]
    assert outside.sent[0]["text"]["content"] == "请看照片"
    got = [outside.given[one["image"]["media_id"]] for one in outside.sent[1:]]
    assert [hashlib.sha256(one["data"]).hexdigest() for one in got] == [f.sha256 for f in files]
    assert got[0]["media_type"] == "image/png"
    assert (letter.state, states(letter)) == ("sent", ["sent"] * 3)
    assert Account.objects.get().answers == 3
    copies = files[0].custody.filter(act="copied")
    assert [one.facts["letter"] for one in copies] == [letter.pk]


def test_pictures_and_files_by_wecom_under_their_names(guest, outside, li):
    picture = kept(guest, li)
    paper = kept(guest, li, '合同"终稿".pdf', b"%PDF-1.4\n" + b"x" * 50)
    letter = answer(guest, li, picture, paper)
    assert [one["msgtype"] for one in outside.sent] == ["text", "image", "file"]
    keys = [one["msgid"] for one in outside.sent]
    assert keys == [f"huiyin-letter-{letter.pk}{end}" for end in ("", "-1", "-2")]
    assert max(len(one) for one in keys) <= 32
    given = outside.given[outside.sent[2]["file"]["media_id"]]
    assert given["data"] == b"%PDF-1.4\n" + b"x" * 50
    assert given["name"].startswith("合同") and given["name"].endswith(".pdf")
    assert letter.state == "sent"


def test_what_is_uploaded_with_a_reply_goes_with_it(follower, outside, li, signed_in):
    Complaint.objects.update(assignee=li, status="HND")
    told: dict[str, Any] = {"kind": "outbound", "text": "请看", "channel": "social"}
    told["files"] = [SimpleUploadedFile("图.png", png(4))]
    page = signed_in(li)
    assert page.post(f"/complaints/{follower.number}/messages/", told).status_code == 204
    with moment.at(moment.now() + timedelta(seconds=11)):
        sent_out()
    assert [one["msgtype"] for one in outside.sent] == ["text", "image"]
    shown = page.get(f"/complaints/{follower.number}/").content.decode()
    assert "已发送" in shown and 'alt="图.png"' in shown


def test_a_chosen_file_stands_in_the_story_with_how_far_it_is(follower, outside, li, signed_in):
    Complaint.objects.update(assignee=li, status="HND")
    outside.unfit = [40009]
    answer(follower, li, kept(follower, li))
    shown = signed_in(li).get(f"/complaints/{follower.number}/").content.decode()
    assert "发送失败（已发出 1/2）" in shown
    assert "story__part" in shown and "没有发出" in shown
    assert "平台不收这么大的文件" in shown


# --- what does not go, before anything is written


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("合同.pdf", b"%PDF-1.4\nx", "“合同.pdf”不能这样发：社交媒体只收图片"),
        ("长图.webp", b"RIFF\x10\x00\x00\x00WEBPVP8 " + b"x" * 9, "不能这样发"),
        ("说明.txt", b"a", "请改用邮件，或用网页门户"),
    ],
)
def test_the_official_account_takes_pictures_alone(follower, li, name, data, sentence):
    file = kept(follower, li, name, data)
    with pytest.raises(Invalid, match=sentence):
        answer(follower, li, file)
    assert not Letter.objects.filter(purpose="reply").exists()


def test_what_is_uploaded_is_judged_before_anything_is_written(follower, li, signed_in):
    Complaint.objects.update(assignee=li, status="HND")
    told: dict[str, Any] = {"kind": "outbound", "text": "请看", "channel": "social"}
    told["files"] = [SimpleUploadedFile("合同.pdf", b"%PDF-1.4\nx")]
    reply = signed_in(li).post(f"/complaints/{follower.number}/messages/", told)
    assert (reply.status_code, "请改用邮件" in reply.content.decode()) == (422, True)
    assert not follower.evidence.exists()
    assert not Letter.objects.filter(purpose="reply").exists()
    told["files"] = [SimpleUploadedFile("图.png", b"MZ" * 40)]  # named as a picture
    assert signed_in(li).post(f"/complaints/{follower.number}/messages/", told).status_code == 422
    assert not Letter.objects.filter(purpose="reply").exists()


def test_how_large_and_how_small(wechat_hook, guest, li):
    account = Account(hook=wechat_hook, spoke_at=moment.now())
    way, guest_way = wechat.limits(wechat_hook, account, moment.now()), way_of(guest, "social")
    large = rules.Going("图.png", (10 << 20) + 1)
    assert rules.unfit(way.takes, large) == ("large", 10 << 20)
    assert rules.unfit(guest_way.takes, rules.Going("小.txt", 5)) == ("small", 6)
    assert rules.unfit(guest_way.takes, rules.Going("小.txt", 6)) == ("", 0)

    def sort(name: str, size: int) -> str:
        found = rules.sort_of(guest_way.takes, rules.Going(name, size))
        return found.kind if found is not None else ""

    # a picture that is too large as one still goes as a file
    assert sort("图.png", 15 << 20) == "file"
    assert sort("图.PNG", 1 << 20) == "image"
    assert rules.unfit(guest_way.takes, rules.Going("片.mp4", (20 << 20) + 1))[0] == "large"


def test_words_and_files_count_together_in_the_window(follower, outside, li):
    way = way_of(follower, "social")
    assert (way.most_files, way.most_bytes) == (4, 40 << 20)
    told = "图片（jpg/jpeg/png/gif）每个 10 MB 以内，最多 4 个，文字和每个附件各算一条"
    assert way.attaches == told
    files = [kept(follower, li, f"{n}.png", png(n + 2)) for n in range(5)]
    with pytest.raises(Invalid, match="最多带 4 个附件，现在是 5 个"):
        answer(follower, li, *files)
    answer(follower, li, *files[:3])
    way = way_of(follower, "social")
    assert (way.closed, way.most_bytes) == ("", 0)
    with pytest.raises(Invalid, match="只再允许回复 1 条"):
        answer(follower, li, files[0])
    answer(follower, li)
    assert way_of(follower, "social").closed == "已发满 5 条"
    assert len(outside.sent) == 5


def test_what_waits_to_leave_takes_its_places_in_the_window(follower, outside, li):
    files = [kept(follower, li, f"{n}.png", png(n + 2)) for n in range(3)]
    conversation.reply(follower, by=li, text="一", channel="social", attached=files[:2])
    assert way_of(follower, "social").most_files == 1
    conversation.reply(follower, by=li, text="二", channel="social")
    way = way_of(follower, "social")
    assert (way.closed, way.most_bytes) == ("", 0)
    with pytest.raises(Invalid, match="只再允许回复 1 条"):
        conversation.reply(follower, by=li, text="三", channel="social", attached=files[2:])
    sent_out()
    assert len(outside.sent) == 4
    assert way_of(follower, "social").most_bytes == 0


def test_a_window_in_which_nobody_counts():
    """Of a connector of others that says no number, and of one that says no files."""
    account = Account(spoke_at=moment.now())
    free = of_window(account, moment.now(), most=10, takes=wecom.TAKES)
    assert (free.most_files, free.most_bytes, free.no_files) == (0, 20 * (20 << 20), "")
    plain = of_window(account, moment.now(), most=10)
    assert (plain.most_bytes, plain.no_files, plain.left) == (0, "", None)


def test_what_the_customer_may_not_have_cannot_be_chosen(follower, li, sun, api, signed_in):
    Complaint.objects.update(assignee=li, status="HND")
    secret = kept(follower, li, "内部.png", internal=True)
    address = f"/api/v1/complaints/{follower.number}/messages"
    told = {"kind": "outbound", "channel": "social", "text": "请看", "attached": [str(secret.uuid)]}
    refused = api(li).post(address, told, content_type="application/json")
    assert (refused.status_code, "不能发给客户" in refused.json()["detail"]) == (422, True)
    page = signed_in(li).post(f"/complaints/{follower.number}/messages/", told)
    assert page.status_code == 422
    assert not Letter.objects.filter(purpose="reply").exists()
    own = conversation.Description(source="customer", privacy="sensitive")
    sensitive = kept(follower, li, "病历.png", described=own)
    with pytest.raises(Refused, match="敏感证据"):
        conversation.reply(follower, by=sun, text="请看", channel="social", attached=[sensitive])


# --- once each, whatever happens


def test_a_third_of_the_answers_lost_and_no_picture_twice(guest, outside, li):
    files = [kept(guest, li, f"{n}.png", png(n + 2)) for n in range(4)]
    outside.fails = 30
    letter = answer(guest, li, *files)
    later(*MINUTES[1:])
    outside.fails = 0
    letter.refresh_from_db()
    if letter.state == "failed":
        conversation.retry_letter(letter)
        sent_out()
    letter.refresh_from_db()
    assert (letter.state, states(letter)) == ("sent", ["sent"] * 5)
    assert [one["msgtype"] for one in outside.sent] == ["text", *["image"] * 4]
    got = [outside.given[one["image"]["media_id"]]["data"] for one in outside.sent[1:]]
    assert [hashlib.sha256(one).hexdigest() for one in got] == [one.sha256 for one in files]


def test_a_lost_answer_of_the_official_account_is_shown_and_nothing_goes_twice(
    follower, outside, li
):
    """It knows no key of ours: what may have arrived is not sent again by a machine."""
    files = [kept(follower, li, f"{n}.png", png(n + 2)) for n in range(2)]
    real = wechat.calling.call
    lost: list[str] = []

    def deaf(hook, method, url, **more):
        found = real(hook, method, url, **more)
        if "custom/send" in url and len(outside.sent) == 2 and not lost:
            lost.append(url)
            raise conversation.Unheard("没有接通对方的服务器")
        return found

    wechat.calling.call = deaf
    try:
        letter = answer(follower, li, *files)
        later(*MINUTES[1:])
    finally:
        wechat.calling.call = real
    letter.refresh_from_db()
    assert (letter.state, states(letter)) == ("failed", ["sent", "unknown", "waiting"])
    assert "0.png" in letter.error and "可能已经发出" in letter.error
    assert len(outside.sent) == 2
    # he has the words: no first response is owed again
    missed = follower.events.get(what=What.LETTER_FAILED)
    assert missed.facts["partly"] is True
    assert conversation.has_answer(follower)
    conversation.retry_letter(letter)  # the person has looked: it had not arrived
    sent_out()
    letter.refresh_from_db()
    assert (letter.state, len(outside.sent)) == ("sent", 4)


@pytest.mark.parametrize("place", [0, 1])
def test_a_platform_that_refuses_what_it_has_already_is_not_believed_blindly(
    guest, outside, li, monkeypatch, place
):
    """The documentation says that the same id again is an error, and not which: it may be there, so
    a person decides; what he has sent anew is another message, and the rest goes after it."""
    files = [kept(guest, li, f"{n}.png", png(n + 2)) for n in range(2)]
    outside.refuses_again = 40058
    real = wecom._told
    lost: list[str] = []

    def deaf(hook, account, what, key):
        name = real(hook, account, what, key)
        if len(outside.sent) == place + 1 and not lost:
            lost.append(name)
            raise conversation.Unheard("没有接通对方的服务器")
        return name

    monkeypatch.setattr(wecom, "_told", deaf)
    letter = answer(guest, li, *files)
    assert (letter.state, states(letter)[place]) == ("queued", "begun")
    later(*MINUTES[1:])
    letter.refresh_from_db()
    assert (letter.state, states(letter)[place], outside.again) == ("failed", "unknown", 1)
    assert "可能已经发出" in letter.error
    assert len(outside.sent) == place + 1
    conversation.retry_letter(letter)
    sent_out()
    letter.refresh_from_db()
    assert (letter.state, states(letter)) == ("sent", ["sent"] * 3)
    keys = [one["msgid"] for one in outside.sent]
    assert len(set(keys)) == len(keys) == 4  # one twice, as the person wanted
    assert keys[place + 1] == f"huiyin-letter-{letter.pk}-{place}-r1"


def test_a_network_that_stays_away_leaves_the_doubt_visible(
    guest, outside, li, signed_in, monkeypatch
):
    Complaint.objects.update(assignee=li, status="HND")
    file = kept(guest, li)
    real = wecom._told

    def deaf(hook, account, what, key):
        if what["msgtype"] == "text":
            return real(hook, account, what, key)
        raise conversation.Unheard("没有接通对方的服务器")

    monkeypatch.setattr(wecom, "_told", deaf)
    letter = answer(guest, li, file)
    later(*MINUTES[1:])
    letter.refresh_from_db()
    assert (letter.state, states(letter)) == ("failed", ["sent", "begun"])
    shown = signed_in(li).get(f"/complaints/{guest.number}/").content.decode()
    assert "可能已发出" in shown
    monkeypatch.setattr(wecom, "_told", real)
    conversation.retry_letter(letter)
    sent_out()
    assert [one["msgtype"] for one in outside.sent] == ["text", "image"]


def test_busy_is_no_doubt(guest, outside, li):
    outside.errors = [0, -1]
    letter = answer(guest, li, kept(guest, li))
    assert states(letter) == ["sent", "waiting"]
    later(2)
    letter.refresh_from_db()
    assert letter.state == "sent"


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("after", [False, True])
def test_a_death_between_two_parts_forgets_none_and_doubles_none(
    request, outside, li, monkeypatch, place, after
):
    """Before and after the call of each part; where a key is known it goes on by itself."""
    guest = request.getfixturevalue("guest")
    files = [kept(guest, li, f"{n}.png", png(n + 2)) for n in range(2)]
    conversation.reply(guest, by=li, text="请看", channel="social", attached=files)
    real = wecom._told

    def dies(hook, account, what, key):
        mine = key.endswith(f"-{place}") if place else key.count("-") == 2
        if mine and not after:
            raise Killed
        name = real(hook, account, what, key)
        if mine:
            raise Killed
        return name

    monkeypatch.setattr(wecom, "_told", dies)
    with pytest.raises(Killed):
        sent_out()
    monkeypatch.setattr(wecom, "_told", real)
    with moment.at(moment.now() + timedelta(minutes=6)):
        sent_out()
    letter = Letter.objects.get(purpose="reply")
    assert (letter.state, states(letter)) == ("sent", ["sent"] * 3)
    assert [one["msgtype"] for one in outside.sent] == ["text", "image", "image"]


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("after", [False, True])
def test_a_death_where_no_key_is_known_is_shown_to_a_person(
    follower, outside, li, monkeypatch, place, after
):
    file = kept(follower, li)
    conversation.reply(follower, by=li, text="请看", channel="social", attached=[file])
    real = wechat._told

    def dies(hook, account, what, key):
        mine = (what["msgtype"] == "image") == bool(place)
        if mine and not after:
            raise Killed
        name = real(hook, account, what, key)
        if mine:
            raise Killed
        return name

    monkeypatch.setattr(wechat, "_told", dies)
    with pytest.raises(Killed):
        sent_out()
    monkeypatch.setattr(wechat, "_told", real)
    for minutes in (6, 12, 80):
        with moment.at(moment.now() + timedelta(minutes=minutes)):
            sent_out()
    letter = Letter.objects.get(purpose="reply")
    assert letter.state == "failed"
    assert states(letter)[place] == "unknown"
    assert len(outside.sent) == place + after
    conversation.retry_letter(letter)
    sent_out()
    letter.refresh_from_db()
    assert (letter.state, states(letter)) == ("sent", ["sent"] * 2)


def test_a_death_after_it_was_found_uncertain_is_no_second_sending(
    follower, outside, li, monkeypatch
):
    """The part is marked, the letter not yet: whoever takes it next does not send it either."""
    file = kept(follower, li)
    said = conversation.reply(follower, by=li, text="请看", channel="social", attached=[file])
    letter = Letter.objects.get(message=said)
    for at, one in enumerate((None, file)):
        state = "unknown" if at else "sent"
        Part.objects.create(letter=letter, place=at, evidence=one, state=state)
    Letter.objects.update(taken_until=moment.now() - timedelta(seconds=1))
    sent_out()
    letter.refresh_from_db()
    assert (letter.state, outside.sent) == ("failed", [])


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_token_that_ended_is_renewed_in_the_middle(follower, outside, li, monkeypatch, code):
    file = kept(follower, li)
    real = wechat._told
    told: list[str] = []

    def ends(hook, account, what, key):
        if not told:
            told.append(key)
            outside.token = "token-2"  # the one that is kept is valid no more
        return real(hook, account, what, key)

    monkeypatch.setattr(wechat, "_told", ends)
    outside.unfit = [code]
    letter = answer(follower, li, file)
    assert (letter.state, len(outside.sent)) == ("sent", 2)


@pytest.mark.parametrize(
    ("code", "sentence"), [(45015, "48 小时"), (45047, "5 条"), (45002, "长度"), (48001, "权限")]
)
def test_a_window_that_closed_between_words_and_picture(follower, outside, li, code, sentence):
    file = kept(follower, li)
    outside.errors = [0, code]
    letter = answer(follower, li, file)
    assert (letter.state, states(letter)) == ("failed", ["sent", "failed"])
    assert sentence in letter.error and "照片.png" in letter.error
    later(*MINUTES[1:])
    assert len(outside.sent) == 1


@pytest.mark.parametrize("code", [40004, 40005, 40006, 40009, 44001, 45001])
def test_a_file_that_is_never_taken_keeps_no_other_from_leaving(guest, outside, li, code):
    files = [kept(guest, li, f"{n}.png", png(n + 2)) for n in range(3)]
    outside.unfit = [code]
    letter = answer(guest, li, *files)
    assert (letter.state, states(letter)) == ("failed", ["sent", "failed", "sent", "sent"])
    assert "“0.png”没有发出：平台" in letter.error
    assert [one["msgtype"] for one in outside.sent] == ["text", "image", "image"]
    assert letter.message is not None
    conversation.resend(letter.message, by=li)
    sent_out()
    letter.refresh_from_db()
    assert (letter.state, len(outside.sent)) == ("sent", 4)


def test_a_file_that_was_given_over_too_long_ago_is_given_over_anew(guest, outside, li):
    outside.errors = [0, -1]
    letter = answer(guest, li, kept(guest, li))
    assert states(letter) == ["sent", "waiting"]
    outside.given.clear()  # three days later: it knows the name no more
    later(2, 8)
    letter.refresh_from_db()
    assert (letter.state, states(letter)) == ("sent", ["sent"] * 2)
    assert len(outside.given) == 1


def test_two_at_once_send_each_part_once(follower, li):
    file = kept(follower, li)
    said = conversation.reply(follower, by=li, text="请看", channel="social", attached=[file])
    letter = Letter.objects.get(message=said)
    one, other = parts._parts_of(letter)[0], parts._parts_of(letter)[0]
    conversation.begin(one)
    with pytest.raises(conversation.Undelivered):
        conversation.begin(other)
    assert Part.objects.count() == 2


# --- hostile and missing


def test_bytes_that_are_gone_or_changed_go_nowhere(guest, outside, li):
    gone, changed, well = (kept(guest, li, f"{n}.png", png(n + 2)) for n in range(3))
    folder = Path(house.EVIDENCE_DIR)
    (folder / gone.path).unlink()
    (folder / changed.path).write_bytes(b"<script>" + b"x" * (changed.size - 8))
    letter = answer(guest, li, gone, changed, well)
    assert states(letter) == ["sent", "failed", "failed", "sent"]
    assert "“0.png”的文件读不出来" in letter.error
    assert "“1.png”与登记时的内容不同" in letter.error
    assert len(outside.given) == 1


def test_what_became_sensitive_while_it_waited_is_told_not_forgotten(guest, outside, li):
    file = kept(guest, li)
    said = conversation.reply(guest, by=li, text="请看", channel="social", attached=[file])
    Evidence.objects.filter(pk=file.pk).update(privacy="sensitive")
    sent_out()
    letter = Letter.objects.get(message=said)
    assert (letter.state, states(letter)) == ("failed", ["sent", "failed"])
    assert "敏感证据，没有发给客户" in letter.error
    assert "照片" not in letter.error
    assert not outside.given


def test_a_name_cannot_break_out_of_its_header():
    name = 'a".png"\r\nContent-Type: text/html\r\n\r\n<script>'
    typed, body = sending.calling.multipart("media", name, "image/png", b"\r\n--x--\r\n\x00")
    from tests.social.standin import formed

    found = formed(typed, body)
    assert list(found) == ["media"]
    assert found["media"]["data"] == b"\r\n--x--\r\n\x00"
    assert found["media"]["media_type"] == "image/png"


@pytest.mark.parametrize(("status", "sentence"), [(413, "不收这么大的文件"), (422, "不收这种文件")])
def test_a_server_that_does_not_take_the_body_says_it_of_the_file(
    guest, wecom_hook, outside, li, status, sentence
):
    """Not of the channel: that one is well, and the words have left."""
    outside.too_heavy = status
    letter = answer(guest, li, kept(guest, li))
    assert (letter.state, states(letter)) == ("failed", ["sent", "failed"])
    assert sentence in letter.error
    wecom_hook.refresh_from_db()
    assert wecom_hook.left_error == ""


# --- told later


def test_a_picture_that_was_missed_later_stands_at_its_picture(guest, outside, li):
    letter = answer(guest, li, kept(guest, li))
    failed = outside.sent[1]["msgid"]
    event = {"event_type": "msg_send_fail", "fail_msgid": failed, "fail_type": 6}
    outside.news.append(news(2, msgtype="event", event=event))
    called()
    take()
    letter.refresh_from_db()
    assert letter.reach == "missed"
    assert letter.error == "“照片.png”没有发出：客户拒收"
    reaches = list(Part.objects.values_list("reach", flat=True))
    assert reaches == ["", "missed"]
    again = outside.news[-1] | {"msgid": "m3"}
    outside.news.append(again)
    called()
    take()
    assert guest.events.filter(what=What.LETTER_FAILED).count() == 1


def test_the_program_reads_the_same(follower, outside, li, api):
    Complaint.objects.update(assignee=li, status="HND")
    outside.unfit = [40009]
    file = kept(follower, li)
    answer(follower, li, file)
    base = f"/api/v1/complaints/{follower.number}"
    last = api(li).get(f"{base}/messages").json()[-1]
    assert [one["state"] for one in last["parts"]] == ["sent", "failed"]
    assert last["parts"][1]["file"] == str(file.uuid)
    way = next(one for one in api(li).get(f"{base}/ways").json() if one["value"] == "social")
    assert way["takes"][0]["endings"] == ["jpg", "jpeg", "png", "gif"]
    assert (way["most_files"], way["takes"][0]["most"]) == (3, 10 << 20)


# --- the others


def test_mastodon_sends_words_and_pictures_as_one(mastodon_hook, outside, li):
    status = {
        "id": "11",
        "visibility": "direct",
        "content": "<p>坏了</p>",
        "created_at": "2026-11-20T08:00:00Z",
        "account": {"acct": "lin@other.example", "display_name": "林"},
    }
    hooks.keep_more(mastodon_hook, [("post:11", json.dumps(status).encode(), {})])
    take()
    complaint = Complaint.objects.get()
    files = [kept(complaint, li, f"{n}.png", png(n + 2)) for n in range(5)]
    with pytest.raises(Invalid, match="最多带 4 个附件"):
        answer(complaint, li, *files)
    outside.working = 1
    letter = answer(complaint, li, *files[:2])
    assert letter.state == "sent"
    [sent] = outside.sent
    assert [outside.given[one]["data"] for one in sent["media_ids"]] == [png(2), png(3)]
    assert sent["visibility"] == "direct"
    assert files[0].custody.filter(act="copied").count() == 1


def test_a_system_of_ones_own_gets_files_when_it_says_so(own_hook, outside, li):
    assert tell(own_hook, message()).status_code == 200
    take()
    complaint = Complaint.objects.get()
    file = kept(complaint, li, "说明.txt", "请看".encode())
    assert way_of(complaint, "social").most_bytes == 0
    with pytest.raises(Invalid, match="这个接入只收文字"):
        answer(complaint, li, file)
    own_hook.options = {**own_hook.options, "files": "yes"}
    own_hook.save()
    outside.too_heavy = 413
    letter = answer(complaint, li, file)
    assert (letter.state, letter.error) == ("failed", "平台不收这么大的文件")
    outside.too_heavy = 0
    conversation.retry_letter(letter)
    sent_out()
    letter.refresh_from_db()
    assert letter.state == "sent"
    [sent] = outside.sent
    [given] = sent["files"]
    assert (given["name"], given["size"], given["sha256"]) == ("说明.txt", 6, file.sha256)
    assert base64.b64decode(given["data"]) == "请看".encode()


@pytest.mark.django_db(transaction=True)
def test_two_workers_over_one_queue_send_each_part_once(wecom_hook, outside, li):
    outside.news = [news(1)]
    called()
    take()
    guest = Complaint.objects.get()
    files = [kept(guest, li, f"{n}.png", png(n + 2)) for n in range(3)]
    conversation.reply(guest, by=li, text="请看", channel="social", attached=files)
    at_once(sent_out, sent_out)
    assert [one["msgtype"] for one in outside.sent] == ["text", *["image"] * 3]
    assert (outside.again, Part.objects.filter(state="sent").count()) == (0, 4)
