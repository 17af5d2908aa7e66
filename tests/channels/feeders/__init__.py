"""Who writes by each channel: sends until it is acknowledged, and now and then once more.

One module a kind of sender; `all_of` lists them. Each says what must be there before the first
message (`setup`), sends the message n until it is acknowledged, and says how to find what is in the
house in the end (`query`): each `words(n)` exactly once.
"""

from __future__ import annotations

from pathlib import Path

from tests.channels.feeders.base import Feeder
from tests.channels.feeders.clerks import Counter, Posts, Registration
from tests.channels.feeders.customers import Chats, Mail, Portal
from tests.channels.feeders.folders import Folder
from tests.channels.feeders.platforms import Mastodon, WeChat, WeCom
from tests.channels.feeders.programs import Api, Papers
from tests.channels.feeders.signed import Calls, Signed, Texts
from tests.mail import imap
from tests.social.standin import Standin

__all__ = ["Feeder", "all_of"]


def all_of(mails: imap.Server, outside: Standin, data: Path) -> list[Feeder]:
    """Every door. `Texts` before `Folder`: the first of two providers is who sends."""
    return [
        Api("api"),
        Portal("portal"),
        Mail("mail", mails),
        Signed("own"),
        Texts("texts", outside),
        Folder("gate", data / "sms" / "gate"),
        Calls("calls"),
        Chats("chats"),
        Papers("papers"),
        Counter("counter"),
        Registration("registration"),
        Posts("posts"),
        WeChat("wechat", outside),
        WeCom("wecom", outside),
        Mastodon("mastodon", outside),
    ]
