"""Encryption towards mail servers: certificates are always verified."""

from __future__ import annotations

import ipaddress
import ssl

from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.mail.words import Security
from huiyin.journey.conversation.actions import Undelivered


def context_for(security: str, host: str) -> ssl.SSLContext | None:
    """None where nothing is encrypted, which only this machine itself may be asked without."""
    if security != Security.NONE:
        return ssl.create_default_context()
    if not is_this_machine(host):
        raise Undelivered(_("不加密只能用于本机的服务器，请改用 TLS 或 STARTTLS"))
    return None


def is_this_machine(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
