"""Signing in with OAuth2: a lasting token (sealed) is exchanged for one of an hour."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from django.core.cache import cache
from django.utils.translation import gettext as _

from huiyin.ground.sealing import unseal
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
    token, seconds = _exchanged(mailbox)
    cache.set(key, token, max(seconds - EARLIER, 1))
    return token


def _exchanged(mailbox: Mailbox) -> tuple[str, int]:
    asked = {
        "grant_type": "refresh_token",
        "client_id": mailbox.oauth_client_id,
        "client_secret": unseal(mailbox.oauth_client_secret),
        "refresh_token": unseal(mailbox.secret),
        "scope": mailbox.oauth_scope,
    }
    body = urlencode({name: value for name, value in asked.items() if value}).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        reply = posting.send("POST", mailbox.oauth_token_url, headers=form, body=body)
        said = json.loads(reply.body)
        return str(said["access_token"]), int(said.get("expires_in", 300))
    except Forbidden as error:
        raise Undelivered(posting.sentence_of(error.why)) from error
    except (posting.Unreached, ValueError, KeyError, TypeError) as error:
        raise Undelivered(_("没有取得 OAuth2 令牌，请重新授权这个邮箱")) from error


def xoauth2(user: str, token: str) -> str:
    """What is said to SMTP and IMAP servers, before it is put into base64."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"
