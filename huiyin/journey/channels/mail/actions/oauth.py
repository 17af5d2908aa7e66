"""Signing in with OAuth2: a lasting token (sealed) is exchanged for one of an hour."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache

from huiyin.ground.sealing import seal, unseal
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks.actions import posting
from huiyin.ground.webhooks.rules.addresses import Forbidden
from huiyin.journey.channels.mail.models import Mailbox
from huiyin.journey.conversation.actions import Undelivered

EARLIER = 120  # seconds before its end it is not used any more


def access_token(mailbox: Mailbox) -> str:
    """A token that is valid now; kept in this process until shortly before its end."""
    key = f"mail.oauth:{mailbox.pk}:{hash(mailbox.secret)}"
    kept: str | None = cache.get(key)
    if kept:
        return kept
    said = _exchanged(mailbox) or _exchanged_anew(mailbox)
    if said is None:
        raise Undelivered(_("没有取得 OAuth2 令牌，请重新授权这个邮箱"))
    _keep_renewed(mailbox, said.get("refresh_token"))
    key = f"mail.oauth:{mailbox.pk}:{hash(mailbox.secret)}"
    cache.set(key, said["access_token"], max(said["expires_in"] - EARLIER, 1))
    return str(said["access_token"])


def _exchanged_anew(mailbox: Mailbox) -> dict[str, Any] | None:
    """With the lasting token that another worker got in the meantime; None where there is none."""
    kept = Mailbox.objects.filter(pk=mailbox.pk).values_list("secret", flat=True).first()
    if not kept or kept == mailbox.secret:
        return None
    mailbox.secret = kept
    return _exchanged(mailbox)


def _keep_renewed(mailbox: Mailbox, token: object) -> None:
    """Many providers give a new lasting token and let the old one end (RFC 6749 §6). Kept only in
    the place of the one that was exchanged: who typed another meanwhile has it."""
    if not isinstance(token, str) or not token or token == unseal(mailbox.secret):
        return
    sealed = seal(token)
    if Mailbox.objects.filter(pk=mailbox.pk, secret=mailbox.secret).update(secret=sealed):
        mailbox.secret = sealed


def _exchanged(mailbox: Mailbox) -> dict[str, Any] | None:
    """What the provider answers, in its two parts that we need; None when it refuses."""
    asked = {
        "grant_type": "refresh_token",
        "client_id": mailbox.oauth_client_id,
        "client_secret": unseal(mailbox.oauth_client_secret),
        "refresh_token": unseal(mailbox.secret),
        "scope": mailbox.oauth_scope,
    }
    return told(mailbox, asked)


def told(mailbox: Mailbox, asked: dict[str, str]) -> dict[str, Any] | None:
    """The answer of where its tokens are had; None when that refuses. Raises Undelivered."""
    body = urlencode({name: value for name, value in asked.items() if value}).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        reply = posting.send("POST", mailbox.oauth_token_url, headers=form, body=body)
        said: dict[str, Any] = json.loads(reply.body)
        return said | {
            "access_token": str(said["access_token"]),
            "expires_in": int(said.get("expires_in", 300)),
        }
    except Forbidden as error:
        raise Undelivered(posting.sentence_of(error.why)) from error
    except posting.Unreached as error:
        words = _("连不上服务商取令牌的地址（%(why)s），请稍后再试")
        raise Undelivered(words % {"why": str(error)[:120]}) from error
    except (ValueError, KeyError, TypeError):
        return None


def xoauth2(user: str, token: str) -> str:
    """What is said to SMTP and IMAP servers, before it is put into base64."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"
