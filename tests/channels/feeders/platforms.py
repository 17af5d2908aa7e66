"""Platforms: one that pushes, one that says that there is news, one that is asked."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from huiyin.journey.channels.social.rules import wechat
from tests.channels.feeders.base import WRONG, hook, now
from tests.channels.feeders.signed import Signed
from tests.channels.house import House
from tests.social.conftest import AES, APP, TOKEN
from tests.social.standin import Standin


@dataclass
class Platform(Signed):
    outside: Standin
    there: dict[int, Any] = field(default_factory=dict, init=False)  # by n, once each

    def sealed(self, client: httpx.Client, inner: bytes, app: str) -> bool:
        """Told as WeChat tells it, sealed anew at each try; whether it was acknowledged."""
        stamp, nonce = str(now()), os.urandom(6).hex()
        box = wechat.sealed(inner, AES, app, random=os.urandom(16))
        query = {
            "timestamp": stamp,
            "nonce": nonce,
            "signature": wechat.signature(TOKEN, stamp, nonce),
            "msg_signature": wechat.signature(TOKEN, stamp, nonce, box),
            "encrypt_type": "aes",
        }
        body = wechat.written({"ToUserName": app, "Encrypt": box})
        answer = client.post(f"/hooks/in/{self.name}/", content=body, params=query)
        assert answer.status_code not in WRONG, answer.text
        return answer.status_code == 200

    def said_once(self, place: list[dict[str, Any]], n: int, what: Any) -> None:
        """On the platform it is said once, however often we are told of it."""
        with self.outside.lock:
            if n not in self.there:
                self.there[n] = what(len(place) + 1)
                place.append(self.there[n])


class WeChat(Platform):
    @property
    def setup(self) -> str:  # type: ignore[override]
        options = {"app_id": APP, "mode": "safe", "base_url": self.outside.url}
        secrets = {"app_secret": self.outside.secret, "token": TOKEN, "aes_key": AES}
        return hook(self.name, "wechat", options, **secrets)

    def send(self, client: httpx.Client, n: int) -> bool:
        """The same MsgId at each try."""
        said = {
            "ToUserName": "gh_1",
            "FromUserName": f"o{n}",
            "CreateTime": str(now()),
            "MsgType": "text",
            "Content": self.words(n),
            "MsgId": str(1000 + n),
        }
        return self.sealed(client, wechat.written(said), APP)


class WeCom(Platform):
    @property
    def setup(self) -> str:  # type: ignore[override]
        options = {"corp_id": "ww1", "open_kfid": "kf1", "base_url": self.outside.url}
        secrets = {"secret": self.outside.secret, "token": TOKEN, "aes_key": AES}
        return hook(self.name, "wecom", options, **secrets)

    def send(self, client: httpx.Client, n: int) -> bool:
        news = {
            "msgid": f"m{n}",
            "open_kfid": "kf1",
            "external_userid": f"wm{n}",
            "send_time": now(),
            "origin": 3,
            "msgtype": "text",
            "text": {"content": self.words(n)},
        }
        self.said_once(self.outside.news, n, lambda _place: news)
        told = {"CreateTime": str(now()), "MsgType": "event", "Event": "kf_msg_or_event"}
        return self.sealed(client, wechat.written({**told, "Token": "T", "OpenKfId": "kf1"}), "ww1")


class Mastodon(Platform):
    """Every other one in public. It is asked for what is new: nothing is told."""

    @property
    def setup(self) -> str:  # type: ignore[override]
        return hook(self.name, "mastodon", {"base_url": self.outside.url}, access_token="m-token")

    @property
    def query(self) -> str:
        return super().query + (
            "\nfrom huiyin.journey.channels.social.models import Post\n"
            f"posts = Post.objects.filter(hook__code={self.name!r})\n"
            "told += list(posts.values_list('complaint__text', flat=True))"
        )

    def send(self, client: httpx.Client, n: int) -> bool:
        status = {
            "id": str(1000 + n),
            "created_at": datetime.now(UTC).isoformat(),
            "visibility": ("public", "direct")[n % 2],
            "url": f"https://m.example/@u{n}/{n}",
            "content": f"<p>{self.words(n)}</p>",
            "account": {"acct": f"u{n}", "display_name": f"用户{n}", "followers_count": 12},
        }

        def notification(place: int) -> dict[str, Any]:
            return {"id": str(place), "type": "mention", "status": status}

        self.said_once(self.outside.notifications, n, notification)
        return True

    def waits(self, house: House) -> bool:
        position = house.ask(f"SELECT position FROM hooks_hook WHERE code = '{self.name}'")
        return bool(position != str(len(self.outside.notifications)))
