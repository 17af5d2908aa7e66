"""The example in docs/connectors.md is run as it stands there."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest
from django.test import Client

from huiyin.journey.channels.hooks import actions
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.complaint.models import Complaint

DOCS = Path(__file__).parent.parent.parent / "docs" / "connectors.md"


@pytest.fixture
def reviews(db, settings, monkeypatch):
    text = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)[0]
    module = ModuleType("reviews_of_the_docs")
    exec(compile(text, str(DOCS), "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, "reviews_of_the_docs", module)
    settings.CONNECTORS = {**settings.CONNECTORS, "reviews": "reviews_of_the_docs"}
    hook = Hook(code="reviews", name="点评网", connector="reviews", options={"shop": "s1"})
    hook.keep_secrets(key="shared")
    hook.save()
    return hook


def told(key="shared", stamp=None, **words):
    review = {"id": 7, "shop": "s1", "user": "u7", "nick": "小林", "text": "锅漏了", **words}
    body = json.dumps(review).encode()
    at = str(int(time.time()) if stamp is None else stamp)
    signed = hmac.new(key.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {"x-review-time": at, "x-review-signature": signed, "x-review-id": "r7"}
    return Client().post(
        "/hooks/in/reviews/", body, content_type="application/json", headers=headers
    )


def test_it_verifies_keeps_and_takes(reviews):
    assert told().content == b"ok"
    told()
    actions.take_due()
    assert Complaint.objects.get().text == "锅漏了"
    assert Arrival.objects.get().outcome == "新投诉"


def test_it_refuses_what_is_not_signed_or_old(reviews):
    assert told(key="guess").status_code == 403
    assert told(stamp=int(time.time()) - 400).status_code == 403


def test_its_refusals_are_sentences(reviews, admin):
    told(shop="other")
    actions.take_due()
    assert Arrival.objects.get().error == "别的店铺"
    assert actions.tried(reviews, by=admin) == (True, "等对方送来第一条")


def test_the_console_draws_its_form(reviews, signed_in, admin):
    page = signed_in(admin).get(f"/console/hooks/{reviews.pk}/").content.decode()
    assert "店铺编号" in page
    assert "shared" not in page
