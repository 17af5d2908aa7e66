"""The panel, its acts and the API."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.webhooks import actions as webhooks
from tests.execution.conftest import again
from tests.roads import fresh

pytestmark = pytest.mark.django_db


def page(signed_in, user, complaint) -> str:
    return signed_in(user).get(f"/complaints/{complaint.number}/").content.decode()


def test_the_panel_shows_every_step_and_whose_turn_it_is(agreed, complaint, li, signed_in):
    agreed("handler", "finance")
    text = page(signed_in, li, complaint)
    for words in ("第1步", "第2步", "0 / 2 步", "完成这一步", "改期"):
        assert words in text


def test_a_complaint_without_an_answered_offer_has_no_panel(complaint, li, signed_in):
    assert 'id="step"' not in page(signed_in, li, complaint)


def test_acts_by_the_page(agreed, complaint, li, finance, signed_in):
    first, second = agreed("handler", "finance")
    base = f"/complaints/{complaint.number}/steps"
    assert signed_in(li).post(f"{base}/{first.pk}/completion/", {"proof": "x1"}).status_code == 204
    day = second.offer.due_on + timedelta(days=3)
    moved = signed_in(finance).post(
        f"{base}/{second.pk}/postponement/", {"due_on": day.isoformat(), "reason": "银行维护中"}
    )
    assert moved.status_code == 204
    wrong = signed_in(finance).post(
        f"{base}/{second.pk}/completion/", {"proof": "x2", "paid": "29"}
    )
    assert wrong.status_code == 422
    unread = signed_in(finance).post(
        f"{base}/{second.pk}/completion/", {"proof": "x2", "paid": "三十"}
    )
    assert unread.status_code == 422
    done = signed_in(finance).post(f"{base}/{second.pk}/completion/", {"proof": "x2", "paid": "30"})
    assert done.headers["HX-Redirect"] == "/"  # it waits for finance no more
    assert fresh(complaint).status == "RES"


def test_strangers_find_nothing(agreed, complaint, sun, signed_in, api):
    (step,) = agreed("finance")
    for act in ("completion", "retrying", "taking-over", "postponement", "recall"):
        url = f"/complaints/{complaint.number}/steps/{step.pk}/{act}/"
        assert signed_in(sun).post(url, {}).status_code == 404
    assert api(sun).get(f"/api/v1/complaints/{complaint.number}/steps").status_code == 404


def test_acts_by_the_api(agreed, pay, standin, complaint, li, api):
    first, second = agreed("handler", "system:pay")
    client, base = api(li), f"/api/v1/complaints/{complaint.number}/steps"
    assert client.post(f"{base}/{first.pk}/completion", {"proof": "x1"}).json()["state"] == "done"
    standin.plan = ["failed"]
    webhooks.send_due_calls()
    listed = client.get(base).json()
    assert [one["state"] for one in listed] == ["done", "failed"]
    assert client.post(f"{base}/{second.pk}/retrying").json()["state"] == "open"
    day = (moment.today() + timedelta(days=9)).isoformat()
    told = client.post(
        f"{base}/{second.pk}/postponement",
        {"due_on": day, "reason": "对方升级"},
        content_type="application/json",
    )
    assert told.json() == {"told": True}
    over = client.post(
        f"{base}/{second.pk}/taking-over", {"reason": "改为手工"}, content_type="application/json"
    )
    assert over.json()["doer"] == "finance"
    done = client.post(f"{base}/{second.pk}/completion", {"proof": "x2", "paid_fen": 3000}).json()
    assert (done["state"], done["payments"][0]["amount_fen"]) == ("done", 3000)
    again(first, second)
    refused = client.post(
        f"{base}/{first.pk}/recall", {"words": "没有撤回"}, content_type="application/json"
    )
    assert refused.status_code == 409
