"""查看原文 of what was sealed: opened for who may read it, beside the original that is evidence."""

from __future__ import annotations

import html

import pytest

from huiyin.ground.privacy.models import Export
from huiyin.journey.channels.hooks import actions as hooks
from huiyin.journey.channels.hooks.models import Arrival
from huiyin.journey.channels.social.rules import wechat
from huiyin.journey.complaint.models import Complaint
from tests.conftest import person
from tests.social.conftest import from_wechat, take, words
from tests.social.test_wecom import called

pytestmark = pytest.mark.django_db
WHY = {"reason": "核对客户原话"}


def original(client, arrival, why=WHY):
    return client.post(f"/hooks/arrivals/{arrival.pk}/raw/", why)


def shown(client, arrival) -> str:
    answer = original(client, arrival)
    assert answer.status_code == 200, answer.content
    return html.unescape(answer.content.decode())


def test_a_sealed_message_is_shown_opened_and_as_it_came(wechat_hook, signed_in, manager):
    from_wechat(wechat_hook, words("锅坏了 <b>急</b>"))
    page = shown(signed_in(manager), Arrival.objects.get())
    opened, sealed = page.split("收到时的原样（加密）")
    assert "解开的内容" in opened and "锅坏了" in opened
    assert "<Encrypt>" in sealed and "锅坏了" not in sealed
    assert Export.objects.filter(kind="arrival", by=manager).count() == 1  # one look
    raw = original(signed_in(manager), Arrival.objects.get()).content.decode()
    assert "<b>" not in raw  # what a customer writes stays text


def test_the_evidence_itself_stays_sealed(wechat_hook, manager):
    from_wechat(wechat_hook, words())
    arrival = Arrival.objects.get()
    before = bytes(arrival.raw)
    hooks.read_raw(arrival, by=manager, reason="核对客户原话")
    arrival.refresh_from_db()
    assert bytes(arrival.raw) == before and b"Encrypt" in before


def test_whoever_may_not_read_it_gets_neither(wechat_hook, signed_in, admin, li, logistics):
    from_wechat(wechat_hook, words())
    take()
    Complaint.objects.update(restricted=True)
    arrival = Arrival.objects.get()
    stranger = person("other", "别组主管", "supervisor", teams=[logistics])
    for user in (admin, li, stranger):
        answer = original(signed_in(user), arrival)
        assert answer.status_code == 403
        assert "电饭煲" not in answer.content.decode()
    assert not Export.objects.exists()


def test_without_a_reason_nothing_is_opened(wechat_hook, signed_in, manager):
    from_wechat(wechat_hook, words())
    answer = original(signed_in(manager), Arrival.objects.get(), {"reason": ""})
    assert answer.status_code == 422 and "电饭煲" not in answer.content.decode()


def test_a_key_that_was_changed_is_told_and_the_original_stays(wechat_hook, signed_in, manager):
    from_wechat(wechat_hook, words())
    wechat_hook.keep_secrets(aes_key="B" * 42 + "A")
    wechat_hook.save()
    page = shown(signed_in(manager), Arrival.objects.get())
    assert "打不开这一条" in page and "<Encrypt>" in page and "电饭煲" not in page
    wechat_hook.keep_secrets(token="another")
    wechat_hook.save()
    assert "打不开这一条" in shown(signed_in(manager), Arrival.objects.get())


def test_after_a_change_to_plain_mode_it_is_opened_still(wechat_hook, signed_in, manager):
    from_wechat(wechat_hook, words())
    wechat_hook.options["mode"] = "plain"
    wechat_hook.save()
    assert "电饭煲" in shown(signed_in(manager), Arrival.objects.get())


def test_what_came_plainly_is_shown_as_before(wechat_hook, signed_in, manager):
    wechat_hook.options["mode"] = "plain"
    wechat_hook.save()
    from_wechat(wechat_hook, words("<Encrypt>QUJD</Encrypt>"), plain=True)  # he only says so
    page = shown(signed_in(manager), Arrival.objects.get())
    assert "QUJD" in page and "解开的内容" not in page and "打不开" not in page


def test_a_notice_of_wecom_is_opened_too(wecom_hook, signed_in, manager):
    called(Token="T-1")
    page = shown(signed_in(manager), Arrival.objects.get())
    assert "kf_msg_or_event" in page.split("收到时的原样（加密）")[0]
    body = b'{"text": {"content": "<Encrypt>QUJD</Encrypt>"}}'
    hooks.keep(wecom_hook, "msg:1", body)
    page = shown(signed_in(manager), Arrival.objects.get(key="msg:1"))
    assert "解开的内容" not in page and "打不开" not in page


def test_programs_get_both(wechat_hook, api, manager):
    from_wechat(wechat_hook, words())
    arrival = Arrival.objects.get()
    client = api(manager)
    path = f"/api/v1/arrivals/{arrival.pk}/raw"
    found = client.post(path, WHY, content_type="application/json").json()
    assert wechat.fields(found["opened"].encode())["Content"] == "电饭煲坏了，没人处理"
    assert "<Encrypt>" in found["text"] and found["closed"] == ""
    Arrival.objects.update(facts={})
    found = client.post(path, WHY, content_type="application/json").json()
    assert found["opened"] == ""
