"""Posts about us: kept once, weighed by the house's signals, answered in public without anything of
a person's own, then in private."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.channels.social.actions import (
    Posted,
    answer_publicly,
    bring,
    move_private,
    prepare,
    take_post,
)
from huiyin.journey.channels.social.models import Post, Signal
from huiyin.journey.channels.social.rules import crisis, posts
from huiyin.journey.channels.social.rules.exposure import exposed
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.ways import reaching, way_of
from tests.social.conftest import made, sent_out
from tests.together import at_once


def posted(number=1, author="u1", text="客服三天没人回，太失望了", **more) -> Posted:
    return Posted("微博", f"p{number}", author, text, author="小王", **more)


def test_a_post_is_a_complaint_and_stands_in_its_story(db):
    post, new = take_post(posted(url="https://weibo.example/1", reach=3))
    assert new
    complaint = post.complaint
    assert (complaint.channel, complaint.intake.via) == ("social", "social")
    event = Event.objects.get(complaint=complaint, what=What.POSTED_PUBLICLY)
    assert event.facts["name"] == "微博"
    assert take_post(posted()) == (post, False)
    assert Complaint.objects.count() == 1


def test_the_same_author_goes_on_with_his_open_complaint(db):
    first = take_post(posted(1))[0]
    second = take_post(posted(2, text="还是没人理"))[0]
    other = take_post(posted(3, author="u2"))[0]
    assert second.complaint == first.complaint
    assert other.complaint != first.complaint
    Complaint.objects.filter(pk=first.complaint_id).update(status="CLO")
    later = take_post(posted(4, text="又坏了"))[0]
    assert later.complaint != first.complaint
    assert later.complaint.customer == first.complaint.customer


@pytest.mark.django_db(transaction=True)
def test_the_same_post_from_two_at_once_is_one():
    results = at_once(*[lambda: take_post(posted())[1]] * 3)
    assert sorted(map(bool, results)) == [False, False, True]
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "severity", "reason"),
    [
        ({"reach": 20_000}, 2, "20000 个粉丝"),
        ({"reach": 200_000}, 1, "200000 个粉丝"),
        ({"text": "再不处理我就找记者"}, 2, "记者"),
    ],
)
def test_signals_make_it_a_crisis_and_raise_the_severity(db, more, severity, reason):
    post = take_post(posted(**more))[0]
    assert post.is_crisis
    assert reason in "".join(post.reasons)
    post.complaint.refresh_from_db()
    assert post.complaint.severity <= severity


def test_several_alike_within_an_hour_are_a_crisis(db):
    text = "云朵电饭煲通电就冒烟跳闸，客服不理人"
    made_ = [take_post(posted(n, author=f"u{n}", text=f"{text}{n}"))[0] for n in range(3)]
    assert [one.is_crisis for one in made_] == [False, False, True]
    with moment.at(moment.now() + timedelta(hours=2)):
        assert not take_post(posted(9, author="u9", text=text))[0].is_crisis


def test_signals_are_data(db):
    Signal.objects.all().delete()
    Signal.objects.create(kind="word", pattern="太失望", severity=2)
    assert take_post(posted())[0].is_crisis
    Signal.objects.get().save()


def test_a_crisis_is_told_and_an_ordinary_post_is_not(db, manager):
    from huiyin.journey.complaint.events import run_later
    from huiyin.surface.notices.models import Notice

    for number, reach in ((1, 5), (2, 50_000)):
        post = take_post(posted(number, author=f"u{number}", reach=reach))[0]
        event = Event.objects.get(complaint=post.complaint, what=What.POSTED_PUBLICLY)
        run_later(event.pk)
        told = Notice.objects.filter(event=event, user=manager)
        assert told.exists() == (reach > 1000)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("请打 13800138000", "phone"),
        ("请打 138-0013-8000", "phone"),
        ("发到 a.b@example.com", "mail"),
        ("订单 2026112912345", "order"),
        ("订单 DD20261129", "order"),
        ("身份证 11010519491231002X", "identity"),
        ("请拨 400-800-1234 或 95588", ""),
        ("看 https://help.example/20261129123456", ""),
        ("很抱歉，我们 3 天内答复", ""),
    ],
)
def test_what_is_somebodys_own_is_found(text, found):
    assert exposed(text) == found


def test_nothing_of_his_own_is_said_in_public(db, manager):
    post = take_post(posted())[0]
    for text in ("请回电 13800138000", "订单 2026112912345 已退款", "发到 a@b.cn"):
        with pytest.raises(Invalid):
            answer_publicly(post, by=manager, text=text)
    assert not post.complaint.messages.filter(kind="outbound").exists()


def test_the_ordinary_composer_never_posts_publicly(own_hook, manager):
    post = take_post(posted(), hook=own_hook)[0]
    assert way_of(post.complaint, "social").closed == "只有公开帖子"
    with pytest.raises(Refused, match="公开帖子"):
        conversation.reply(post.complaint, by=manager, text="您好", channel="social")
    assert reaching(post.complaint) is None
    sent_out()


def test_a_machine_says_nothing_in_public(own_hook, outside):
    post = take_post(posted(), hook=own_hook)[0]
    conversation.post_letter(
        post.complaint,
        event=None,
        purpose="received",
        recipient=f"post:{post.pk}",
        subject="x",
        body="编号和查询码",
        channel="social",
    )
    sent_out()
    assert Letter.objects.get(recipient=f"post:{post.pk}").state == "failed"
    assert outside.sent == []


def test_a_public_answer_then_in_private_once(own_hook, outside, manager):
    post = take_post(posted(), hook=own_hook)[0]
    answer_publicly(post, by=manager)
    assert post.state == "answered"
    move_private(post, by=manager)
    assert post.state == "moved"
    with pytest.raises(Refused, match="已经请他"):
        move_private(post, by=manager)
    moved = post.complaint.events.get(what=What.MOVED_PRIVATE)
    assert moved.by == manager
    with moment.at(moment.now() + timedelta(minutes=1)):
        sent_out()
    kinds = [one["type"] for one in outside.sent]
    assert kinds == ["public_reply", "public_reply"]
    assert post.complaint.number in outside.sent[1]["text"]


def test_an_answer_can_be_taken_back_before_it_is_public(own_hook, outside, manager):
    post = take_post(posted(), hook=own_hook)[0]
    message = answer_publicly(post, by=manager)
    conversation.undo(message, by=manager)
    with moment.at(moment.now() + timedelta(minutes=1)):
        sent_out()
    assert outside.sent == []


def test_who_may_not_see_the_complaint_says_nothing(db, sun, admin):
    post = take_post(posted())[0]
    for user in (admin, sun):
        with pytest.raises(NotPermitted):
            prepare(b"", name="x", by=user)
    with pytest.raises(NotPermitted):
        answer_publicly(post, by=admin)


CSV = (
    "平台,编号,作者编号,作者,粉丝数,内容,网址,时间\n"
    "微博,w1,a1,小王,120,锅漏了,https://w.example/1,2026-11-01 10:00\n"
    '微博,w2,a2,小李,"20,000",换货不给换,,2026-11-02T08:00:00+08:00\n'
    "微博,w1,a1,小王,120,锅漏了,,2026-11-01 10:00\n"
    "微博,,a3,小张,1,没有编号,,2026-11-01 10:00\n"
    "微博,w5,a5,小张,1,将来的事,,2999-01-01 10:00\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_shown_first_and_taken_once(db, zhou, encoding):
    one = prepare(CSV.encode(encoding), name="十一月.csv", by=zhou)
    assert not Post.objects.exists()
    assert [bool(row["fault"]) for row in one.rows] == [False, False, False, True, True]
    assert [row["there"] for row in one.rows] == [False, False, True, False, False]
    done = bring(one, by=zhou)
    assert (done.taken, done.there, done.faulty) == (2, 1, 2)
    again = bring(one, by=zhou)
    assert (again.taken, again.there) == (0, 3)
    assert Post.objects.count() == 2


def test_json_of_other_exports_is_read_too(db, zhou):
    told = {
        "posts": [
            {
                "platform": "X",
                "id_str": "9",
                "created_at": "2026-11-01T00:00:00Z",
                "text": "bad",
                "user": {"id": 7, "username": "joe", "followers": 9},
            }
        ]
    }
    one = prepare(json.dumps(told).encode(), name="x.json", by=zhou)
    assert one.rows[0]["fault"] == ""
    bring(one, by=zhou)
    assert (Post.objects.get().author, Post.objects.get().reach) == ("joe", 9)


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00\xff", b"[1,2]", b"{", b"a,b\n1,2\n", b"[" * 50_000, b"x" * (posts.LARGEST + 1)],
)
def test_a_file_that_is_none_is_refused_with_a_sentence(db, zhou, raw):
    with pytest.raises(Invalid):
        prepare(raw, name="x", by=zhou)


def test_likeness_is_of_pairs():
    assert crisis.alike("电饭煲坏了", "电饭煲坏了！") == 1
    assert crisis.alike("电饭煲坏了", "快递太慢") < 0.2
    assert crisis.alike("", "x") == 0


# --- pages -------------------------------------------------------------------------------------


def test_the_list_shows_what_one_may_see_and_narrows(signed_in, manager, sun, admin):
    take_post(posted(1, reach=50_000))
    take_post(posted(2, author="u2", text="另一件小事"))
    boss = signed_in(manager)
    page = boss.get("/posts/").content.decode()
    assert "客服三天没人回" in page
    assert "另一件小事" in page
    page = boss.get("/posts/?view=crisis").content.decode()
    assert "50000 个粉丝" in page
    assert "另一件小事" not in page
    assert "没有符合条件的帖子" in boss.get("/posts/?q=不存在的词").content.decode()
    assert "客服三天没人回" not in signed_in(sun).get("/posts/?view=moved").content.decode()
    assert signed_in(admin).get("/posts/").status_code == 403
    for odd in ("?before=x&view=zzz&q=%FF", "?before=99999999999999999999"):
        assert boss.get(f"/posts/{odd}").status_code == 200


def test_the_panel_offers_both_answers(signed_in, manager, own_hook):
    post = take_post(posted(), hook=own_hook)[0]
    boss = signed_in(manager)
    answer = boss.post(f"/posts/{post.pk}/reply/", {"text": "打 13800138000"})
    assert answer.status_code == 422
    assert boss.post(f"/posts/{post.pk}/reply/", {"text": ""}).status_code in (200, 204)
    assert boss.post(f"/posts/{post.pk}/private/", {"text": ""}).status_code in (200, 204)
    post.refresh_from_db()
    assert post.state == "moved"


def test_a_file_is_brought_by_its_own_bringer(signed_in, zhou, manager):
    mine = signed_in(zhou)
    file = SimpleUploadedFile("十一月.csv", CSV.encode())
    answer = mine.post("/posts/import/", {"file": file})
    assert answer.status_code == 302
    page = mine.get(answer["Location"]).content.decode()
    assert "可导入 2 条，已有 1 条，有误 2 条" in page
    assert "没有帖子编号" in page
    assert signed_in(manager).get(answer["Location"]).status_code == 404
    assert mine.post(answer["Location"], {"row": ["0"]}).status_code == 302
    assert Post.objects.count() == 1
    assert mine.post("/posts/import/").status_code == 422


def test_no_row_ticked_brings_none(signed_in, zhou):
    mine = signed_in(zhou)
    file = SimpleUploadedFile("十一月.csv", CSV.encode())
    place = mine.post("/posts/import/", {"file": file})["Location"]
    answer = mine.post(place, {})
    assert answer.status_code == 422
    assert "请至少勾选一条" in answer.content.decode()
    assert not Post.objects.exists()


def test_a_public_answer_sent_again_is_said_once(signed_in, api, manager, own_hook):
    post, boss = take_post(posted(), hook=own_hook)[0], signed_in(manager)
    for _again in range(2):
        answer = boss.post(f"/posts/{post.pk}/reply/", {"text": "我们在核实", "key": "k1"})
        assert answer.status_code == 204
    assert Letter.objects.filter(message__text="我们在核实").count() == 1
    changed = boss.post(f"/posts/{post.pk}/reply/", {"text": "别的话", "key": "k1"})
    assert changed.status_code == 409
    client, head = api(manager), {"Idempotency-Key": "p-1"}
    told = [
        client.post(
            f"/api/v1/posts/{post.pk}/reply",
            {"text": "请留意私信"},
            content_type="application/json",
            headers=head,
        ).json()
        for _again in range(2)
    ]
    assert told[0] == told[1]
    assert Letter.objects.filter(message__text="请留意私信").count() == 1


def test_programs_do_the_same(api, manager, sun, own_hook):
    client = api(manager)
    told = {"platform": "微博", "outer_id": "1", "author_id": "a", "text": "锅漏了", "reach": 99999}
    made_ = client.post("/api/v1/posts", told, content_type="application/json").json()
    assert (made_["new"], made_["is_crisis"]) == (True, True)
    again = client.post("/api/v1/posts", told, content_type="application/json").json()
    assert again == {**made_, "new": False}
    assert client.get("/api/v1/posts?view=crisis").json()[0]["id"] == made_["id"]
    path = f"/api/v1/posts/{made_['id']}"
    no = client.post(f"{path}/reply", {"text": "13800138000"}, content_type="application/json")
    assert no.status_code == 422
    yes = client.post(f"{path}/private", {}, content_type="application/json")
    assert yes.status_code == 200
    number = Post.objects.get().complaint.number
    assert len(client.get(f"/api/v1/complaints/{number}/posts").json()) == 1
    assert made("webhook2", {}) is not None


def test_what_is_taken_back_was_not_said_and_he_can_be_asked_again(own_hook, manager):
    """A post whose public answer was undone is as it was before."""
    post = take_post(posted(), hook=own_hook)[0]
    said = move_private(post, by=manager)
    post.refresh_from_db()
    assert post.state == "moved"
    conversation.undo(said, by=manager)
    post.refresh_from_db()
    assert post.state == "new"
    move_private(post, by=manager)
    post.refresh_from_db()
    assert post.state == "moved"


def test_of_several_limits_the_highest_says_all():
    limits = [crisis.Signal("reach", "", least, 2) for least in (10_000, 100_000, 1_000_000)]
    found = crisis.found(limits, text="x", reach=200_000, others=[])
    assert [(one.signal.least, one.what) for one in found] == [(100_000, "200000")]
