"""The review site: what comes in, what goes out, how it is. Goes to tests/reviews/."""

from __future__ import annotations

import json
import time

import pytest
from django.conf import settings as house
from django.test import Client
from django.utils.module_loading import import_string

from huiyin.journey.channels.hooks import actions
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.ways import way_of
from tests.social.standin import Standin


@pytest.fixture
def reviews(db):
    hook = Hook(code="reviews", name="点评网", connector="reviews", options={"shop": "s1"})
    hook.keep_secrets(key="shared")
    hook.save()
    return hook


def told(key="shared", stamp=None, **words):
    signature = import_string(house.CONNECTORS["reviews"] + ".signature")
    review = {"id": 7, "shop": "s1", "user": "u7", "nick": "小林", "text": "锅漏了", **words}
    body, at = json.dumps(review).encode(), str(int(time.time()) if stamp is None else stamp)
    headers = {"x-review-time": at, "x-review-signature": signature(key, at, body)}
    headers["x-review-id"] = f"r{review['id']}"
    return Client().post(
        "/hooks/in/reviews/", body, content_type="application/json", headers=headers
    )


def test_a_review_is_kept_answered_and_becomes_a_complaint_once(reviews):
    assert told().content == b"ok"
    told()
    actions.take_due()
    assert Complaint.objects.get().text == "锅漏了"
    assert Arrival.objects.get().outcome == "新投诉"


def test_what_is_not_signed_or_old_is_refused(reviews):
    assert told(key="guess").status_code == 403
    assert told(stamp=int(time.time()) - 400).status_code == 403
    assert not Arrival.objects.exists()


@pytest.mark.parametrize(
    ("words", "why"),
    [({"shop": "other"}, "别的店铺"), ({"text": {}}, "缺少"), ({"user": ""}, "缺少")],
)
def test_what_cannot_be_taken_says_why(reviews, words, why):
    told(**words)
    actions.take_due()
    assert why in Arrival.objects.get().error


def test_an_answer_goes_back_signed_and_without_an_address_there_is_no_way(
    reviews, settings, make_complaint, li
):
    told()
    actions.take_due()
    complaint = Complaint.objects.get()
    assert way_of(complaint, "social").closed == "只收不发"
    with Standin() as site:
        settings.WEBHOOK_INNER_HOSTS = (f"127.0.0.1:{site.port}",)
        reviews.options["url"] = f"{site.url}/answers"
        reviews.save()
        conversation.reply(complaint, by=li, text="谢谢您的点评", channel="social")
        conversation.send_due_letters()
        assert site.sent[0]["text"] == "谢谢您的点评"
    assert Letter.objects.get(purpose="reply").state == "sent"


def test_it_has_a_form_and_a_row_among_the_channels(reviews, signed_in, admin, manager):
    page = signed_in(admin).get(f"/console/hooks/{reviews.pk}/").content.decode()
    assert "店铺编号" in page
    assert "shared" not in page
    assert actions.tried(reviews, by=admin) == (True, "等对方送来第一条")
    told(shop="other")
    actions.take_due()
    page = signed_in(manager).get("/channels/").content.decode()
    assert "1 家店铺" in page
