"""Mastodon: mentions are asked for page by page, answers posted once."""

from __future__ import annotations

from datetime import timedelta

from huiyin.ground import moment
from huiyin.journey.channels.hooks import actions as hooks
from huiyin.journey.channels.hooks.models import Arrival
from huiyin.journey.channels.social.actions import answer_publicly, fetch_due, poll_due
from huiyin.journey.channels.social.models import Account, Post
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Letter
from huiyin.surface.demo.files import png
from tests.conftest import person
from tests.social.conftest import sent_out, take


def mention(number: int, text="<p>买的锅<br>漏了</p>", author="wang", **more):
    status = {
        "id": str(1000 + number),
        "created_at": moment.now().isoformat(),
        "visibility": "public",
        "url": f"https://m.example/@wang/{number}",
        "content": text,
        "account": {"acct": author, "display_name": "小王", "followers_count": 12},
        **more,
    }
    return {"id": str(number), "type": "mention", "status": status}


def test_mentions_are_fetched_over_all_pages_and_only_once(mastodon_hook, outside):
    outside.notifications = [mention(n, author=f"u{n}") for n in range(1, 8)]
    assert poll_due() == 7
    take()
    assert Post.objects.count() == 7
    mastodon_hook.refresh_from_db()
    assert mastodon_hook.position == "7"
    assert poll_due() == 0
    outside.notifications.append(mention(8, author="u8"))
    assert poll_due() == 1
    take()
    assert Complaint.objects.count() == 8
    assert Post.objects.latest("pk").text == "买的锅\n漏了"


def test_a_server_that_fails_in_the_middle_costs_nothing(mastodon_hook, outside):
    outside.notifications = [mention(n, author=f"u{n}") for n in range(1, 12)]
    outside.fails = 30
    for _round in range(8):
        poll_due()
    outside.fails = 0
    poll_due()
    take()
    assert Post.objects.count() == 11
    assert Arrival.objects.count() == 11


def test_pictures_and_the_warning_before_a_post_are_his_words_too(mastodon_hook, outside):
    outside.files["broken%20pot.png"] = ("image/png", png(5))
    media = [
        {"type": "image", "url": f"{outside.url}/files/broken%20pot.png", "description": "锅"},
        {"type": "unknown", "url": None, "remote_url": ""},
        "x",
    ]
    more = {"media_attachments": media, "spoiler_text": "投诉：会漏电"}
    outside.notifications = [
        mention(1, text="", **more),
        mention(2, text="<p>私下说</p>", author="li", visibility="direct", media_attachments=media),
    ]
    poll_due()
    take()
    fetch_due()
    first, second = Complaint.objects.order_by("pk")
    assert first.messages.get().text == "投诉：会漏电"
    for complaint in (first, second):
        assert [one.name for one in complaint.evidence.all()] == ["broken pot.png"]
    assert not any("m-token" in one for one in outside.asked)


def test_a_wrong_token_is_told_where_one_looks(mastodon_hook, outside):
    mastodon_hook.keep_secrets(access_token="wrong")
    mastodon_hook.save()
    assert poll_due() == 0
    mastodon_hook.refresh_from_db()
    assert "401" in mastodon_hook.came_error


def test_a_hashtag_can_be_asked_for_instead(mastodon_hook, outside):
    mastodon_hook.options["tag"] = "#回音"
    mastodon_hook.save()
    status = mention(5)["status"]
    outside.notifications = [{**status, "id": "1005"}]
    assert poll_due() == 1
    take()
    assert Post.objects.get().outer_id == "1005"


def test_a_flood_is_fetched_to_its_end_oldest_first(mastodon_hook, outside):
    """More than one run takes: before, what was older than its last page was lost."""
    assert poll_due() == 0
    outside.notifications = [mention(n, text=f"<p>第 {n} 件</p>") for n in range(1, 61)]
    assert poll_due() == 50
    assert poll_due() == 10
    assert poll_due() == 0
    kept = list(Arrival.objects.order_by("pk").values_list("key", flat=True))
    assert kept == [f"post:{1000 + n}" for n in range(1, 61)]


def test_a_server_that_fails_in_the_middle_is_gone_on_with_from_there(mastodon_hook, outside):
    poll_due()
    outside.notifications = [mention(n, author=f"u{n}") for n in range(1, 41)]
    outside.fails = 30
    for _round in range(40):  # 20 pages: one round of all of them would go well once in a thousand
        poll_due()
    assert Arrival.objects.count() == 40


def test_nothing_comes_in_by_the_web(mastodon_hook, client):
    answer = client.post("/hooks/in/mastodon/", b"{}", content_type="application/json")
    assert answer.status_code == 403


def test_a_public_answer_is_posted_once_beside_the_post(mastodon_hook, outside, manager):
    outside.notifications = [mention(1)]
    poll_due()
    take()
    post = Post.objects.get()
    outside.fails = 60
    message = answer_publicly(post, by=manager)
    now = moment.now()
    for minutes in (0.5, 2, 8, 24, 70):
        with moment.at(now + timedelta(minutes=minutes)):
            sent_out()
    outside.fails = 0
    letter = Letter.objects.get(message=message)
    if letter.state != "sent":
        conversation.retry_letter(letter)
        with moment.at(now + timedelta(hours=3)):
            sent_out()
    letter.refresh_from_db()
    assert letter.state == "sent"
    assert len(outside.sent) == 1
    assert outside.sent[0]["in_reply_to_id"] == "1001"
    assert outside.sent[0]["status"].startswith("@wang ")
    assert outside.sent[0]["visibility"] == "public"


def test_a_direct_message_is_a_private_conversation(mastodon_hook, outside, li):
    outside.notifications = [mention(1, visibility="direct", text="<p>私下说</p>")]
    poll_due()
    take()
    assert not Post.objects.exists()
    complaint = Complaint.objects.get()
    assert Account.objects.get().complaint == complaint
    conversation.reply(complaint, by=li, text="您好", channel="social")
    sent_out()
    assert outside.sent[0]["visibility"] == "direct"


def test_the_account_is_really_asked(mastodon_hook, outside):
    admin = person("root2", "管理员", "sysadmin")
    assert hooks.tried(mastodon_hook, by=admin) == (True, "已登录：huiyin")
