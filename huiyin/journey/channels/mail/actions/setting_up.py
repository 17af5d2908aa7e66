"""Setting a mailbox up: what cannot work is refused, on the page and for programs alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from huiyin.ground.people.models import Team, User
from huiyin.ground.refusal import Invalid
from huiyin.ground.sealing import seal
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.mail.actions.tls import is_this_machine
from huiyin.journey.channels.mail.models import Mailbox, Provider
from huiyin.journey.channels.mail.permissions import can_manage_mailboxes
from huiyin.journey.channels.mail.words import Login, OnceKept, Security

SECRETS = ("secret", "oauth_client_secret", "dkim_key")


def faults_of(said: Mapping[str, Any]) -> dict[str, str]:
    """By the name of a field, why a mailbox of these words cannot work."""
    found: dict[str, str] = {}
    for way in ("imap", "smtp"):
        host, plain = said.get(f"{way}_host", ""), said.get(f"{way}_security") == Security.NONE
        if host and plain and not is_this_machine(host):
            found[f"{way}_security"] = _("不加密只能用于本机的服务器")
    if said.get("after") == OnceKept.MOVE and not said.get("moved_to"):
        found["moved_to"] = _("请写明移到哪个文件夹")
    if said.get("login") == Login.OAUTH2 and not said.get("oauth_token_url"):
        found["oauth_token_url"] = _("OAuth2 需要令牌地址")
    if (where := said.get("oauth_authorize_url")) and not where.startswith("https://"):
        found["oauth_authorize_url"] = _("授权地址要以 https:// 开头")
    if not (said.get("imap_host") or said.get("smtp_host")):
        found["smtp_host"] = _("收信或发信服务器至少填一个")
    if said.get("dkim_key") and "PRIVATE KEY" not in said["dkim_key"]:
        found["dkim_key"] = _("请粘贴 PEM 格式的私钥")
    return found


def filled_by(provider: Provider, said: Mapping[str, Any], *, is_new: bool) -> dict[str, Any]:
    """What the provider adds to what was typed: a server that was left empty with its port and
    encryption; of OAuth2 where tokens are had. What was typed stays."""
    found: dict[str, Any] = {}
    for way in ("imap", "smtp"):
        if not said.get(f"{way}_host"):
            names = (f"{way}_host", f"{way}_port", f"{way}_security")
            found |= {name: getattr(provider, name) for name in names}
    login = provider.login if is_new and provider.login == Login.OAUTH2 else said.get("login")
    found["login"] = login
    if login == Login.OAUTH2:
        where = ("oauth_authorize_url", "oauth_token_url", "oauth_scope")
        found |= {name: getattr(provider, name) for name in where if not said.get(name)}
    return found


def set_up(box: Mailbox, *, by: User, team: Team | None, said: Mapping[str, Any]) -> Mailbox:
    """Store it whole; a secret that is not given stays as it is."""
    can_manage_mailboxes.require(by, box)
    if faults := faults_of(said):
        raise Invalid("；".join(faults.values()), **faults)
    for name, value in said.items():
        if name not in SECRETS:
            setattr(box, name, value)
        elif value:
            setattr(box, name, seal(value))
    box.team = team
    try:
        box.full_clean()
        with transaction.atomic():
            box.save()
    except ValidationError as error:
        told = {name: "；".join(words) for name, words in error.message_dict.items()}
        raise Invalid("；".join(error.messages), **told) from error
    except IntegrityError as error:
        raise Invalid(_("已经有默认发信邮箱了，请先取消那一个")) from error
    return box
