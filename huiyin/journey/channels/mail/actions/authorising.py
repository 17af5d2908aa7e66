"""Somebody lets us into a mailbox at its provider: OAuth2 with an authorization code and PKCE (RFC
6749 §4.1, RFC 7636). What comes of it is the lasting token, which is kept sealed."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sealing import seal, unseal
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.mail.actions import oauth
from huiyin.journey.channels.mail.models import Mailbox
from huiyin.journey.channels.mail.permissions import can_manage_mailboxes
from huiyin.journey.channels.mail.words import Login
from huiyin.journey.conversation.actions import Undelivered


@dataclass(frozen=True)
class Begun:
    """Where the browser goes; what must be known of it when it comes back."""

    address: str
    state: str
    verifier: str


def may_begin(mailbox: Mailbox) -> bool:
    needed = (mailbox.oauth_authorize_url, mailbox.oauth_token_url, mailbox.oauth_client_id)
    return mailbox.login == Login.OAUTH2 and all(needed)


def begin(mailbox: Mailbox, *, by: User, back: str) -> Begun:
    """`back`: our own address, to which the provider sends the browser afterwards."""
    can_manage_mailboxes.require(by, mailbox)
    if not may_begin(mailbox):
        raise Refused(_("先选 OAuth2 登录，填好授权地址、令牌地址和客户端编号并保存，再授权"))
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    asked = {
        "response_type": "code",
        "client_id": mailbox.oauth_client_id,
        "redirect_uri": back,
        "scope": mailbox.oauth_scope,
        "state": state,
        "code_challenge": challenge.rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "login_hint": mailbox.username or mailbox.address,
        # Without these two Google gives no lasting token; others ignore the first.
        "access_type": "offline",
        "prompt": "consent",
    }
    joined = "&" if "?" in mailbox.oauth_authorize_url else "?"
    return Begun(f"{mailbox.oauth_authorize_url}{joined}{urlencode(asked)}", state, verifier)


def finish(mailbox: Mailbox, *, by: User, back: str, code: str, verifier: str) -> Mailbox:
    """Exchange the code, once, for what opens the mailbox from now on."""
    can_manage_mailboxes.require(by, mailbox)
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "client_id": mailbox.oauth_client_id,
        "client_secret": unseal(mailbox.oauth_client_secret),
        "code_verifier": verifier,
        "scope": mailbox.oauth_scope,
    }
    try:
        said = oauth.told(mailbox, asked)
    except Undelivered as unreached:
        raise Refused(str(unreached)) from unreached
    if said is None:
        raise Refused(_("服务商没有接受这次授权，请核对客户端编号、密钥和回调地址后再授权一次"))
    token = said.get("refresh_token")
    if not isinstance(token, str) or not token:
        raise Refused(_("服务商没有给长期令牌，请在范围里加上 offline_access 后再授权一次"))
    mailbox.secret = seal(token)
    mailbox.save(update_fields=["secret"])
    return mailbox
