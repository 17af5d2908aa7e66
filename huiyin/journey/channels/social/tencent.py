"""Calls to WeChat and WeCom: an access token that is kept, renewed, and never written down."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.utils.translation import gettext_lazy

from huiyin.ground.sentence import as_sentence
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks.actions.posting import Reply
from huiyin.journey.channels.hooks.actions import went_out
from huiyin.journey.channels.hooks.connector import option
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.social import calling
from huiyin.journey.channels.social.outgoing import Outgoing
from huiyin.journey.channels.social.rules.naming import once
from huiyin.journey.conversation.actions import Strange, Undelivered, Unfit

EXPIRED = frozenset({40001, 40014, 42001})
STALE = 40007  # a media_id lives for three days
# Of a file: what sort it is, how large, or that it is empty. Another file may go.
OF_THE_FILE = {
    **dict.fromkeys((40004, 40005, 40008), gettext_lazy("平台不收这种文件")),
    **dict.fromkeys((40006, 40009, 40011, 45001), gettext_lazy("平台不收这么大的文件")),
    **dict.fromkeys((41005, 44001), gettext_lazy("平台说文件是空的")),
}
EARLY = 300  # seconds before it ends
SMALL = 64 * 1024


class Expired(Undelivered):
    """The token is valid no more: asked for anew, once."""


class Api:
    """One account's calls. `token_of(hook, fresh)` fetches a token and its seconds."""

    def __init__(
        self,
        hook: Hook,
        errors: Mapping[int, Any],
        final: Collection[int],
        token_of: Callable[[Hook, bool], tuple[str, int]],
    ) -> None:
        self.hook, self.errors, self.final, self.token_of = hook, errors, final, token_of

    def token(self, *, fresh: bool = False) -> str:
        """Kept in memory only, under a name that changes with the secrets."""
        place = "social:token:" + once(f"{self.hook.pk}:{self.hook.sealed}:{self.hook.options}")
        if not fresh and (kept := cache.get(place)):
            return str(kept)
        found, seconds = self.token_of(self.hook, fresh)
        if not found:
            raise Undelivered(_("对方没有给访问令牌"))
        cache.set(place, found, max(60, seconds - EARLY))
        return found

    def post(self, path: str, told: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps(told, ensure_ascii=False).encode()
        found: dict[str, Any] = self._renewed(lambda token: self._once(path, token, body))
        return found

    def get(self, path: str, query: dict[str, str], *, most: int) -> Reply:
        """Bytes; an error comes as JSON."""

        def ask(token: str) -> Reply:
            url = self._url(path, {"access_token": token, **query})
            reply = calling.call(self.hook, "GET", url, most=most)
            if len(reply.body) < SMALL and reply.body[:1] == b"{":
                self.check(calling.object_of(reply))
            return reply

        found: Reply = self._renewed(ask)
        return found

    def upload(self, file: Outgoing) -> str:
        """Give a file over; its name there. Nobody sees it by that, so it is done again as need
        be."""
        typed, body = calling.multipart("media", file.name, file.media_type, file.data)

        def give(token: str) -> dict[str, Any]:
            url = self._url("/cgi-bin/media/upload", {"access_token": token, "type": file.kind})
            headers = {"Content-Type": typed}
            reply = calling.give(self.hook, url, headers, body, calling.NOT_TAKEN)
            found = calling.object_of(reply)
            self.check(found)
            return found

        media = str(self._renewed(give).get("media_id") or "")
        if not media:
            raise Undelivered(_("对方的答复读不出来"))
        return media

    def _once(self, path: str, token: str, body: bytes) -> dict[str, Any]:
        url = self._url(path, {"access_token": token})
        found = calling.object_of(calling.call(self.hook, "POST", url, body=body))
        self.check(found)
        return found

    def _renewed(self, ask: Callable[[str], Any]) -> Any:
        try:
            return ask(self.token())
        except Expired:
            return ask(self.token(fresh=True))

    def _url(self, path: str, query: dict[str, str]) -> str:
        return option(self.hook, "base_url").rstrip("/") + path + "?" + urlencode(query)

    def check(self, found: dict[str, Any]) -> None:
        """Raises what `errcode` says, in a sentence that says what to do."""
        code = found.get("errcode") or 0
        if not isinstance(code, int) or code == 0:
            return
        if code in OF_THE_FILE:
            raise Unfit(OF_THE_FILE[code])
        known = self.errors.get(code)
        sentence = as_sentence(known) if known else _("对方返回错误 %(code)s") % {"code": code}
        if code in EXPIRED:
            raise Expired(sentence, final=code in self.final)
        went_out(self.hook, sentence)
        kind = calling.Stale if code == STALE else Undelivered if known else Strange
        raise kind(sentence, final=code in self.final)
