"""Accounts of ours at outside systems, and the systems."""

from __future__ import annotations

import base64
import os
import time

import pytest
from django.test import Client

from huiyin.ground import moment
from huiyin.journey.channels.hooks import actions as hooks
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.social.rules import wechat
from huiyin.journey.conversation import actions as conversation
from tests.social.standin import Standin

AES = base64.b64encode(bytes(range(32))).decode().rstrip("=")
TOKEN = "our-token"
APP = "wx1234567890"


@pytest.fixture
def outside(settings):
    """A server on the loopback, which the house has named as its own."""
    with Standin() as server:
        settings.WEBHOOK_INNER_HOSTS = (f"127.0.0.1:{server.port}",)
        yield server


def made(connector: str, options: dict, **secrets: str) -> Hook:
    hook = Hook(code=connector, name=f"接入 {connector}", connector=connector, options=options)
    hook.keep_secrets(**secrets)
    hook.save()
    return hook


@pytest.fixture
def wechat_hook(db, outside):
    options = {"app_id": APP, "mode": "safe", "base_url": outside.url, "greeting": "您好，已收到"}
    return made("wechat", options, app_secret=outside.secret, token=TOKEN, aes_key=AES)


@pytest.fixture
def wecom_hook(db, outside):
    options = {"corp_id": "ww1", "open_kfid": "kf1", "base_url": outside.url}
    return made("wecom", options, secret=outside.secret, token=TOKEN, aes_key=AES)


@pytest.fixture
def mastodon_hook(db, outside):
    return made("mastodon", {"base_url": outside.url}, access_token="m-token")


@pytest.fixture
def own_hook(db, outside):
    return made("webhook", {"url": f"{outside.url}/answers"})


def from_wechat(hook: Hook, fields: dict[str, str], *, plain=False, at=None, app=APP, **changed):
    """As WeChat posts it; the answer."""
    stamp = str(int(moment.now().timestamp() if at is None else at))
    nonce, inner = "n1", wechat.written(fields)
    query = {"timestamp": stamp, "nonce": nonce, "signature": wechat.signature(TOKEN, stamp, nonce)}
    body = inner
    if not plain:
        box = wechat.sealed(inner, AES, app, random=os.urandom(16))
        body = wechat.written({"ToUserName": "gh", "Encrypt": box})
        query |= {
            "encrypt_type": "aes",
            "msg_signature": wechat.signature(TOKEN, stamp, nonce, box),
        }
    query |= changed
    return Client().post(
        f"/hooks/in/{hook.code}/", body, content_type="text/xml", query_params=query
    )


def words(text="电饭煲坏了，没人处理", *, author="o1", msg="1001", **more) -> dict[str, str]:
    return {
        "ToUserName": "gh_1",
        "FromUserName": author,
        "CreateTime": str(int(time.time())),
        "MsgType": "text",
        "Content": text,
        "MsgId": msg,
        **more,
    }


def sent_out() -> int:
    return conversation.send_due_letters()


def take() -> int:
    return hooks.take_due()
