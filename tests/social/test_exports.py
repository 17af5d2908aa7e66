"""Files as X and Mastodon give them out are taken as they are."""

from __future__ import annotations

import json

import pytest

from huiyin.journey.channels.social.actions import bring, prepare
from huiyin.journey.channels.social.models import Post

TWEETS = {
    "data": [
        {
            "id": "1460323737035677698",
            "edit_history_tweet_ids": ["1460323737035677698"],
            "author_id": "2244994945",
            "created_at": "2026-11-01T08:30:00.000Z",
            "text": "@yunduo 电饭煲…",
            "note_tweet": {"text": "@yunduo 电饭煲用了两天就不热了，客服让我等"},
        }
    ],
    "includes": {
        "users": [
            {
                "id": "2244994945",
                "name": "小王",
                "username": "wang",
                "public_metrics": {"followers_count": 52000},
            }
        ]
    },
    "meta": {"result_count": 1},
}
CLASSIC = [
    {
        "id": 1050118621198921728,
        "id_str": "1050118621198921728",
        "created_at": "Fri Nov 20 10:00:00 +0000 2026",
        "full_text": "还是没人回我",
        "user": {"id": 6253282, "id_str": "6253282", "screen_name": "li", "followers_count": 7},
    }
]
STATUS = {
    "id": "103270115826048975",
    "created_at": "2026-11-08T03:48:33.901Z",
    "visibility": "public",
    "url": "https://social.example/@zhao/103270115826048975",
    "content": "<p>快递<br>丢了 &amp; 没人管</p><script>alert(1)</script>",
    "account": {"id": "1", "acct": "zhao", "display_name": "小赵", "followers_count": 318},
}
MENTION = {
    "id": "34975861",
    "type": "mention",
    "status": {
        **STATUS,
        "id": "103270115826048976",
        "url": "https://far.example/@qian/9",
        "account": {"acct": "qian@far.example", "display_name": "", "followers_count": 2},
    },
}
WHISPER = {**STATUS, "id": "103270115826048977", "visibility": "direct"}


def taken(told: object, by) -> list[Post]:
    one = prepare(json.dumps(told).encode(), name="x.json", by=by)
    assert [row["fault"] for row in one.rows if row["fault"] != "private"] == [""] * len(one.rows)
    bring(one, by=by)
    return list(Post.objects.order_by("pk"))


def test_an_answer_of_x_with_its_authors(db, zhou):
    (post,) = taken(TWEETS, zhou)
    assert (post.platform, post.author, post.reach) == ("X", "小王", 52000)
    assert post.author_id == "2244994945"
    assert post.text == "@yunduo 电饭煲用了两天就不热了，客服让我等"
    assert post.url == "https://x.com/wang/status/1460323737035677698"
    assert post.at.isoformat() == "2026-11-01T08:30:00+00:00"


def test_a_classic_status_of_x(db, zhou):
    (post,) = taken(CLASSIC, zhou)
    assert (post.platform, post.outer_id) == ("X", "1050118621198921728")
    assert (post.author, post.author_id, post.reach) == ("li", "6253282", 7)
    assert post.at.isoformat() == "2026-11-20T10:00:00+00:00"


def test_statuses_and_mentions_of_mastodon_are_of_their_instance(db, zhou):
    mine, far = taken([STATUS, MENTION], zhou)
    assert {mine.platform, far.platform} == {"social.example"}
    assert (mine.author, mine.author_id, mine.reach) == ("小赵", "zhao", 318)
    assert mine.text == "快递\n丢了 & 没人管"
    assert (far.author, far.author_id) == ("qian@far.example", "qian@far.example")
    assert far.outer_id == "103270115826048976"


def test_what_was_said_privately_is_no_public_post(db, zhou):
    one = prepare(json.dumps([STATUS, WHISPER]).encode(), name="x.json", by=zhou)
    assert [row["fault"] for row in one.rows] == ["", "private"]
    assert bring(one, by=zhou).taken == 1


@pytest.mark.parametrize(
    "told",
    [
        {"data": [{"id": 1, "author_id": "9"}], "includes": {"users": [7, {"id": None}]}},
        {"data": [{"id": 1}], "includes": []},
        [{"content": 5, "account": {"acct": None}}],
        [{"status": {"content": None, "account": {"acct": ["x"]}, "url": 3}}],
        [{"id_str": "1", "user": {"screen_name": []}, "created_at": {}}],
        [{"id": "1", "edit_history_tweet_ids": 0, "note_tweet": "x", "text": None}],
    ],
)
def test_a_broken_one_is_a_row_with_a_fault(db, zhou, told):
    one = prepare(json.dumps(told).encode(), name="x.json", by=zhou)
    assert len(one.rows) == 1
    assert one.rows[0]["fault"]
