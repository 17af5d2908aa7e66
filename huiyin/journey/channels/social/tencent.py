"""Calls to WeChat and WeCom: an access token that is kept, renewed, and never written down."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache

from huiyin.ground.sentence import as_sentence
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks.actions.posting import Reply
from huiyin.journey.channels.hooks.actions import went_out
from huiyin.journey.channels.hooks.connector import option
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.social import calling
from huiyin.journey.channels.social.rules.naming import once
from huiyin.journey.conversation.actions import Undelivered

EXPIRED = frozenset({40001, 40014, 42001})
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
        known = self.errors.get(code)
        sentence = as_sentence(known) if known else _("对方返回错误 %(code)s") % {"code": code}
        kind = Expired if code in EXPIRED else Undelivered
        if code not in EXPIRED:
            went_out(self.hook, sentence)
        raise kind(sentence, final=code in self.final)
